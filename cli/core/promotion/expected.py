"""What of an environment is there only because of its own identity and sizes (`envs.ownership`). Pure.

Two syntheses of the environment tell, one with its own identity and sizes and one with those of the environment below:
what is in one of them only is owed to these settings and to nothing else, since nothing else differs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.core.base.addresses import declared
from cli.core.diff.configuration import differences
from cli.core.plans.model import Kind
from cli.core.promotion.actions import ResourceAction
from envs.ownership import Owner, owner, values

_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class Sizes:
    """What differs by the sizes and the identity of two environments. The empty one explains nothing."""

    here: frozenset[str] = frozenset()
    """Addresses that only the environment's own sizes bring."""
    below: frozenset[str] = frozenset()
    """Addresses that only the sizes of the environment below bring."""
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By address, paths without indexes of attributes that are such a setting and nothing else."""
    problem: str = ""
    """Why nothing can be explained."""

    def explain(self, address: str, here: ResourceAction | None, below: ResourceAction | None) -> bool:
        """Whether two deeds on a resource differ for this reason alone. What is destroyed or replaced never does."""
        address = declared(address)
        harmless = (Kind.CREATE, Kind.UPDATE)
        if below is None and here is not None and here.kind in harmless and address in self.here:
            return True
        if here is None and below is not None and below.kind in harmless and address in self.below:
            return True
        is_update = all(each is None or (each.kind is Kind.UPDATE and not each.came_from) for each in (here, below))
        return is_update and self._rest(address, here) == self._rest(address, below)

    def _rest(self, address: str, action: ResourceAction | None) -> frozenset[str]:
        """The attributes of an update that are more than such a setting."""
        own = self.attributes.get(address, frozenset())
        changed = action.attributes or () if action else ()
        return frozenset(each for each in changed if _INDEX.sub("", each) not in own)


def sizes(
    own: Mapping[str, Any],
    as_below: Mapping[str, Any],
    settings: Mapping[str, Any],
    settings_below: Mapping[str, Any],
) -> Sizes:
    """The difference of two syntheses of an environment: with its own sizes, and as it were with those below.

    ``settings`` are dumps of models. An attribute counts only where both its values are those of one and the same
    setting, word for word: what is composed of a setting and something else may differ for another reason too.
    """
    words = set(_words(settings, settings_below))
    here, below, attributes = set(), set(), {}
    for each in differences("environment", as_below, own):
        if each.change == "added":
            here.add(each.address)
        elif each.change == "removed":
            below.add(each.address)
        else:
            paths = {_INDEX.sub("", one.path) for one in each.attributes}
            composed = {
                _INDEX.sub("", one.path)
                for one in each.attributes
                if (_text(one.before), _text(one.after)) not in words
            }
            attributes[each.address] = frozenset(paths - composed)
    return Sizes(frozenset(here), frozenset(below), attributes)


def _words(settings: Mapping[str, Any], below: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every setting of identity or size that differs, as it is below and as it is here."""
    mine, theirs = values(settings), values(below)
    for path in mine.keys() & theirs.keys():
        if owner(path) in (Owner.IDENTITY, Owner.SIZE) and mine[path] != theirs[path]:
            yield _text(theirs[path]), _text(mine[path])


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
