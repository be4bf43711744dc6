"""Target groups: who is in each, and how a load balancer's traffic gets to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.library.load_balancers import LOAD_BALANCERS, TARGET_GROUPS
from policies.library.model import Resource
from policies.library.ports import LAST
from policies.library.values import Unknown, Value, references
from policies.reachability import addresses, traffic
from policies.reachability.intervals import Intervals
from policies.reachability.network import Forward, Node, Rule
from policies.reachability.read.interfaces import INSTANCES, INTERFACE, holder
from policies.reachability.read.places import Places
from policies.reachability.read.reading import could_be_anything, known_text, label_of, leaves

CLASSIC = "aws_elb"
_ATTACHMENTS = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")
_SCALING_ATTACHMENTS = ("aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment")
_GROUP = "aws_autoscaling_group"
_ARNS = ("lb_target_group_arn", "alb_target_group_arn")

Member = tuple[str, int | None]
"""A node's key, and the port that its registration says, None if the target group's holds."""


class Membership:
    """Who is registered with which target group or classic load balancer."""

    def __init__(self, places: Places, nodes: Mapping[str, Node]) -> None:
        self._reading, self._vpcs, self._nodes = places.reading, places.vpcs, nodes
        self._members: dict[str, list[Member]] = {}
        self._classic: dict[str, list[str]] = {}
        self._collect()

    def of(self, key: str) -> list[Member]:
        """The members of a target group, by its address or how it is written."""
        return list(dict.fromkeys(self._members.get(key, ())))

    def of_classic(self, balancer: Resource) -> list[str]:
        """The nodes behind a classic load balancer."""
        return list(dict.fromkeys(self._classic.get(balancer.address, ())))

    def keys(self, value: Value) -> list[str]:
        """The target groups that a value names."""
        found = [each.address for each in self._reading.named(value, TARGET_GROUPS)]
        return found or [label_of(value)]

    def _collect(self) -> None:
        configuration = self._reading.configuration
        for each in configuration.of_type(*_ATTACHMENTS):
            port = self._reading.number(each, "port", "the target group's", each)
            self._add(each.get("target_group_arn"), [(member, port) for member in self._targets(each)], each)
        for group in configuration.of_type(_GROUP):
            self._scale(group, [group], ("target_group_arns",), "load_balancers")
        for each in configuration.of_type(*_SCALING_ATTACHMENTS):
            groups = self._reading.owners(each, "autoscaling_group_name", (_GROUP,))
            self._scale(each, groups, _ARNS, "elb")
        for service in configuration.of_type("aws_ecs_service"):
            for block in self._reading.blocks(service, "load_balancer", service, "read as far as known"):
                port = self._reading.number(block, "container_port", "the target group's", service)
                members = [(key, port) for key in self._containers(service)]
                self._add(block.get("target_group_arn"), members, service)
        for balancer in configuration.of_type(CLASSIC):
            self._register(balancer, balancer.get("instances"))
        for each in configuration.of_type("aws_elb_attachment"):
            for balancer in self._reading.owners(each, "elb", (CLASSIC,)):
                self._register(balancer, each.get("instance"))

    def _containers(self, service: Resource) -> list[str]:
        """Where a service's containers are: on interfaces of their own, else on any scaling group's instances."""
        if service.address in self._nodes:
            return [service.address]
        found = [each.address for each in self._reading.configuration.of_type(_GROUP)]
        if found:
            self._reading.assume("its containers share their hosts' interfaces: taken to be on every group", service)
        return found

    def _add(self, groups: Value, members: list[Member], resource: Resource) -> None:
        for leaf in leaves(groups):
            for key in self._owners(leaf, resource):
                self._members.setdefault(key, []).extend(members)

    def _owners(self, value: Value, resource: Resource) -> list[str]:
        """The target groups that a registration is for; all of them if that is not known."""
        if not self._reading.named(value, TARGET_GROUPS) and could_be_anything(value):
            self._reading.assume(f"which target group {label_of(value)} is is not known: any", resource)
            return [*(each.address for each in self._reading.configuration.of_type(*TARGET_GROUPS)), label_of(value)]
        return self.keys(value)

    def _scale(self, resource: Resource, groups: list[Resource], arns: tuple[str, ...], classic: str) -> None:
        """Register scaling groups with target groups and classic load balancers."""
        blocks = self._reading.blocks(resource, "traffic_source", resource, "read as far as known")
        for value in (*(resource.get(name) for name in arns), *(block.get("identifier") for block in blocks)):
            self._add(value, [(each.address, None) for each in groups], resource)
        for leaf in leaves(resource.get(classic)):
            for balancer in self._reading.named(leaf, (CLASSIC,)):
                self._classic.setdefault(balancer.address, []).extend(each.address for each in groups)

    def _register(self, balancer: Resource, instances: Value) -> None:
        for leaf in leaves(instances):
            found = self._reading.named(leaf, INSTANCES)
            if not found and could_be_anything(leaf):
                self._reading.assume(f"which instance {label_of(leaf)} is is not known: any", balancer)
                found = list(self._reading.configuration.of_type(*INSTANCES))
            self._classic.setdefault(balancer.address, []).extend(each.address for each in found)

    def _targets(self, attachment: Resource) -> list[str]:
        """The nodes that a target id may be: an instance, something's address, a load balancer; else all servers."""
        found: list[str] = []
        for value in leaves(attachment.get("target_id")):
            types = (*INSTANCES, INTERFACE, *LOAD_BALANCERS, _GROUP)
            named = [holder(each, self._reading).address for each in self._reading.named(value, types)]
            named += [
                each.address for each in self._reading.configuration.resolve(value) if each.address in self._nodes
            ]
            if not named and not isinstance(value, Unknown):
                named = self._at(value)
            if not named and could_be_anything(value):
                self._reading.assume(f"which target {label_of(value)} is is not known: any server", attachment)
                named = [key for key, node in self._nodes.items() if node.kind in ("server", "interface")]
            if not named and not any(each.type.startswith("aws_lambda") for each in references(value)):
                self._reading.assume(f"the target {label_of(value)} is not declared here", attachment)
            found += named
        return list(dict.fromkeys(each for each in found if each in self._nodes))

    def _at(self, value: Value) -> list[str]:
        """The nodes that have, or may have, an address."""
        try:
            address = addresses.network(known_text(value))
        except ValueError:
            return []
        known = [key for key, node in self._nodes.items() if node.addresses and node.addresses & address]
        exact = [key for key in known if self._nodes[key].addresses.size == 1]
        if exact:
            return exact
        return known + [
            key
            for key, node in self._nodes.items()
            if not node.addresses and any(address <= subnet.addresses for subnet in node.subnets)
        ]


class TargetGroups:
    """How traffic gets from listeners to the members of target groups."""

    def __init__(self, places: Places, nodes: Mapping[str, Node], membership: Membership) -> None:
        self._reading, self._nodes, self._membership = places.reading, nodes, membership

    def forwards(
        self, value: Value, by: Resource, balancer: str, front: Intervals, protocols: tuple[str, ...]
    ) -> Iterator[Forward]:
        """What a listener or rule passes on to the target groups that a value names."""
        for leaf in leaves(value):
            groups: list[Resource | None] = list(self._reading.named(leaf, TARGET_GROUPS))
            if not groups and could_be_anything(leaf):
                self._reading.assume(f"which target group {label_of(leaf)} is is not known: any", by)
                groups = [*self._reading.configuration.of_type(*TARGET_GROUPS), None]
            for group in groups or [None]:
                key = group.address if group else label_of(leaf)
                for member, port in self._membership.of(key):
                    if member in self._nodes and member != balancer:
                        yield from self._to(member, port, group, by, balancer, front, protocols)

    def _to(
        self,
        member: str,
        port: int | None,
        group: Resource | None,
        by: Resource,
        balancer: str,
        front: Intervals,
        protocols: tuple[str, ...],
    ) -> Iterator[Forward]:
        if port is None and group is not None:
            port = self._reading.number(group, "port", "taken for every port", group)
        back = Intervals.union(
            traffic.ports(protocol, 0, LAST) if port is None else traffic.ports(protocol, port, port)
            for protocol in protocols
        )
        through = f" through {group.address}" if group else ""
        rule = Rule(f"{traffic.describe(front)} -> {member} {traffic.describe(back)}{through}", by)
        for keeps in self._keeps(balancer, group, protocols, member):
            yield Forward(balancer, front, member, back, keeps, rule)

    def _keeps(self, balancer: str, group: Resource | None, protocols: tuple[str, ...], member: str) -> list[bool]:
        """Whether targets see the client's address; both where that is not known.

        Network load balancers only: always to an application load balancer and for UDP; else as set, which is on for
        instances and off for addresses unless it says otherwise.
        """
        node = self._nodes[balancer]
        if self._reading.text(node.resource, "load_balancer_type", "application") != "network":
            return [False]
        kind = self._reading.text(group, "target_type", "instance") if group else ""
        if kind == "alb" or "udp" in protocols or self._nodes[member].kind == "load balancer":
            return [True]
        value = group.get("preserve_client_ip") if group else Unknown("")
        if isinstance(value, Unknown) or group is None:
            self._reading.assume("whether it keeps clients' addresses is not known: both are looked at", group)
            return [True, False]
        if value is None or value == "":
            return [kind == "instance"]
        return [str(value).lower() == "true"]
