"""What a plan would do that the apply below did not do, and the other way round. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cli.engine.plans.model import Plan, digest

_ID_LENGTH = 12


@dataclass(frozen=True)
class Unlike:
    """A resource to which the two do not do the same."""

    address: str
    construct_path: str
    here: str
    """What the plan does: `update: ami, user_data`; empty for nothing."""
    below: str
    """What the apply below did."""


@dataclass(frozen=True)
class Residual:
    """All of them, by address."""

    unlike: tuple[Unlike, ...]

    @property
    def id(self) -> str:
        """Names just this difference, so that an acknowledgement holds for no other. Empty when there is none."""
        return digest([asdict(each) for each in self.unlike])[:_ID_LENGTH] if self.unlike else ""


def residual(plan: Plan, below: Mapping[str, Mapping[str, Any]]) -> Residual:
    """The difference; ``below`` are the changes of the apply as its record has them.

    Resources have the same addresses in all environments. What is made or goes is compared by that it does; of what
    changes, the attributes count and not their values, which are each environment's own.
    """
    here = {
        each.address: (str(each.kind), each.construct_path, {attribute.path for attribute in each.attributes})
        for each in plan.changes
    }
    there = {
        address: (str(each["kind"]), str(each["construct_path"]), set(each["attributes"]))
        for address, each in below.items()
    }
    found = []
    for address in sorted(here.keys() | there.keys()):
        mine, theirs = _said(here.get(address)), _said(there.get(address))
        if mine != theirs:
            path = (here.get(address) or there[address])[1]
            found.append(Unlike(address, path, mine, theirs))
    return Residual(tuple(found))


def _said(change: tuple[str, str, set[str]] | None) -> str:
    if change is None:
        return ""
    kind, _, attributes = change
    return f"{kind}: {', '.join(sorted(attributes))}" if kind in ("update", "replace") else kind
