"""What a change lets roles and users do with what is not declared here, as far as their own policies say.

What is declared is compared request by request. Of the rest nothing is known but the statements that differ: an Allow
that no earlier one covers, a Deny that is gone, or an endpoint of which the policy lets more through. Whether it opens
anything rests on what there is elsewhere, and on other policies, so it may.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cli.core.change.model import Certainty, Effect
from cli.core.change.requests import statements
from cli.core.change.snapshot import Snapshot
from policies.access.alike import signature
from policies.access.anywhere import is_anywhere
from policies.access.globs import glob, matcher, meet, regular
from policies.access.model import Caller, Endpoint, PolicyStatement, Thing
from policies.access.text import readable, widened

_BUT = "everything but "
"""How a pattern begins that is of a Not form."""
_MOST = 3
"""The most actions or resources that a line names."""
_MOST_PAIRS = 10
"""The most actions on resources that an example has."""


def elsewhere(
    before: Snapshot, after: Snapshot, actions_of: Callable[[Thing], Sequence[str]], verb: str
) -> Iterator[Effect]:
    """What callers that `after` declares may do by their policies, and could not in `before`. Raises NotDecidable."""
    declared: _Declared | None = None
    for key, caller in after.access.by_key.items():
        is_same = after.access.caller_signatures[key] == before.access.caller_signatures.get(key)
        if caller.principal.resource is None or is_same:
            continue
        declared = declared or _Declared.of(after, actions_of)
        past = before.access.by_key.get(key)
        gained = list(_gained(_own(past), _own(caller), declared))
        ways = [*_unbounded(past, caller, declared), *_through(past, caller, declared)] if past is not None else []
        for pairs, way in filter(lambda each: each[0], [(gained, ""), *ways]):
            name = caller.principal.name
            lines = tuple(f"{action} on {resource}" for action, resource in map(_readable, pairs[:_MOST_PAIRS]))
            more = (f"and {len(pairs) - _MOST_PAIRS} more",) if len(pairs) > _MOST_PAIRS else ()
            yield Effect(
                f"{name} {verb} do {_said(pairs) if past is not None else 'more'}{way}, beyond what is compared here",
                kind="access",
                identity=(statements(before.world, after.world), *sorted(repr((key, way, *each)) for each in pairs)),
                certainty=Certainty.PERHAPS,
                witness=(*lines, *more),
                is_new=past is None,
                who=name,
            )


def judged(*sides: Snapshot) -> frozenset[str]:
    """The addresses of the policies and boundaries that callers have on some sides. Raises NotDecidable."""
    requesters = (caller.principal for side in sides for caller in side.access.callers)
    policies = (policy for each in requesters for policy in (*each.identity, *each.boundaries))
    statements = (each for policy in policies for each in policy.statements)
    return frozenset(each.origin.resource.address for each in statements if each.origin.resource is not None)


def _unbounded(past: Caller, now: Caller, declared: _Declared) -> Iterator[tuple[list[_Pair], str]]:
    """What a permissions boundary lets through that the one before did not. Without one, or with other policies of
    sessions, it is all that was limited."""
    was, limits = past.principal, now.principal
    sessions = [signature(each.sessions, {}) for each in (was, limits)]
    if any(was.sessions) and sessions[0] != sessions[1]:
        yield [("what other policies of its sessions allow", "*")], ""
    if was.boundaries and not limits.boundaries:
        yield [("what no permissions boundary limits", "*")], ""
    elif was.boundaries:
        before, after = ([each for one in of.boundaries for each in one.statements] for of in (was, limits))
        yield list(_gained(before, after, declared)), " as far as its permissions boundary goes"


def _own(caller: Caller | None) -> list[PolicyStatement]:
    return [each for policy in caller.principal.identity for each in policy.statements] if caller is not None else []


_Pair = tuple[str, str]
"""An action and a resource, as patterns."""


def _through(past: Caller, now: Caller, declared: _Declared) -> Iterator[tuple[list[_Pair], str]]:
    """What somebody's own policies allowed already, and an endpoint lets through that it did not. An endpoint more lets
    nothing through that the internet does not."""
    was_anywhere = any(map(is_anywhere, past.positions))
    own = [pair for each in _own(now) if each.allows for pair in _pairs(each)]
    there = {each.name: each.endpoint for each in past.positions}
    found: dict[str, dict[_Pair, None]] = {}
    for place in now.positions if own else ():
        endpoint, former = place.endpoint, there.get(place.name)
        is_open = endpoint is not None and not endpoint.policies
        was_open = was_anywhere if place.name not in there else former is None or not former.policies
        if endpoint is None or was_open:
            continue
        wider = [_ANY] if is_open else list(_gained(_at(former), _at(endpoint), declared))
        to = (f"{endpoint.service}:*", "*")
        meeting = (pair for pair in own if wider and _meets(pair, to) and any(_meets(pair, each) for each in wider))
        pairs = [pair for pair in meeting if not declared.has(pair)]
        found[endpoint.name] = found.get(endpoint.name, {}) | dict.fromkeys(pairs)
    yield from ((list(pairs), f" through {name}") for name, pairs in found.items())


def _at(endpoint: Endpoint | None) -> list[PolicyStatement]:
    return [each for policy in endpoint.policies for each in policy.statements] if endpoint is not None else []


_ANY: _Pair = ("*", "*")


def _meets(one: _Pair, other: _Pair) -> bool:
    """Whether two may be about the same."""
    return all(
        _BUT in f"{mine}{theirs}" or _meet(mine.lower(), theirs.lower())
        for mine, theirs in zip(one, other, strict=True)
    )


@lru_cache(maxsize=10_000)
def _meet(one: str, other: str) -> bool:
    return meet(glob(widened(one)), glob(widened(other)))


def _gained(past: Iterable[PolicyStatement], now: Iterable[PolicyStatement], declared: _Declared) -> Iterator[_Pair]:
    """What statements allow, or deny no longer, that nothing here is, each once."""
    past, now = list(past), list(now)
    for one, others, allows in ((now, past, True), (past, now, False)):
        rivals = [each for each in others if each.allows is allows]
        known = {signature(each, {}) for each in rivals}
        pairs = {
            pair: None
            for statement in one
            if statement.allows is allows and signature(statement, {}) not in known
            for pair in _pairs(statement)
            if not declared.has(pair)
            and not any(_covers(rival, statement, pair) for rival in rivals)
            and (allows or any(each.allows and _may_be_about(each, pair) for each in now))
        }
        yield from pairs


def _pairs(statement: PolicyStatement) -> Iterator[_Pair]:
    """Each action of a statement with each of its resources; of the Not forms the list in one."""
    actions = [f"{_BUT}{', '.join(statement.actions)}"] if statement.inverts_actions else statement.actions
    resources = [f"{_BUT}{', '.join(statement.resources)}"] if statement.inverts_resources else statement.resources
    yield from ((action, resource) for action in actions for resource in resources)


def _covers(rival: PolicyStatement, statement: PolicyStatement, pair: _Pair) -> bool:
    """Whether another statement is about an action and a resource of a statement whenever that is."""
    if rival.inverts_actions or rival.inverts_resources or rival.assumption is not None:
        return False
    mine, theirs = ({signature(each, {}) for each in one.principals} for one in (rival, statement))
    is_everybody = not rival.inverts_principals and any(each.value == "*" for each in rival.principals)
    is_wider = rival.inverts_principals is statement.inverts_principals is False and theirs <= mine
    if theirs and not (is_everybody or is_wider):
        return False
    asked, known = ({signature(each, {}) for each in one.conditions} for one in (rival, statement))
    return (
        asked <= known
        and any(_matches(each.lower(), pair[0].lower()) for each in rival.actions)
        and any(_matches(each, pair[1]) for each in rival.resources)
    )


def _may_be_about(statement: PolicyStatement, pair: _Pair) -> bool:
    """Whether a statement may be about an action and a resource, or some of them."""
    parts = ((statement.inverts_actions, statement.actions, 0), (statement.inverts_resources, statement.resources, 1))
    return all(
        inverts or any(_meet(each.lower(), pair[at].lower()) for each in several) for inverts, several, at in parts
    )


@dataclass(frozen=True)
class _Declared:
    """What is declared, and compared request by request: resources as patterns, with the actions on them."""

    actions: Sequence[tuple[Callable[[str], object], frozenset[str]]]

    @classmethod
    def of(cls, side: Snapshot, actions_of: Callable[[Thing], Sequence[str]]) -> _Declared:
        """The things of a side."""
        found: dict[str, frozenset[str]] = {}
        for thing in side.world.model.things.values():
            asked = frozenset(map(str.lower, actions_of(thing)))
            for arn in thing.all_arns:
                found[arn] = found.get(arn, frozenset()) | asked
        return cls([(matcher(glob(arn)), asked) for arn, asked in found.items()])

    def has(self, pair: _Pair) -> bool:
        """Whether an action on a resource is about things that are declared, and compared there. Of a pattern of
        actions those that are asked about count."""
        matches = matcher(glob(widened(pair[0].lower())))
        return any(is_arn(pair[1]) and any(map(matches, asked)) for is_arn, asked in self.actions)


def _matches(pattern: str, text: str) -> bool:
    """Whether a pattern covers another one, letter by letter."""
    return pattern == text or re.fullmatch(regular(glob(pattern)), text, re.DOTALL) is not None


def _said(pairs: Sequence[_Pair]) -> str:
    actions, resources = (_few(dict.fromkeys(pair[at] for pair in pairs)) for at in (0, 1))
    return f"{actions} on {resources}"


def _readable(pair: _Pair) -> _Pair:
    return readable(pair[0]), readable(pair[1])


def _few(several: Iterable[str]) -> str:
    texts = list(map(readable, several))
    more = f" and {len(texts) - _MOST} more" if len(texts) > _MOST else ""
    return f"{', '.join(texts[:_MOST])}{more}"
