"""The ways that one connection can take between two ends, each as the factors that it must pass.

What was worked out is kept by class of ends, so that a scaling group over forty subnets that say the same costs no more
than one over two.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from policies.reachability import addresses, traffic
from policies.reachability.factors import acls, ends, gateways, groups, routes
from policies.reachability.factors.factor import Direction, Factor, Region
from policies.reachability.factors.gateways import End
from policies.reachability.flows import EMPTY, Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Acl, External, Network, Node, Rule, SecurityGroup, Subnet
from policies.reachability.stands import Stand, addresses_of, class_of, ids, keys, pairs, says

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class Path:
    """One way: what it could carry by the addresses of its ends, and what it must pass."""

    ends: Flows
    """All traffic from the client's addresses to the server's."""
    factors: tuple[Factor, ...]
    """What connections pass on their way, and the routes of their answers."""
    back: tuple[Factor, ...]
    """The ACLs that answers pass, in order."""
    answered: tuple[Flows, Flows]
    """What `acls.answered` says of `back`."""
    via: Node | None = None
    """The node that sends it on with an address of its own. The last factor is what is beyond it."""
    through: Intervals = addresses.ALL
    """Of what a load balancer passes on: the load balancer's addresses on this way."""

    @cached_property
    def flows(self) -> Flows:
        """What gets there, and whose answers get back on some of the client's ports."""
        found = self.ends
        for factor in self.factors:
            found &= factor.lets
            if not found:
                return EMPTY
        return found & self.answered[0]

    @cached_property
    def surely(self) -> Flows:
        """What gets there without assumptions, and whose answers get back on every port of the client."""
        found = self.flows
        for factor in self.factors:
            if factor.surely is not factor.lets:
                found &= factor.surely
        return found & self.answered[1]


class Paths:
    """The ways through one network, with what was worked out about it. Made by `paths_of`."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._relays = {
            route.target.key
            for node in network.nodes.values()
            for subnet in node.subnets
            for route in subnet.table.routes
            if route.target.kind in ("nat gateway", "interface")
        }
        self._kept: dict[Hashable, object] = {}

    def carried(self, source: End, target: End, passed: frozenset[str] = frozenset()) -> tuple[Flows, Flows]:
        """What one connection between two ends can carry, and what it surely does: `Path.flows` and `Path.surely`."""

        def work_out() -> tuple[Flows, Flows]:
            paths = self.between(source, target, passed)
            return Flows.union(path.flows for path in paths), Flows.union(path.surely for path in paths)

        return self.keep(("carried", self._class_of(source), self._class_of(target), passed), work_out)

    def between(self, source: End, target: End, passed: frozenset[str] = frozenset()) -> tuple[Path, ...]:
        """Every way for a connection from one end to another, also those that carry nothing.

        `passed` are the nodes that it went through before and does not go through again.
        """
        if isinstance(source, External):
            return tuple(self._inward(source, target)) if isinstance(target, Node) else ()
        if isinstance(target, External):
            return tuple(self._outward(source, target, passed))
        return tuple(self._inside(source, target, passed))

    def keeping_client(self, balancer: Node, target: Node) -> tuple[Path, ...]:
        """Every way from a load balancer that keeps clients' addresses on to a target, for clients anywhere.

        Sources are the clients. Groups of clients do not count at the target, those of the load balancer do; answers go
        back through the load balancer, so the target needs no route to the client.
        Source: Network Load Balancers guide, "Client IP preservation" and "Update security groups".
        """
        out = (self._outbound(balancer.groups, keys(target.groups)),)
        into = (self._inbound(target.groups, keys(balancer.groups)), *ends.accepts(target))
        found = []
        for one, other, is_same in self._meetings(balancer, target):
            between = Flows.between(addresses.ALL, other.addresses, traffic.ALL)
            if is_same:
                found.append(self._path(between, (*out, *into), through=one.addresses))
            else:
                factors = (*out, *self._forth(one, self._onward(one.subnet, target), other), *into)
                found.append(self._path(between, factors, self._back(one, other), through=one.addresses))
        return tuple(found)

    def _class_of(self, end: End) -> Hashable:
        """What tells an end from others. One that routes lead through is like no other: it is no detour of its own."""
        return (end.key if end.key in self._relays else None, class_of(end))

    def _inside(self, source: Node, target: Node, passed: frozenset[str]) -> Iterator[Path]:
        out = (*ends.opens(source), self._outbound(source.groups, keys(target.groups)))
        into = (self._inbound(target.groups, keys(source.groups)), *ends.accepts(target))
        for one, other, is_same in self._meetings(source, target):
            between = Flows.between(one.addresses, other.addresses, traffic.ALL)
            if is_same:
                yield self._path(between, (*out, *into))
            else:
                forth = self._forth(one, self._onward(one.subnet, target), other)
                answer = self._answer(other.subnet, source)
                yield self._path(between, (*out, *forth, *into, answer), self._back(one, other))
        for near in self._stands(source, addresses_of(target)):
            yield from self._around(near, target, passed)

    def _outward(self, source: Node, target: External, passed: frozenset[str]) -> Iterator[Path]:
        opens = (*ends.opens(source), self._outbound(source.groups, frozenset()))
        for near in self._stands(source, target.addresses):
            subnet = near.subnet
            between = Flows.between(near.addresses, target.addresses, traffic.ALL)
            forth = self._acl(subnet.acl, "egress", "server", "forward")
            back = (self._acl(subnet.acl, "ingress", "server", "return"),)
            around = tuple(self._around(near, target, passed))
            ways = gateways.ways_on(self._network, self._choices(subnet), subnet.vpc, target)
            if not ways and not around:
                ways = {"plain": ()}
            for manner, leads in ways.items():
                there = routes.leading(subnet.table, leads, "forward")
                yield self._path(between, (*opens, forth, there, *gateways.passing(manner, source)), back)
            yield from around

    def _inward(self, source: External, target: Node) -> Iterator[Path]:
        if source.key == "internet":
            gate = (gateways.attached(self._network, target.vpc), *gateways.passing("internet gateway", target))
        else:
            gate = gateways.coming_from(source)
        into = (self._inbound(target.groups, frozenset()), *ends.accepts(target))
        for far in self._stands(target, source.addresses):
            between = Flows.between(source.addresses, far.addresses, traffic.ALL)
            forth = self._acl(far.subnet.acl, "ingress", "client", "forward")
            back = (self._acl(far.subnet.acl, "egress", "client", "return"),)
            yield self._path(between, (*gate, forth, *into, self._answer(far.subnet, source)), back)

    def _around(self, near: Stand, target: End, passed: frozenset[str]) -> Iterator[Path]:
        """Through nodes that send on with an address of their own: NAT gateways and instances."""
        source = near.node
        members = keys(target.groups) if isinstance(target, Node) else frozenset()
        opens = (*ends.opens(source), self._outbound(source.groups, members))
        neighbours = self._neighbours(source, target)
        for key, leads in gateways.detours(self._network, self._choices(near.subnet), near.subnet.vpc, target).items():
            if key in passed or key in (source.key, target.key):
                continue
            via = self._network.nodes[key]
            there = routes.leading(near.subnet.table, leads, "forward")
            into = self._inbound(via.groups, keys(source.groups))
            for far in self._stands(via, near.addresses):
                for one, other, is_same in pairs(near, far):
                    between = Flows.between(one.addresses, addresses_of(target), traffic.ALL) - neighbours
                    stood = replace(via, subnets=other.subnets)
                    beyond = self._beyond(stood, target, passed | {source.key})
                    if is_same:
                        yield self._path(between, (*opens, there, into, beyond), via=stood)
                    else:
                        forth = (*opens, *self._forth(one, there, other), into)
                        factors = (*forth, self._answer(other.subnet, source), beyond)
                        yield self._path(between, factors, self._back(one, other), stood)

    def _neighbours(self, source: Node, target: End) -> Flows:
        """What stays inside a subnet, where no route is looked at."""
        if isinstance(target, External):
            return EMPTY
        return Flows.union(
            Flows.between(one.addresses, other.addresses, traffic.ALL)
            for one, other, is_same in pairs(Stand(source, source.subnets), Stand(target, target.subnets))
            if is_same
        )

    def _beyond(self, via: Node, target: End, passed: frozenset[str]) -> Factor:
        """What a node that sends on with an address of its own reaches, whoever's traffic it is."""
        flows, surely = self.carried(via, target, passed)
        rule = (Rule(f"{via.name} sends it on with its own address", via.resource),)
        # It has one of the addresses of its subnet: what some of them do not reach is not sure.
        lacking = _for_anyone(Flows.between(addresses_of(via), addresses_of(target), traffic.ALL) - surely)
        some = _for_anyone(flows)
        regions = [Region(box, rule) for box in some - lacking]
        regions += [Region(box, rule, is_assumed=True) for box in some & lacking]
        return Factor(via.name, "forward", tuple(regions), rule)

    def _meetings(self, source: Node, target: Node) -> Iterator[tuple[Stand, Stand, bool]]:
        for near in self._stands(source, addresses_of(target)):
            for far in self._stands(target, addresses_of(source)):
                yield from pairs(near, far)

    def _stands(self, node: Node, others: Intervals) -> tuple[Stand, ...]:
        """A node in the classes of its subnets, as far as ACLs and the routes to `others` tell them apart."""

        def work_out() -> tuple[Stand, ...]:
            classes: dict[Hashable, list[Subnet]] = {}
            for subnet in node.subnets:
                classes.setdefault((self._says(subnet.acl), self._leads(subnet, others)), []).append(subnet)
            return tuple(Stand(node, tuple(subnets)) for subnets in classes.values())

        return self.keep(("stands", node.key, class_of(node), others), work_out)

    def _leads(self, subnet: Subnet, others: Intervals) -> Hashable:
        def work_out() -> Hashable:
            found = ((each.addresses & others, each.route.target) for each in self._choices(subnet))
            return tuple((there, target) for there, target in found if there)

        return self.keep(("leads", id(subnet.table), others), work_out)

    def _onward(self, subnet: Subnet, target: Node) -> Factor:
        def work_out() -> Factor:
            ways = gateways.ways_on(self._network, self._choices(subnet), subnet.vpc, target)
            return routes.leading(subnet.table, ways.get("plain", ()), "forward")

        return self.keep(("onward", id(subnet.table), subnet.vpc, target.vpc), work_out)

    def _answer(self, subnet: Subnet, client: End) -> Factor:
        def work_out() -> Factor:
            leads = gateways.ways_back(self._network, self._choices(subnet), subnet.vpc, client)
            return routes.leading(subnet.table, leads, "return")

        place = client.vpc if isinstance(client, Node) else ("external", client.key)
        return self.keep(("answer", id(subnet.table), subnet.vpc, place), work_out)

    def _forth(self, one: Stand, route: Factor, other: Stand) -> tuple[Factor, ...]:
        """The route and the ACLs on the way from one subnet to another."""
        return (
            self._acl(one.subnet.acl, "egress", "server", "forward"),
            route,
            self._acl(other.subnet.acl, "ingress", "client", "forward"),
        )

    def _back(self, one: Stand, other: Stand) -> tuple[Factor, ...]:
        """The ACLs on the way of answers, from the other subnet to the one."""
        return (
            self._acl(other.subnet.acl, "egress", "client", "return"),
            self._acl(one.subnet.acl, "ingress", "server", "return"),
        )

    def _path(
        self,
        between: Flows,
        factors: tuple[Factor, ...],
        back: tuple[Factor, ...] = (),
        via: Node | None = None,
        through: Intervals = addresses.ALL,
    ) -> Path:
        answered = self.keep(("answered", tuple(map(id, back))), lambda: acls.answered(back))
        return Path(between, factors, back, answered, via, through)

    def _says(self, acl: Acl) -> Hashable:
        return self.keep(("says", id(acl)), lambda: says(acl))

    def _choices(self, subnet: Subnet) -> tuple[routes.Choice, ...]:
        return self.keep(("choices", id(subnet.table)), lambda: routes.choices(subnet.table.routes))

    def _acl(self, acl: Acl, way: acls.Way, peer: acls.Peer, direction: Direction) -> Factor:
        return self.keep(("acl", id(acl), way, peer, direction), lambda: acls.passing(acl, way, peer, direction))

    def _outbound(self, own: tuple[SecurityGroup, ...] | None, others: frozenset[str]) -> Factor:
        return self.keep(("outbound", ids(own), others), lambda: groups.outbound(own, others))

    def _inbound(self, own: tuple[SecurityGroup, ...] | None, others: frozenset[str]) -> Factor:
        return self.keep(("inbound", ids(own), others), lambda: groups.inbound(own, others))

    def keep(self, key: Hashable, work_out: Callable[[], _T]) -> _T:
        """What was worked out for a key before, or is now. A key begins with what it is for.

        Keys may hold ids of the network's own objects: they live as long.
        """
        if key not in self._kept:
            self._kept[key] = work_out()
        return self._kept[key]  # type: ignore[return-value]  # one kind of key, one type


def paths_of(network: Network) -> Paths:
    """The ways through a network, made once for each network."""
    found = network.worked_out.get("paths")
    if not isinstance(found, Paths):
        found = network.worked_out["paths"] = Paths(network)
    return found


def _for_anyone(flows: Flows) -> Flows:
    """The same from any address."""
    return Flows.of(Box(addresses.ALL, box.destination, box.traffic) for box in flows)
