"""What callers can become: in one step or several, by what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cli.core.access.world import World
from policies.access.becoming import ANY_PERMISSION
from policies.access.escalation import Gain
from policies.access.model import Caller, PrincipalKind
from policies.access.paths import EscalationPath, escalation_paths


def paths(world: World, caller: Caller) -> tuple[EscalationPath, ...]:
    """The shortest path to each that a caller can become. Raises NotDecidable."""
    return tuple(escalation_paths(caller.principal.key, world.gains))


def lines(world: World, path: EscalationPath) -> Iterator[str]:
    """A path in words: what it ends with, and a line for each step."""
    assumed = "" if path.is_certain else " (assumed)"
    number = len(path.steps)
    yield f"in {number} step{'s' if number > 1 else ''}: {becomes(world, path)}{assumed}"
    yield from (f"  {step_text(step)}" for step in path.steps)


def becomes(world: World, path: EscalationPath) -> str:
    """What a path ends with."""
    caller = world.becoming(path.becomes) if path.becomes != ANY_PERMISSION else None
    return caller.principal.name if caller is not None else path.becomes


def step_text(step: Gain) -> str:
    """A step in words: the kind, the actions and what they are about."""
    return f"{step.by.value}: {', '.join(step.actions)} on {step.thing.name}"


def rows(world: World, callers: Iterable[Caller]) -> Iterator[tuple[str, str, str]]:
    """Who can become whom, and by what. Who can have any permission is not said to become others too; nor who can have
    any within a boundary, to become others within it.

    Services are left out: that they take the roles that trust them is what those are for.
    """
    for caller in callers:
        if caller.principal.kind is not PrincipalKind.SERVICE:
            found = paths(world, caller)
            for path in [each for each in found if each.becomes == ANY_PERMISSION] or _strongest(world, found):
                assumed = "" if path.is_certain else " (assumed)"
                yield caller.principal.name, becomes(world, path) + assumed, "; ".join(map(step_text, path.steps))


def _strongest(world: World, found: Sequence[EscalationPath]) -> Iterator[EscalationPath]:
    """Paths without those to somebody within a boundary within which another one has any permission."""
    limits = {path: _limits(world.becoming(path.becomes)) for path in found}
    first: dict[tuple[str, ...], EscalationPath] = {}
    for path, (names, is_unrestricted) in limits.items():
        if names and is_unrestricted:
            first.setdefault(names, path)
    yield from (path for path, (names, _) in limits.items() if first.get(names, path) is path)


def _limits(caller: Caller | None) -> tuple[tuple[str, ...], bool]:
    """The boundaries of somebody, and whether they may do all that these allow."""
    if caller is None:
        return (), False
    return tuple(each.name for each in caller.principal.boundaries), caller.principal.is_unrestricted


def data(world: World, callers: Sequence[Caller]) -> list[Mapping[str, Any]]:
    """The paths of callers for programs."""
    return [
        {
            "caller": caller.principal.name,
            "becomes": becomes(world, path),
            "assumed": not path.is_certain,
            "steps": [
                {"by": step.by.value, "actions": list(step.actions), "thing": step.thing.name} for step in path.steps
            ],
        }
        for caller in callers
        for path in paths(world, caller)
    ]
