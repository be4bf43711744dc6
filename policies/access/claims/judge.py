"""The claims against a system: what is allowed and must not be, what must be allowed and is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from policies.access.answers import Layer
from policies.access.claims.models import AccessClaim, RequestRow
from policies.access.claims.system import AccessSystem
from policies.access.explain import refusals, witness
from policies.access.model import ABSENT, Caller, KeyValues, Thing
from policies.access.read.callers import FOR_CALLER
from policies.library.model import Resource

_MOST = 6
"""The most actions that a finding names."""


@dataclass(frozen=True)
class AccessViolation:
    """One thing that is not as a claim says."""

    subject: Resource | None
    """What lets in who must not be: what declares the statement, or the thing itself."""
    found: str
    allowed: str
    is_certain: bool = True
    """Whether it rests on nothing that is not known."""


@dataclass(frozen=True)
class _Pair:
    caller: Caller
    thing: Thing


def violations(
    system: AccessSystem, claim: AccessClaim, *, within: AccessSystem | None = None
) -> Iterator[AccessViolation]:
    """Everything that is not as a claim says, in the order of callers. Raises TooManyAtoms.

    `within` is the system with the organization's policies, if there are any: what must be allowed has to be so by them
    too. For what must not be allowed nobody counts on them.
    """
    allowed = _allowed(system, claim)
    for pair, actions in _over(system, claim).items():
        excess = tuple(each for each in actions if each not in allowed.get(pair, {}))
        if excess and system.is_candidate(pair.caller, pair.thing):
            yield from _too_much(system, pair, excess)
    for row in claim.rows:
        for pair, named in _pairs(system, row).items():
            yield from _otherwise(system, pair, named, row)
    for row in claim.must:
        yield from _too_little(within or system, row)


def _pairs(system: AccessSystem, row: RequestRow) -> dict[_Pair, tuple[str, ...]]:
    things = [system.model.things[key] for key in system.things(row.target)]
    asked = [(thing, system.actions(thing, row.can)) for thing in things]
    return {_Pair(caller, thing): actions for caller in system.who(row.source) for thing, actions in asked}


def _over(system: AccessSystem, claim: AccessClaim) -> dict[_Pair, dict[str, None]]:
    found: dict[_Pair, dict[str, None]] = {}
    for row in claim.over:
        for pair, actions in _pairs(system, row).items():
            found.setdefault(pair, {}).update(dict.fromkeys(actions))
    return found


def _allowed(system: AccessSystem, claim: AccessClaim) -> Mapping[_Pair, Mapping[str, None]]:
    found: dict[_Pair, dict[str, None]] = {}
    for row in claim.rows:
        for pair, actions in _pairs(system, row).items():
            found.setdefault(pair, {}).update(dict.fromkeys(actions))
    return found


def _too_much(system: AccessSystem, pair: _Pair, actions: Sequence[str]) -> Iterator[AccessViolation]:
    answer = system.decisions.answer(pair.caller, pair.thing, actions)
    if not answer:
        return
    named = answer.guaranteed or answer.allowed
    shown = witness(system.decisions, pair.caller, pair.thing, named[0])
    steps = shown.steps if shown is not None else ()
    granted = (Layer.RESOURCE, Layer.IDENTITY)
    statements = [each.statement for each in steps if each.statement is not None and each.layer in granted]
    others = [each.statement for each in steps if each.statement is not None]
    resource = next(
        (each.origin.resource for each in (*statements[::-1], *others) if each.origin.resource is not None),
        pair.thing.resource,
    )
    by = f", by {', '.join(each.sid or each.origin.part for each in statements)}" if statements else ""
    yield AccessViolation(
        resource,
        f"{pair.caller.principal.name} may do {_listed(named)} to {pair.thing.name}{by}",
        "only what policies/access.yaml names under must: or may: of this claim",
        bool(answer.guaranteed),
    )


def _otherwise(system: AccessSystem, pair: _Pair, actions: Sequence[str], row: RequestRow) -> Iterator[AccessViolation]:
    """What is allowed to whom it may be, but from elsewhere, or without what it needs."""
    for text, caller in _elsewhere(pair.caller, row):
        answer = system.decisions.answer(caller, pair.thing, actions)
        if answer:
            named = answer.guaranteed or answer.allowed
            yield AccessViolation(
                pair.thing.resource or pair.caller.principal.resource,
                f"{pair.caller.principal.name} may do {_listed(named)} to {pair.thing.name} {text}",
                "refused, as policies/access.yaml says under must: or may: of this claim",
                bool(answer.guaranteed),
            )


def _elsewhere(caller: Caller, row: RequestRow) -> Iterator[tuple[str, Caller]]:
    """A caller as the row refuses them, with words for it."""
    if row.via == "endpoint":
        others = tuple(each for each in caller.positions if each.endpoint is None)
        yield f"from {', '.join(each.name for each in others)}", replace(caller, positions=others)
    for key in row.needs:
        yield f"without {key}", _with(caller, key, ABSENT)
    for key, value in row.never.items():
        yield f"with {key} {value}", _with(caller, key, KeyValues((value,)))


def _with(caller: Caller, key: str, held: KeyValues) -> Caller:
    positions = tuple(
        replace(each, context={**each.context, key: held}) for each in caller.positions if each is not FOR_CALLER
    )
    return replace(caller, positions=positions)


def _too_little(system: AccessSystem, row: RequestRow) -> Iterator[AccessViolation]:
    for pair, actions in _pairs(system, row).items():
        answer = system.decisions.answer(pair.caller, pair.thing, actions)
        lacking = [each for each in actions if each not in answer.allowed]
        unsure = [each for each in actions if each not in answer.guaranteed]
        if lacking or unsure:
            stops = refusals(system.decisions, pair.caller, pair.thing, (lacking or unsure)[0])
            reasons = "; ".join(dict.fromkeys(each.text for each in stops))
            yield AccessViolation(
                pair.caller.principal.resource or pair.thing.resource,
                f"{pair.caller.principal.name} may not do {_listed(lacking or unsure)} to {pair.thing.name}: {reasons}",
                "what policies/access.yaml names under must: of this claim",
                bool(lacking),
            )


def _listed(actions: Sequence[str]) -> str:
    more = f" and {len(actions) - _MOST} more" if len(actions) > _MOST else ""
    return f"{', '.join(actions[:_MOST])}{more}"
