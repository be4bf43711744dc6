"""The exact partition of all texts by some patterns: texts that match the same patterns are one atom.

A set of texts that patterns can tell apart is a set of atoms, and a set of atoms is a whole number: bit i is atom i.
The atoms are the reachable states of the automaton that reads a text for all patterns at once (subset construction),
told apart by the patterns that accept there. Patterns of policies begin differently or end in `*`: there are about as
many states as characters in all patterns, and about as many atoms as patterns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TypeAlias

from policies.access.globs import Char, Glob, Token, accepts, is_literal, is_star, matcher

MOST_STATES = 200_000
"""States of the automaton before it is given up: a few dozen patterns of the form `*a*` would make millions."""

_FILLERS = "x0123456789abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_/.+=@,"
"""Characters for texts that stand for an atom, where any one does."""
_NAME = "example"
"""What a text is given that ends where a name may be."""
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

    def named(self, mask: int) -> str:
        """The same with a name after its last separator, if it has none there and the patterns leave one free: an
        object of a bucket, not `arn:aws:s3:::bucket/`. Raises ValueError for none."""
        bit = first_bit(mask)
        text = self.examples[bit]
        longer = f"{text}{_NAME}"
        is_same = text.endswith(("/", ":")) and all(
            matcher(pattern)(longer) == bool(of_pattern >> bit & 1) for pattern, of_pattern in self._masks.items()
        )
        return longer if is_same else text


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
            matches = matcher(pattern)
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
    told_apart: set[frozenset[int]] = set()
    masks = [0] * len(every)
    for ending, text in automaton.signatures():
        if ending not in told_apart:
            told_apart.add(ending)
            bit = 1 << len(examples)
            examples.append(text)
            for index in (index for node in ending for index in automaton.ends[node]):
                masks[index] |= bit
    return Partition(tuple(examples), dict(zip(every, masks, strict=True)))


_Move: TypeAlias = tuple[int, str, tuple[int, ...]]
"""In which order patterns brought it, the character that is read, the nodes after it."""


@dataclass(frozen=True, eq=False)
class _Wild:
    """What the wildcards of some nodes read."""

    moves: tuple[_Move, ...]
    """The characters that one of them does not take."""
    after: Mapping[str, frozenset[int]]
    """The nodes after these."""
    after_others: frozenset[int]


class _Automaton:
    """Reads texts for all patterns at once.

    Its positions are the nodes of a tree in which patterns that begin alike share their begin: a node is what has been
    read of them. A star is a node of its own, which reads what it accepts and stays.
    """

    def __init__(self, patterns: tuple[Glob, ...], inside: int | None) -> None:
        self.count, self.is_open = len(patterns), inside is None
        edges: list[dict[Token, int]] = [{}]
        self.ends: dict[int, list[int]] = {}
        """The patterns that end at nodes."""
        loops: dict[int, Token] = {}
        nodes_inside = 0
        for index, pattern in enumerate(patterns):
            self.ends.setdefault(_added(edges, loops, pattern), []).append(index)
            if inside is not None and index < inside:
                nodes_inside = len(edges)
        self.inside = frozenset(range(nodes_inside))
        """The nodes of the universe: its patterns are the first ones."""
        self.ends_inside = frozenset(node for node, ends in self.ends.items() if ends[0] < (inside or 0))
        self.ending = frozenset(self.ends)
        self.closures: list[tuple[int, ...]] = [()] * len(edges)
        """For each node those that it also is, as a star matches nothing too."""
        self.moves: list[list[_Move]] = [[] for _ in edges]
        self.wildcards: dict[int, list[tuple[int, Token]]] = {node: [(node, token)] for node, token in loops.items()}
        """What nodes read with wildcards, and where it leads."""
        for node in reversed(range(len(edges))):
            stars = (each for token, after in edges[node].items() if is_star(token) for each in self.closures[after])
            self.closures[node] = (node, *stars)
            for token, after in edges[node].items():
                if isinstance(token, Char):
                    self.moves[node] += [(after, character, self.closures[after]) for character in token.of]
                elif not is_star(token):
                    self.wildcards.setdefault(node, []).append((after, token))
        self.wild = frozenset(self.wildcards)
        self._of_wild: dict[frozenset[int], _Wild] = {}

    def signatures(self) -> Iterator[tuple[frozenset[int], str]]:
        """The nodes at which patterns end in each state, and the text that leads there; shortest texts first."""
        first = frozenset(self.closures[0])
        texts = {first: ""}
        todo = [first]
        for state in todo:  # grows while it is read
            ending = state & self.ending
            if self.is_open or not ending.isdisjoint(self.ends_inside):
                yield ending, texts[state]
            for character, after in self._steps(state):
                if after not in texts and (self.is_open or not after.isdisjoint(self.inside)):
                    if len(todo) >= MOST_STATES:
                        raise TooManyAtoms(f"{self.count} patterns make more than {MOST_STATES} states")
                    texts[after] = texts[state] + character
                    todo.append(after)

    def _steps(self, state: frozenset[int]) -> Iterator[tuple[str, frozenset[int]]]:
        """The states after each character that makes a difference, and after one that is like all others."""
        wild = self._after_wildcards(state & self.wild)
        moves = [move for node in state for move in self.moves[node]]
        after: dict[str, list[int]] = {}
        for _, character, nodes in sorted((*moves, *wild.moves), key=itemgetter(0)):
            after.setdefault(character, []).extend(nodes)
        for character, several in after.items():
            yield character, wild.after.get(character, wild.after_others).union(several)
        yield next((each for each in _FILLERS if each not in after), _STRANGER), wild.after_others

    def _after_wildcards(self, nodes: frozenset[int]) -> _Wild:
        found = self._of_wild.get(nodes)
        if found is None:
            wildcards = sorted(each for node in nodes for each in self.wildcards[node])

            def after(character: str) -> frozenset[int]:
                taken = (self.closures[node] for node, token in wildcards if accepts(token, character))
                return frozenset(each for several in taken for each in several)

            moves = [(at, each, ()) for at, token in wildcards for each in ":/" if not accepts(token, each)]
            found = _Wild(tuple(moves), {each: after(each) for each in ":/"}, after(_STRANGER))
            self._of_wild[nodes] = found
        return found


def _added(edges: list[dict[Token, int]], loops: dict[int, Token], pattern: Glob) -> int:
    """The node of a pattern's end, in a tree to which it is added."""
    node = 0
    for token in pattern:
        after = edges[node].get(token)
        if after is None:
            after = edges[node][token] = len(edges)
            edges.append({})
            if is_star(token):
                loops[after] = token
        node = after
    return node
