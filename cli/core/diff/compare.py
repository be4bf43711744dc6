"""The difference of two sides: settings first, then the Terraform that remains once what must differ is equal.

The second side is synthesized with the identities and sizes of the first. So both have the same names, accounts,
networks and counts, and whatever differs comes from a release, from a setting of shape, or from the code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cli.core.diff import configuration
from cli.core.diff.model import Difference, SettingDifference
from cli.core.diff.sides import Side
from envs.ownership import Owner, owner, values, with_own_values

_ORDER = tuple(Owner)


def compare(before: Side, after: Side, *, is_release_only: bool, step: Callable[[str], None]) -> Difference:
    """The difference of two sides; `step` is told what is going on. With `is_release_only` nothing is synthesized."""
    old, new = before.settings(), after.settings()
    found = tuple(setting_differences(old, new))
    if is_release_only:
        found = tuple(each for each in found if each.owner == "release")
        return Difference(before.name, after.name, found, None)
    step(f"synthesizing {before.name}")
    first = before.synthesized(old)
    step(f"synthesizing {after.name}")
    is_same = before.environment == after.environment
    second = after.synthesized(new if is_same else with_own_values(new, old))
    resources = tuple(
        difference
        for stack in ("environment", "bootstrap")
        for difference in configuration.differences(stack, first.get(stack, {}), second.get(stack, {}))
    )
    return Difference(before.name, after.name, found, resources)


def setting_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[SettingDifference]:
    """Every setting that differs: the release's and the shape's first."""
    old, new = values(before), values(after)
    paths = [path for path in old.keys() | new.keys() if old.get(path) != new.get(path)]
    for path in sorted(paths, key=lambda path: (-_ORDER.index(owner(path)), path)):
        yield SettingDifference(".".join(path), owner(path).value, old.get(path), new.get(path))
