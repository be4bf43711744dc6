"""Statements as sets of requests, in the space that all statements of a model cut out together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from policies.access.atoms import listed, partition
from policies.access.boxes import Search, Test, Tests
from policies.access.conditions import Asked, Key, Keys, asked, together
from policies.access.globs import STAR, Glob, arn_glob, glob, literal, meet
from policies.access.model import Context, PolicyStatement
from policies.access.text import is_determined, readable, widened
from policies.access.variables import bind, variables

ACTION = 0
"""The dimension of actions."""
RESOURCE = 1
"""The dimension of resources."""
_FIRST_KEY = 2


@dataclass(frozen=True)
class PatternPair:
    """An entry of a list of actions or resources."""

    wide: Glob
    narrow: Glob | None
    """None if it surely matches nothing."""


@dataclass(frozen=True, eq=False)
class BoundStatement:
    """A statement whose variables are replaced for a caller."""

    statement: PolicyStatement
    actions: tuple[PatternPair, ...]
    resources: tuple[PatternPair, ...]
    asks: tuple[Asked, ...]
    has_void: bool
    """A resource needs a variable that the request lacks."""


@dataclass(frozen=True, eq=False)
class Ruling:
    """The requests that a statement is about, whoever makes them: those that may be, and those that surely are."""

    statement: PolicyStatement
    possible: tuple[Tests, ...]
    certain: tuple[Tests, ...]


_MOST_BOUND = 4_000
"""The most statements of which is known what they ask: of two sides of a change, each in several models."""


@lru_cache(maxsize=_MOST_BOUND)
def used_variables(statement: PolicyStatement) -> tuple[str, ...]:
    """The keys whose values a statement asks for."""
    texts = [text for condition in statement.conditions for text in condition.texts()]
    return variables((*statement.resources, *texts))


def bound(statement: PolicyStatement, context: Context) -> BoundStatement:
    """A statement for a caller whose requests hold something; one for all callers where it has no variables."""
    return _bound(statement, context) if used_variables(statement) else _bound_for_all(statement)


@lru_cache(maxsize=_MOST_BOUND)
def _bound_for_all(statement: PolicyStatement) -> BoundStatement:
    return _bound(statement, {})


def _bound(statement: PolicyStatement, context: Context) -> BoundStatement:
    actions = tuple(_action(each.lower()) for each in statement.actions)
    resources: list[PatternPair] = []
    has_void = False
    for each in statement.resources:
        made = bind(each, context, has_wildcards=True)
        if made is None:
            has_void = True
        else:
            resources.append(PatternPair(glob(made.wide), glob(made.narrow) if made.narrow is not None else None))
    return BoundStatement(statement, actions, tuple(resources), asked(statement.conditions, context), has_void)


@lru_cache(maxsize=10_000)
def _action(text: str) -> PatternPair:
    return PatternPair(glob(widened(text)), glob(text) if is_determined(text) else None)


class Space:
    """All requests about some things with some actions, as far as the statements of a model tell them apart."""

    def __init__(
        self,
        statements: Iterable[BoundStatement],
        actions: Iterable[str],
        arns: Iterable[str],
        contexts: Iterable[Context],
    ) -> None:
        """Raises TooManyAtoms."""
        statements = tuple(statements)
        self._arns = tuple(dict.fromkeys(arns))
        self._open = tuple((text, glob(widened(text))) for text in self._arns if not is_determined(text))
        self.actions = listed((each.lower() for each in actions), _patterns(each.actions for each in statements))
        self._action_bits = {action: at for at, action in enumerate(self.actions.examples)}
        asked_about = (each for each in statements if self._actions(each, surely=False))
        self.resources = partition(_patterns(each.resources for each in asked_about), map(arn_of, self._arns))
        keys = Keys(_FIRST_KEY)
        for each in statements:
            for ask in each.asks:
                keys.ask(ask)
        for context in contexts:
            keys.know(context)
        self.keys: Mapping[str, Key] = keys.keys()
        self._everything = {
            ACTION: self.actions.everything,
            RESOURCE: self.resources.everything,
            **{key.dimension: key.everything for key in self.keys.values()},
        }
        self._sets = frozenset(key.dimension for key in self.keys.values() if key.is_set)
        self._rulings: dict[int, Ruling] = {}
        self._facts: dict[tuple[int, bool], tuple[Context, tuple[Test, ...]]] = {}
        self._resource_masks: dict[tuple[str, ...], int] = {}

    def search(self) -> Search:
        """A search for requests."""
        return Search(self._everything, self._sets)

    def action_mask(self, actions: Iterable[str]) -> int:
        """Some actions, of those that the space is made for."""
        return sum(1 << self._action_bits[each.lower()] for each in actions)

    def actions_of(self, mask: int) -> Iterator[str]:
        """The actions of a set, in lower case."""
        while mask:
            yield self.actions.example(mask)
            mask &= mask - 1

    def resource_mask(self, arns: tuple[str, ...]) -> int:
        """Some resources, of those that the space is made for."""
        found = self._resource_masks.get(arns)
        if found is None:
            found = self._resource_masks[arns] = self.resources.union(map(arn_of, arns))
        return found

    def facts(self, context: Context, *, surely: bool) -> tuple[Test, ...]:
        """What requests hold, as tests."""
        found = self._facts.get((id(context), surely))
        if found is None:  # the context is kept, as its id is the key
            tests = tuple(
                Test(self.keys[name].dimension, self.keys[name].holds(held, surely=surely))
                for name, held in context.items()
                if name in self.keys
            )
            found = self._facts[id(context), surely] = (context, tests)
        return found[1]

    def ruling(self, statement: BoundStatement) -> Ruling:
        """The requests that a statement of the space is about."""
        found = self._rulings.get(id(statement))
        if found is None:
            possible = self._requests(statement, surely=False)
            is_certain = statement.statement.assumption is None and not statement.has_void
            certain = self._requests(statement, surely=True) if is_certain else ()
            found = self._rulings[id(statement)] = Ruling(statement.statement, possible, certain)
        return found

    def _requests(self, statement: BoundStatement, *, surely: bool) -> tuple[Tests, ...]:
        actions = self._actions(statement, surely=surely)
        if not actions:  # the space does not tell its resources apart
            return ()
        resources = (
            self._about(statement, surely=surely) if statement.statement.resources else self.resources.everything
        )
        if not resources:
            return ()
        head = (Test(ACTION, actions), Test(RESOURCE, resources))
        tests = (self.keys[ask.condition.key].tests(ask, surely=surely) for ask in statement.asks)
        return tuple((*head, *each) for each in together(tests))

    def _actions(self, statement: BoundStatement, *, surely: bool) -> int:
        """The actions that a statement is about."""
        inverts = statement.statement.inverts_actions
        mask = self.actions.union(_chosen(statement.actions, wide=surely is inverts))
        return self.actions.everything & ~mask if inverts else mask

    def _about(self, statement: BoundStatement, *, surely: bool) -> int:
        """The resources that the list of a statement says."""
        inverts = statement.statement.inverts_resources
        is_wide = surely is inverts
        patterns = tuple(_chosen(statement.resources, wide=is_wide))
        mask = self.resources.union(patterns)
        if is_wide:
            opened = (text for text, each in self._open if any(meet(pattern, each) for pattern in patterns))
            mask |= self.resources.union(map(arn_of, opened))
        return self.resources.everything & ~mask if inverts else mask


def _chosen(pairs: Iterable[PatternPair], *, wide: bool) -> Iterator[Glob]:
    """What some entries may be about, or surely are."""
    for each in pairs:
        pattern = each.wide if wide else each.narrow
        if pattern is not None:
            yield pattern


def arn_of(text: str) -> Glob:
    """The resources of a thing as a pattern; `*` alone is what requests about no resource have."""
    return literal(text) if text == STAR else arn_glob(text) or glob(text)


def shown(statement: PolicyStatement) -> str:
    """A statement by its name: the Sid, or where it stands."""
    if statement.sid:
        return readable(statement.sid)
    number = statement.origin.statement
    return f"statement {number} of {statement.origin.part}" if number else statement.origin.part


def _patterns(several: Iterable[tuple[PatternPair, ...]]) -> Iterator[Glob]:
    for patterns in several:
        for each in patterns:
            yield each.wide
            if each.narrow is not None:
                yield each.narrow
