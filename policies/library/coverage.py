"""Whether statements of policies cover another: what one allows or denies that others do not.

Each combination of a principal, an action and a resource is compared by itself. A pattern covers what it matches letter
by letter, `*` and `?` included. An unknown value covers itself alone. Where a comparison cannot be decided, nothing is
covered. Source: IAM user guide, "IAM JSON policy elements reference".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TypeVar

from policies.library.cidrs import Network, known_networks
from policies.library.documents import Condition, Principal, Statement
from policies.library.values import Unknown, UnknownValue, Value

_ROOT = re.compile(r"arn:[\w-]+:iam::(\d{12}):root")
_ANY_AWS = "AWS:*"
_PATTERNED = {"stringequals": "stringlike", "arnequals": "arnlike"}
"""Operators by whose values those with patterns are met too."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class _Others:
    """All but what some patterns match."""

    patterns: tuple[str, ...]


def beyond(statement: Statement, others: Iterable[Statement]) -> Statement | None:
    """What a statement is about that none of others with its effect is about: None, the statement, or a part of it.

    A part has those of its principals, actions and resources of which some combination is not covered.
    """
    conditions = statement.conditions
    rivals = [
        other
        for other in others
        if other.effect == statement.effect and all(_is_implied(each, conditions) for each in other.conditions)
    ]
    principals = _items(statement.principals, _principal, statement.inverts_principals)
    actions = _items(statement.actions, action_text, statement.inverts_actions)
    resources = _items(statement.resources, text_of, statement.inverts_resources)
    open_ = [
        (who, what, where)
        for who, what, where in product(range(len(principals)), range(len(actions)), range(len(resources)))
        if not any(_covers(rival, principals[who], actions[what], resources[where]) for rival in rivals)
    ]
    if not open_:
        return None
    return replace(
        statement,
        principals=_kept(statement.principals, statement.inverts_principals, {who for who, _, _ in open_}),
        actions=_kept(statement.actions, statement.inverts_actions, {what for _, what, _ in open_}),
        resources=_kept(statement.resources, statement.inverts_resources, {where for _, _, where in open_}),
    )


def text_of(value: Value) -> str:
    """A value as text, an unknown one as it stands in Terraform: `${aws_s3_bucket.b.arn}/*`."""
    if isinstance(value, Unknown):
        return value.expression if "${" in value.expression else f"${{{value.expression}}}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def action_text(value: Value) -> str:
    """An action as text; case does not count in actions."""
    return text_of(value).lower()


def _principal(principal: Principal) -> str:
    """A principal as text; an account is the same as its root."""
    text = text_of(principal.value)
    account = _ROOT.fullmatch(text)
    kind = "AWS" if principal.kind == "*" else principal.kind
    return f"{kind}:{account[1] if account else text}"


def _items(values: Sequence[_T], text: Callable[[_T], str], is_inverted: bool) -> list[str | _Others | None]:
    """What a statement lists, each by itself; None where it lists nothing, as identity policies list no principals."""
    texts = tuple(map(text, values))
    if is_inverted:
        return [_Others(texts)]
    return [*texts] or [None]


def _kept(values: tuple[_T, ...], is_inverted: bool, positions: set[int]) -> tuple[_T, ...]:
    return values if is_inverted else tuple(value for at, value in enumerate(values) if at in positions)


def _covers(
    statement: Statement, who: str | _Others | None, what: str | _Others | None, where: str | _Others | None
) -> bool:
    return (
        _has(_items(statement.principals, _principal, statement.inverts_principals), who, _is_or_has)
        and _has(_items(statement.actions, action_text, statement.inverts_actions), what, includes)
        and _has(_items(statement.resources, text_of, statement.inverts_resources), where, includes)
    )


def _has(listed: list[str | _Others | None], wanted: str | _Others | None, holds: Callable[[str, str], bool]) -> bool:
    """Whether what is listed has all of something; ``holds`` says it of two texts."""
    if wanted is None:
        return listed == [None]
    for each in listed:
        if isinstance(each, _Others):
            if isinstance(wanted, _Others):
                spares_less = all(any(holds(spared, mine) for spared in wanted.patterns) for mine in each.patterns)
            else:
                spares_less = not any(_may_meet(mine, wanted) for mine in each.patterns)
            if spares_less:
                return True
        elif each is not None and (each == "*" if isinstance(wanted, _Others) else holds(each, wanted)):
            return True
    return False


def _is_or_has(one: str, other: str) -> bool:
    """Whether a principal is another one, or anyone of AWS."""
    return one == other or (one == _ANY_AWS and other.startswith("AWS:"))


def includes(pattern: str, text: str) -> bool:
    """Whether all that a text with `*` and `?` matches is matched by a pattern. What is unknown matches itself."""
    return pattern in (text, "*") or _expression(pattern).fullmatch(text) is not None


def _may_meet(one: str, other: str) -> bool:
    """Whether some text may match both patterns."""
    wild = [any(sign in text for sign in "*?") for text in (one, other)]
    if all(wild) or "${" in one + other:
        return True
    return includes(one, other) if wild[0] else includes(other, one)


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "[^*]"), re.DOTALL)


def _is_implied(weak: Condition, conditions: Iterable[Condition]) -> bool:
    """Whether a condition holds wherever some others do."""
    return any(
        (strict.operator == weak.operator or _PATTERNED.get(strict.operator) == weak.operator)
        and (strict.key, strict.quantifier) == (weak.key, weak.quantifier)
        and (weak.if_exists or not strict.if_exists)
        and _is_narrower(strict, weak)
        for strict in conditions
    )


def _is_narrower(strict: Condition, weak: Condition) -> bool:
    """Whether all values that one condition lets through pass another on the same key."""
    mine, theirs = [[text_of(value) for value in each.values] for each in (strict, weak)]
    if "not" in weak.operator:
        return all(any(_admits(weak.operator, spared, value) for spared in mine) for value in theirs)
    return all(any(_admits(weak.operator, value, one) for value in theirs) for one in mine)


def _admits(operator: str, value: str, other: str) -> bool:
    """Whether what a value of a condition is met by includes what another is met by."""
    if value == other:
        return True
    if operator.endswith("ipaddress"):
        try:
            wide, narrow = known_networks([value]), known_networks([other])
        except UnknownValue:
            return False
        return is_within(narrow, wide)
    if "like" in operator or operator.startswith("arn"):
        return includes(value, other)
    return "ignorecase" in operator and value.lower() == other.lower()


def _is_within(one: Network, other: Network) -> bool:
    return one.version == other.version and one.subnet_of(other)  # type: ignore[arg-type]


def is_within(networks: Iterable[Network], others: Iterable[Network]) -> bool:
    """Whether each of some networks lies in one of others."""
    wide = tuple(others)
    return all(any(_is_within(one, other) for other in wide) for one in networks)
