"""What a plan would do that was not done below, and the other way round. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from cli.core.base.digests import json_digest, short_id
from cli.core.promotion.actions import ResourceActions
from cli.core.promotion.expected import Sizes


@dataclass(frozen=True)
class Unlike:
    """A resource to which the two do not do the same."""

    address: str
    construct_path: str
    here: str
    """What the plan does: `update: ami, user_data`; empty for nothing."""
    below: str
    """What was done below."""


@dataclass(frozen=True)
class Residual:
    """All of them, by address."""

    unlike: tuple[Unlike, ...]
    of_sizes: int = 0
    """How many resources were left out because they differ by the environment's own identity and sizes alone."""
    problem: str = ""
    """Why none could be left out."""

    @property
    def id(self) -> str:
        """Names just this difference, so that an acknowledgement holds for no other. Empty when there is none."""
        return short_id(json_digest([asdict(each) for each in self.unlike])) if self.unlike else ""


def residual(here: ResourceActions, below: ResourceActions, sizes: Sizes | None = None) -> Residual:
    """The difference of what a plan does here and what was done below, without what ``sizes`` explain.

    Resources have the same addresses in all environments. What is made or goes is compared by that it does; of what
    changes, the attributes count and not their values, which are each environment's own.
    """
    sizes = sizes or Sizes()
    found, of_sizes = [], 0
    for address in sorted(here.keys() | below.keys()):
        mine, theirs = here.get(address), below.get(address)
        said, said_below = (str(each) if each else "" for each in (mine, theirs))
        if said == said_below:
            continue
        if sizes.explain(address, mine, theirs):
            of_sizes += 1
            continue
        path = next(each.construct_path for each in (mine, theirs) if each)
        found.append(Unlike(address, path, said, said_below))
    return Residual(tuple(found), of_sizes, sizes.problem)
