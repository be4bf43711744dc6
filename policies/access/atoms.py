"""The exact partition of all texts by some patterns: texts that match the same patterns are one atom.

A set of texts that patterns can tell apart is a set of atoms, and a set of atoms is a whole number: bit i is atom i.
The atoms are the reachable states of the automaton that reads a text for all patterns at once (subset construction),
told apart by the patterns that accept there. Patterns of policies begin differently or end in `*`: there are about as
many states as characters in all patterns, and about as many atoms as patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from policies.access.globs import Char, Glob, Token, accepts, is_literal, is_star, regular

MOST_STATES = 200_000
"""States of the automaton before it is given up: a few dozen patterns of the form `*a*` would make millions."""

_FILLERS = "x0123456789abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_/.+=@,"
"""Characters for texts that stand for an atom, where any one does."""
_STRANGER = "\ue00f"
"""A character that no pattern has."""


class TooManyAtoms(Exception):
    """Some patterns cut the space of texts into more atoms than can be told apart here."""


@dataclass(frozen=True, eq=False)
class Partition:
    """The atoms that patterns make of all texts, or of those that a universe holds."""

    examples: tuple[str, ...]
    """For each atom one of its texts, a shortest one."""
    _masks: dict[Glob, int]

    @property
    def everything(self) -> int:
        """All atoms."""
        return (1 << len(self.examples)) - 1

    def mask(self, pattern: Glob) -> int:
        """The atoms of a pattern that the partition was made from. Raises KeyError for another one."""
        return self._masks[pattern]

    def union(self, patterns: Iterable[Glob]) -> int:
        """The atoms of any of some patterns."""
        mask = 0
        for pattern in patterns:
            mask |= self._masks[pattern]
        return mask

    def example(self, mask: int) -> str:
        """A text of some atoms, of at least one: that of the first. Raises ValueError for none."""
        return self.examples[first_bit(mask)]


def first_bit(mask: int) -> int:
    """The first atom of a set. Raises ValueError for the empty set."""
    if not mask:
        raise ValueError("an empty set of atoms has no first one")
    return (mask & -mask).bit_length() - 1


def listed(texts: Iterable[str], patterns: Iterable[Glob]) -> Partition:
    """The atoms of some texts alone: each is one, and a pattern's are those that match it."""
    universe = tuple(dict.fromkeys(texts))
    bits = {text: 1 << index for index, text in enumerate(universe)}
    masks: dict[Glob, int] = {}
    for pattern in dict.fromkeys(patterns):
        if is_literal(pattern):
            masks[pattern] = bits.get("".join(token.of for token in pattern if isinstance(token, Char)), 0)
        else:
            matches = re.compile(regular(pattern), re.DOTALL).fullmatch
            masks[pattern] = sum(bit for text, bit in bits.items() if matches(text))
    return Partition(universe, masks)


def partition(patterns: Iterable[Glob], universe: Iterable[Glob] | None = None) -> Partition:
    """The atoms of some patterns; with a universe, of the texts that match one of its patterns.

    The universe's patterns are among those that have a mask. Raises TooManyAtoms.
    """
    inside = tuple(dict.fromkeys(universe)) if universe is not None else ()
    every = tuple(dict.fromkeys((*inside, *patterns)))
    return _partition(every, len(inside) if universe is not None else None)


@lru_cache(maxsize=128)
def _partition(every: tuple[Glob, ...], inside: int | None) -> Partition:
    """The same of patterns of which the first so many are the universe. Kept, as models that are compared, or asked
    about other actions, mostly have the same."""
    automaton = _Automaton(every, inside)
    examples: list[str] = []
    atoms: dict[frozenset[int], int] = {}
    masks = [0] * len(every)
    for accepted, text in automaton.signatures():
        if accepted not in atoms:
            bit = 1 << len(examples)
            atoms[accepted] = bit
            examples.append(text)
            for index in accepted:
                masks[index] |= bit
    return Partition(tuple(examples), dict(zip(every, masks, strict=True)))


class _Automaton:
    """Reads texts for all patterns at once.

    Its positions are the nodes of a tree in which patterns that begin alike share their begin: a node is what has been
    read of them. A star is a node of its own, which reads what it accepts and stays.
    """

    def __init__(self, patterns: tuple[Glob, ...], inside: int | None) -> None:
        self.count, self.inside = len(patterns), inside
        self.edges: list[dict[Token, int]] = [{}]
        self.ends: list[list[int]] = [[]]
        """For each node the patterns that end there."""
        loops: dict[int, Token] = {}
        self.nodes_inside = 0
        """The first nodes are those of the universe's patterns: so many."""
        for index, pattern in enumerate(patterns):
            self._add(index, pattern, loops)
            if inside is not None and index < inside:
                self.nodes_inside = len(self.edges)
        self.closures: list[tuple[int, ...]] = [()] * len(self.edges)
        """For each node those that it also is, as a star matches nothing too."""
        self.moves: list[tuple[tuple[int, Token, tuple[int, ...]], ...]] = [()] * len(self.edges)
        """For each node what it reads and where that leads; the number says in which order patterns brought it."""
        for node in reversed(range(len(self.edges))):
            edges = self.edges[node].items()
            stars = (each for token, after in edges if is_star(token) for each in self.closures[after])
            self.closures[node] = (node, *stars)
            moves = [(after, token, self.closures[after]) for token, after in edges if not is_star(token)]
            moves += [(node, loops[node], self.closures[node])] if node in loops else []
            self.moves[node] = tuple(moves)

    def _add(self, index: int, pattern: Glob, loops: dict[int, Token]) -> None:
        node = 0
        for token in pattern:
            after = self.edges[node].get(token)
            if after is None:
                after = self.edges[node][token] = len(self.edges)
                self.edges.append({})
                self.ends.append([])
                if is_star(token):
                    loops[after] = token
            node = after
        self.ends[node].append(index)

    def signatures(self) -> Iterator[tuple[frozenset[int], str]]:
        """What accepts in each state, and the text that leads there; shortest texts first."""
        first = frozenset(self.closures[0])
        texts = {first: ""}
        todo = [first]
        for state in todo:  # grows while it is read
            accepted = frozenset([index for node in state for index in self.ends[node]])
            if self.inside is None or any(index < self.inside for index in accepted):
                yield accepted, texts[state]
            for character, after in self._steps(state):
                if after not in texts and self._is_inside(after):
                    if len(todo) >= MOST_STATES:
                        raise TooManyAtoms(f"{self.count} patterns make more than {MOST_STATES} states")
                    texts[after] = texts[state] + character
                    todo.append(after)

    def _is_inside(self, state: frozenset[int]) -> bool:
        return self.inside is None or any(node < self.nodes_inside for node in state)

    def _steps(self, state: frozenset[int]) -> Iterator[tuple[str, frozenset[int]]]:
        """The states after each character that makes a difference, and after one that is like all others."""
        wild: dict[str, list[int]] = {}
        after: dict[str, list[int]] = {}
        for _, token, nodes in sorted(move for node in state for move in self.moves[node]):
            if isinstance(token, Char):
                for character in token.of:
                    after.setdefault(character, []).extend(nodes)
            else:
                wild.setdefault(token, []).extend(nodes)
                for character in ":/":
                    if not accepts(token, character):
                        after.setdefault(character, [])
        for character, positions in after.items():
            further = (each for token, several in wild.items() if accepts(token, character) for each in several)
            yield character, frozenset((*positions, *further))
        other = next((each for each in _FILLERS if each not in after), _STRANGER)
        yield other, frozenset([each for several in wild.values() for each in several])
