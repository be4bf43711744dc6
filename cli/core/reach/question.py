"""One question: can this reach that, and by which rules; or what stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cli.core.reach.network import Endpoint, Endpoints, NoSuchEndpoint
from policies.reachability import addresses, text, traffic
from policies.reachability.analysis import Answer, Path, answer
from policies.reachability.explain import Leg, assumptions, blockers, is_assumed, witness
from policies.reachability.flows import Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Network
from policies.reachability.placement import addresses_of


@dataclass(frozen=True)
class Question:
    """Whether some end reaches another."""

    source: Endpoints
    target: Endpoints
    traffic: Intervals = traffic.ALL
    """What the target gets; or what the source sends, where a load balancer passes it on to another port."""


@dataclass(frozen=True)
class ReachResult:
    """What is answered for two ends: over paths inside, or over the internet."""

    source: Endpoint
    target: Endpoint
    inside: Answer
    over_internet: tuple[Answer, Answer] | None = None
    """To the internet and from it, where nothing else connects two ends that both have a way there. What public
    addresses they have is not in the Terraform: taken for some that the other lets through."""

    def __bool__(self) -> bool:
        return bool(self.inside) or self.over_internet is not None

    @property
    def connections(self) -> tuple[Answer, ...]:
        """The answers that a yes is made of, or the one that is a no."""
        return self.over_internet or (self.inside,)

    @property
    def is_assumed(self) -> bool:
        """Whether a yes rests on an assumption."""
        return self.over_internet is not None or bool(self.placed) or is_assumed(self.inside)

    @property
    def placed(self) -> tuple[Endpoint, ...]:
        """The ends that were asked for by an address that they may have or not."""
        nodes = self.inside.network.nodes
        return tuple(
            each
            for each in (self.source, self.target)
            if each.key in nodes
            and not nodes[each.key].addresses
            and not addresses_of(nodes[each.key]) <= each.addresses
        )


@dataclass(frozen=True)
class Reply:
    """What is answered for all ends that a question is about."""

    network: Network
    yes: tuple[ReachResult, ...]
    """Those that reach, the ones without an assumption first; not more than `MOST`."""
    no: tuple[ReachResult, ...]
    """Those that were found not to."""

    def __bool__(self) -> bool:
        return bool(self.yes)


MOST = 10
"""From so many pairs of ends on that reach, no others are looked for; and the most that a text explains."""


def ask(network: Network, question: Question) -> Reply:
    """The answer, limited to the addresses and the traffic that were asked about. Raises NoSuchEndpoint."""
    pairs = [
        (source, target)
        for source in question.source.ends
        for target in question.target.ends
        if source.key in network.nodes or target.key in network.nodes
    ]
    if not pairs:
        both = f"{question.source.name} and {question.target.name}"
        raise NoSuchEndpoint(f"{both} are both outside: nothing that is declared here decides whether they connect")
    yes: list[ReachResult] = []
    no: list[ReachResult] = []
    for source, target in pairs:
        if len(yes) < MOST and not _is_one_interface(network, source, target):
            result = _between(network, source, target, question.traffic)
            (yes if result else no).append(result)
    return Reply(network, tuple(sorted(yes, key=lambda result: result.is_assumed)), tuple(no))


def _is_one_interface(network: Network, source: Endpoint, target: Endpoint) -> bool:
    """Whether both ends are one interface. A scaling group's instances are several, and reach each other."""
    if source.key != target.key or source.alike:
        return False
    return (addresses_of(network.nodes[source.key]) & addresses.ALL_V4).size == 1


def _between(network: Network, source: Endpoint, target: Endpoint, about: Intervals) -> ReachResult:
    inside = _inside(network, source, target, about)
    if inside or source.key == target.key or not {source.key, target.key} <= network.nodes.keys():
        return ReachResult(source, target, inside)
    internet = Endpoint("internet", "internet")
    onward = _inside(network, internet, Endpoint(target.key, target.name), about)
    sent = onward.flows.traffic
    outward = _inside(network, Endpoint(source.key, source.name), internet, sent)
    return ReachResult(source, target, inside, (outward, onward) if sent and outward else None)


def _inside(network: Network, source: Endpoint, target: Endpoint, about: Intervals) -> Answer:
    limited = answer(network, source.key, target.key, about).limited(source.addresses, target.addresses)
    if limited:
        return limited
    sent = answer(network, source.key, target.key)
    front = Flows((Box(addresses.ALL, addresses.ALL, about),))
    paths = [path.within(front) for path in sent.paths if path.forwards]
    passed_on = replace(sent, paths=tuple(paths)).limited(source.addresses, target.addresses)
    return passed_on if passed_on else limited


def report(question: Question, reply: Reply) -> str:
    """The answer in words: yes with one connection that gets there, or no with what stops every one."""
    about = traffic.describe(question.traffic) if question.traffic != traffic.ALL else "anything"
    if not reply:
        stops = list(dict.fromkeys(stop for each in reply.no[:MOST] for stop in blockers(each.inside)))
        lines = [f"no: {question.source.name} cannot open {about} to {question.target.name}"]
        lines += _indented(text.blocked(stops))
        if len(reply.no) > MOST:
            lines.append(f"  and {len(reply.no) - MOST} more pairs of ends that do not connect; --json has all")
        return "\n".join([*lines, *(f"assumed: {each}" for each in _gaps(reply))])
    lines = [
        f"yes: {_told(question.source, each.source)} can open {sent} to {_told(question.target, each.target)}{by}"
        for each in reply.yes
        for sent, by in _paths(each)
    ]
    outside = reply.network.externals.keys() - addresses.SERVICES.keys() - {each.source.key for each in reply.yes}
    lines += dict.fromkeys(f"no: {each.source.name} cannot" for each in reply.no if each.source.key in outside)
    for found in reply.yes[0].connections:
        lines += _indented(text.lines(witness(found)))
    return "\n".join([*lines, *(f"assumed: {each}" for each in _assumed(reply))])


def _told(asked: Endpoints, found: Endpoint) -> str:
    """An end, with what it was asked for by."""
    others = f" and {len(found.alike)} like it" if found.alike else ""
    return found.name if asked.name == found.name else f"{found.name}{others} ({asked.name})"


def data(question: Question, reply: Reply) -> Mapping[str, Any]:
    """The answer for programs."""
    network = reply.network
    return {
        "from": question.source.name,
        "to": question.target.name,
        "traffic": traffic.describe(question.traffic),
        "reachable": bool(reply),
        "assumed": reply.yes[0].is_assumed if reply else bool(network.gaps),
        "over_internet": bool(reply) and reply.yes[0].over_internet is not None,
        "paths": [
            {
                "from": answer.source.name,
                "to": answer.target.name,
                "through": [network.nodes[each.through].name for each in path.forwards],
                "sent": traffic.describe(path.flows.traffic),
                "arrives": traffic.describe(path.arrives),
            }
            for result in reply.yes
            for answer in result.connections
            for path in answer.paths
            if path
        ],
        "witness": [_leg(leg) for result in reply.yes[:1] for answer in result.connections for leg in witness(answer)],
        "blocked_by": [
            {
                "from": blocker.source,
                "to": blocker.target,
                "through": [network.nodes[each.through].name for each in blocker.forwards],
                "direction": blocker.direction,
                "place": blocker.place,
                "rules": [text.rule(each) for each in blocker.rules],
                "chosen": list(blocker.chosen),
                "alone": blocker.is_alone,
            }
            for result in (() if reply else reply.no)
            for blocker in blockers(result.inside)
        ],
        "assumptions": _assumed(reply) if reply else _gaps(reply),
    }


def _paths(result: ReachResult) -> list[tuple[str, str]]:
    """What can be opened, and by which path, each once."""
    if result.over_internet is not None:
        return [(traffic.describe(result.over_internet[0].flows.traffic), " over the internet")]
    texts = [
        (traffic.describe(path.flows.traffic), _through(result.inside, path)) for path in result.inside.paths if path
    ]
    return list(dict.fromkeys(texts))


def _assumed(reply: Reply) -> list[str]:
    """What the connection that is shown rests on."""
    result = reply.yes[0]
    texts = [f"{each.text}{_at(each.resource)}" for answer in result.connections for each in assumptions(answer)]
    legs = [leg for answer in result.connections for leg in witness(answer)]
    texts += [text.assumed(hop) for leg in legs for hop in leg.hops if hop.is_assumed and not hop.assumptions]
    for each in result.placed:
        where = addresses.describe(each.addresses)
        texts.append(f"the address of {each.name} is not in the Terraform: taken for one of {where}")
    if result.over_internet is not None:
        texts.append("the public addresses of both are such that the rules let them through")
    return list(dict.fromkeys(texts))


def _gaps(reply: Reply) -> list[str]:
    """What a no rests on: parts of the configuration that are not here."""
    return [f"{each.text}{_at(each.resource)}" for each in reply.network.gaps]


def _leg(leg: Leg) -> Mapping[str, Any]:
    return {
        "from": leg.source,
        "to": leg.target,
        "source_address": addresses.address(leg.packet.source),
        "destination_address": addresses.address(leg.packet.destination),
        "traffic": text.traffic_of(leg),
        "client_port": leg.client_port,
        "hops": [
            {
                "direction": hop.direction,
                "place": hop.place,
                "rules": [text.rule(each) for each in hop.rules],
                "assumed": hop.is_assumed,
            }
            for hop in leg.hops
        ],
        "passed_on_by": text.rule(leg.forward.rule) if leg.forward else None,
    }


def _through(found: Answer, path: Path) -> str:
    return "".join(f" through {found.network.nodes[each.through].name}" for each in path.forwards)


def _at(resource: Any) -> str:
    return f" ({resource.address})" if resource is not None else ""


def _indented(lines: Any) -> list[str]:
    return [f"  {line}" for line in lines]
