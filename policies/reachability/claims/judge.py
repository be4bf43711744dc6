"""The claims against a network: what is possible and must not be, what must be possible and is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from policies.reachability import addresses, text, traffic
from policies.reachability.analysis import Answer, Path, answer, direct
from policies.reachability.claims.models import Claim, Row
from policies.reachability.claims.system import System
from policies.reachability.explain import witness
from policies.reachability.factors import acls
from policies.reachability.flows import EMPTY, Flows
from policies.reachability.intervals import NOTHING, Intervals

PathKeys: TypeAlias = tuple[str, str, str | None]
"""Source, target, and the load balancer in between, if any: keys."""


@dataclass(frozen=True)
class Violation:
    """One thing that is not as a claim says."""

    subject: str
    """The address of the resource whose interfaces are, or are not, reached; of the client where that has none."""
    found: str
    allowed: str
    absent: str = ""
    """The name of what is not there, where that is what was found."""


def violations(system: System, claim: Claim) -> Iterator[Violation]:
    """Everything that is not as a claim says, in the order of addresses. Raises Missing if a port is not told."""
    excesses: dict[tuple[str, str], list[Excess]] = {}
    for excess in _excesses(system, claim):
        ends = excess.answer.source.key, excess.answer.target.key
        excesses.setdefault((_subject(system, *ends), ends[1]), []).append(excess)
    for (subject, _), found in excesses.items():
        yield _too_much(system, subject, found)
    for row in claim.must:
        yield from _too_little(system, row)


@dataclass(frozen=True)
class Excess:
    """What a path carries and a claim does not allow."""

    answer: Answer
    path: Path
    traffic: Intervals


def _excesses(system: System, claim: Claim) -> Iterator[Excess]:
    allowed = _allowed(system, claim)
    sources, targets = system.keys(claim.over.source), system.keys(claim.over.target)
    for (source, target), like in system.matrix.answers.items():
        if source in sources and target in targets and any(_exceeding(like, source, target, allowed)):
            reply = answer(system.network, source, target)
            yield from (Excess(reply, *each) for each in _exceeding(reply, source, target, allowed))


def _exceeding(
    reply: Answer, source: str, target: str, allowed: dict[PathKeys, Intervals]
) -> Iterator[tuple[Path, Intervals]]:
    """The paths that carry more than a claim allows, and what."""
    for path in reply.paths:
        excess = path.flows.traffic - _on(path, source, target, allowed)
        if excess:
            yield path, excess


def _allowed(system: System, claim: Claim) -> dict[PathKeys, Intervals]:
    allowed: dict[PathKeys, Intervals] = {}
    for row in claim.rows:
        for keys in _path_keys(system, row):
            allowed[keys] = allowed.get(keys, NOTHING) | system.ports(row.on)
    return allowed


def _path_keys(system: System, row: Row) -> Iterator[PathKeys]:
    through = [None] if row.through is None else sorted(system.keys([row.through]))
    for source in sorted(system.keys(row.source)):
        for target in sorted(system.keys(row.target)):
            yield from ((source, target, each) for each in through)


def _on(path: Path, source: str, target: str, allowed: dict[PathKeys, Intervals]) -> Intervals:
    """The ports on which a claim allows a path; none for one through several load balancers."""
    if len(path.forwards) > 1:
        return NOTHING
    return allowed.get((source, target, path.forwards[0].through if path.forwards else None), NOTHING)


def _too_much(system: System, subject: str, excesses: Sequence[Excess]) -> Violation:
    """Told by one connection, and who else can open such."""
    first = excesses[0]
    narrowed = replace(first.answer, paths=(replace(first.path, flows=first.path.flows.with_traffic(first.traffic)),))
    source, target = first.answer.source.name, first.answer.target.name
    through = "".join(f" through {system.network.nodes[each.through].name}" for each in first.path.forwards)
    others = list(dict.fromkeys(each.answer.source.name for each in excesses if each.answer.source.name != source))
    also = f" (and so can {', '.join(others)})" if others else ""
    return Violation(
        subject,
        f"{source} can open {traffic.describe(first.traffic)} to {target}{through}{also}: "
        f"{text.sentence(witness(narrowed))}",
        "only the connections that policies/claims.yaml lists under this rule",
    )


def _too_little(system: System, row: Row) -> Iterator[Violation]:
    for source, target, through in _path_keys(system, row):
        on = system.ports(row.on)
        lacking = (
            _lacking(system, source, target, on)
            if through is None
            else _lost(system, source, target, through=through, on=on)
        )
        if lacking:
            reply = answer(system.network, source, target)
            by = f" through {system.network.nodes[through].name}" if through else ""
            box = lacking.boxes[0]
            yield Violation(
                _subject(system, source, target),
                f"{reply.source.name} cannot open {traffic.describe(lacking.traffic)} to {reply.target.name}{by} "
                f"from {addresses.describe(box.source)} to {addresses.describe(box.destination)}",
                f"{traffic.describe(on)} from everywhere in the one to everywhere in the other, answers included",
            )


def _lacking(system: System, source: str, target: str, on: Intervals) -> Flows:
    """What of some traffic one connection does not surely carry, from the ports that the client uses."""
    connection = direct(system.network, source, target)
    if connection.is_universal_on(on):
        return EMPTY
    ports = traffic.tcp(*system.client_ports(source))
    guaranteed = EMPTY
    for path in connection.paths:
        flows = path.flows & acls.answered(path.back, ports)[1]
        for factor in path.factors:
            flows &= factor.guaranteed
        guaranteed |= flows
    return connection.missing(on) - guaranteed


def _lost(system: System, source: str, target: str, through: str, on: Intervals) -> Flows:
    """What of some traffic a load balancer does not surely pass on."""
    routed = answer(system.network, source, target)
    paths = [path for path in routed.paths if [each.through for each in path.forwards] == [through]]
    if not paths:
        return Flows.between(addresses.ALL_V4, addresses.ALL_V4, on)
    return replace(routed, paths=tuple(paths)).missing(on)


def _subject(system: System, source: str, target: str) -> str:
    nodes = system.network.nodes
    node = nodes.get(target) or nodes[source]
    return node.resource.address
