"""The difference of two environments' settings. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cli.core.diff.model import SettingDifference
from envs.ownership import Owner, owner, values

_ORDER = tuple(Owner)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[SettingDifference]:
    """Every setting that differs: the release's and the shape's first."""
    old, new = values(before), values(after)
    paths = [path for path in old.keys() | new.keys() if old.get(path) != new.get(path)]
    for path in sorted(paths, key=lambda path: (-_ORDER.index(owner(path)), path)):
        yield SettingDifference(".".join(path), owner(path).value, old.get(path), new.get(path))
