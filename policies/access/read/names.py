"""What principals and things are called: by construct path where there is one, and unique."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from policies.library.model import Resource

_LAST = frozenset({"bucket", "instance-profile", "key", "queue", "role"})
"""Steps at the end of a construct path that only say what it is."""


def names(resources: Iterable[Resource]) -> Mapping[str, str]:
    """A name for each resource by address: a short one, or its whole path where several would share it."""
    found = list(resources)
    short = {each.address: _short(each) for each in found}
    counted = Counter(short.values())
    return {each.address: short[each.address] if counted[short[each.address]] == 1 else _long(each) for each in found}


def _short(resource: Resource) -> str:
    if not resource.construct_path:
        return resource.address
    steps = resource.construct_path.split("/")[1:]
    while len(steps) > 1 and (steps[-1] in _LAST or steps[-1] == steps[-2]):
        steps.pop()
    return "/".join(steps) or resource.address


def _long(resource: Resource) -> str:
    return resource.construct_path.partition("/")[2] if resource.construct_path else resource.address
