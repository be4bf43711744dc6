"""Why: of a yes one connection with everything that lets it through, of a no what stops it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from policies.reachability import addresses, traffic
from policies.reachability.analysis import Answer, Way
from policies.reachability.chains import entering, keeps_client, passed_back
from policies.reachability.factors import acls
from policies.reachability.factors.factor import Direction, Factor, Packet
from policies.reachability.factors.gateways import End
from policies.reachability.flows import Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Assumption, Forward, Network, Node, Rule
from policies.reachability.paths import Path, paths_of
from policies.reachability.stands import addresses_of


@dataclass(frozen=True)
class Hop:
    """Something that a connection passes, and the rules by which it does."""

    place: str
    direction: Direction
    rules: tuple[Rule, ...]
    is_assumed: bool


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
    forward: Forward | None
    """What passes it on to the next leg."""


@dataclass(frozen=True)
class Block:
    """Something that stops all of what was asked about on one way."""

    forwards: tuple[Forward, ...]
    """The way, as in `Way.forwards`."""
    source: str
    target: str
    place: str
    direction: Direction
    rules: tuple[Rule, ...]
    """All that is written there."""
    is_alone: bool
    """Whether it stops everything on its own, whatever else would let through."""


def witness(answer: Answer) -> tuple[Leg, ...]:
    """One connection that gets there, leg by leg over the shortest way. Empty if none does."""
    way = next((way for way in answer.ways if way), None)
    return () if way is None else tuple(_legs(answer, way))


def blocks(answer: Answer) -> tuple[Block, ...]:
    """What stops everything that was asked about, on every way. Empty if something gets there."""
    if answer:
        return ()
    found = [block for way in answer.ways for block in _blocks_of(answer, way)]
    return tuple(dict.fromkeys(found))


def assumptions(answer: Answer) -> tuple[Assumption, ...]:
    """The network's assumptions about what the witness passes, and those about no resource in particular."""
    legs = witness(answer)
    resources = {rule.resource for leg in legs for hop in leg.hops for rule in hop.rules}
    resources |= {leg.forward.rule.resource for leg in legs if leg.forward is not None}
    resources |= {end.resource for end in (answer.source, answer.target) if isinstance(end, Node)}
    return tuple(each for each in answer.network.assumptions if each.resource is None or each.resource in resources)


def _legs(answer: Answer, way: Way) -> Iterator[Leg]:
    network, paths = answer.network, paths_of(answer.network)
    packet = _example(way.flows)
    first = network.nodes[way.forwards[0].through] if way.forwards else answer.target
    yield from _connection(network, answer.source, first, packet, way.forwards[0] if way.forwards else None)
    is_linked = False
    for index, forward in enumerate(way.forwards):
        chain = way.forwards[index:]
        through, target = _standing(network.nodes[forward.through], packet.destination), network.nodes[forward.target]
        keeps = keeps_client(forward, is_linked)
        is_linked = through.kind == "endpoint"
        sender = _only(packet.source if keeps else packet.destination)
        if is_linked:
            flows = Flows.of([Box(addresses_of(through), addresses_of(target), traffic.ALL)])
        elif keeps:
            flows = Flows.union(path.flows for path in paths.keeping_client(through, target))
        else:
            flows = paths.carried(through, target)[0]
        flows &= Flows.of([Box(sender, addresses.ALL, passed_back(chain, answer.traffic))])
        if len(chain) > 1:
            onward = entering(paths, network, chain[1:], answer.traffic, is_linked).some
            flows &= Flows.of(Box(box.source, box.destination, traffic.ALL) for box in onward)
        packet = _example(flows)
        then = chain[1] if len(chain) > 1 else None
        if is_linked:
            hop = Hop("AWS PrivateLink", "forward", (forward.rule,), is_assumed=False)
            yield Leg(through.name, target.name, packet, None, (hop,), then)
        elif keeps:
            ways = paths.keeping_client(through, _standing(target, packet.destination))
            yield _leg(through.name, target.name, _carrying(ways, packet), packet, then)
        else:
            yield from _connection(network, through, target, packet, then)


def _connection(
    network: Network,
    source: End,
    target: End,
    packet: Packet,
    then: Forward | None,
    passed: frozenset[str] = frozenset(),
) -> Iterator[Leg]:
    """The leg of one connection, and those beyond the nodes that send it on with another address."""
    paths = paths_of(network)
    source, target = _at(source, packet.source), _at(target, packet.destination)
    path = _carrying(paths.between(source, target, passed), packet)
    if path.via is None:
        yield _leg(source.name, target.name, path, packet, then)
        return
    yield _leg(source.name, path.via.name, path, packet, None)
    passed |= {source.key}
    same = Flows.of([Box(addresses.ALL, _only(packet.destination), _only(packet.traffic))])
    onward = _example(paths.carried(path.via, target, passed)[0] & same)
    yield from _connection(network, path.via, target, onward, then, passed)


def _leg(source: str, target: str, path: Path, packet: Packet, then: Forward | None) -> Leg:
    factors = path.factors if path.via is None else path.factors[:-1]
    hops = [_hop(factor, packet) for factor in factors]
    port = None
    if packet.traffic in traffic.TCP:
        ports = acls.ports_back(path.back, packet.source, packet.destination)
        port = (_FAMILIAR_PORT if _FAMILIAR_PORT in ports else ports.first) % traffic.PORTS
        answer = Packet(packet.source, packet.destination, traffic.tcp(port).first)
        hops += [_hop(factor, answer) for factor in path.back]
    forth = (hop for hop in hops if hop.direction == "forward")
    back = (hop for hop in hops if hop.direction == "return")
    return Leg(source, target, packet, port, (*forth, *back), then)


def _hop(factor: Factor, packet: Packet) -> Hop:
    region = factor.decides(packet)
    assert region is not None, f"{factor.place} lets {packet} through"
    return Hop(factor.place, factor.direction, region.rules, region.is_assumed)


def _carrying(paths: Iterable[Path], packet: Packet) -> Path:
    return next(path for path in paths if any(packet.is_in(box) for box in path.flows))


def _at(end: End, address: int) -> End:
    return _standing(end, address) if isinstance(end, Node) else end


def _standing(node: Node, address: int) -> Node:
    """A node as it stands in the subnet of one of its addresses."""
    return replace(node, subnets=tuple(subnet for subnet in node.subnets if address in subnet.addresses))


def _blocks_of(answer: Answer, way: Way) -> Iterator[Block]:
    network, paths = answer.network, paths_of(answer.network)
    if not way.forwards:
        yield from _blocked(network, way, answer.source, answer.target, answer.traffic)
        return
    first = network.nodes[way.forwards[0].through]
    yield from _blocked(network, way, answer.source, first, way.forwards[0].front)
    is_linked = False
    for index, forward in enumerate(way.forwards):
        through, target = network.nodes[forward.through], network.nodes[forward.target]
        back = passed_back(way.forwards[index:], answer.traffic)
        keeps = keeps_client(forward, is_linked)
        is_linked = through.kind == "endpoint"
        if not back:
            rules = (forward.rule,)
            yield Block(
                way.forwards, through.name, target.name, f"what {through.name} passes on", "forward", rules, True
            )
        elif keeps:
            asked = Flows.of([Box(addresses_of(answer.source), addresses.ALL, back)])
            yield from _stopped(way, through, target, paths.keeping_client(through, target), asked)
        elif not is_linked:
            yield from _blocked(network, way, through, target, back)


def _blocked(
    network: Network, way: Way, source: End, target: End, asked: Intervals, passed: frozenset[str] = frozenset()
) -> Iterator[Block]:
    """What stops a connection; nothing if it is not stopped."""
    paths = paths_of(network)
    if paths.carried(source, target, passed)[0].with_traffic(asked):
        return
    everything = Flows.of([Box(addresses.ALL, addresses.ALL, asked)])
    yield from _stopped(way, source, target, paths.between(source, target, passed), everything)
    for path in paths.between(source, target, passed):
        if path.via is not None:
            yield from _blocked(network, way, path.via, target, asked, passed | {source.key})


def _stopped(way: Way, source: End, target: End, paths: Iterable[Path], asked: Flows) -> Iterator[Block]:
    for path in paths:
        left = path.ends & asked
        factors = path.factors if path.via is None else path.factors[:-1]
        alone = [factor for factor in factors if not left & factor.lets]
        first = None
        for factor in factors:
            if left and not left & factor.lets:
                first = factor
            left &= factor.lets
        if first is None and path.back and not left & path.answered[0]:
            first = path.back[-1]
            alone = [factor for factor in path.back if not left & acls.answered([factor])[0]]
        for factor in alone or ([first] if first is not None else []):
            yield Block(
                way.forwards, source.name, target.name, factor.place, factor.direction, factor.rules, bool(alone)
            )


def _example(flows: Flows) -> Packet:
    """One packet of some that people recognise: HTTPS if it can be, from an address that hosts have."""
    box = next((box for box in flows if box.traffic & traffic.TCP), flows.boxes[0])
    about = box.traffic & traffic.TCP or box.traffic
    port = next((each for each in _FAMILIAR if each in about), about.first)
    source = _host(box.source)
    others = box.destination - _only(source)
    return Packet(source, _host(others or box.destination), port)


def _host(found: Intervals) -> int:
    """An address that a host can have: the first four of a subnet are AWS's; on the internet one for documentation."""
    documented = addresses.network("203.0.113.10").first
    first, last = next((span for span in found.spans if span[1] - span[0] >= 4), found.spans[0])
    return documented if documented in found else min(first + 4, last)


def _only(number: int) -> Intervals:
    return Intervals.of([(number, number)])


_FAMILIAR = tuple(traffic.tcp(port).first for port in (443, 22, 80))
_FAMILIAR_PORT = traffic.tcp(50000).first
