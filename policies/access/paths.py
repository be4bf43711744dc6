"""What somebody can become in any number of steps: whom they can be, and whether they can give themselves anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from policies.access.becoming import ANY_PERMISSION
from policies.access.escalation import Gain
from policies.access.escalation_actions import Escalation

_Steps = tuple[Gain, ...]
_WITHOUT_LIMIT = (Escalation.REWRITE, Escalation.CREATE, Escalation.JOIN)
"""What gives whom it strengthens any permission."""


@dataclass(frozen=True)
class EscalationPath:
    """The fewest steps by which somebody becomes somebody else, or gets any permission."""

    becomes: str
    """The requester's key, or `ANY_PERMISSION`."""
    steps: tuple[Gain, ...]

    @property
    def is_certain(self) -> bool:
        """Whether no step rests on an assumption."""
        return all(step.is_certain for step in self.steps)


def escalation_paths(start: str, gains_of: Callable[[str], Iterable[Gain]]) -> Iterator[EscalationPath]:
    """The paths of a requester, by its key; what one step gives to a key is `gains_of` it.

    A path that rests on no assumption is taken before a shorter one that does. Those that do come last.
    """
    found: dict[str, tuple[Gain, ...]] = {}
    for is_sure in (True, False):
        for becomes, steps in _shortest(start, gains_of, is_sure=is_sure):
            if becomes not in found:
                found[becomes] = steps
                yield EscalationPath(becomes, steps)


def _shortest(start: str, gains_of: Callable[[str], Iterable[Gain]], *, is_sure: bool) -> Iterator[tuple[str, _Steps]]:
    """The fewest steps to each that somebody can become, or surely can, in the order of their number."""
    reached: dict[str, _Steps] = {start: ()}
    passed: list[tuple[str, Gain]] = []
    queue = [start]
    for key in queue:  # grows
        gains = [gain for gain in gains_of(key) if gain.is_certain or not is_sure]
        passed += [(key, gain) for gain in gains if gain.makes or gain.by in _WITHOUT_LIMIT]
        for other, steps in _next(key, gains, passed, reached):
            if other not in reached:
                reached[other] = steps
                queue.append(other)
                yield other, steps
    anything = [
        (*reached[key], gain, *reached[strengthened])
        for key, gain in passed
        for strengthened in (gain.strengthens if gain.by in _WITHOUT_LIMIT else ())
        if strengthened in reached
    ]
    if anything:
        shortest = min(anything, key=lambda steps: len(steps))
        yield ANY_PERMISSION, tuple(dict.fromkeys(shortest))


def _next(
    key: str, gains: Iterable[Gain], passed: Iterable[tuple[str, Gain]], reached: Mapping[str, _Steps]
) -> Iterator[tuple[str, _Steps]]:
    """Whom somebody can become by one step more, who is somebody now: also by what others' steps make of them."""
    for gain in gains:
        for other in gain.requesters:
            yield other, (*reached[key], gain)
    for by, gain in passed:
        for who, other in gain.makes:
            if who in reached:
                yield other, tuple(dict.fromkeys((*reached[by], gain, *reached[who])))
