"""Sets of requests as boxes, one set of values for each dimension, and the search for a request that passes.

A dimension is a condition key, the action or the resource. Of a single-valued key a request holds one value or none:
bit 0 stands for none, the other bits for atoms. Of a multivalued key it holds a set of values: bit 0 then says that the
set may be empty, and `some` lists sets of which each must have a value in it. All that IAM can ask of either, and the
opposite of it, is a `Test`, so the search is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

ABSENT_BIT = 1
"""The bit of a key that the request does not have, or has without values."""

MOST_STEPS = 50_000
"""Steps of one search before it is given up. Policies of people need a few dozen."""


class TooManySteps(Exception):
    """A search took too long to say whether a request passes."""


@dataclass(frozen=True)
class Test:
    """What is asked of one dimension: all its values are in a set, or (`is_some`) one of them is."""

    dimension: int
    mask: int
    is_some: bool = False

    def opposite(self, everything: int, is_set: bool) -> tuple[Test, ...]:
        """The tests of which one holds where this one does not; `everything` is all of the dimension."""
        rest = everything & ~self.mask
        if not is_set:
            return (Test(self.dimension, rest),)
        if self.is_some:
            return (Test(self.dimension, rest | ABSENT_BIT),)
        some = (Test(self.dimension, rest & ~ABSENT_BIT, is_some=True),)
        return some if self.mask & ABSENT_BIT else (*some, Test(self.dimension, ABSENT_BIT))


Tests = tuple[Test, ...]
"""Tests that hold together: a set of requests."""


@dataclass(frozen=True, eq=False)
class RequestSet:
    """A set of requests that is not empty: for each dimension what it may hold."""

    masks: dict[int, int]
    some: dict[int, tuple[int, ...]]

    def within(self, test: Test) -> RequestSet | None:
        """The requests of which a test holds too; None if there are none."""
        at, mask = test.dimension, test.mask
        before = self.masks[at]
        if test.is_some:
            if not before & mask & ~ABSENT_BIT:
                return None
            somes = (*self.some.get(at, ()), mask)
            return RequestSet({**self.masks, at: before & ~ABSENT_BIT}, {**self.some, at: somes})
        after = before & mask
        if after == before:
            return self
        if not after or any(not after & some for some in self.some.get(at, ())):
            return None
        return RequestSet({**self.masks, at: after}, self.some)

    def all_within(self, tests: Iterable[Test]) -> RequestSet | None:
        """The requests of which several tests hold too."""
        box: RequestSet | None = self
        for test in tests:
            if box is None:
                return None
            box = box.within(test)
        return box

    def implies(self, test: Test) -> bool:
        """Whether a test holds of all its requests."""
        held = self.masks[test.dimension]
        if not test.is_some:
            return not held & ~test.mask
        somes = self.some.get(test.dimension, ())
        return any(not some & held & ~test.mask for some in somes) or not held & ~(test.mask & ~ABSENT_BIT)


class Search:
    """Looks for requests that pass: some grant of each group, and none of the refusals."""

    def __init__(self, everything: Mapping[int, int], sets: frozenset[int]) -> None:
        self.everything = everything
        """For each dimension all that it can hold."""
        self.sets = sets
        """The dimensions that hold sets of values."""
        self.steps = 0

    def box(self, tests: Iterable[Test]) -> RequestSet | None:
        """The requests of which some tests hold, none of them `is_some`; None if there are none."""
        masks = dict(self.everything)
        for test in tests:
            masks[test.dimension] &= test.mask
        return RequestSet(masks, {}) if all(masks.values()) else None

    def find(self, box: RequestSet, groups: Sequence[Sequence[Tests]], refusals: Sequence[Tests]) -> RequestSet | None:
        """Requests in a box that pass, all of them; None if none does. Raises TooManySteps."""
        self.steps = 0
        return next(self._granted(box, sorted(groups, key=len), refusals), None)

    def _granted(
        self, box: RequestSet, groups: Sequence[Sequence[Tests]], refusals: Sequence[Tests]
    ) -> Iterator[RequestSet]:
        self._step()
        if not groups:
            found = self._spared(box, refusals)
            if found is not None:
                yield found
            return
        for grant in groups[0]:
            inside = box.all_within(grant)
            if inside is not None:
                yield from self._granted(inside, groups[1:], refusals)

    def _spared(self, box: RequestSet, refusals: Sequence[Tests]) -> RequestSet | None:
        """A part of a box that no refusal is about: of the refusal with the fewest ways around it, each is tried."""
        self._step()
        rest: list[Tests] = []
        best: list[RequestSet] | None = None
        for refusal in refusals:
            if box.all_within(refusal) is None:
                continue
            rest.append(refusal)
            around = list(self._around(box, refusal))
            if best is None or len(around) < len(best):
                best = around
                if not best:
                    return None
        if best is None:
            return box
        for part in best:
            found = self._spared(part, rest)
            if found is not None:
                return found
        return None

    def _around(self, box: RequestSet, refusal: Tests) -> Iterator[RequestSet]:
        for test in refusal:
            if not box.implies(test):
                for other in test.opposite(self.everything[test.dimension], test.dimension in self.sets):
                    part = box.within(other)
                    if part is not None:
                        yield part

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooManySteps(f"more than {MOST_STEPS} steps")
