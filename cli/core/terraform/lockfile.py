"""terraform's dependency lock file: which version of each provider, with its hashes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from cli.core.base.project import ROOT

LOCK_FILE = ".terraform.lock.hcl"
"""Its name, in the directory where terraform runs."""

COMMITTED = ROOT / LOCK_FILE
"""The one that `infra lock` writes, for every platform, and that is kept in the repository."""

_PROVIDER = re.compile(r'^provider "[^"/]+/([^"]+)" \{\n +version += "([^"]+)"', re.MULTILINE)


def providers(directory: Path) -> Mapping[str, str]:
    """The version of each provider in a directory's lock file, by name such as `hashicorp/aws`."""
    try:
        text = (directory / LOCK_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:  # nothing but built-in providers
        return {}
    return dict(sorted(_PROVIDER.findall(text)))
