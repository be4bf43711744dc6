"""What load balancers and endpoints pass on, and where the chains of them end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.reachability import addresses, traffic
from policies.reachability.connections import Connections
from policies.reachability.flows import EMPTY, Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Forward, Network, Node
from policies.reachability.placement import Placement, addresses_of

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
    and no route, group or ACL stands between endpoint and load balancer. Source: AWS PrivateLink guide, "Create a
    service powered by AWS PrivateLink" ("the source IP addresses provided to your application are the private IP
    addresses of the load balancer nodes").
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
    through, target = connections.network.nodes[forward.through], connections.network.nodes[forward.target]
    back = passed_back(chain, asked)
    keeps = keeps_client(forward, is_linked)
    onward = entering(connections, rest, asked, through.kind == "endpoint") if rest else None
    some: list[Box] = []
    every: list[Box] = []
    for leg in _legs(connections, through, target, keeps):
        for clients, arriving in _arriving(leg.flows.with_traffic(back), onward):
            some.append(_entry(clients, leg.through, arriving, keeps))
        guaranteed = leg.guaranteed.with_traffic(back)
        if onward is not None:
            guaranteed &= onward.every
        clients = addresses.ALL if keeps else leg.through
        sure = clients - (Flows.between(clients, addresses_of(target), back) - guaranteed).sources
        every.append(_entry(sure, leg.through, traffic.ALL, keeps))
    return Admission(Flows.of(some), Flows.of(every) if forward.rule.assumption is None else EMPTY)


def _legs(connections: Connections, through: Node, target: Node, keeps: bool) -> Iterator[_Relay]:
    own = addresses_of(through)
    if through.kind == "endpoint":
        everything = Flows.of([Box(own, addresses_of(target), traffic.ALL)])
        yield _Relay(own, everything, everything)
    elif not keeps:
        yield _Relay(own, *connections.carried(through, target))
    else:
        paths = connections.keeping_client(through, target)
        for subnet in through.subnets:
            here = Placement(through, (subnet,)).addresses
            near = [path for path in paths if here <= path.through]
            yield _Relay(here, Flows.union(path.flows for path in near), Flows.union(path.guaranteed for path in near))


def _arriving(flows: Flows, onward: Admission | None) -> Iterator[tuple[Intervals, Intervals]]:
    """Of what a load balancer sends: from which addresses, and what traffic it is for the target in the end."""
    for box in flows:
        if onward is None:
            yield box.source, box.traffic
            continue
        for further in onward.some:
            if box.destination & further.destination:
                yield box.source & further.source, further.traffic


def _entry(senders: Intervals, through: Intervals, arriving: Intervals, keeps: bool) -> Box:
    """Who may enter so that a load balancer sends with some addresses: the clients that have them, or anyone."""
    return Box(senders, through, arriving) if keeps else Box(addresses.ALL, senders, arriving)
