"""Conditions of statements as tests of condition keys: what may hold, and what surely holds.

Where nobody knows what a condition asks (a value that is not known, an operator that AWS does not document, values
that the operator cannot read), it may hold for everything and holds surely for nothing. So an Allow is taken by what
may hold, a Deny by what surely holds. Sources: IAM user guide, "Condition operators", "Multivalued context keys".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from policies.access.atoms import partition
from policies.access.boxes import ABSENT_BIT, Test, Tests
from policies.access.domains import Addresses, Domain, Numbers, Span, Texts
from policies.access.globs import Glob, arn_glob, glob, is_within, meet
from policies.access.model import Context, KeyValues
from policies.access.operators import OPERATORS, Family, Operator, moment, number
from policies.access.text import is_determined, widened
from policies.access.variables import bind
from policies.library.documents import Condition
from policies.reachability import addresses
from policies.reachability.intervals import Intervals

MULTIVALUED = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
    }
)
"""The global keys that hold several values (IAM user guide, "AWS global condition context keys"). A key of a service
does in statements that have a set operator for it, unless it is known to hold one."""

_SINGLE_CLAIMS = frozenset(
    {"app_id", "aud", "azp", "email", "google/organization_number", "id", "iss", "oaud", "sub", "sub_type", "user_id"}
)
"""The claims of identity providers that hold one value (IAM user guide, "Available keys for AWS OIDC federation",
"Available keys for SAML-based AWS STS federation")."""

_ANY = None
"""A value that may match anything."""

Raw: TypeAlias = "Glob | Span | Intervals"


@dataclass(frozen=True)
class Compared:
    """A value of a condition: what may match it, and what surely matches it. None is everything, or nothing."""

    wide: Raw | None
    narrow: Raw | None


@dataclass(frozen=True)
class Asked:
    """What is asked of a key, in the context of a caller."""

    condition: Condition
    operator: Operator | None
    """None for Null, and for an operator that is not known."""
    values: tuple[Compared, ...]
    has_void: bool
    """A value needs a variable that the request lacks: the statement matches for no value, or not at all."""
    is_of_several: bool = False
    """A condition of its statement has a set operator for its key."""

    @property
    def is_known(self) -> bool:
        """Whether IAM documents the operator."""
        return self.operator is not None or self.condition.operator == "null"


def asked(conditions: Iterable[Condition], context: Context) -> tuple[Asked, ...]:
    """The conditions of a statement with their values read, variables replaced by what a caller's requests hold."""
    conditions = tuple(conditions)
    several = {each.key for each in conditions if each.quantifier}
    return tuple(_asked(each, context, is_of_several=each.key in several) for each in conditions)


def _asked(condition: Condition, context: Context, *, is_of_several: bool) -> Asked:
    operator = OPERATORS.get(condition.operator)
    if operator is None:
        return Asked(condition, None, (), has_void=False, is_of_several=is_of_several)
    values = [_compared(operator, text, context) for text in condition.texts()]
    read = tuple(each for each in values if each)
    return Asked(condition, operator, read, has_void=None in values, is_of_several=is_of_several)


def _compared(operator: Operator, text: str, context: Context) -> Compared | None:
    if operator.family in (Family.TEXT, Family.BOOLEAN, Family.ARN):
        bound = bind(text, context, has_wildcards=operator.has_wildcards)
        if bound is None:
            return None
        wide, narrow = _pattern(operator, bound.wide), _pattern(operator, bound.narrow)
        return Compared(wide or glob(bound.wide), narrow)
    if not is_determined(text):
        return Compared(_ANY, None)
    try:
        value: Raw = addresses.network(text) if operator.family is Family.ADDRESS else _span(operator, text)
    except (ValueError, OverflowError):
        return Compared(_ANY, None)
    return Compared(value, value)


def _pattern(operator: Operator, text: str | None) -> Glob | None:
    if text is None:
        return None
    return arn_glob(text) if operator.family is Family.ARN else glob(text, folds_case=operator.folds_case)


def _span(operator: Operator, text: str) -> Span:
    value = moment(text) if operator.family is Family.DATE else number(text)
    first = value if operator.above or not operator.below else None
    last = value if operator.below or not operator.above else None
    return Span(first, last, is_open=not operator.equal)


_KINDS: Mapping[Family, str] = {
    Family.TEXT: "text",
    Family.ARN: "text",
    Family.BOOLEAN: "text",
    Family.NUMBER: "number",
    Family.DATE: "number",
    Family.ADDRESS: "address",
}


@dataclass
class _Collected:
    """What is known of a key before its domain is made."""

    asks: list[Asked] = field(default_factory=list)
    facts: dict[KeyValues, None] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """How its values are compared: as most families of its conditions do, text first."""
        kinds = {_KINDS[each.operator.family] for each in self.asks if each.operator}
        return next((each for each in ("text", "number", "address") if each in kinds), "text")


@dataclass(frozen=True, eq=False)
class Key:
    """A condition key: its dimension, the values that it can hold, and what conditions ask of it."""

    name: str
    dimension: int
    domain: Domain
    kind: str
    is_set: bool
    """Whether requests may hold several values of it."""
    label: str
    """As policies write it: `aws:SourceVpce`."""
    unknown: tuple[tuple[int, Glob, tuple[Raw, ...]], ...] = ()
    """Values that are not known, what each may turn out to be, and what not."""

    @property
    def everything(self) -> int:
        """All values, and the absent key."""
        return self.domain.values | ABSENT_BIT

    def holds(self, held: KeyValues, *, surely: bool) -> int:
        """What a fact that the domain was made with says the key may hold; `surely`, without what it may turn out to
        be."""
        mask = ABSENT_BIT if held.may_be_absent or (held.is_perhaps_absent and not surely) else 0
        for value in held.values:
            if is_determined(value) or not surely:
                mask |= self._mask(_fact(self.kind, widened(value))) & ~self._not_known
            if not is_determined(value):
                mask |= self._mask(_fact(self.kind, value))
        if isinstance(self.domain, Texts):
            for value in held.but:
                mask &= ~self._mask(_fact(self.kind, value))
        return mask

    @cached_property
    def _not_known(self) -> int:
        """Values that are not known: a request holds one only where it is known to hold that one."""
        mask = 0
        for held, _, _ in self.unknown:
            mask |= held
        return mask

    def compares(self, operator: Operator) -> bool:
        """Whether the domain tells apart what an operator compares."""
        return _KINDS[operator.family] == self.kind

    def has_several(self, ask: Asked) -> bool:
        """Whether a condition is about a key with several values: by AWS's documents, or by its statement."""
        return self.is_set and (self.name in MULTIVALUED or ask.is_of_several)

    def tests(self, ask: Asked, *, surely: bool) -> tuple[Tests, ...]:
        """The sets of requests for which a condition may hold, or surely does."""
        everything: tuple[Tests, ...] = ((Test(self.dimension, self.everything),),)
        if not ask.is_known or (surely and ask.has_void) or (ask.operator and not self.compares(ask.operator)):
            return () if surely else everything
        quantifier = ask.condition.quantifier
        if quantifier not in ("", "forallvalues", "foranyvalue"):
            return () if surely else everything
        if ask.operator is None:
            return self._null(ask, surely=surely)
        mask = self._matched(ask, surely=surely is not ask.operator.is_negated)
        if surely is ask.operator.is_negated:
            mask |= self._may_be(ask)
        if ask.operator.is_negated:
            mask = self.domain.values & ~mask
        if self.has_several(ask):
            if quantifier == "foranyvalue":
                some = ((Test(self.dimension, mask, is_some=True),),) if mask else ()
                return (*some, (Test(self.dimension, ABSENT_BIT),)) if ask.condition.if_exists else some
            if quantifier == "":  # AWS does not say what it does then
                return () if surely else everything
            return ((Test(self.dimension, mask | ABSENT_BIT),),)
        holds_without = ask.operator.is_negated and quantifier != "foranyvalue"
        if holds_without or ask.condition.if_exists or quantifier == "forallvalues":
            mask |= ABSENT_BIT
        return ((Test(self.dimension, mask),),) if mask else ()

    def _matched(self, ask: Asked, *, surely: bool) -> int:
        mask = 0
        for value in ask.values:
            raw = value.narrow if surely else value.wide
            mask |= self._mask(raw) if raw is not None else 0 if surely else self.domain.values
        return mask

    def _may_be(self, ask: Asked) -> int:
        """What the key holds that is not known and may turn out to match."""
        mask = 0
        for held, pattern, but in self.unknown:
            if any(_may_match(each.wide, pattern, but) for each in ask.values):
                mask |= held
        return mask

    def _null(self, ask: Asked, *, surely: bool) -> tuple[Tests, ...]:
        texts = {text.lower() for text in ask.condition.texts()}
        if not texts <= {"true", "false"}:
            return () if surely else ((Test(self.dimension, self.everything),),)
        absent: tuple[Tests, ...] = ((Test(self.dimension, ABSENT_BIT),),) if "true" in texts else ()
        present: tuple[Tests, ...] = ((Test(self.dimension, self.domain.values, is_some=self.is_set),),)
        return (*absent, *(present if "false" in texts else ()))

    def _mask(self, raw: Raw) -> int:
        if isinstance(self.domain, Texts) and isinstance(raw, tuple):
            return self.domain.mask([raw])
        if isinstance(self.domain, Numbers) and isinstance(raw, Span):
            return self.domain.mask(raw)
        if isinstance(self.domain, Addresses) and isinstance(raw, Intervals):
            return self.domain.mask(raw)
        return self.domain.values


def _fact(kind: str, text: str) -> Raw:
    """A value that a key is known to hold, as its conditions compare it; everything where they cannot."""
    try:
        if kind == "address":
            return addresses.network(text)
        if kind == "number":
            return Span(moment(text), moment(text))
    except (ValueError, OverflowError):
        pass
    return (arn_glob(text) if text.startswith("arn:") else None) or glob(text)


def _may_match(wide: Raw | None, pattern: Glob, but: Iterable[Raw]) -> bool:
    """Whether a value that fits a pattern, and is none of some, may be what a condition asks for."""
    if not isinstance(wide, tuple):
        return True
    return meet(wide, pattern) and not any(isinstance(each, tuple) and is_within(wide, each) for each in but)


class Keys:
    """The condition keys of a model: collected first, then cut into domains."""

    def __init__(self, first_dimension: int) -> None:
        self._first = first_dimension
        self._collected: dict[str, _Collected] = defaultdict(_Collected)

    def ask(self, ask: Asked) -> None:
        """Takes note of a condition."""
        self._collected[ask.condition.key].asks.append(ask)

    def know(self, context: Context) -> None:
        """Takes note of what requests may hold, of keys that conditions ask about: so after all of `ask`."""
        for name, held in context.items():
            if name in self._collected:
                self._collected[name].facts[held] = None

    def names(self) -> frozenset[str]:
        """The keys that conditions ask about."""
        return frozenset(self._collected)

    def keys(self) -> Mapping[str, Key]:
        """The keys with their domains. Raises TooManyAtoms."""
        return {
            name: _key(name, self._first + index, collected)
            for index, (name, collected) in enumerate(sorted(self._collected.items()))
        }


def _key(name: str, dimension: int, collected: _Collected) -> Key:
    is_set = name in MULTIVALUED or (any(each.is_of_several for each in collected.asks) and not _is_single(name))
    kind = collected.kind
    raws = [raw for each in collected.asks for value in each.values for raw in (value.wide, value.narrow)]
    for held in collected.facts:
        for value in held.values:
            raws += [_fact(kind, value), _fact(kind, widened(value))]
        raws += [_fact(kind, value) for value in held.but]
    domain: Domain
    if kind == "number":
        spans = [raw for raw in raws if isinstance(raw, Span)]
        limits = [limit for each in spans for limit in (each.first, each.last) if isinstance(limit, Fraction)]
        is_date = any(each.operator and each.operator.family is Family.DATE for each in collected.asks)
        domain = Numbers(limits, is_date)
    elif kind == "address":
        domain = Addresses(raw for raw in raws if isinstance(raw, Intervals))
    else:
        families = {each.operator.family for each in collected.asks if each.operator}
        domain = Texts(partition((raw for raw in raws if isinstance(raw, tuple)), _universe(families, raws)))
    texts = {(value, held.but) for held in collected.facts for value in held.values if not is_determined(value)}
    unknown: tuple[tuple[int, Glob, tuple[Raw, ...]], ...] = ()
    if isinstance(domain, Texts):
        made = ((_fact(kind, value), glob(widened(value)), but) for value, but in sorted(texts))
        unknown = tuple(
            (domain.mask([raw]), pattern, tuple(_fact(kind, each) for each in but))
            for raw, pattern, but in made
            if isinstance(raw, tuple)
        )
    label = _written(collected.asks)
    return Key(name, dimension, domain, kind=kind, is_set=is_set, label=label, unknown=unknown)


def _written(asks: Iterable[Asked]) -> str:
    """A key as policies write it; of several spellings the one with most capitals, as AWS's documents have it."""
    spellings = sorted({each.condition.label.partition(" ")[2] for each in asks})
    return max(spellings, key=lambda each: sum(map(str.isupper, each)))


def _is_single(name: str) -> bool:
    """Whether AWS documents that a key holds one value."""
    owner, _, claim = name.rpartition(":")
    return name.startswith("aws:") or (claim in _SINGLE_CLAIMS and (owner == "saml" or "." in owner))


def _universe(families: Iterable[Family], raws: Iterable[Raw | None]) -> list[Glob] | None:
    """Of a key that is only asked whether it is true: `true` and `false`, and what is written instead."""
    if set(families) != {Family.BOOLEAN}:
        return None
    return [glob("true"), glob("false"), *(raw for raw in raws if isinstance(raw, tuple))]


def together(several: Iterable[tuple[Tests, ...]]) -> tuple[Tests, ...]:
    """The sets of requests for which each of several conditions holds."""
    found: tuple[Tests, ...] = ((),)
    for alternatives in several:
        found = tuple((*tests, *each) for tests in found for each in alternatives)
    return found
