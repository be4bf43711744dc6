"""The statements that one of two models alone has, and that let more through: Allows that are new, Denies and limits
that are gone. Of callers and things that one alone has, nothing: they are new, or gone as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from policies.access.alike import Known, is_known, signature
from policies.access.answers import Layer
from policies.access.difference import AccessView
from policies.access.model import Account, Caller, Policy, PolicyKind, PolicyStatement
from policies.access.statements import shown

LIMITS: Mapping[PolicyKind, Layer] = {PolicyKind.BOUNDARY: Layer.BOUNDARY, PolicyKind.ENDPOINT: Layer.ENDPOINT}
"""The policies without which nothing is restricted."""


@dataclass(frozen=True, eq=False)
class Wider:
    """An Allow that is new, or a Deny or a limit that is gone."""

    policy: Policy
    statement: PolicyStatement | None
    """None for a limit as a whole."""
    callers: tuple[str, ...] = ()
    """The keys of those whose policy it is; empty for a policy of a thing or an account."""
    thing: str = ""
    """The key of the thing whose policy it is; empty for a policy of callers or an account."""
    service: str = ""
    """The service to which requests go that it is about, where that is one."""
    rivals: tuple[PolicyStatement, ...] = ()
    """What the other side has of the same effect in its place."""

    @cached_property
    def is_unsure(self) -> bool:
        """Whether something is not known of it, or of what it stands for."""
        return self.statement is not None and not all(map(is_known, (self.statement, *self.rivals)))

    @property
    def is_gone(self) -> bool:
        """Whether it stopped something before, and is no longer there."""
        return self.statement is None or not self.statement.allows

    @property
    def place(self) -> str:
        """It in words."""
        if self.statement is None:
            return f"without {self.policy.kind} {self.policy.name}"
        name = f"{shown(self.statement)} of {self.policy.name}"
        is_less = self.statement.sid and self.statement.sid in [each.sid for each in self.rivals]
        return f"{'less of' if is_less else 'without'} {name}" if self.is_gone else name


def wider(before: AccessView, after: AccessView) -> Iterator[Wider]:
    """Everything that is wider of what both sides have."""
    known = (before.known, after.known)
    shared: dict[tuple[object, ...], tuple[str, tuple[Policy, ...], tuple[Policy, ...], dict[str, None]]] = {}
    for key, now in after.by_key.items():
        past = before.by_key.get(key)
        if past is not None and before.caller_signatures[key] != after.caller_signatures[key]:
            for service, was, here in _policies(past, now):
                ids = (service, *map(id, (*was, *here)))
                shared.setdefault(ids, (service, was, here, {}))[3][key] = None
    for service, was, here, keys in shared.values():
        yield from _between(known, was, here, callers=tuple(keys), service=service)
        yield from (Wider(each, None, tuple(keys), service=service) for each in was if not here and each.kind in LIMITS)
    for key, thing in after.model.things.items():
        past_thing = before.model.things.get(key)
        if past_thing is not None:
            yield from _between(known, past_thing.policies, thing.policies, thing=key)
    for key, account in after.model.accounts.items():
        past_account = before.model.accounts.get(key)
        if past_account is not None:
            yield from _between(known, _of_organization(past_account), _of_organization(account))


def _policies(past: Caller, now: Caller) -> Iterator[tuple[str, tuple[Policy, ...], tuple[Policy, ...]]]:
    """The policies of a caller before and after, and those of each endpoint where it stands, with its service."""
    for kind in ("identity", "boundaries", "sessions"):
        yield "", getattr(past.principal, kind), getattr(now.principal, kind)
    at = {each.name: each.endpoint for each in past.positions}
    for each in now.positions:
        was = at.get(each.name)
        if was is not None and each.endpoint is not None:
            yield was.service, was.policies, each.endpoint.policies


def _of_organization(account: Account) -> tuple[Policy, ...]:
    return tuple(policy for level in (*account.scps, *account.rcps) for policy in level)


def _between(
    known: tuple[Known, Known],
    before: Iterable[Policy],
    after: Iterable[Policy],
    *,
    callers: tuple[str, ...] = (),
    thing: str = "",
    service: str = "",
) -> Iterator[Wider]:
    past, now = (
        {signature(each, of): (policy, each) for policy in side for each in policy.statements}
        for side, of in zip((before, after), known, strict=True)
    )
    for one, other, allows in ((now, past, True), (past, now, False)):
        for key, (policy, statement) in one.items():
            if statement.allows is allows and key not in other:
                rivals = tuple(each for rival, (_, each) in other.items() if each.allows is allows and rival not in one)
                yield Wider(policy, statement, callers, thing, service, rivals)
