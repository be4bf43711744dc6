"""Network ACLs: stateless, entries in order of their numbers, the first that matches decides.

Source: VPC user guide, "Network ACLs" ("Rules are evaluated starting with the lowest numbered rule. As soon as a rule
matches traffic, it's applied regardless of any higher-numbered rule that might contradict it"), and "Custom network
ACLs", section "Ephemeral ports".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from policies.reachability import addresses, traffic
from policies.reachability.factors.factor import EVERYTHING, Direction, Factor, Region, rests_on
from policies.reachability.flows import Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Acl, Assumption, Entry

Side: TypeAlias = Literal["ingress", "egress"]
Peer: TypeAlias = Literal["client", "server"]

_SIDES = {"ingress": "inbound", "egress": "outbound"}
_EPHEMERAL = traffic.tcp(*traffic.EPHEMERAL)
_ANY_PORT = traffic.tcp(*traffic.CLIENT_PORTS)
_NO_ANSWER_NEEDED = Flows((Box(addresses.ALL, addresses.ALL, traffic.ALL - traffic.TCP),))


@dataclass(frozen=True)
class _Rest:
    """What no entry has decided over yet, if those that may be there are not."""

    box: Box
    unless: tuple[Assumption, ...] = ()

    def unless_denied(self, denied: Box, assumption: Assumption) -> Iterator[_Rest]:
        """The same after an entry that may deny some of it."""
        yield from (_Rest(piece, self.unless) for piece in self.box - denied)
        if common := self.box & denied:
            yield _Rest(common, (*self.unless, assumption))


def passing(acl: Acl, side: Side, peer: Peer, direction: Direction) -> Factor:
    """What an ACL lets into or out of its subnets. `peer` is whose address its entries are about.

    Of answers (`direction` return) the traffic is what they go to, the client's port. An entry that is not certain to
    be there takes nothing from those after it; what it may deny they let through on that assumption.
    """
    entries: Sequence[Entry] = acl.ingress if side == "ingress" else acl.egress
    regions: list[Region] = []
    left: tuple[_Rest, ...] = (_Rest(EVERYTHING),)
    for entry in entries:
        box = _about(entry.peers, entry.traffic, peer)
        if entry.allows:
            found = (Region(common, (entry.rule,), unless=each.unless) for each in left if (common := each.box & box))
            regions += [rests_on(acl.assumption, region) for region in found]
        if entry.rule.assumption is None:
            left = tuple(_Rest(piece, each.unless) for each in left for piece in each.box - box)
        elif not entry.allows:
            left = tuple(piece for each in left for piece in each.unless_denied(box, entry.rule.assumption))
    place = f"network ACL {acl.name}, {_SIDES[side]}"
    rules = tuple(entry.rule for entry in entries)
    return Factor(place, direction, tuple(regions), rules, is_allow_list=True, parts=(acl,))


def answered(back: Sequence[Factor], ports: Intervals = _EPHEMERAL) -> tuple[Flows, Flows]:
    """The connections whose answers get back through ACLs to any TCP port of the client, and surely to all of `ports`.

    An answer goes to one port through all of them. Only TCP needs answers: of other protocols delivery counts.
    """
    if not back:
        everything = Flows((EVERYTHING,))
        return everything, everything
    answers = Flows((Box(addresses.ALL, addresses.ALL, _ANY_PORT),))
    sure = wanted = Flows((Box(addresses.ALL, addresses.ALL, ports),))
    for factor in back:
        answers &= factor.allowed
        sure &= factor.guaranteed
    some = _connections(answers)
    lost = wanted - sure
    every = Flows((Box(addresses.ALL, addresses.ALL, traffic.TCP),)) - _connections(lost)
    return some | _NO_ANSWER_NEEDED, every | _NO_ANSWER_NEEDED


def ports_back(back: Sequence[Factor], client: int, server: int) -> Intervals:
    """The client's TCP ports that answers get back to."""
    ports = _ANY_PORT
    for factor in back:
        ports &= Intervals.union(
            box.traffic for box in factor.allowed if client in box.source and server in box.destination
        )
    return ports


def _connections(answers: Flows) -> Flows:
    return Flows.of(Box(box.source, box.destination, traffic.TCP) for box in answers)


def _about(peers: Intervals, about: Intervals, peer: Peer) -> Box:
    return Box(peers, addresses.ALL, about) if peer == "client" else Box(addresses.ALL, peers, about)
