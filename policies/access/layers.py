"""What a request must pass: grants, of which it needs one in each group, and refusals, of which none may be about
it."""

from __future__ import annotations

from dataclasses import dataclass

from policies.access.answers import Layer
from policies.access.model import Context, Policy, PolicyStatement, Position, Requester, Thing
from policies.access.principals import Grade
from policies.access.statements import BoundStatement


@dataclass(frozen=True, eq=False)
class Applied:
    """A statement of a policy as it applies to somebody."""

    layer: Layer
    policy: Policy
    bound: BoundStatement
    possible: Grade
    """How directly it may be about them."""
    certain: Grade
    """How directly it surely is."""

    @property
    def statement(self) -> PolicyStatement:
        """As it is written."""
        return self.bound.statement


@dataclass(frozen=True, eq=False)
class GrantGroup:
    """Grants of which a request needs one."""

    layer: Layer
    applied: tuple[Applied, ...] = ()
    """Statements that may be about somebody, refusals too."""
    open_because: str = ""
    """Why nothing restricts here, in words; then no grant is needed."""
    lowest: Grade = Grade.ACCOUNT
    """How directly a grant must name somebody here, at least."""
    highest: Grade = Grade.DIRECT

    def fitting(self, *, surely: bool) -> tuple[Applied, ...]:
        """The grants that are direct enough, and not more than that."""
        return tuple(
            each
            for each in self.applied
            if each.statement.allows and self.lowest <= (each.certain if surely else each.possible) <= self.highest
        )


@dataclass(frozen=True, eq=False)
class GrantPath:
    """One of the ways to be allowed: a grant in each group, and no refusal."""

    groups: tuple[GrantGroup, ...]
    refusals: tuple[Applied, ...]


@dataclass(frozen=True, eq=False)
class Case:
    """One kind of request: of somebody, from one place, about a thing, with actions on the same resources."""

    requester: Requester
    position: Position
    thing: Thing
    actions: tuple[str, ...]
    arns: tuple[str, ...]
    contexts: tuple[Context, ...]
    """What requests hold: all of these."""
    paths: tuple[GrantPath, ...]
    """Any of them suffices; there is none where `stopped` says why."""
    stopped: str = ""
    stopped_by: Layer = Layer.RESOURCE
