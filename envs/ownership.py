"""Which settings belong to an environment, which a release carries, and which should be the same everywhere.

Promotion carries the release. Identities and sizes are each environment's own. What is left is the shape: a difference
there makes an environment behave unlike the one before it, so `infra diff` shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

Path: TypeAlias = tuple[str, ...]
"""Keys from the root of an environment file. A map in a list has its name as key; other lists are one value."""


class Owner(Enum):
    """The owner of a setting."""

    IDENTITY = "identity"
    """The environment's: names, accounts, domains, networks, secrets, people."""
    SIZE = "size"
    """The environment's: instance types, counts, capacities, retention times."""
    RELEASE = "release"
    """The release's: promotion carries it from one environment to the next."""
    SHAPE = "shape"
    """Nobody's: it should be the same everywhere."""


_IDENTITY = (
    "environment",
    "project",
    "account_id",
    "region",
    "domain_name",
    "stateful_protection",
    "state.*",
    "network.vpc_cidr",
    "network.subnet_prefix_length",
    "network.zones",
    "network.vpn.**",
    "broker.credentials_secret_name",
    "broker.maintenance_window.*",
    "streaming.metrics_export.api_key_secret_name",
    "streaming.metrics_export.endpoint_url",
    "streaming.reporting.tableau_*",
    "notifications.topics.*.email",
    "notifications.sms.**",
    "notifications.mobile_push.*.credential_secret_name",
    "channels.*.domains",
    "edge.delegations.**",
    "promotion.*",
    "delivery.**",
    "imports.**",
)
_SIZES = (
    "network.replicas",
    "keys.deletion_window_days",
    "**.instance_type",
    "**.min_size",
    "**.max_size",
    "**.root_volume_gib",
    "**.*retention_days",
    "streaming.cluster.brokers",
    "streaming.cluster.volume_gib",
    "streaming.cluster.metrics_level",
    "edge.waf.rate_limit_per_5_minutes",
)


def owner(path: Path) -> Owner:
    """Return the owner of the setting at a path."""
    if path[0] == "release":
        return Owner.RELEASE
    if any(_matches(pattern.split("."), path) for pattern in _IDENTITY):
        return Owner.IDENTITY
    if any(_matches(pattern.split("."), path) for pattern in _SIZES):
        return Owner.SIZE
    return Owner.SHAPE


def values(data: Mapping[str, Any]) -> dict[Path, Any]:
    """Every setting of an environment by its path; `data` is a model's dump."""
    return dict(_values(data, ()))


def with_own_values(data: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with the identities and sizes of another environment, where both have the setting.

    The SMS preferences, which one environment per account and region owns, come and go with the account.
    """
    taken = _taken(data, other, ())
    assert isinstance(taken, dict)
    return taken


def _taken(mine: Any, theirs: Any, path: Path) -> Any:
    if (path and owner(path) in (Owner.IDENTITY, Owner.SIZE)) or (path and _is_whole(path)):
        return theirs
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return {
            key: _taken(value, theirs[key], (*path, str(key))) if key in theirs else value
            for key, value in mine.items()
        }
    if _is_named(mine) and _is_named(theirs):
        by_name = {item["name"]: item for item in theirs}
        return [
            _taken(item, by_name[item["name"]], (*path, item["name"])) if item["name"] in by_name else item
            for item in mine
        ]
    return mine


def _is_whole(path: Path) -> bool:
    """Whether all that is below a path is the environment's, so that it is taken or left as one."""
    return any(pattern == ".".join((*path, "**")) for pattern in (*_IDENTITY, *_SIZES))


def _values(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _values(item, (*path, str(key)))
    elif _is_named(value) and value:
        for item in value:
            rest = {key: setting for key, setting in item.items() if key != "name"}
            yield from _values(rest, (*path, item["name"]))
    else:
        yield path, value


def _is_named(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, Mapping) and "name" in item for item in value)


def _matches(pattern: list[str], path: Path) -> bool:
    """Whether a path matches: `*` matches one key or a part of it, `**` any number of keys."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_matches(pattern[1:], path[at:]) for at in range(len(path) + 1))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _matches(pattern[1:], path[1:])
