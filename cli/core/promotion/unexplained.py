"""The changes of a plan that the source of a release has not seen, and the other way round. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from cli.core.base.digests import json_digest, short_id
from cli.core.promotion.actions import ResourceActions
from cli.core.promotion.expected import ExpectedDifferences


@dataclass(frozen=True)
class UnexplainedChange:
    """A resource that the plan changes in another way than the source has seen."""

    address: str
    construct_path: str
    planned: str
    """The change of the plan, such as `update: ami, user_data`; empty for none."""
    seen: str
    """The change that the source has seen; of a rollback, the change that undoes what was applied since."""


@dataclass(frozen=True)
class Comparison:
    """A plan compared with what the source has seen."""

    unexplained: tuple[UnexplainedChange, ...]
    """By address."""
    explained: int = 0
    """The number of resources that differ only by size and identity of the two environments."""
    problem: str = ""
    """Why no difference could be explained."""

    @property
    def id(self) -> str:
        """Identifies these unexplained changes, so that an acknowledgement holds for no others; empty without any."""
        changes = [asdict(change) for change in self.unexplained]
        return short_id(json_digest(changes)) if changes else ""


def compare(planned: ResourceActions, seen: ResourceActions, expected: ExpectedDifferences | None = None) -> Comparison:
    """Compare a plan with what the source has seen; ``expected`` are the differences that are none.

    Resources have the same addresses in all environments. Creations and destructions are compared as such; of updates
    the attributes count and not their values, which differ between environments.
    """
    expected = expected or ExpectedDifferences()
    unexplained, explained = [], 0
    for address in sorted(planned.keys() | seen.keys()):
        here, there = planned.get(address), seen.get(address)
        texts = [str(action) if action else "" for action in (here, there)]
        if texts[0] == texts[1]:
            continue
        if expected.explains(address, here, there):
            explained += 1
            continue
        path = next(action.construct_path for action in (here, there) if action)
        unexplained.append(UnexplainedChange(address, path, *texts))
    return Comparison(tuple(unexplained), explained, expected.problem)
