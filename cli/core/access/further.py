"""What callers can become: in one step or several, by what they may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cli.core.access.world import World
from policies.access.escalation import Gain
from policies.access.model import Caller, PrincipalKind
from policies.access.paths import ANY_PERMISSION, EscalationPath, escalation_paths


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
    return path.becomes if path.becomes == ANY_PERMISSION else world.model.principals[path.becomes].name


def step_text(step: Gain) -> str:
    """A step in words: the kind, the actions and what they are about."""
    return f"{step.by.value}: {', '.join(step.actions)} on {step.thing.name}"


def rows(world: World, callers: Iterable[Caller]) -> Iterator[tuple[str, str, str]]:
    """Who can become whom, and by what. Who can have any permission is not said to become others too.

    Services are left out: that they take the roles that trust them is what those are for.
    """
    for caller in callers:
        if caller.principal.kind is not PrincipalKind.SERVICE:
            found = paths(world, caller)
            for path in [each for each in found if each.becomes == ANY_PERMISSION] or found:
                assumed = "" if path.is_certain else " (assumed)"
                yield caller.principal.name, becomes(world, path) + assumed, "; ".join(map(step_text, path.steps))


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
