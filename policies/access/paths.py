"""What somebody can become in any number of steps: whom they can be, and whether they can give themselves anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from policies.access.escalation import Gain
from policies.access.escalation_actions import Escalation

ANY_PERMISSION = "any permission of the account"
"""What somebody has who can write a policy of whom they are."""


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


def _shortest(
    start: str, gains_of: Callable[[str], Iterable[Gain]], *, is_sure: bool
) -> Iterator[tuple[str, tuple[Gain, ...]]]:
    """The fewest steps to each that somebody can become, or surely can, in the order of their number."""
    reached: dict[str, tuple[Gain, ...]] = {start: ()}
    rewrites: list[tuple[str, Gain]] = []
    queue = [start]
    for key in queue:  # grows
        for gain in gains_of(key):
            if is_sure and not gain.is_certain:
                continue
            if gain.by in (Escalation.REWRITE, Escalation.CREATE):
                rewrites.append((key, gain))
            for other in gain.requesters:
                if other not in reached:
                    reached[other] = (*reached[key], gain)
                    queue.append(other)
                    yield other, reached[other]
    anything = [
        (*reached[key], gain, *reached[strengthened])
        for key, gain in rewrites
        for strengthened in gain.strengthens
        if strengthened in reached
    ]
    if anything:
        shortest = min(anything, key=lambda steps: len(steps))
        yield ANY_PERMISSION, tuple(dict.fromkeys(shortest))
