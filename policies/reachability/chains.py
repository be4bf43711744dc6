"""What load balancers and endpoints pass on, and where the chains of them end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.reachability import addresses, traffic
from policies.reachability.connections import Connections
from policies.reachability.factors.gateways import End
from policies.reachability.flows import EMPTY, Box, Flows
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import External, Forward, Network, Node
from policies.reachability.placement import Placement, addresses_of, end

Chain = tuple[Forward, ...]
"""Each passes on to the load balancer or endpoint of the next, the last to the target."""


@dataclass(frozen=True)
class Admission:
    """Whose traffic is passed on to the end of a chain, of what arrives at its first load balancer or endpoint.

    Sources are the clients, destinations the addresses of the load balancer.
    """

    some: Flows
    """For some address of the target. The traffic is what the target gets, not what the load balancer gets."""
    every: Flows
    """Where all of it is passed on, and to every address of the target. All traffic."""


@dataclass(frozen=True)
class _Relay:
    """What is passed on by one load balancer through some of its addresses."""

    through: Intervals
    flows: Flows
    guaranteed: Flows


def chains_to(network: Network, target: str) -> tuple[Chain, ...]:
    """The chains of forwards that end at a target, the shortest first; none goes through a node twice."""
    chains = []
    longest: list[Chain] = [()]
    while longest:
        longest = [
            (forward, *chain)
            for chain in longest
            for forward in network.forwards
            if forward.target == (chain[0].through if chain else target)
            and forward.through not in {target, *(each.through for each in chain)}
            and (not chain or forward.back & chain[0].front)
        ]
        chains += longest
    return tuple(chains)


def entering(connections: Connections, chain: Chain, asked: Intervals, is_linked: bool = False) -> Admission:
    """What enters a chain and gets to its end as traffic that was asked about.

    `is_linked` says that it comes from an interface endpoint. Then load balancers pass it on from their own addresses,
    and no route or ACL stands between endpoint and load balancer; groups do where the endpoint's forward keeps clients.
    Sources: AWS PrivateLink guide, "Create a service powered by AWS PrivateLink" ("the source IP addresses provided to
    your application are the private IP addresses of the load balancer nodes"); Network Load Balancers guide, "Update
    the security groups" ("the source of the traffic is the private IP address of the client, not the endpoint
    interface").
    """
    key = ("entering", *map(id, chain), asked, is_linked)
    return connections.cached(key, lambda: _entering(connections, chain, asked, is_linked))


def passed_back(chain: Chain, asked: Intervals) -> Intervals:
    """What the first of a chain passes on that the next one takes, or that was asked about."""
    return chain[0].back & (chain[1].front if len(chain) > 1 else asked)


def keeps_client(forward: Forward, is_linked: bool) -> bool:
    """Whether the target sees the client's address: never of what comes from an interface endpoint."""
    return forward.keeps_client and not is_linked


def _entering(connections: Connections, chain: Chain, asked: Intervals, is_linked: bool) -> Admission:
    forward, rest = chain[0], chain[1:]
    through, target = connections.network.nodes[forward.through], end(connections.network, forward.target)
    back = passed_back(chain, asked)
    keeps = keeps_client(forward, is_linked)
    onward = entering(connections, rest, asked, is_linking(forward, through)) if rest else None
    some: list[Box] = []
    every: list[Box] = []
    for leg in _legs(connections, forward, through, target, keeps=keeps):
        for clients, arriving in _arriving(leg.flows.with_traffic(back), onward):
            some += _entries(forward, through, clients, leg.through, arriving=arriving, keeps=keeps)
        guaranteed = leg.guaranteed.with_traffic(back)
        if onward is not None:
            guaranteed &= onward.every
        clients = addresses.ALL if keeps else leg.through if forward.senders is None else forward.senders
        wanted = within_zones(forward, Flows.between(clients, addresses_of(target), back), leg.through, keeps)
        lost = (wanted - guaranteed).sources
        others = addresses.ALL - forward.clients
        if keeps:
            every.append(Box(clients - (lost & forward.clients), leg.through, traffic.ALL))
        elif forward.senders is not None:
            every.append(Box(NOTHING if lost else addresses.ALL, leg.through, traffic.ALL))
        else:
            every += (Box(addresses.ALL, clients - lost, traffic.ALL), Box(others, clients, traffic.ALL))
    return Admission(Flows.of(some), Flows.of(every) if forward.rule.assumption is None else EMPTY)


def within_zones(forward: Forward, flows: Flows, through: Intervals, keeps: bool) -> Flows:
    """What of a load balancer's traffic, sent through some of its addresses, goes to a zone that it passes on to.

    Source: Elastic Load Balancing user guide, "How Elastic Load Balancing works", sections "Availability Zones and load
    balancer nodes" and "Cross-zone load balancing".
    """
    if forward.zones is None:
        return flows
    return flows & Flows.of(
        Box(addresses.ALL if keeps else near, far, traffic.ALL) for near, far in forward.zones if near & through
    )


def is_bringing(through: Node) -> bool:
    """Whether what it passes on gets past routes and groups: AWS carries it, or it is not known what a module has."""
    return through.kind in ("endpoint", "module")


def is_linking(forward: Forward, through: Node) -> bool:
    """Whether load balancers pass on what somebody brings to them with their own addresses: see `entering`."""
    return through.kind == "endpoint" and forward.is_private_link


def past_routes(own: Intervals, target: End) -> Flows:
    """What an endpoint passes on, which AWS carries itself, and at which nothing looks."""
    return Flows.of([Box(own, addresses_of(target), traffic.ALL)])


def sent_from(through: Node, entrance: Intervals) -> Intervals:
    """The addresses from which a load balancer sends what it takes at some of its own: the same, or the other family's.

    It has an address of each of its families in a subnet.
    """
    found = entrance
    for subnet in through.subnets:
        own = Placement(through, (subnet,)).addresses
        for family, other in ((addresses.ALL_V4, addresses.ALL_V6), (addresses.ALL_V6, addresses.ALL_V4)):
            if own & entrance & family:
                found |= own & other
    return found


def _legs(connections: Connections, forward: Forward, through: Node, target: End, keeps: bool) -> Iterator[_Relay]:
    own = addresses_of(through)
    if is_bringing(through) or isinstance(target, External):
        if isinstance(target, Node) and forward.is_looked_at:
            brought = connections.brought(forward, target)
            carried = (Flows.union(each.flows for each in brought), Flows.union(each.guaranteed for each in brought))
            yield _Relay(own, *carried)
        else:
            everything = past_routes(own, target)
            yield _Relay(own, everything, everything)
    elif not keeps:
        flows, guaranteed = connections.carried(through, target)
        yield _Relay(
            own,
            within_zones(forward, flows, own, keeps=False),
            within_zones(forward, guaranteed, own, keeps=False),
        )
    else:
        paths = connections.keeping_client(through, target)
        for subnet in through.subnets:
            here = Placement(through, (subnet,)).addresses
            near = [path for path in paths if here <= path.through]
            found = (Flows.union(path.flows for path in near), Flows.union(path.guaranteed for path in near))
            yield _Relay(here, *(within_zones(forward, each, here, keeps=True) for each in found))


def _arriving(flows: Flows, onward: Admission | None) -> Iterator[tuple[Intervals, Intervals]]:
    """Of what a load balancer sends: from which addresses, and what traffic it is for the target in the end."""
    for box in flows:
        if onward is None:
            yield box.source, box.traffic
            continue
        for further in onward.some:
            if box.destination & further.destination:
                yield box.source & further.source, further.traffic


def _entries(
    forward: Forward, through: Node, senders: Intervals, own: Intervals, arriving: Intervals, keeps: bool
) -> Iterator[Box]:
    """Who may enter so that a load balancer sends with some addresses: the clients that have them, or anyone."""
    if keeps:
        yield Box(senders & forward.clients, own, arriving)
    elif forward.senders is not None:
        yield Box(forward.clients, own, arriving)
    else:
        yield Box(forward.clients, senders if is_bringing(through) else sent_from(through, senders), arriving)
