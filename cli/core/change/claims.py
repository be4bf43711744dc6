"""What becomes of the claims: broken, mended, or kept by something else than before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cli.core.change.model import ClaimChange, ClaimState
from cli.core.change.snapshot import Snapshot
from policies.access.atoms import TooManyAtoms
from policies.access.claims.judge import violations as access_violations
from policies.access.claims.models import AccessClaims, RequestRow
from policies.access.claims.rules import judged_here
from policies.access.claims.system import AccessSystem, stacks_of
from policies.access.model import AccessModel, Account, Caller
from policies.access.read import read as read_access
from policies.access.read.callers import callers
from policies.library.joined import joined
from policies.library.model import Configuration
from policies.reachability.barriers import BarrierDifference
from policies.reachability.claims.judge import violations
from policies.reachability.claims.models import Claims
from policies.reachability.claims.system import Missing, System
from policies.reachability.placement import end
from policies.reachability.read import read as read_network

COMPLETE, COMPLETE_ACCESS = "CKV2_MEALS_313", "CKV2_MEALS_410"
"""The rules that every part is one that the claims know, so that no claim holds because it is about nothing."""


def network_claims(
    before: Snapshot, after: Snapshot, loosened: Iterable[BarrierDifference], *, differs: bool
) -> tuple[list[ClaimChange], int]:
    """The claims about connections of which something changes, and how many hold. None are about what is not of this
    toolkit. Each side is judged by its own claims; what is before by some that cannot be read, as if all had held.
    Where nothing opens or closes (``differs``), none can have been broken that holds."""
    system = after.system
    if system is None:
        return [], 0
    now = {name: _Found(text) for name, text in _broken(system)}
    past = (
        {name: _Found(text) for name, text in _broken(before.system)}
        if before.system is not None and (now or differs)
        else {}
    )
    found = [*_changes(past, now), *_other_claims(before.terms.network, system.claims)]
    pairs = {(each.source, each.target) for each in loosened}
    for name, claim in system.claims.claims.items():
        if pairs and name not in past and name not in now:
            sources, targets = system.keys(claim.over.source), system.keys(claim.over.target)
            if any(source in sources and target in targets for source, target in pairs):
                found.append(ClaimChange(name, ClaimState.OTHERWISE, "see what is looser"))
    return found, len(system.claims.claims) + 1 - len(now)


def permission_claims(
    before: Snapshot, after: Snapshot, loosened: Collection[tuple[str, str]] = ()
) -> tuple[list[ClaimChange], int]:
    """The same of claims about permissions; ``loosened`` are the keys of callers and things between which something is
    looser. Raises NotDecidable."""
    known = after.terms.access
    system = _access_system(after, known) if known is not None else None
    if known is None or system is None:
        return [], 0
    try:
        now = _broken_permissions(system)
        earlier = before.terms.access
        former = _access_system(before, earlier.only(now)) if now and earlier is not None else None
        past = _broken_permissions(former) if former is not None else {}
    except TooManyAtoms as error:
        return [ClaimChange("A1 to A9", ClaimState.UNDECIDED, str(error))], 0
    found = [*_changes(past, now), *_other_claims(earlier, known)]
    for name, claim in known.claims.items() if loosened else ():
        if name not in past and name not in now and any(_is_over(system, row, loosened) for row in claim.over):
            found.append(ClaimChange(name, ClaimState.OTHERWISE, "see what is looser"))
    return found, len(known.claims) + 1 - len(now)


def _is_over(system: AccessSystem, row: RequestRow, pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether a row of a claim is about some callers and things."""
    callers, things = {each.principal.key for each in system.who(row.source)}, system.things(row.target)
    return any(caller in callers and thing in things for caller, thing in pairs)


@dataclass(frozen=True)
class _Found:
    """The first thing that is not as a claim says."""

    text: str
    is_certain: bool = True


def _changes(past: Mapping[str, _Found], now: Mapping[str, _Found]) -> Iterator[ClaimChange]:
    """What became of the claims that do not hold on one side, or perhaps do not."""
    for name in sorted({*past, *now}):
        was, found = past.get(name), now.get(name)
        if found is None:
            if was is not None and was.is_certain:
                yield ClaimChange(name, ClaimState.MENDED, was.text)
        elif not found.is_certain:
            yield ClaimChange(name, ClaimState.UNDECIDED, found.text)
        else:
            is_new = was is None or not was.is_certain
            yield ClaimChange(name, ClaimState.BROKEN if is_new else ClaimState.BROKEN_BEFORE, found.text)


def _other_claims(before: Claims | AccessClaims | None, after: Claims | AccessClaims) -> Iterator[ClaimChange]:
    """The claims that say something else than before, or nothing."""
    for name, claim in before.claims.items() if before is not None and before is not after else ():
        if name not in after.claims:
            yield ClaimChange(name, ClaimState.GONE, "nothing is claimed any more")
        elif claim != after.claims[name]:
            yield ClaimChange(name, ClaimState.OTHER, "it says something else than before")


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


def _access_system(snapshot: Snapshot, known: AccessClaims) -> AccessSystem | None:
    """What claims about permissions are about; None where no stack is of this toolkit."""
    own = [each for each in snapshot.stacks if stacks_of(each, known)]
    if not own:
        return None
    configuration = joined(own)
    model, everybody = _permissions(snapshot, configuration, is_all=len(own) == len(snapshot.stacks))
    return AccessSystem.of(known, configuration, judged_here(model), everybody, settings=snapshot.terms.settings)


def _broken_permissions(system: AccessSystem) -> Mapping[str, _Found]:
    """The claims about permissions that do not hold. Raises TooManyAtoms."""
    broken = {}
    for name, claim in system.claims.claims.items():
        found = list(access_violations(system, claim))
        first = next((each for each in found if each.is_certain), next(iter(found), None))
        if first is not None:
            broken[name] = _Found(first.found, first.is_certain)
    problems = [
        *system.missing(),
        *(f"{system.model.things[key].name} is not a part in the claims" for key in system.unknown()),
    ]
    return {**broken, **({COMPLETE_ACCESS: _Found(problems[0])} if problems else {})}


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
