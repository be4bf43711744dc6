"""Why: of a yes one connection with everything that lets it through, of a no what stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from policies.reachability import addresses, traffic
from policies.reachability.analysis import Answer, Path
from policies.reachability.chains import (
    Chain,
    entering,
    is_bringing,
    is_linking,
    keeps_client,
    passed_back,
    past_routes,
    sent_from,
    within_zones,
)
from policies.reachability.connections import ConnectionPath, Connections, connections_of
from policies.reachability.factors import acls
from policies.reachability.factors.factor import Direction, Factor, Packet
from policies.reachability.factors.gateways import End
from policies.reachability.factors.routes import choices
from policies.reachability.flows import EMPTY, Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import (
    Acl,
    Assumption,
    External,
    Forward,
    Network,
    Node,
    RouteTable,
    Rule,
    SecurityGroup,
    Target,
)
from policies.reachability.placement import Placement, addresses_of, end


@dataclass(frozen=True)
class Hop:
    """Something that a connection passes, and the rules by which it does."""

    place: str
    direction: Direction
    rules: tuple[Rule, ...]
    is_assumed: bool
    assumptions: tuple[Assumption, ...] = ()
    """What it rests on that it passes."""


@dataclass(frozen=True)
class Leg:
    """One connection, or one half of a connection that changes its addresses on the way."""

    source: str
    """Name of the end."""
    target: str
    packet: Packet
    client_port: int | None
    """A port that TCP answers get back to."""
    hops: tuple[Hop, ...]
    forward: Forward | None = None
    """What passes it on to the next leg."""


@dataclass(frozen=True)
class Blocker:
    """Something that stops all of what was asked about on one path."""

    source: str
    target: str
    place: str
    direction: Direction
    rules: tuple[Rule, ...]
    """All that is written there."""
    is_alone: bool = True
    """Whether it stops everything on its own, whatever else would let through."""
    is_allow_list: bool = False
    """As `Factor.is_allow_list`."""
    parts: tuple[RouteTable | Acl | SecurityGroup, ...] = ()
    """As `Factor.parts`."""
    chosen: tuple[str, ...] = ()
    """Of route tables: the routes that are chosen for what was asked about, with a transit gateway's after them."""
    forwards: tuple[Forward, ...] = ()
    """The load balancers and endpoints on the path, as in `Path.forwards`."""


def witness(answer: Answer) -> tuple[Leg, ...]:
    """One connection that gets there, leg by leg, over the shortest path; over one that nothing is assumed of, if any.

    Empty if none gets there.
    """
    first: tuple[Leg, ...] = ()
    for path in answer.paths:
        if path:
            legs = tuple(_legs(answer, path))
            if not any(hop.is_assumed for leg in legs for hop in leg.hops):
                return legs
            first = first or legs
    return first


def blockers(answer: Answer) -> tuple[Blocker, ...]:
    """What stops everything that was asked about: something on every path. Empty if something gets there."""
    if answer:
        return ()
    found: list[Blocker] = []
    for path in answer.paths:
        stops = list(_blockers_of(answer, path))
        if not stops:
            rules = tuple(forward.rule for forward in path.forwards)
            stops = [_mismatch(answer.source.name, answer.target.name, rules)]
        found += (replace(stop, forwards=path.forwards) for stop in stops)
    return tuple(dict.fromkeys(found))


def assumptions(answer: Answer) -> tuple[Assumption, ...]:
    """What the witness rests on, and the network's assumptions about what it passes."""
    legs = witness(answer)
    own = {each for leg in legs for hop in leg.hops for each in hop.assumptions}
    forwards = [leg.forward for leg in legs if leg.forward is not None]
    own |= {each.rule.assumption for each in forwards if each.rule.assumption is not None}
    balancers = [answer.network.nodes[each.through] for each in forwards]
    ends = [end for end in (answer.source, answer.target, *balancers) if isinstance(end, Node)]
    own |= {each for end in ends for each in end.assumptions}
    resources = {rule.resource for leg in legs for hop in leg.hops for rule in hop.rules} - {None}
    resources |= {each.rule.resource for each in forwards} - {None}
    listed = (each for each in answer.network.assumptions if each in own or each.resource in resources)
    return (*listed, *_taken_addresses(answer))


def _taken_addresses(answer: Answer) -> Iterator[Assumption]:
    """That an end whose address is not known has one that reaches: not all in any of its subnets do."""
    path = next((path for path in answer.paths if path.guaranteed), None) or next(filter(None, answer.paths), None)
    if path is None:
        return
    flows = path.guaranteed or path.flows
    sides = [(answer.source, answer.sources, [box.source for box in flows])]
    if not path.forwards:
        sides.append((answer.target, answer.targets, [box.destination for box in flows]))
    for side, asked, reaching in sides:
        if isinstance(side, Node) and not side.addresses and not _is_all_of_a_subnet(side, asked, reaching):
            some = addresses.describe(Intervals.union(reaching))
            yield Assumption(f"the address of {side.name} is not known: taken for one of {some}", side.resource)


def _is_all_of_a_subnet(node: Node, asked: Intervals, reaching: Sequence[Intervals]) -> bool:
    """Whether some addresses are all of one family that were asked about and that a node has in one of its subnets."""
    parts = (
        Placement(node, (subnet,)).addresses & asked & family
        for subnet in node.subnets
        for family in (addresses.V4_FAMILY, addresses.ALL_V6)
    )
    return any(part <= each for part in parts if part for each in reaching)


def is_assumed(answer: Answer) -> bool:
    """Whether a yes rests on an assumption: on one that is listed, or on what stands in the path and is not known."""
    if any(_taken_addresses(answer)):
        return True
    if not answer.network.assumptions and any(path.guaranteed for path in answer.paths):
        return False
    return any(hop.is_assumed for leg in witness(answer) for hop in leg.hops) or bool(assumptions(answer))


def _legs(answer: Answer, path: Path) -> Iterator[Leg]:
    network, connections = answer.network, connections_of(answer.network)
    packet = _example(path.guaranteed or path.flows)
    first = network.nodes[path.forwards[0].through] if path.forwards else answer.target
    yield from _forwarded(_connection(connections, answer.source, first, packet), path.forwards)
    is_linked = False
    for index, forward in enumerate(path.forwards):
        chain = path.forwards[index:]
        through, target = _placed(network.nodes[forward.through], packet.destination), end(network, forward.target)
        keeps = keeps_client(forward, is_linked)
        is_linked = is_linking(forward, through)
        sender = _only(packet.source) if keeps else _senders(forward, through, packet)
        flows = _passed_on(connections, forward, through, keeps)
        flows &= Flows.of([Box(sender, addresses.ALL, passed_back(chain, answer.traffic))])
        if len(chain) > 1:
            onward = entering(connections, chain[1:], answer.traffic, is_linked).some
            flows &= Flows.of(Box(box.source, box.destination, traffic.ALL) for box in onward)
        packet = _example(flows)
        if isinstance(target, External) or is_bringing(through):
            legs = [_brought(connections, forward, through, target, packet=packet)]
        elif keeps:
            paths = connections.keeping_client(through, _placed(target, packet.destination))
            legs = [_leg(through.name, target.name, _carrying(paths, packet), packet)]
        else:
            legs = _connection(connections, through, target, packet)
        yield from _forwarded(legs, chain[1:])


def _passed_on(connections: Connections, forward: Forward, through: Node, keeps: bool) -> Flows:
    """What a load balancer or endpoint passes on to its target, as the target sees it."""
    target, own = end(connections.network, forward.target), addresses_of(through)
    if is_bringing(through) or isinstance(target, External):
        if isinstance(target, Node) and forward.is_looked_at:
            return Flows.union(each.flows for each in connections.brought(forward, target))
        return past_routes(own, target)
    if keeps:
        flows = Flows.union(each.flows for each in connections.keeping_client(through, target))
    else:
        flows = connections.carried(through, target)[0]
    return within_zones(forward, flows, own, keeps)


def _brought(connections: Connections, forward: Forward, through: Node, target: End, packet: Packet) -> Leg:
    """The leg of what AWS itself brings from an endpoint to its target, with what looks at it there."""
    place = "AWS PrivateLink" if through.resource.type == _ENDPOINT else "AWS"
    leg = Leg(through.name, target.name, packet, client_port=None, hops=())
    if isinstance(target, Node) and forward.is_looked_at:
        leg = _leg(through.name, target.name, _carrying(connections.brought(forward, target), packet), packet)
    return replace(leg, hops=(Hop(place, "forward", (forward.rule,), is_assumed=False), *leg.hops))


def _senders(forward: Forward, through: Node, packet: Packet) -> Intervals:
    """The addresses from which something that was taken at one is sent on."""
    if forward.senders is not None:
        return forward.senders
    entrance = _only(packet.destination)
    return entrance if is_bringing(through) else sent_from(through, entrance)


def _forwarded(legs: list[Leg], chain: Chain) -> list[Leg]:
    """The legs of a connection, of which the first load balancer or endpoint of a chain passes on the last."""
    return [*legs[:-1], replace(legs[-1], forward=chain[0] if chain else None)]


def _connection(
    connections: Connections, source: End, target: End, packet: Packet, passed: frozenset[str] = frozenset()
) -> list[Leg]:
    """The leg of one connection, and those beyond the nodes that send it on with another address."""
    source, target = _at(source, packet.source), _at(target, packet.destination)
    path = _carrying(connections.between(source, target, passed), packet)
    if path.via is None:
        return [_leg(source.name, target.name, path, packet)]
    passed |= {source.key}
    same = Flows.of([Box(addresses.ALL, _only(packet.destination), _only(packet.traffic))])
    onward = _example(connections.carried(path.via, target, passed)[0] & same)
    beyond = _connection(connections, path.via, target, onward, passed=passed)
    return [_leg(source.name, path.via.name, path, packet), *beyond]


def _leg(source: str, target: str, path: ConnectionPath, packet: Packet) -> Leg:
    has_answer = packet.traffic in traffic.TCP
    hops = [_hop(factor, packet) for factor in path.own_factors if has_answer or factor.direction == "forward"]
    port = None
    if has_answer:
        ports = acls.ports_back(path.back, packet.source, packet.destination)
        port = (_FAMILIAR_PORT if _FAMILIAR_PORT in ports else (ports & _EPHEMERAL or ports).first) % traffic.PORTS
        answer = Packet(packet.source, packet.destination, traffic.tcp(port).first)
        hops += [_hop(factor, answer) for factor in path.back]
    forth = (hop for hop in hops if hop.direction == "forward")
    back = (hop for hop in hops if hop.direction == "return")
    return Leg(source, target, packet, port, hops=(*forth, *back))


def _hop(factor: Factor, packet: Packet) -> Hop:
    region = factor.decides(packet)
    assert region is not None, f"{factor.place} lets {packet} through"
    return Hop(factor.place, factor.direction, region.rules, not region.is_certain, region.assumptions)


def _carrying(paths: Iterable[ConnectionPath], packet: Packet) -> ConnectionPath:
    return next(path for path in paths if any(packet.is_in(box) for box in path.flows))


def _at(end: End, address: int) -> End:
    return _placed(end, address) if isinstance(end, Node) else end


def _placed(node: Node, address: int) -> Node:
    """A node in the subnet of one of its addresses."""
    return replace(node, subnets=tuple(subnet for subnet in node.subnets if address in subnet.addresses))


def _blockers_of(answer: Answer, path: Path) -> Iterator[Blocker]:
    network, connections = answer.network, connections_of(answer.network)
    if not path.forwards:
        asked = Flows((Box(answer.sources, answer.targets, answer.traffic),))
        yield from _blocked(connections, answer.source, answer.target, asked)
        return
    first = network.nodes[path.forwards[0].through]
    sent = Flows((Box(answer.sources, addresses.ALL, path.forwards[0].front),))
    yield from _blocked(connections, answer.source, first, sent)
    is_linked = False
    for index, forward in enumerate(path.forwards):
        through, target = network.nodes[forward.through], end(network, forward.target)
        back = passed_back(path.forwards[index:], answer.traffic)
        keeps = keeps_client(forward, is_linked)
        is_linked = is_linking(forward, through)
        clients = addresses_of(answer.source) & answer.sources if forward.senders is None else forward.senders
        asked = Flows.of([Box(clients, addresses.ALL, back)])
        if not back:
            yield Blocker(through.name, target.name, f"what {through.name} passes on", "forward", rules=(forward.rule,))
        elif not addresses_of(answer.source) & forward.clients and index == 0:
            yield Blocker(through.name, target.name, f"clients of {through.name}", "forward", rules=(forward.rule,))
        elif isinstance(target, External):
            continue
        elif forward.zones is not None and not _passed_on(connections, forward, through, keeps).with_traffic(back):
            stopped = list(_blocked(connections, through, target, Flows((Box(addresses.ALL, addresses.ALL, back),))))
            zones = Rule(f"{target.name} is in no zone that {through.name} passes on to", through.resource)
            yield from stopped or [Blocker(through.name, target.name, f"zones of {through.name}", "forward", (zones,))]
        elif keeps or is_bringing(through):
            for path_on in _paths_on(connections, forward, through, target):
                yield from _stopped(network, through, target, path=path_on, asked=asked)
        else:
            yield from _blocked(connections, through, target, Flows((Box(addresses.ALL, addresses.ALL, back),)))


def _paths_on(connections: Connections, forward: Forward, through: Node, target: Node) -> tuple[ConnectionPath, ...]:
    """The paths of what is passed on with an address that is not the load balancer's or endpoint's own."""
    if is_bringing(through):
        return connections.brought(forward, target) if forward.is_looked_at else ()
    return connections.keeping_client(through, target)


def _blocked(
    connections: Connections, source: End, target: End, asked: Flows, passed: frozenset[str] = frozenset()
) -> Iterator[Blocker]:
    """What stops a connection, on every path; nothing if it is not stopped."""
    if connections.carried(source, target, passed)[0] & asked:
        return
    ways = [path for path in connections.between(source, target, passed) if path.ends & asked]
    for path in ways:
        stops = list(_stopped(connections.network, source, target, path=path, asked=asked))
        if path.via is not None:
            onward = Flows.of(Box(addresses.ALL, box.destination, box.traffic) for box in asked)
            stops += _blocked(connections, path.via, target, onward, passed=passed | {source.key})
        yield from stops or [_mismatch(source.name, target.name, path.factors[-1].rules)]
    if not ways:
        rule = Rule("they have no addresses of one family, or none of those that were asked about")
        yield Blocker(source.name, target.name, "addresses", "forward", rules=(rule,))


def _stopped(network: Network, source: End, target: End, path: ConnectionPath, asked: Flows) -> Iterator[Blocker]:
    """What stops everything on its own; where nothing does, all that stop it together."""
    left = path.ends & asked
    stopping = [factor for factor in path.own_factors if not left & factor.allowed]
    together = []
    for factor in path.own_factors:
        if left and not left <= factor.allowed:
            together.append(factor)
        left &= factor.allowed
    if left and path.back and not left & path.answered[0]:
        stopping = [factor for factor in path.back if not left & acls.answered([factor])[0]]
        together += path.back
        left = EMPTY
    ends = path.ends & asked
    forth, back = (source, ends.destinations), (path.via or target, ends.sources)
    for factor in stopping or ([] if left else together):
        yield Blocker(
            source.name,
            target.name,
            factor.place,
            factor.direction,
            rules=factor.rules,
            is_alone=bool(stopping),
            is_allow_list=factor.is_allow_list,
            parts=factor.parts,
            chosen=_chosen(network, factor, *(forth if factor.direction == "forward" else back)),
        )


def _mismatch(source: str, target: str, rules: tuple[Rule, ...]) -> Blocker:
    """What stops a path of which every part passes something: no part passes what another one does."""
    return Blocker(source, target, "the parts of the path, together", "forward", rules=rules, is_alone=False)


def _chosen(network: Network, factor: Factor, near: End, about: Intervals) -> tuple[str, ...]:
    """The routes that a table chooses for some addresses, each with what a transit gateway chooses after it."""
    if not factor.parts or not isinstance(factor.parts[0], RouteTable):
        return ()
    found = []
    for choice in choices(factor.parts[0].routes):
        common = choice.addresses & about
        if common:
            after = _beyond(network, choice.route.target, near, common)
            found.append(f"{_with_address(choice.route.rule)} is chosen{after}")
    return tuple(found)


def _beyond(network: Network, target: Target, near: End, about: Intervals) -> str:
    """What a transit gateway chooses for what a VPC sends to it; empty for any other target."""
    gateway = network.transit_gateways.get(target.key)
    if gateway is None or not isinstance(near, Node):
        return ""
    chosen = [each.route.rule for each in choices(gateway.routes.get(near.vpc, ())) if each.addresses & about]
    return f", and there {'; '.join(map(_with_address, chosen)) or f'no route to {addresses.describe(about)}'}"


def _with_address(rule: Rule) -> str:
    return rule.text if rule.resource is None else f"{rule.text} ({rule.resource.address})"


def _example(flows: Flows) -> Packet:
    """One packet of some that people recognise: HTTPS if it can be, from an address that hosts have."""
    box = next((box for box in flows if box.traffic & traffic.TCP), flows.boxes[0])
    about = box.traffic & traffic.TCP or box.traffic
    port = next((each for each in _FAMILIAR if each in about), about.first)
    source = _host(box.source)
    others = box.destination - _only(source)
    return Packet(source, _host(others or box.destination), port)


def _host(candidates: Intervals) -> int:
    """An address that a host can have: the first four of a subnet are AWS's; on the internet one for documentation."""
    documented = addresses.network("203.0.113.10").first
    first, last = next((span for span in candidates.spans if span[1] - span[0] >= 4), candidates.spans[0])
    return documented if documented in candidates else min(first + 4, last)


def _only(number: int) -> Intervals:
    return Intervals.of([(number, number)])


_ENDPOINT = "aws_vpc_endpoint"
_FAMILIAR = tuple(traffic.tcp(port).first for port in (443, 22, 80))
_FAMILIAR_PORT = traffic.tcp(50000).first
_EPHEMERAL = traffic.tcp(*traffic.EPHEMERAL)
