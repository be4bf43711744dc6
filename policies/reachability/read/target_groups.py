"""Target groups: who is registered with each, and with each classic load balancer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.library.load_balancers import LOAD_BALANCERS, TARGET_GROUPS
from policies.library.model import Block, Resource
from policies.library.values import Unknown, Value, label_of, references
from policies.reachability import addresses
from policies.reachability.network import Node
from policies.reachability.read.interfaces import INSTANCES, INTERFACE
from policies.reachability.read.listeners import CLASSIC
from policies.reachability.read.places import Places
from policies.reachability.read.reading import could_be_anything, known_text, leaves

_ATTACHMENTS = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")
_SCALING_ATTACHMENTS = ("aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment")
_GROUP = "aws_autoscaling_group"
_ARNS = ("lb_target_group_arn", "alb_target_group_arn")

_KINDS = frozenset({"server", "interface", "load balancer", "database", "broker", "endpoint"})
"""What can be a target."""

Member = tuple[str, int | None]
"""A node's key, and the port that its registration says, None if the target group's holds."""
ANY_PORT = -1
"""What stands for a registration's port that is not known."""


class Membership:
    """Who is registered with which target group or classic load balancer."""

    def __init__(self, places: Places, nodes: Mapping[str, Node]) -> None:
        self._reading, self._interfaces, self._nodes = places.reading, places.interfaces, nodes
        self._members: dict[str, list[Member]] = {}
        self._by: dict[str, Resource] = {}
        self._classic: dict[str, list[str]] = {}
        self._collect()

    def of(self, key: str) -> list[Member]:
        """The members of a target group, by its address or how it is written."""
        return list(dict.fromkeys(self._members.get(key, ())))

    def of_classic(self, balancer: Resource) -> list[str]:
        """The nodes behind a classic load balancer."""
        return list(dict.fromkeys(self._classic.get(balancer.address, ())))

    def undeclared(self) -> Iterator[tuple[str, Resource, list[Member]]]:
        """The target groups that are declared elsewhere: how each is written, who registers, and the members."""
        for key, resource in sorted(self._by.items()):
            members = [member for member in self.of(key) if member[0] in self._nodes]
            if members:
                yield key, resource, members

    def keys(self, value: Value) -> list[str]:
        """The target groups that a value names."""
        found = [each.address for each in self._reading.named(value, TARGET_GROUPS)]
        return found or [label_of(value)]

    def _collect(self) -> None:
        configuration = self._reading.configuration
        for each in configuration.of_type(*_ATTACHMENTS):
            port = self._port(each, "port", each)
            self._add(each.get("target_group_arn"), [(member, port) for member in self._targets(each)], each)
        for group in configuration.of_type(_GROUP):
            self._scale(group, [group], ("target_group_arns",), "load_balancers")
        for each in configuration.of_type(*_SCALING_ATTACHMENTS):
            groups = self._reading.owners(each, "autoscaling_group_name", (_GROUP,))
            self._scale(each, groups, _ARNS, "elb")
        for service in configuration.of_type("aws_ecs_service"):
            for block in self._reading.blocks(service, "load_balancer", service, "read as far as known"):
                port = self._port(block, "container_port", service)
                members = [(key, port) for key in self._containers(service)]
                self._add(block.get("target_group_arn"), members, service)
            if any(isinstance(each, Unknown) for each in service.values("load_balancer")):
                self._add(Unknown("load_balancer"), [(key, ANY_PORT) for key in self._containers(service)], service)
        for balancer in configuration.of_type(CLASSIC):
            self._register(balancer, balancer.get("instances"))
        for each in configuration.of_type("aws_elb_attachment"):
            for balancer in self._reading.owners(each, "elb", (CLASSIC,)):
                self._register(balancer, each.get("instance"))

    def _port(self, block: Block, name: str, resource: Resource) -> int | None:
        any_port: int | None = ANY_PORT
        return self._reading.known(lambda: block.number(name), any_port, "taken for every port", resource)

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
                if key not in self._reading.configuration.resources:
                    self._by.setdefault(key, resource)

    def _owners(self, value: Value, resource: Resource) -> list[str]:
        """The target groups that a registration is for; all of them if that is not known."""
        if not self._reading.named(value, TARGET_GROUPS) and could_be_anything(value):
            found = [each.address for each in self._reading.configuration.of_type(*TARGET_GROUPS)]
            if found:
                self._reading.assume(f"it is not known which target group {label_of(value)} is: any", resource)
            return found or [label_of(value)]
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
                self._reading.assume(f"it is not known which instance {label_of(leaf)} is: any", balancer)
                found = list(self._reading.configuration.of_type(*INSTANCES))
            self._classic.setdefault(balancer.address, []).extend(each.address for each in found)

    def _targets(self, attachment: Resource) -> list[str]:
        """The nodes that a target id may be: an instance, something's address, a load balancer; else all servers."""
        targets: list[str] = []
        for value in leaves(attachment.get("target_id")):
            types = (*INSTANCES, INTERFACE, *LOAD_BALANCERS, _GROUP)
            named = [self._interfaces.holder(each).address for each in self._reading.named(value, types)]
            named += [each.address for each in self._reading.configuration.resolve(value) if self._is_target(each)]
            if not named and not isinstance(value, Unknown):
                named = self._at(value)
            if not named and could_be_anything(value):
                self._reading.assume(f"it is not known which target {label_of(value)} is: any server", attachment)
                named = [key for key, node in self._nodes.items() if node.kind in _KINDS]
            if not named and not any(each.type.startswith("aws_lambda") for each in references(value)):
                self._reading.assume(f"the target {label_of(value)} is not declared here", attachment)
            targets += named
        return list(dict.fromkeys(each for each in targets if each in self._nodes))

    def _is_target(self, resource: Resource) -> bool:
        """Whether something gets traffic over its interfaces: functions are called another way."""
        return resource.address in self._nodes and self._nodes[resource.address].kind != "function"

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
