"""What becomes of the claims: broken, mended, or kept by something else than before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from cli.core.change.model import ClaimChange, ClaimState
from cli.core.change.snapshot import Snapshot
from policies.access.atoms import TooManyAtoms
from policies.access.claims.judge import violations as access_violations
from policies.access.claims.models import claims as access_claims
from policies.access.claims.system import AccessSystem, stacks_of
from policies.access.model import AccessModel, Account, Caller
from policies.access.read import read as read_access
from policies.access.read.callers import callers
from policies.library.joined import joined
from policies.library.model import Configuration
from policies.reachability.barriers import BarrierDifference
from policies.reachability.claims.judge import violations
from policies.reachability.claims.system import Missing, System
from policies.reachability.placement import end
from policies.reachability.read import read as read_network

COMPLETE, COMPLETE_ACCESS = "CKV2_MEALS_313", "CKV2_MEALS_410"
"""The rules that every part is one that the claims know, so that no claim holds because it is about nothing."""


def network_claims(
    before: Snapshot, after: Snapshot, loosened: Iterable[BarrierDifference], *, differs: bool
) -> tuple[list[ClaimChange], int]:
    """The claims about connections of which something changes, and how many hold. None are about what is not of this
    toolkit. Where nothing opens or closes (``differs``), none can have been broken that holds."""
    system = after.system
    if system is None:
        return [], 0
    pairs = {(each.source, each.target) for each in loosened}
    now = dict(_broken(system))
    past = dict(_broken(before.system)) if before.system is not None and (now or differs) else {}
    found = [_changed(name, past.get(name), now.get(name)) for name in sorted({*past, *now})]
    for name, claim in system.claims.claims.items():
        if pairs and name not in past and name not in now:
            sources, targets = system.keys(claim.over.source), system.keys(claim.over.target)
            if any(source in sources and target in targets for source, target in pairs):
                found.append(ClaimChange(name, ClaimState.OTHERWISE, "see what is looser"))
    return found, len(system.claims.claims) + 1 - len(now)


def permission_claims(before: Snapshot, after: Snapshot) -> tuple[list[ClaimChange], int]:
    """The same of claims about permissions; that they cannot be decided is as if they were broken."""
    try:
        now = _broken_permissions(after)
        past = (_broken_permissions(before, now) or {}) if now else {}
    except TooManyAtoms as error:
        return [ClaimChange("A1 to A9", ClaimState.BROKEN, f"they cannot be decided, {error}")], 0
    if now is None:
        return [], 0
    found = [_changed(name, past.get(name), text) for name, text in now.items()]
    return found, len(access_claims().claims) + 1 - len(now)


def _changed(name: str, past: str | None, now: str | None) -> ClaimChange:
    if now is None:
        return ClaimChange(name, ClaimState.MENDED, past or "")
    return ClaimChange(name, ClaimState.BROKEN if past is None else ClaimState.BROKEN_BEFORE, now)


def _broken(system: System) -> Iterator[tuple[str, str]]:
    """The claims that do not hold, each with the first thing that is not as it says."""
    for name, claim in system.claims.claims.items():
        try:
            found = next(violations(system, claim), None)
        except Missing as missing:
            yield name, str(missing)
        else:
            if found is not None:
                yield name, found.found
    problems = [text for _, text in system.missing()]
    problems += [f"{node.name} has interfaces outside {subnets} subnets" for node, subnets in system.misplaced()]
    problems += [f"{end(system.network, key).name} is not a part in the claims" for key in system.unknown()]
    if problems:
        yield COMPLETE, problems[0]


def _broken_permissions(snapshot: Snapshot, asked: Collection[str] | None = None) -> Mapping[str, str] | None:
    """The claims about permissions that do not hold, of some or of all; None where no stack is of this toolkit."""
    known = access_claims()
    own = [each for each in snapshot.stacks if stacks_of(each, known)]
    if not own:
        return None
    configuration = joined(own)
    model, everybody = _permissions(snapshot, configuration, is_all=len(own) == len(snapshot.stacks))
    system = AccessSystem.of(known, configuration, model, everybody)
    chosen = ((name, claim) for name, claim in known.claims.items() if asked is None or name in asked)
    found = ((name, next(access_violations(system, claim), None)) for name, claim in chosen)
    broken = {name: violation.found for name, violation in found if violation is not None}
    problems = [
        *system.missing(),
        *(f"{model.things[key].name} is not a part in the claims" for key in system.unknown()),
    ]
    return {**broken, **({COMPLETE_ACCESS: problems[0]} if problems else {})}


def _permissions(
    snapshot: Snapshot, configuration: Configuration, *, is_all: bool
) -> tuple[AccessModel, tuple[Caller, ...]]:
    """Who may do what without the organization's policies, which no claim counts on: of all stacks of a snapshot what
    it has, in the order of the model."""
    if not is_all:
        model = read_access(configuration)
        return model, callers(model, read_network(configuration))
    world = snapshot.world
    accounts = {key: replace(each, scps=(), rcps=()) for key, each in world.model.accounts.items()}
    model = replace(world.model, accounts=accounts)
    if any(map(_names_networks, world.model.accounts.values())):  # from which callers then may ask too
        return model, callers(model, read_network(configuration))
    by_key = {each.principal.key: each for each in world.callers}
    return model, tuple(by_key[key] for key in model.principals)


def _names_networks(account: Account) -> bool:
    """Whether the organization's policies ask from which VPC or endpoint requests come."""
    return any(
        condition.key in ("aws:sourcevpc", "aws:sourcevpce")
        for level in (*account.scps, *account.rcps)
        for policy in level
        for statement in policy.statements
        for condition in statement.conditions
    )
