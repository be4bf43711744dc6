"""Load balancers: what they listen on, and what they pass on to whom.

Source: Elastic Load Balancing user guides, "Listeners", "Target groups", "Client IP preservation"; AWS PrivateLink
guide, "Create a service powered by AWS PrivateLink".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.library.gaps import Gap
from policies.library.load_balancers import LOAD_BALANCERS, TARGET_GROUPS
from policies.library.model import Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import Intervals
from policies.reachability.network import Assumption, Forward, Node, Rule
from policies.reachability.read.containers import ANY_PORT
from policies.reachability.read.listeners import CLASSIC, Listener, Listeners, classic, ports
from policies.reachability.read.peers import last_label
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.target_groups import Member, Membership
from policies.reachability.read.zones import zones_between

_SERVICE = "aws_vpc_endpoint_service"
_WEB = traffic.tcp(443) | traffic.tcp(80)


class Balancers:
    """Listeners and forwards of all load balancers among some nodes, and of those declared elsewhere."""

    def __init__(self, places: Places, nodes: Mapping[str, Node], membership: Membership) -> None:
        self._places, self._reading = places, places.reading
        self._known = nodes
        self._membership = membership
        self._listeners = Listeners(places, nodes)
        self._found = [forward for each in self._listeners.all for forward in self._passed_on(each, nodes)]
        self._found += self._from_elsewhere(nodes)
        self._found += [forward for node in nodes.values() for forward in self._classic(node.resource)]
        self._found += self._by_modules(nodes)
        all_nodes = {**nodes, **self._listeners.elsewhere}
        self._listening = {key: self._listens(node) for key, node in all_nodes.items()}
        self._found += self._through_endpoints(nodes)
        self.nodes: Mapping[str, Node] = all_nodes
        """The nodes, with the load balancers declared elsewhere."""

    @property
    def forwards(self) -> tuple[Forward, ...]:
        """What every load balancer and endpoint passes on."""
        return tuple(dict.fromkeys(self._found))

    def listens(self, key: str) -> Intervals | None:
        """The traffic that a node answers."""
        return self._listening[key]

    def _listens(self, node: Node) -> Intervals | None:
        if node.kind != "load balancer":
            return node.listens
        if self._reading.opened(node.resource) is not None:
            return traffic.TCP | traffic.UDP
        open_ports = [each.front for each in self._listeners.all if each.balancer == node.key]
        open_ports += [front for front, _ in classic(node.resource, self._reading) if node.resource.type == CLASSIC]
        open_ports += [each.front for each in self._found if each.through == node.key]
        return Intervals.union(open_ports)

    def _passed_on(self, listener: Listener, nodes: Mapping[str, Node]) -> Iterator[Forward]:
        """What a listener passes on to the members of its target groups."""
        for value, by in self._listeners.actions(listener):
            for leaf in leaves(value):
                groups: list[Resource | None] = list(self._membership.declared(leaf, by))
                if not groups and could_be_anything(leaf):
                    self._reading.assume(f"it is not known which target group {label_of(leaf)} is: any", by)
                    groups = list(self._reading.configuration.of_type(*TARGET_GROUPS))
                is_elsewhere = not groups or self._reading.may_be_elsewhere(leaf)
                for group in (*groups, *([None] if is_elsewhere else [])):
                    key = group.address if group else label_of(leaf)
                    for member in self._membership.of(key):
                        if member[0] in nodes and member[0] != listener.balancer:
                            doubt = self._membership.doubt(key, member[0])
                            yield from self._to(member, nodes[member[0]], group, by=by, listener=listener, doubt=doubt)

    def _to(
        self,
        member: Member,
        node: Node,
        group: Resource | None,
        by: Resource,
        listener: Listener,
        doubt: Assumption | None,
    ) -> Iterator[Forward]:
        span = member[1]
        if span is None and group is not None:
            port = self._reading.number(group, "port", "taken for every port", group)
            span = None if port is None else (port, port)
        back = traffic.ports(listener.protocol, *(span or ANY_PORT))
        through = f" through {group.address}" if group else ""
        text = f"{traffic.describe(listener.front)} -> {node.key} {traffic.describe(back)}{through}"
        rule = Rule(text, by, doubt or self._reading.doubt(by, listener.resource, group))
        balancer = self._listeners.elsewhere.get(listener.balancer) or self._known[listener.balancer]
        zones = zones_between(balancer, node, group, self._places)
        for keeps, clients in self._keeping(listener, group, node, balancer):
            yield Forward(
                listener.balancer,
                listener.front,
                node.key,
                back=back,
                keeps_client=keeps,
                rule=rule,
                clients=clients,
                zones=zones,
            )

    def _keeping(
        self, listener: Listener, group: Resource | None, node: Node, balancer: Node
    ) -> Iterator[tuple[bool, Intervals]]:
        """Whether targets see the addresses of which clients.

        Those of IPv6 clients never at IPv4 targets. Source: Network Load Balancers guide, "IP address type".
        """
        found = self._keeps(listener, group, node)
        for keeps in found:
            yield keeps, addresses.ALL
        is_of_six = group is not None and self._reading.text(group, "ip_address_type") == "ipv6"
        if found == [True] and balancer.has_ipv6 and not is_of_six:
            yield False, addresses.ALL_V6

    def _keeps(self, listener: Listener, group: Resource | None, node: Node) -> list[bool]:
        """Whether targets see the client's address; both where that is not known.

        Network load balancers only: always to an application load balancer and for UDP; else as set, which is on for
        instances and off for addresses unless it says otherwise.
        """
        if not listener.is_network:
            return [False]
        kind = self._reading.text(group, "target_type", "instance") if group else ""
        speaks = self._reading.text(group, "protocol") if group else ""
        if kind == "alb" or "UDP" in speaks.upper() or listener.protocol == "udp" or node.kind == "load balancer":
            return [True]
        value = next(leaves(group.get("preserve_client_ip")), None) if group else Unknown("")
        if isinstance(value, Unknown):
            self._reading.assume("whether it keeps clients' addresses is not known: both are looked at", group)
            return [True, False]
        return [kind == "instance"] if value is None else [str(value).lower() in ("true", "1")]

    def _from_elsewhere(self, nodes: Mapping[str, Node]) -> Iterator[Forward]:
        """What load balancers declared elsewhere pass on through target groups declared elsewhere."""
        used = {
            label_of(leaf)
            for each in self._listeners.all
            for value, _ in self._listeners.actions(each)
            for leaf in leaves(value)
        }
        for label, resource, members in self._membership.undeclared():
            if label not in used:
                key, vpc = f"the load balancer of {label}", Unknown(nodes[members[0][0]].vpc)
                self._listeners.declare_elsewhere(key, resource, vpc)
                for member, span in members:
                    for protocol in ("tcp", "udp"):
                        rule = Rule(f"the target group {label}, which is not declared here", resource)
                        back = traffic.ports(protocol, *(span or ANY_PORT))
                        yield Forward(key, ports(protocol, None), member, back=back, keeps_client=False, rule=rule)

    def _classic(self, balancer: Resource) -> Iterator[Forward]:
        if balancer.type == CLASSIC:
            for front, back in classic(balancer, self._reading):
                for key in self._membership.of_classic(balancer):
                    text = f"listener {traffic.describe(front)} -> {traffic.describe(back)} of instances"
                    rule = Rule(text, balancer, self._membership.doubt(balancer.address, key))
                    zones = zones_between(self._known[balancer.address], self._known[key], None, self._places)
                    yield Forward(balancer.address, front, key, back=back, keeps_client=False, rule=rule, zones=zones)

    def _by_modules(self, nodes: Mapping[str, Node]) -> Iterator[Forward]:
        """What modules that are not here may make load balancers pass on: to what they or their groups are given."""
        for gap in self._reading.configuration.gaps:
            given = self._reading.given(gap)
            groups = [each for each in given if each.type in TARGET_GROUPS]
            members = [member for group in groups for member, _ in self._membership.of(group.address)]
            members += [each.address for each in given]
            yield from self._through_module(gap, given, nodes)
            balancers = [each.address for each in given if each.type in LOAD_BALANCERS]
            balancers += [each.balancer for each in self._listeners.all if each.resource in given]
            balancers += [key for key, node in nodes.items() if groups and node.kind == "load balancer"]
            for balancer in dict.fromkeys(balancers):
                rule = Rule(f"what {gap.where} may add", None, self._reading.opened(nodes[balancer].resource))
                for member in dict.fromkeys(members):
                    if member in nodes and member != balancer:
                        passed = traffic.TCP | traffic.UDP
                        for keeps in (True, False):
                            yield Forward(balancer, passed, member, back=passed, keeps_client=keeps, rule=rule)

    def _through_module(self, gap: Gap, given: list[Resource], nodes: Mapping[str, Node]) -> Iterator[Forward]:
        """What may be in a module that leads to what it is given: accelerators, endpoints, proxies."""
        passed = traffic.TCP | traffic.UDP
        listening = {each.resource.address: each.balancer for each in self._listeners.all}
        for each in given:
            key = listening.get(each.address, each.address)
            if gap.where in nodes and key in nodes:
                rule = Rule(f"what {gap.where} may lead to", None, self._reading.opened(each))
                yield Forward(gap.where, passed, key, back=passed, keeps_client=False, rule=rule)

    def _through_endpoints(self, nodes: Mapping[str, Node]) -> Iterator[Forward]:
        """What interface endpoints pass on to the load balancers of endpoint services."""
        for node in nodes.values():
            for service in self._services(node.resource):
                for balancer in self._reading.owners(service, "network_load_balancer_arns", LOAD_BALANCERS):
                    front = self._listening.get(balancer.address)
                    if front:
                        rule = Rule(f"the endpoint's service is {service.address}", node.resource)
                        keeps = meets_groups(nodes[balancer.address], self._reading)
                        yield Forward(node.key, front, balancer.address, back=front, keeps_client=keeps, rule=rule)
            for name in self._services_of_aws(node.resource):
                rule = Rule(f"{node.resource.address} is an endpoint of {name}", node.resource)
                yield Forward(node.key, _WEB, name, back=_WEB, keeps_client=False, rule=rule)

    def _services_of_aws(self, endpoint: Resource) -> Iterator[str]:
        """The services that are ends of their own and that an interface endpoint is for, or may be."""
        kind = self._reading.text(endpoint, "vpc_endpoint_type", "Gateway")
        if endpoint.type != "aws_vpc_endpoint" or kind != "Interface":
            return
        value: Value = endpoint.get("service_name")
        for data in self._reading.named(value, ("data.aws_vpc_endpoint_service",)):
            value = data.get("service") or data.get("service_name")
        name = last_label(value)
        for service in addresses.SERVICES:
            if name == service:
                yield service
            elif not name and could_be_anything(value):
                self._reading.assume("its service is not known: taken for one that is looked at", endpoint)
                yield service

    def _services(self, endpoint: Resource) -> list[Resource]:
        value: Value = endpoint.get("service_name") if endpoint.type == "aws_vpc_endpoint" else None
        services = self._reading.named(value, (_SERVICE,)) if value is not None else []
        if not services and could_be_anything(value):
            services = list(self._reading.configuration.of_type(_SERVICE))
            if services:
                self._reading.assume("its service is not known: any that is declared here", endpoint)
        return services


def meets_groups(balancer: Node, reading: Reading) -> bool:
    """Whether a load balancer's groups look at what comes from endpoints, by the address of its client."""
    enforced = balancer.resource.get("enforce_security_group_inbound_rules_on_private_link_traffic")
    if isinstance(enforced, Unknown):
        reading.assume("whether its groups look at what comes from endpoints is not known", balancer.resource)
        return False
    return balancer.groups is not None and str(enforced).lower() != "off"
