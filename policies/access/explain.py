"""Why: of a yes one request with everything that lets it through, of a no everything that stops it by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from policies.access.answers import Layer, Refusal, Request, Step, Witness
from policies.access.boxes import MOST_STEPS, RequestSet, Tests
from policies.access.decision import Decisions
from policies.access.domains import described
from policies.access.doubts import doubts
from policies.access.layers import Applied, Case, GrantGroup, GrantPath
from policies.access.model import Caller, Position, Thing
from policies.access.principals import Grade
from policies.access.statements import ACTION, RESOURCE, shown
from policies.access.text import readable
from policies.reachability.network import Assumption

_ORDER = tuple(Layer)
_GRANTS = (Layer.RESOURCE, Layer.IDENTITY)
_NOWHERE = Position("nowhere")


def witness(decisions: Decisions, caller: Caller, thing: Thing, action: str) -> Witness | None:
    """A request that is allowed, one that rests on no assumption if there is any; None if none is allowed."""
    certain = _witnessed(decisions, caller, thing, action, surely=True)
    found = certain or _witnessed(decisions, caller, thing, action, surely=False)
    there = tuple(each for each in (caller.principal.presence, thing.presence) if each is not None)
    return replace(found, assumptions=(*there, *found.assumptions)) if found is not None else None


def refusals(decisions: Decisions, caller: Caller, thing: Thing, action: str) -> tuple[Refusal, ...]:
    """What stops every request with an action by itself, for each position; empty if one is allowed."""
    if decisions.allowed(caller, thing, (action,), surely=False):
        return ()
    cases = list(decisions.cases(caller, thing, (action,)))
    if not cases:
        names = ", ".join(position.name for position in caller.positions) or "it can call nobody"
        return (Refusal(_NOWHERE, Layer.POSITION, f"no request with {action} about {thing.name} from: {names}"),)
    return tuple(_by_way(refusal, case, thing) for case in cases for refusal in _of_case(decisions, case, action))


def _by_way(refusal: Refusal, case: Case, thing: Thing) -> Refusal:
    """What stops a request by another way to a thing says by which."""
    return refusal if case.thing is thing else replace(refusal, text=f"through {case.thing.name}: {refusal.text}")


def _witnessed(decisions: Decisions, caller: Caller, thing: Thing, action: str, *, surely: bool) -> Witness | None:
    for case in decisions.cases(caller, thing, (action,), surely=surely):
        if surely and decisions.rests_on(case, action):
            continue
        for path in case.paths:
            box = decisions.find(case, path, (action,), surely=surely)
            further = _further(decisions, case, action, surely=surely) if box is not None else None
            if box is not None and further is not None:
                return _witness(decisions, case, path, action=action, box=box, further=further)
    return None


def _further(
    decisions: Decisions, case: Case, action: str, *, surely: bool
) -> tuple[tuple[Layer, Witness], ...] | None:
    """The requests that must be allowed with one, or surely be, each with its reasons; None if one of them is not."""
    found: list[tuple[Layer, Witness]] = []
    for thing, position, needed in decisions.further(case, action):
        caller = Caller(case.requester, (position,))
        made = _witnessed(decisions, caller, thing, needed, surely=True)
        if made is None and not surely:
            made = _witnessed(decisions, caller, thing, needed, surely=False)
        if made is None:
            return None
        found.append((_layer_of(case, thing), made))
    return tuple(found)


def _layer_of(case: Case, thing: Thing) -> Layer:
    return Layer.BEHIND if thing.key == case.thing.behind else Layer.ENCRYPTION


def _witness(
    decisions: Decisions,
    case: Case,
    path: GrantPath,
    *,
    action: str,
    box: RequestSet,
    further: tuple[tuple[Layer, Witness], ...],
) -> Witness:
    steps: list[Step] = []
    tested: set[int] = set()
    for group in sorted(path.groups, key=lambda each: _ORDER.index(each.layer)):
        if group.open_because:
            steps.append(Step(group.layer, group.open_because))
            continue
        applied, tests, is_certain = passed(decisions, group, box)
        tested |= {test.dimension for test in tests}
        steps.append(_step(decisions, group.layer, applied, is_certain=is_certain))
    doubted = list(_doubted(decisions, path, box))
    for each in path.refusals:
        tested |= {test.dimension for tests in decisions.space.ruling(each.bound).possible for test in tests}
    own = [step.assumption for step in steps if step.assumption is not None]
    assumptions = (*decisions.rests_on(case, action), *own, *doubted)
    assumptions = (*assumptions, *(each for _, other in further for each in other.assumptions))
    request = _request(decisions, case, action, box, tested)
    return Witness(request, tuple(steps), further, tuple(dict.fromkeys(assumptions)))


def _step(decisions: Decisions, layer: Layer, applied: Applied | None, *, is_certain: bool) -> Step:
    if applied is None:
        text = f"the policies need more than {MOST_STEPS} steps to decide; taken for allowed"
        return Step(layer, text, assumption=Assumption(text))
    name = shown(applied.statement)
    reason = None if is_certain else next(doubts(applied.bound, decisions.space), None)
    if not is_certain and reason is None:
        reason = Assumption(f"{name} may name the caller", applied.statement.origin.resource)
    return Step(layer, f"{name} allows it", applied.policy, applied.statement, reason)


def passed(decisions: Decisions, group: GrantGroup, box: RequestSet) -> tuple[Applied | None, Tests, bool]:
    """The grant of a group that lets a box through, and whether it surely does."""
    for surely in (True, False):
        for each in group.fitting(surely=surely):
            ruling = decisions.space.ruling(each.bound)
            for tests in ruling.certain if surely else ruling.possible:
                if all(map(box.implies, tests)):
                    return each, tests, surely
    return None, (), False


def _doubted(decisions: Decisions, path: GrantPath, box: RequestSet) -> Iterator[Assumption]:
    """What refusals rest on that may be about a request, and are taken not to be."""
    for each in path.refusals:
        if any(box.all_within(tests) is not None for tests in decisions.space.ruling(each.bound).possible):
            yield from doubts(each.bound, decisions.space)
            if each.certain is Grade.NONE:
                text = f"{shown(each.statement)} may not name the caller"
                yield Assumption(text, each.statement.origin.resource)


def _request(decisions: Decisions, case: Case, action: str, box: RequestSet, dimensions: Iterable[int]) -> Request:
    space = decisions.space
    tested = set(dimensions)
    context = {
        key.label: tuple(
            map(readable, described(key.domain, box.masks[key.dimension], box.some.get(key.dimension, ())))
        )
        for key in space.keys.values()
        if key.dimension in tested
    }
    principal = case.requester.arn or case.requester.service or case.requester.name
    resource = space.resources.named(box.masks[RESOURCE])
    return Request(readable(principal), action, readable(resource), context, case.position)


def _of_case(decisions: Decisions, case: Case, action: str) -> Iterator[Refusal]:
    if case.stopped:
        yield Refusal(case.position, case.stopped_by, case.stopped)
        return
    stops = list(_stops(decisions, case, action))
    for other, position, needed in decisions.further(case, action):
        caller = Caller(case.requester, (position,))
        if not decisions.allowed(caller, other, (needed,), surely=False):
            reasons = "; ".join(each.text for each in refusals(decisions, caller, other, needed))
            statements = tuple(pair for each in refusals(decisions, caller, other, needed) for pair in each.statements)
            text = f"needs {needed} on {other.name}: {reasons}"
            stops.append(Refusal(case.position, _layer_of(case, other), text, statements))
    if not stops:
        involved = {id(each.statement): each for path in case.paths for each in path.refusals}
        for path in case.paths:
            involved |= {id(each.statement): each for group in path.groups for each in group.fitting(surely=False)}
        near = [each for each in involved.values() if _overlaps(decisions, case, action, each)]
        text = f"no request fits all of {', '.join(shown(each.statement) for each in near)}"
        stops = [Refusal(case.position, Layer.DENY, text, tuple((each.policy, each.statement) for each in near))]
    yield from sorted(stops, key=lambda each: _ORDER.index(each.layer))


def _stops(decisions: Decisions, case: Case, action: str) -> Iterator[Refusal]:
    """What stops a case by itself: a Deny, a layer in which nothing grants."""
    denied = {id(each.statement): each for path in case.paths for each in path.refusals}
    for each in denied.values():
        if not _is_possible(decisions, case, action, (), (each,)):
            text = f"{shown(each.statement)} of {each.policy.name} denies it"
            yield Refusal(case.position, Layer.DENY, text, ((each.policy, each.statement),))
    for layer in (Layer.ENDPOINT, Layer.RCP, Layer.SCP):
        if all(_lacks(decisions, case, action, path, (layer,)) for path in case.paths):
            yield _missing(decisions, case, action, (layer,))
    granting = [path for path in case.paths if not _lacks(decisions, case, action, path, _GRANTS)]
    if not granting:
        alone = [each for each in _GRANTS if all(_lacks(decisions, case, action, path, (each,)) for path in case.paths)]
        for layer in alone:
            yield _missing(decisions, case, action, (layer,))
        if not alone:
            yield _missing(decisions, case, action, _GRANTS)
        return
    for layer in (Layer.BOUNDARY, Layer.SESSION):
        if all(_lacks(decisions, case, action, path, (layer,)) for path in granting):
            yield _missing(decisions, case, action, (layer,))


def _lacks(decisions: Decisions, case: Case, action: str, path: GrantPath, layers: tuple[Layer, ...]) -> bool:
    """Whether the groups of some layers let nothing through, whatever the others do; not where there is no such
    group."""
    groups = tuple(group for group in path.groups if group.layer in layers)
    return bool(groups) and not _is_possible(decisions, case, action, groups, ())


def _is_possible(
    decisions: Decisions, case: Case, action: str, groups: tuple[GrantGroup, ...], denied: tuple[Applied, ...]
) -> bool:
    return decisions.find(case, GrantPath(groups, denied), (action,), surely=False) is not None


def _missing(decisions: Decisions, case: Case, action: str, layers: tuple[Layer, ...]) -> Refusal:
    near: dict[int, Applied] = {}
    for path in case.paths:
        for group in path.groups:
            if group.layer in layers:
                near |= {id(each.statement): each for each in group.applied if each.statement.allows}
    close = tuple(each for each in near.values() if _overlaps(decisions, case, action, each))
    text = f"no {' or '.join(layer.value for layer in layers)} allows {action}"
    if close:
        text += f"; closest: {', '.join(shown(each.statement) for each in close)}"
    return Refusal(case.position, layers[0], text, tuple((each.policy, each.statement) for each in close))


def _overlaps(decisions: Decisions, case: Case, action: str, applied: Applied) -> bool:
    """Whether a statement is about the action and the resource, whatever its conditions ask."""
    space = decisions.space
    asked = {ACTION: space.action_mask((action,)), RESOURCE: space.resource_mask(case.arns)}
    return any(
        all(test.mask & asked.get(test.dimension, test.mask) for test in tests if test.dimension in asked)
        for tests in space.ruling(applied.bound).possible
    )
