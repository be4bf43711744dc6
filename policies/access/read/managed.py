"""AWS-managed policies, as far as managed_policies.json has them: each with its version; the source stands there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from policies.library.values import Value, freeze

_FILE = Path(__file__).with_name("managed_policies.json")
_ARN = re.compile(r"arn:[\w-]+:iam::aws:policy/(.+)")


@cache
def managed_document(arn: str) -> tuple[str, Value] | None:
    """Name and version of an AWS-managed policy, and its document; None for one that is not known here."""
    named = _ARN.fullmatch(arn)
    found = _policies().get(named[1]) if named else None
    if found is None or named is None:
        return None
    return f"{named[1].rpartition('/')[2]} {found['version']}", freeze(found["document"])


@cache
def _policies() -> Mapping[str, Mapping[str, Any]]:
    return json.loads(_FILE.read_bytes())["policies"]  # type: ignore[no-any-return]  # as the file is
