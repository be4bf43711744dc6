"""The paths that one connection can take between two ends, each as the factors that it must pass.

Results are cached by class of ends: a scaling group over forty subnets with the same rules costs no more than one over
two.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from policies.reachability import addresses, traffic
from policies.reachability.factors import acls, ends, gateways, groups, nat64, routes
from policies.reachability.factors.factor import Direction, Factor, Region
from policies.reachability.factors.gateways import End
from policies.reachability.flows import EMPTY, Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Acl, Approach, External, Forward, Network, Node, Rule, SecurityGroup, Subnet
from policies.reachability.placement import Placement, addresses_of, class_of, ids, keys, pairs, signature

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class ConnectionPath:
    """One path: what it could carry by the addresses of its ends, and what it must pass."""

    ends: Flows
    """All traffic from the client's addresses to the server's."""
    factors: tuple[Factor, ...]
    """What connections pass on their path, and the routes of their answers."""
    back: tuple[Factor, ...]
    """The ACLs that answers pass, in order."""
    answered: tuple[Flows, Flows]
    """The result of `acls.answered` for `back`."""
    via: Node | None = None
    """The node that sends it on with an address of its own. The last factor is what is beyond it."""
    through: Intervals = addresses.ALL
    """Of what a load balancer passes on: the load balancer's addresses on this path."""

    @property
    def own_factors(self) -> tuple[Factor, ...]:
        """The factors before the node `via`: all, where there is none."""
        return self.factors if self.via is None else self.factors[:-1]

    @cached_property
    def flows(self) -> Flows:
        """What gets there, and whose answers get back on some of the client's ports."""
        flows = self.ends
        for factor in self.factors:
            flows &= factor.allowed
            if not flows:
                return EMPTY
        return flows & self.answered[0]

    @cached_property
    def guaranteed(self) -> Flows:
        """What gets there without assumptions, and whose answers get back on every port of the client."""
        flows = self.flows
        for factor in self.factors:
            if factor.guaranteed is not factor.allowed:
                flows &= factor.guaranteed
        return flows & self.answered[1]


class Connections:
    """The connections in one network, with cached results. Made by `connections_of`."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._relays = {
            route.target.key
            for subnet in _subnets(network)
            for route in subnet.table.routes
            if route.target.kind in ("nat gateway", "interface")
        }
        self._cache: dict[Hashable, object] = {}
        self._numbers: dict[Hashable, int] = {}
        self._alike: dict[int, int] = {}
        """By id of a factor of an ACL: the number of those that let the same through."""

    def carried(self, source: End, target: End, passed: frozenset[str] = frozenset()) -> tuple[Flows, Flows]:
        """What one connection can carry over all its paths, and what it is guaranteed to carry."""

        def work_out() -> tuple[Flows, Flows]:
            if isinstance(source, Node) and isinstance(target, Node) and self._is_cut_off(source, target):
                return EMPTY, EMPTY
            paths = self.between(source, target, passed)
            return Flows.union(path.flows for path in paths), Flows.union(path.guaranteed for path in paths)

        return self.cached(("carried", self._class_of(source), self._class_of(target), passed), work_out)

    def between(self, source: End, target: End, passed: frozenset[str] = frozenset()) -> tuple[ConnectionPath, ...]:
        """Every path for a connection from one end to another, also those that carry nothing.

        `passed` are the nodes that it went through before and does not go through again.
        """
        if isinstance(source, External):
            return tuple(self._inward(source, target)) if isinstance(target, Node) else ()
        if isinstance(target, External):
            return tuple(self._outward(source, target, passed))
        return tuple(self._inside(source, target, passed))

    def keeping_client(self, balancer: Node, target: Node) -> tuple[ConnectionPath, ...]:
        """Every path from a load balancer that keeps client addresses to a target, for clients anywhere.

        Sources are the clients. Groups of clients do not count at the target, those of the load balancer do; answers go
        back through the load balancer, so the target needs no route to the client.
        Source: Network Load Balancers guide, "Client IP preservation" and "Update security groups".
        """
        paths = []
        for one, other, is_same in self._meetings(balancer, target):
            between = Flows.between(addresses.ALL, other.addresses, traffic.ALL)
            if is_same:
                factors = (*self._out(balancer, target), *self._into(balancer, target))
                paths.append(self._path(between, factors, through=one.addresses))
                continue
            for keeps_groups, there in self._onward(one.subnet, target):
                out, into = self._out(balancer, target, keeps_groups), self._into(balancer, target, keeps_groups)
                factors = (*out, *self._forth(one, there, other), *into)
                paths.append(self._path(between, factors, self._back(one, other), through=one.addresses))
        return tuple(paths)

    def brought(self, forward: Forward, target: Node) -> tuple[ConnectionPath, ...]:
        """Every path on which AWS itself brings traffic to a target whose groups look at it: no routes are on it."""
        senders = addresses.ALL if forward.senders is None else forward.senders
        approach = forward.approach
        if approach is Approach.INTERNET:
            return tuple(self._inward(replace(self.network.externals["internet"], addresses=senders), target))
        into = self._inbound(target.groups, frozenset())
        needs_gateway = approach in (Approach.GATEWAY, Approach.ACCELERATOR)
        gate = (gateways.attached(self.network, target.vpc),) if needs_gateway else ()
        if approach in (Approach.PAST, Approach.GATEWAY):
            return (self._path(Flows.between(senders, addresses_of(target), traffic.ALL), (*gate, into)),)
        paths = []
        for far in self._placements(target, senders):
            between = Flows.between(senders, far.addresses, traffic.ALL)
            forth = (self._acl(far.subnet.acl, "ingress", "client", "forward"),) if approach is Approach.ACLS else ()
            back = (self._acl(far.subnet.acl, "egress", "client", "return"),)
            paths.append(self._path(between, (*gate, *forth, into), back))
        return tuple(paths)

    def _class_of(self, end: End) -> Hashable:
        """What tells an end from others. One that routes lead through is like no other: it is no detour of its own."""
        return (end.key if end.key in self._relays else None, class_of(end))

    def _is_cut_off(self, source: Node, target: Node) -> bool:
        """Whether security groups stop all between two nodes, and no route leads through another node.

        Of many pairs this is all that has to be looked at.
        """
        flows = Flows.between(addresses_of(source), addresses_of(target), traffic.ALL)
        for factor in (*self._out(source, target), *self._into(source, target)):
            flows &= factor.allowed
        return not flows and not any(
            self._detours(near, target) for near in self._placements(source, addresses_of(target))
        )

    def _detours(self, near: Placement, target: End) -> dict[str, tuple[routes.Lead, ...]]:
        """Through which nodes the routes of a subnet lead to the addresses of an end, and which routes."""

        def work_out() -> dict[str, tuple[routes.Lead, ...]]:
            return gateways.detours(self.network, self._choices(near.subnet), near.subnet.vpc, target)

        place = target.key if isinstance(target, External) else None
        found = self.cached(("detours", id(near.subnet.table), near.subnet.vpc, place), work_out)
        there = addresses_of(target) | addresses.NAT64 if found else addresses.ALL
        return {key: leads for key, leads in found.items() if any(lead.addresses & there for lead in leads)}

    def _inside(self, source: Node, target: Node, passed: frozenset[str]) -> Iterator[ConnectionPath]:
        opens = ends.opens(source)
        for one, other, is_same in self._meetings(source, target):
            between = Flows.between(one.addresses, other.addresses, traffic.ALL)
            if is_same:
                own = (self._acl(one.subnet.acl, "egress", "server", "forward"),) if source.meets_own_acl else ()
                yield self._path(between, (*opens, *self._out(source, target), *own, *self._into(source, target)))
                continue
            answer, back = self._answer(other.subnet, source), self._back(one, other)
            for keeps_groups, there in self._onward(one.subnet, target):
                out, into = self._out(source, target, keeps_groups), self._into(source, target, keeps_groups)
                factors = (*opens, *out, *self._forth(one, there, other), *into, answer)
                yield self._path(between, factors, back)
        for near in self._placements(source, addresses_of(target)):
            yield from self._around(near, target, passed)

    def _outward(self, source: Node, target: External, passed: frozenset[str]) -> Iterator[ConnectionPath]:
        opens = (*ends.opens(source), self._outbound(source.groups, frozenset()), *gateways.accepted_by(target))
        for near in self._placements(source, target.addresses):
            subnet = near.subnet
            between = Flows.between(near.addresses, target.addresses, traffic.ALL)
            forth = self._acl(subnet.acl, "egress", "server", "forward")
            back = (self._acl(subnet.acl, "ingress", "server", "return"),)
            around = tuple(self._around(near, target, passed))
            leads_by_manner = gateways.leads_to(self.network, self._choices(subnet), subnet.vpc, target)
            if not leads_by_manner and not around:
                leads_by_manner = {"plain": ()}
            for manner, leads in leads_by_manner.items():
                there = routes.leading(subnet.table, leads, "forward")
                passing = (*gateways.passing(manner, source), *gateways.unblocked(manner, source, subnet, "outbound"))
                yield self._path(between, (*opens, forth, there, *passing), back)
            yield from around

    def _inward(self, source: External, target: Node) -> Iterator[ConnectionPath]:
        if source.via:
            via = self.network.nodes[source.via]
            between = Flows.of([Box(source.addresses, addresses_of(target), traffic.ALL)])
            yield self._path(between, (*gateways.allowed_for(source), self._beyond(via, target, frozenset())), via=via)
            return
        if source.key == "internet":
            gate = (gateways.attached(self.network, target.vpc), *gateways.passing("internet gateway", target))
        else:
            gate = gateways.coming_from(self.network, source, target)
        into = (self._inbound(target.groups, frozenset()), *ends.accepts(target))
        for far in self._placements(target, source.addresses):
            between = Flows.between(source.addresses, far.addresses, traffic.ALL)
            forth = self._acl(far.subnet.acl, "ingress", "client", "forward")
            back = (self._acl(far.subnet.acl, "egress", "client", "return"),)
            access: tuple[Factor, ...] = ()
            if source.key == "internet":
                access = gateways.unblocked("internet gateway", target, far.subnet, "inbound")
            yield self._path(between, (*gate, *access, forth, *into, self._answer(far.subnet, source)), back)

    def _around(self, near: Placement, target: End, passed: frozenset[str]) -> Iterator[ConnectionPath]:
        """Through nodes that send on with an address of their own: NAT gateways and instances."""
        source = near.node
        members = keys(target.groups) if isinstance(target, Node) else frozenset()
        answers = gateways.accepted_by(target) if isinstance(target, External) else ()
        opens = (*ends.opens(source), self._outbound(source.groups, members), *answers)
        detours = self._detours(near, target)
        neighbours = self._neighbours(source, target) if detours else EMPTY
        for key, leads in detours.items():
            if key in passed or key in (source.key, target.key):
                continue
            via = self.network.nodes[key]
            there = routes.leading(near.subnet.table, leads, "forward")
            into = self._inbound(via.groups, keys(source.groups))
            for far in self._placements(via, near.addresses):
                for one, other, is_same in pairs(near, far):
                    placed = replace(via, subnets=other.subnets)
                    beyond = self._beyond(placed, target, passed | {source.key})
                    back = () if is_same else self._back(one, other)
                    forth = (there,) if is_same else self._forth(one, there, other)
                    answer = () if is_same else (self._answer(other.subnet, source),)
                    way = (*opens, *forth, into)
                    between = Flows.between(one.addresses, addresses_of(target), traffic.ALL) - neighbours
                    yield self._path(between, (*way, *answer, beyond), back, placed)
                    between = nat64.between(one.addresses, addresses_of(target))
                    if between and via.kind == "nat gateway":
                        translated = (*map(nat64.translated, way), *answer, beyond)
                        yield self._path(between, translated, tuple(map(self._translated, back)), placed)

    def _translated(self, factor: Factor) -> Factor:
        """The factor of an ACL for packets that a NAT gateway translates."""

        def work_out() -> Factor:
            translated = nat64.translated(factor)
            self._alike[id(translated)] = self._number(("translated", self._alike[id(factor)]))
            return translated

        return self.cached(("translated", id(factor)), work_out)

    def _neighbours(self, source: Node, target: End) -> Flows:
        """What stays inside a subnet, where no route is looked at."""
        if isinstance(target, External):
            return EMPTY
        return Flows.union(
            Flows.between(one.addresses, other.addresses, traffic.ALL)
            for one, other, is_same in pairs(Placement(source, source.subnets), Placement(target, target.subnets))
            if is_same
        )

    def _beyond(self, via: Node, target: End, passed: frozenset[str]) -> Factor:
        """What a node that sends on with an address of its own reaches, whoever's traffic it is."""
        flows, guaranteed = self.carried(via, target, passed)
        rule = (Rule(f"{via.name} sends it on with its own address", via.resource),)
        # It has one of the addresses of its subnet: what some of them do not reach is not sure.
        lacking = _for_anyone(Flows.between(addresses_of(via), addresses_of(target), traffic.ALL) - guaranteed)
        some = _for_anyone(flows)
        regions = [Region(box, rule) for box in some - lacking]
        regions += [Region(box, rule, is_assumed=True) for box in some & lacking]
        return Factor(via.name, "forward", tuple(regions), rule)

    def _meetings(self, source: Node, target: Node) -> Iterator[tuple[Placement, Placement, bool]]:
        for near in self._placements(source, addresses_of(target)):
            for far in self._placements(target, addresses_of(source)):
                yield from pairs(near, far)

    def _placements(self, node: Node, others: Intervals) -> tuple[Placement, ...]:
        """A node in the classes of its subnets, as far as ACLs and the routes to `others` tell them apart."""

        def work_out() -> tuple[Placement, ...]:
            classes: dict[Hashable, list[Subnet]] = {}
            for subnet in node.subnets:
                key = (self._signature(subnet.acl), self._leads(subnet, others), subnet.block)
                classes.setdefault(key, []).append(subnet)
            return tuple(Placement(node, tuple(subnets)) for subnets in classes.values())

        return self.cached(("placements", node.key, class_of(node), others), work_out)

    def _leads(self, subnet: Subnet, others: Intervals) -> Hashable:
        def work_out() -> Hashable:
            found = (
                (
                    each.addresses & (others | addresses.NAT64),
                    each.route.target,
                    each.route.rule.assumption,
                    each.unless,
                )
                for each in self._choices(subnet)
            )
            return subnet.table.assumption, tuple(each for each in found if each[0])

        return self.cached(("leads", id(subnet.table), others), work_out)

    def _out(self, source: Node, target: Node, keeps_groups: bool = True) -> tuple[Factor, ...]:
        return (self._outbound(source.groups, keys(target.groups) if keeps_groups else frozenset()),)

    def _into(self, source: Node, target: Node, keeps_groups: bool = True) -> tuple[Factor, ...]:
        members = keys(source.groups) if keeps_groups else frozenset()
        return (self._inbound(target.groups, members), *ends.accepts(target))

    def _onward(self, subnet: Subnet, target: Node) -> tuple[tuple[bool, Factor], ...]:
        """The routes to a target: those along which references to security groups hold, and the others, if any."""

        def work_out() -> tuple[tuple[bool, Factor], ...]:
            leads = gateways.leads_to(self.network, self._choices(subnet), subnet.vpc, target)
            found: tuple[tuple[bool, gateways.Manner], ...] = ((True, "plain"), (False, "addresses only"))
            kept = [(keeps, leads[manner]) for keeps, manner in found if manner in leads] or [(True, ())]
            return tuple((keeps, routes.leading(subnet.table, each, "forward")) for keeps, each in kept)

        return self.cached(("onward", id(subnet.table), subnet.vpc, target.vpc), work_out)

    def _answer(self, subnet: Subnet, client: End) -> Factor:
        def work_out() -> Factor:
            leads = gateways.leads_back(self.network, self._choices(subnet), subnet.vpc, client)
            return routes.leading(subnet.table, leads, "return")

        place = client.vpc if isinstance(client, Node) else ("external", client.key)
        return self.cached(("answer", id(subnet.table), subnet.vpc, place), work_out)

    def _forth(self, one: Placement, route: Factor, other: Placement) -> tuple[Factor, ...]:
        """The route and the ACLs on the path from one subnet to another."""
        return (
            self._acl(one.subnet.acl, "egress", "server", "forward"),
            route,
            self._acl(other.subnet.acl, "ingress", "client", "forward"),
        )

    def _back(self, one: Placement, other: Placement) -> tuple[Factor, ...]:
        """The ACLs on the path of answers, from the other subnet to the one."""
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
    ) -> ConnectionPath:
        alike = tuple(self._alike[id(factor)] for factor in back)
        answered = self.cached(("answered", alike), lambda: acls.answered(back))
        return ConnectionPath(between, factors, back, answered=answered, via=via, through=through)

    def _signature(self, acl: Acl) -> int:
        """A number for what an ACL allows: many VPCs and subnets have equal ones."""
        return self.cached(("signature", id(acl)), lambda: self._number(signature(acl)))

    def _number(self, value: Hashable) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def _choices(self, subnet: Subnet) -> tuple[routes.Choice, ...]:
        return self.cached(("choices", id(subnet.table)), lambda: routes.choices(subnet.table.routes))

    def _acl(self, acl: Acl, side: acls.Side, peer: acls.Peer, direction: Direction) -> Factor:
        def work_out() -> Factor:
            factor = acls.passing(acl, side, peer, direction)
            self._alike[id(factor)] = self._number((self._signature(acl), side, peer, direction))
            return factor

        return self.cached(("acl", id(acl), side, peer, direction), work_out)

    def _outbound(self, own: tuple[SecurityGroup, ...] | None, others: frozenset[str]) -> Factor:
        named = others & self._named(own)
        return self.cached(("outbound", ids(own), named), lambda: groups.outbound(own, named))

    def _inbound(self, own: tuple[SecurityGroup, ...] | None, others: frozenset[str]) -> Factor:
        named = others & self._named(own)
        return self.cached(("inbound", ids(own), named), lambda: groups.inbound(own, named))

    def _named(self, own: tuple[SecurityGroup, ...] | None) -> frozenset[str]:
        """The groups that the rules of some groups name: whether a peer is in another one makes no difference."""

        def work_out() -> frozenset[str]:
            rules = [rule for group in own or () for rule in (*group.ingress, *group.egress)]
            return frozenset(key for rule in rules for key in rule.groups)

        return self.cached(("named", ids(own)), work_out)

    def cached(self, key: Hashable, work_out: Callable[[], _T]) -> _T:
        """What was worked out for a key before, or is now. A key begins with what it is for.

        Keys may hold ids of the network's own objects: they live as long.
        """
        if key not in self._cache:
            self._cache[key] = work_out()
        return self._cache[key]  # type: ignore[return-value]  # one kind of key, one type


def _subnets(network: Network) -> Iterator[Subnet]:
    """The subnets whose tables decide over something: those of nodes, and of attachments to transit gateways."""
    yield from (subnet for node in network.nodes.values() for subnet in node.subnets)
    for gateway in network.transit_gateways.values():
        yield from (subnet for subnets in gateway.subnets.values() for subnet in subnets)


def connections_of(network: Network) -> Connections:
    """The connections in a network, made once for each network."""
    connections = network.worked_out.get("connections")
    if not isinstance(connections, Connections):
        connections = network.worked_out["connections"] = Connections(network)
    return connections


def _for_anyone(flows: Flows) -> Flows:
    """The same from any address."""
    return Flows.of(Box(addresses.ALL, box.destination, box.traffic) for box in flows)
