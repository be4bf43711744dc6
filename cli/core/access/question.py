"""One question: may these do that to those, and by which statements; or what stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.core.access import further
from cli.core.access.places import line_of, line_of_condition
from cli.core.access.table import Allowed, allowed, places, verbs
from cli.core.access.world import World, verbs_in
from policies.access.answers import Layer, Refusal, Step, Witness
from policies.access.becoming import ANY_PERMISSION
from policies.access.escalation_actions import Escalation
from policies.access.explain import refusals, witness
from policies.access.model import Caller, PolicyStatement, Thing
from policies.access.text import readable
from policies.library.documents import Condition
from policies.library.values import label_of

MOST = 5
"""The most pairs that a text explains."""


@dataclass(frozen=True)
class AccessReply:
    """What is answered for all pairs that a question is about."""

    yes: tuple[Allowed, ...]
    """Those without an assumption first."""
    no: tuple[tuple[Caller, Thing], ...]

    def __bool__(self) -> bool:
        return bool(self.yes)


def ask(world: World, callers: Sequence[Caller], asked: Mapping[str, tuple[str, ...]]) -> AccessReply:
    """The answer for each caller and each thing. Raises NotDecidable."""
    found = allowed(world, callers, asked)
    pairs = {(each.answer.caller.principal.key, each.answer.thing.key) for each in found}
    no = [
        (caller, thing)
        for caller in callers
        for thing in world.things()
        if thing.key in asked and (caller.principal.key, thing.key) not in pairs
    ]
    return AccessReply(tuple(sorted(found, key=lambda each: not each.answer.certain)), tuple(no))


def report(world: World, reply: AccessReply, asked: Mapping[str, tuple[str, ...]]) -> str:
    """The answer in words: each yes with one request and what lets it through, each no with what stops it."""
    lines: list[str] = []
    for each in reply.yes[:MOST]:
        lines += _yes(world, each)
    if len(reply.yes) > MOST:
        lines.append(f"and {len(reply.yes) - MOST} more that are allowed; --json has all")
    for caller, thing in reply.no[:MOST] if not reply.yes else ():
        lines += _no(world, caller, thing, asked[thing.key])
    if not reply.yes and len(reply.no) > MOST:
        lines.append(f"and {len(reply.no) - MOST} more pairs of which none is allowed; --json has all")
    return "\n".join(lines)


def data(world: World, reply: AccessReply, asked: Mapping[str, tuple[str, ...]]) -> Mapping[str, Any]:
    """The answer for programs."""
    return {
        "allowed": bool(reply),
        "yes": [
            {
                "caller": each.answer.caller.principal.name,
                "thing": each.answer.thing.name,
                "actions": list(each.answer.allowed),
                "assumed": [action for action in each.answer.allowed if action not in each.answer.certain],
                "from": [position.name for position in each.positions],
                "witness": _witness_data(_witness(world, each)),
            }
            for each in reply.yes
        ],
        "no": [
            {
                "caller": caller.principal.name,
                "thing": thing.name,
                "blocked_by": [
                    {
                        "from": list(positions),
                        "layer": refusal.layer.value,
                        "text": text,
                        "statements": [_statement_data(statement) for _, statement in refusal.statements],
                    }
                    for text, positions, refusal in _blockers(world, caller, thing, asked[thing.key])
                ],
                "further": list(_further(world, caller, thing, asked[thing.key])),
            }
            for caller, thing in reply.no
        ],
        "assumptions": [each.text for each in world.model.gaps],
    }


def _yes(world: World, found: Allowed) -> Iterator[str]:
    answer, principal = found.answer, found.answer.caller.principal
    names = ", ".join(_short(answer.allowed))
    words = verbs(answer) if answer.certain else ", ".join(verbs_in(answer.thing, answer.allowed))
    can = words if verbs_in(answer.thing, answer.allowed) else "use"
    where = places(found.positions)
    shown = _witness(world, found)
    head = "yes" if answer.certain else "yes (assumed)"
    yield f"{head}: {principal.name} can {can} {answer.thing.name} ({names}) from: {where}"
    yield from _request(shown, "  ")
    yield from (f"assumed: {each.text}" for each in shown.assumptions)


def _witness(world: World, found: Allowed) -> Witness:
    answer = found.answer
    first = (answer.certain or answer.guaranteed or answer.allowed)[0]
    shown = witness(world.decisions, answer.caller, answer.thing, first)
    assert shown is not None, "what is allowed has a request that is"
    return shown


def _request(shown: Witness, indent: str) -> Iterator[str]:
    request = shown.request
    yield f"{indent}{request.action} on {request.resource}"
    yield f"{indent}  by {request.principal} from {request.position.name}"
    for key, values in request.context.items():
        yield f"{indent}  with {key} {', '.join(values) if values else 'absent'}"
    for step in shown.steps:
        yield from _step(step, indent)
    for layer, other in shown.further:
        yield f"{indent}and for it ({layer.value}):"
        yield from _request(other, f"{indent}  ")


def _step(step: Step, indent: str) -> Iterator[str]:
    place = f", {_where(step.statement)}" if step.statement is not None else ""
    yield f"{indent}{step.layer.value}: {step.text}{place}"
    if step.statement is not None:
        yield from _conditions(step.statement, f"{indent}  ")


def _conditions(statement: PolicyStatement, indent: str) -> Iterator[str]:
    for each in statement.conditions:
        line = line_of_condition(statement, each)
        yield f"{indent}if {_condition(each)}{f', {line}' if line else ''}"


def _no(world: World, caller: Caller, thing: Thing, actions: Sequence[str]) -> Iterator[str]:
    yield f"no: {caller.principal.name} cannot {', '.join(verbs_in(thing, actions)) or actions[0]} {thing.name}"
    blockers = _blockers(world, caller, thing, actions) if caller.positions else ()
    if not caller.positions:
        yield "  it cannot call by the way that is asked about"
    everywhere = {each for _, positions, _ in blockers for each in positions}
    for text, positions, refusal in blockers:
        where = "" if everywhere <= set(positions) else f" (from {_ways(caller, positions)})"
        yield f"  {text}{where}"
        for _, statement in refusal.statements:
            yield f"    {_where(statement)}"
            yield from _conditions(statement, "      ")
    yield from (f"  {each}" for each in _further(world, caller, thing, actions))
    yield from (f"assumed: {each.text}" for each in world.model.gaps)


def _blockers(
    world: World, caller: Caller, thing: Thing, actions: Sequence[str]
) -> list[tuple[str, tuple[str, ...], Refusal]]:
    """What stops all requests by itself: in words with all actions that it is about, and from where."""
    texts: dict[str, tuple[dict[str, None], dict[str, None], Refusal]] = {}
    for action in actions:
        for refusal in refusals(world.decisions, caller, thing, action):
            named, positions, _ = texts.setdefault(refusal.text.replace(action, "{}"), ({}, {}, refusal))
            named[action] = None
            positions[refusal.position.name] = None
    decided = {text: each for text, each in texts.items() if each[2].layer is not Layer.POSITION}
    return [
        (text.replace("{}", ", ".join(_short(tuple(named)))), tuple(positions), refusal)
        for text, (named, positions, refusal) in (decided or texts).items()
    ]


def _ways(caller: Caller, names: Sequence[str]) -> str:
    """Places in few words: an endpoint once, from wherever it is reached."""
    endpoints = {each.name: each.endpoint.name for each in caller.positions if each.endpoint is not None}
    return ", ".join(dict.fromkeys(endpoints.get(each, each) for each in names))


def _further(world: World, caller: Caller, thing: Thing, actions: Sequence[str]) -> Iterator[str]:
    """What a caller can make of what it may do: become somebody who may, or change who may."""
    may = {each.principal.key for each in world.callers if world.decisions.answer(each, thing, actions)}
    if caller.principal.account == thing.account:
        may.add(ANY_PERMISSION)
    paths = further.paths(world, caller)
    may |= world.may_become((each.becomes for each in paths), thing, actions)
    path = next((each for each in paths if each.becomes in may), None)
    if path is not None:
        yield from further.lines(world, path)
    for gain in world.gains(caller.principal.key):
        is_about = gain.thing.key in (thing.key, *thing.encryption_keys) and not gain.requesters and not gain.makes
        if is_about and gain.by is Escalation.TAG:
            is_about = world.may_retagged(caller, thing, actions, tagged=gain.thing)
        if is_about:
            yield f"in 1 step: {further.step_text(gain)}"


def _short(actions: Sequence[str]) -> Iterable[str]:
    """Actions with their service before the first only."""
    last = ""
    for action in actions:
        service, _, name = action.partition(":")
        yield name if service == last else action
        last = service


def _where(statement: PolicyStatement) -> str:
    """Where a statement is written: the construct path or address, the part, its number, the file and line."""
    origin = statement.origin
    number = f", statement {origin.statement}" if origin.statement else ""
    part = "" if origin.resource is None or origin.part == "policy" else f", {origin.part}"
    line = line_of(statement)
    return f"{_owner(statement)}{part}{number}{f', {line}' if line else ''}"


def _owner(statement: PolicyStatement) -> str:
    resource = statement.origin.resource
    return (resource.construct_path or resource.address) if resource is not None else statement.origin.part


def _statement_data(statement: PolicyStatement) -> Mapping[str, Any]:
    return {
        "in": _owner(statement),
        "part": statement.origin.part,
        "number": statement.origin.statement,
        "sid": statement.sid,
        "at": line_of(statement),
        "conditions": [
            {"text": _condition(each), "at": line_of_condition(statement, each)} for each in statement.conditions
        ],
    }


def _condition(condition: Condition) -> str:
    return f"{condition.label}: {', '.join(readable(label_of(value)) for value in condition.values)}"


def _witness_data(shown: Witness) -> Mapping[str, Any]:
    return {
        "principal": shown.request.principal,
        "action": shown.request.action,
        "resource": shown.request.resource,
        "from": shown.request.position.name,
        "context": {key: list(values) for key, values in shown.request.context.items()},
        "steps": [
            {
                "layer": step.layer.value,
                "text": step.text,
                "statement": _statement_data(step.statement) if step.statement is not None else None,
                "assumed": step.assumption.text if step.assumption is not None else None,
            }
            for step in shown.steps
        ],
        "further": [{"layer": layer.value, **_witness_data(other)} for layer, other in shown.further],
        "assumptions": [each.text for each in shown.assumptions],
    }
