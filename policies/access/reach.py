"""Which things some statements may be about, so that what they surely are not about need not be decided.

An over-approximation: conditions are not looked at, and a resource with a variable may be any.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from policies.access.globs import STAR, Glob, glob, literal, matcher, meet
from policies.access.model import PolicyStatement, PrincipalKind, Requester, Thing
from policies.access.principals import naming, naming_of
from policies.access.statements import bound, used_variables
from policies.access.text import widened


class Reach:
    """What some statements may be about."""

    def __init__(self, statements: Iterable[PolicyStatement], actions: Iterable[str]) -> None:
        """`actions` are all that is ever asked about."""
        lowered = frozenset(each.lower() for each in actions)
        found: dict[tuple[frozenset[str], tuple[Glob, ...]], None] = {}
        for each in statements:
            named = _named(each, lowered)
            if named:
                found[named, _resources(each)] = None
        self._parts = tuple(found)

    def __bool__(self) -> bool:
        return bool(self._parts)

    def is_about(self, thing: Thing, actions: Collection[str]) -> bool:
        """Whether any of the statements may be about a thing with any of some actions, in lower case."""
        return any(
            not named.isdisjoint(actions) and any(_meets(pattern, thing) for pattern in resources)
            for named, resources in self._parts
        )


def may_be_granted(requester: Requester, thing: Thing, own: Reach, actions: Collection[str]) -> bool:
    """Whether anything about a thing may be granted to somebody; ``own`` is what their own Allows may be about."""
    if requester.is_unrestricted or requester.kind is PrincipalKind.ROOT or requester.account != thing.account:
        return True
    names = naming_of(requester)
    if names is None or names & naming(each for policy in thing.policies for each in policy.statements).names:
        return True
    return own.is_about(thing, actions)


def _named(statement: PolicyStatement, actions: frozenset[str]) -> frozenset[str]:
    """Those of some actions that a statement may be about."""
    patterns = [
        each.narrow if statement.inverts_actions else each.wide
        for each in bound(statement, {}).actions
        if each.narrow is not None or not statement.inverts_actions
    ]
    named = _matching(tuple(each for each in patterns if each is not None), actions)
    return actions - named if statement.inverts_actions else named


@lru_cache(maxsize=1_000)
def _matching(patterns: tuple[Glob, ...], texts: frozenset[str]) -> frozenset[str]:
    matches = list(map(matcher, patterns))
    return frozenset(each for each in texts if any(match(each) for match in matches))


def _resources(statement: PolicyStatement) -> tuple[Glob, ...]:
    """The resources that a statement may be about."""
    if statement.inverts_resources or not statement.resources or used_variables(statement):
        return ((STAR,),)
    return tuple(each.wide for each in bound(statement, {}).resources)


def _meets(pattern: Glob, thing: Thing) -> bool:
    is_any = pattern == (STAR,) or meet(pattern, literal(STAR))
    return is_any or any(_meets_arn(pattern, each) for each in thing.all_arns)


@lru_cache(maxsize=10_000)
def _meets_arn(pattern: Glob, text: str) -> bool:
    return meet(pattern, glob(widened(text)))
