"""What a report of a fault needs, as files: versions, what is installed, settings, the state of the checkout.

Nothing is asked over the network. No state, plan or record is in it, of variables only the names, and what looks like a
secret is replaced in every file.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import platform
import sys
import tarfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cli.core.base import git
from cli.core.base.project import OUTPUT, RECORDS, ROOT, version
from cli.core.base.secrets import masked
from cli.core.doctor import diagnose

_PREFIXES = ("AWS_", "CHECKOV_", "CI", "GITHUB_", "INFRA_", "JSII_", "PIP_", "PYTHON", "TF_", "UV_")
"""How the names of variables begin that change what the toolkit or a program of it does."""


def contents(variables: Mapping[str, str]) -> Mapping[str, str]:
    """The files of the bundle by name; ``variables`` are the environment variables."""
    files = {
        "versions.json": _json(_versions()),
        "doctor.json": _json([each._asdict() | {"seen": each.seen._asdict()} for each in diagnose(variables)]),
        "variables.json": _json(sorted(name for name in variables if name.startswith(_PREFIXES))),
        "checkout.json": _json(_checkout()),
        "files.json": _json(_sizes(ROOT / OUTPUT) | _sizes(ROOT / RECORDS)),
    }
    for path in sorted((ROOT / "envs").glob("*.yaml")):
        files[f"envs/{path.stem}.json"] = _json(_settings(path))
    home = variables.get("HOME", "")
    return {name: text.replace(home, "~") if len(home) > 1 else text for name, text in files.items()}


def archive(files: Mapping[str, str]) -> bytes:
    """The files as .tar.gz, in one directory; the same files give the same bytes."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w") as tar,
    ):
        for name, text in files.items():
            content = text.encode()
            entry = tarfile.TarInfo(f"infra-debug/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def _json(data: Any) -> str:
    return json.dumps(masked(data), indent=2, ensure_ascii=False) + "\n"


def _versions() -> Mapping[str, Any]:
    packages = {each.name: each.version for each in metadata.distributions()}
    return {
        "infra": version(),
        "python": sys.version,
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "packages": dict(sorted(packages.items())),
    }


def _checkout() -> Mapping[str, Any]:
    return {
        "commit": git.ask(ROOT, "rev-parse", "HEAD"),
        "changed": git.ask(ROOT, "status", "--porcelain").splitlines(),
        "git": git.ask(ROOT, "version"),
    }


def _settings(file: Path) -> Any:
    """The settings in a file, without its comments: what a key says is a secret is known once the file is parsed."""
    try:
        return YAML(typ="safe").load(file)
    except (YAMLError, OSError, ValueError) as error:
        return f"cannot be read: {type(error).__name__}"


def _sizes(directory: Path) -> dict[str, int]:
    """The size of each file below a directory, but terraform's own, by its path in the checkout."""
    return {
        path.relative_to(ROOT).as_posix(): path.stat().st_size
        for path in sorted(directory.rglob("*"))
        if path.is_file() and ".terraform" not in path.parts
    }
