"""Target groups: who is registered with each, and with each classic load balancer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.library.load_balancers import LOAD_BALANCERS, TARGET_GROUPS
from policies.library.model import Block, Resource
from policies.library.values import Reference, Unknown, Value, label_of, references
from policies.reachability import addresses
from policies.reachability.network import Assumption, Node
from policies.reachability.read.containers import ANY_PORT, SERVICES, Containers, Span
from policies.reachability.read.interfaces import INSTANCES, INTERFACE
from policies.reachability.read.listeners import CLASSIC
from policies.reachability.read.lookups import Lookups, declared
from policies.reachability.read.places import Places
from policies.reachability.read.reading import could_be_anything, known_text, leaves

_ATTACHMENTS = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")
_SCALING_ATTACHMENTS = ("aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment")
LATTICE = "aws_vpclattice_target_group"
_TARGET_GROUPS = (*TARGET_GROUPS, LATTICE)
_FLEETS = ("aws_autoscaling_group", "aws_spot_fleet_request")
_SCALING = ("aws_autoscaling_group", "aws_eks_node_group", "aws_elastic_beanstalk_environment")
"""What is a scaling group, or makes one and says its name."""
_CLASSIC_SOURCE = "elb"
"""The type of a traffic source that is a classic load balancer; others are target groups."""
_ARNS = ("lb_target_group_arn", "alb_target_group_arn")

_KINDS = frozenset({"server", "interface", "load balancer", "database", "broker", "endpoint"})
"""What can be a target."""

Member = tuple[str, Span | None]
"""A node's key, and the ports that its registration says, None if the target group's holds."""


class Membership:
    """Who is registered with which target group or classic load balancer."""

    def __init__(self, places: Places, nodes: Mapping[str, Node]) -> None:
        self._reading, self._interfaces, self._nodes = places.reading, places.interfaces, nodes
        self._members: dict[str, list[Member]] = {}
        self._by: dict[str, Resource] = {}
        self._by_lattice: dict[str, Resource] = {}
        self._registered: dict[tuple[str, str], list[Resource]] = {}
        self._classic: dict[str, list[str]] = {}
        self._containers, self._lookups = Containers(places.reading, nodes), Lookups(places, nodes)
        self._collect()

    def of(self, key: str) -> list[Member]:
        """The members of a target group, by its address or how it is written."""
        return list(dict.fromkeys(self._members.get(key, ())))

    def of_classic(self, balancer: Resource) -> list[str]:
        """The nodes behind a classic load balancer."""
        return list(dict.fromkeys(self._classic.get(balancer.address, ())))

    def doubt(self, key: str, node: str) -> Assumption | None:
        """What it rests on that a node is registered; None if something registers it for certain."""
        noted = [self._reading.doubt(each) for each in self._registered.get((key, node), ())]
        return next(iter(noted), None) if all(noted) else None

    def _note(self, key: str, nodes: list[str], resource: Resource) -> None:
        for node in nodes:
            self._registered.setdefault((key, node), []).append(resource)

    def undeclared(self) -> Iterator[tuple[str, Resource, list[Member]]]:
        """The target groups that are declared elsewhere: how each is written, who registers, and the members."""
        for key, resource in sorted(self._by.items()):
            members = [member for member in self.of(key) if member[0] in self._nodes]
            if members:
                yield key, resource, members

    @property
    def lattice_elsewhere(self) -> list[str]:
        """The target groups of VPC Lattice that are declared elsewhere, as they are written."""
        return sorted(self._by_lattice)

    def declared(self, value: Value, user: Resource) -> list[Resource]:
        """The target groups that a value names, for `user`."""
        return declared(value, _TARGET_GROUPS, self._reading, user)

    def _collect(self) -> None:
        configuration = self._reading.configuration
        for each in configuration.of_type(*_ATTACHMENTS):
            port = self._port(each, each)
            self._add(
                each.get("target_group_arn"),
                [(member, port) for member in self._targets(each.get("target_id"), each)],
                each,
            )
        for each in configuration.of_type("aws_vpclattice_target_group_attachment"):
            for block in self._reading.blocks(each, "target", each, "read as far as known"):
                members = [(member, self._port(block, each)) for member in self._targets(block.get("id"), each)]
                self._add(each.get("target_group_identifier"), members, each, is_lattice=True)
        for fleet in configuration.of_type(*_FLEETS):
            self._scale(fleet, [fleet.address], ("target_group_arns",), "load_balancers")
        for each in configuration.of_type(*_SCALING_ATTACHMENTS):
            self._scale(each, self._groups(each, "autoscaling_group_name"), _ARNS, "elb")
        for service in configuration.of_type(*SERVICES):
            self._serve(service)
        for deployment in configuration.of_type("aws_codedeploy_deployment_group"):
            self._deploy(deployment)
        for balancer in configuration.of_type(CLASSIC):
            self._register(balancer.get("instances"), [balancer.address], balancer)
        for each in configuration.of_type("aws_elb_attachment"):
            self._register(each.get("instance"), self._classics(each.get("elb"), each), each)

    def _port(self, block: Block, attachment: Resource) -> Span | None:
        unknown: int | None = -1
        port = self._reading.known(lambda: block.number("port"), unknown, "taken for every port", attachment)
        return ANY_PORT if port == unknown else None if port is None else (port, port)

    def _serve(self, service: Resource) -> None:
        """Register the containers of a service of ECS."""
        for block in self._reading.blocks(service, "load_balancer", service, "read as far as known"):
            members: list[Member] = list(self._containers.of(service, block.get("container_port")))
            for value in (block.get("target_group_arn"), *_alternate(block)):
                self._add(value, members, service)
            self._add_classic(block.get("elb_name"), [key for key, _ in members], service)
        for block in self._reading.blocks(service, "vpc_lattice_configurations", service, "read as far as known"):
            members = list(self._containers.of(service, block.get("port")))
            self._add(block.get("target_group_arn"), members, service, is_lattice=True)
        if any(isinstance(each, Unknown) for each in service.values("load_balancer")):
            unknown = Unknown("load_balancer")
            self._add(unknown, list(self._containers.of(service, unknown)), service)

    def _deploy(self, deployment: Resource) -> None:
        """Register what CodeDeploy does: containers with both groups of a pair, scaling groups with theirs.

        Source: CodeDeploy user guide, "Integrating CodeDeploy with Elastic Load Balancing".
        """
        read = "read as far as known"
        blocks = self._reading.blocks(deployment, "ecs_service", deployment, read)
        members = [
            member
            for block in blocks
            for service in self._reading.named(block.get("service_name"), SERVICES)
            for inner in self._reading.blocks(service, "load_balancer", service, read)
            for member in self._containers.of(service, inner.get("container_port"))
        ]
        scaling: list[Member] = [(key, None) for key in self._groups(deployment, "autoscaling_groups")]
        for info in self._reading.blocks(deployment, "load_balancer_info", deployment, read):
            for pair in self._reading.blocks(info, "target_group_pair_info", deployment, read):
                for group in self._reading.blocks(pair, "target_group", deployment, read):
                    self._add(group.get("name"), list(members), deployment)
            for group in self._reading.blocks(info, "target_group_info", deployment, read):
                self._add(group.get("name"), scaling, deployment)
            for elb in self._reading.blocks(info, "elb_info", deployment, read):
                self._add_classic(elb.get("name"), [key for key, _ in scaling], deployment)

    def _groups(self, resource: Resource, name: str) -> list[str]:
        """The nodes that are, or make, the scaling groups that a resource names."""
        found = [each.address for each in self._reading.owners(resource, name, _SCALING)]
        return [*found, *self._lookups.nodes(resource.get(name), resource)]

    def _add(self, groups: Value, members: list[Member], resource: Resource, is_lattice: bool = False) -> None:
        for leaf in leaves(groups):
            for key in self._owners(leaf, resource):
                self._members.setdefault(key, []).extend(members)
                self._note(key, [node for node, _ in members], resource)
                if key not in self._reading.configuration.resources:
                    (self._by_lattice if is_lattice else self._by).setdefault(key, resource)

    def _owners(self, value: Value, resource: Resource) -> list[str]:
        """The target groups that a registration is for; all of them if that is not known."""
        found = self.declared(value, resource)
        if not found and could_be_anything(value):
            found = list(self._reading.configuration.of_type(*_TARGET_GROUPS))
            if found:
                self._reading.assume(f"it is not known which target group {label_of(value)} is: any", resource)
        keys = [each.address for each in found]
        return [*keys, label_of(value)] if not keys or self._reading.may_be_elsewhere(value) else keys

    def _scale(self, resource: Resource, groups: list[str], arns: tuple[str, ...], classic: str) -> None:
        """Register scaling groups with target groups and classic load balancers."""
        blocks = self._reading.blocks(resource, "traffic_source", resource, "read as far as known")
        kinds = [(block.get("identifier"), self._reading.text(block, "type", _CLASSIC_SOURCE)) for block in blocks]
        for value, kind in [*((resource.get(name), "elbv2") for name in arns), *kinds]:
            if kind != _CLASSIC_SOURCE or self.declared(value, resource) or could_be_anything(value):
                self._add(value, [(each, None) for each in groups], resource)
        for value, kind in [(resource.get(classic), _CLASSIC_SOURCE), *kinds]:
            if kind == _CLASSIC_SOURCE and not self.declared(value, resource):
                self._add_classic(value, groups, resource)

    def _add_classic(self, balancers: Value, nodes: list[str], resource: Resource) -> None:
        for key in self._classics(balancers, resource):
            self._put(key, nodes, resource)

    def _put(self, balancer: str, nodes: list[str], resource: Resource) -> None:
        """Register nodes with a classic load balancer; one of elsewhere is as a target group of elsewhere."""
        self._classic.setdefault(balancer, []).extend(nodes)
        self._note(balancer, nodes, resource)
        if balancer not in self._reading.configuration.resources:
            self._members.setdefault(balancer, []).extend((node, ANY_PORT) for node in nodes)
            self._by.setdefault(balancer, resource)

    def _classics(self, balancers: Value, resource: Resource) -> list[str]:
        """The classic load balancers that a value names, also elsewhere; all of them if that is not known."""
        found: list[str] = []
        for leaf in leaves(balancers):
            named = declared(leaf, (CLASSIC,), self._reading, resource)
            if not named and could_be_anything(leaf):
                named = list(self._reading.configuration.of_type(CLASSIC))
                if named:
                    self._reading.assume(f"it is not known which load balancer {label_of(leaf)} is: any", resource)
            found += [each.address for each in named]
            if not named or self._reading.may_be_elsewhere(leaf):
                found.append(label_of(leaf))
        return found

    def _register(self, instances: Value, balancers: list[str], resource: Resource) -> None:
        for leaf in leaves(instances):
            found = [each.address for each in self._reading.named(leaf, INSTANCES)]
            found += self._lookups.nodes(leaf, resource)
            if not found and could_be_anything(leaf):
                self._reading.assume(f"it is not known which instance {label_of(leaf)} is: any", resource)
                found = [each.address for each in self._reading.configuration.of_type(*INSTANCES)]
            for key in balancers:
                self._put(key, found, resource)

    def _targets(self, target: Value, attachment: Resource) -> list[str]:
        """The nodes that a target id may be: an instance, something's address, a load balancer; else all servers."""
        targets: list[str] = []
        for value in leaves(target):
            types = (*INSTANCES, INTERFACE, *LOAD_BALANCERS, *_SCALING)
            named = [self._interfaces.holder(each).address for each in self._reading.named(value, types)]
            named += [each.address for each in self._reading.configuration.resolve(value) if self._is_target(each)]
            named += self._lookups.nodes(value, attachment)
            if not named and not isinstance(value, Unknown):
                named = self._at(value, attachment)
                if not named:
                    self._reading.assume(f"the target {label_of(value)} is not declared here", attachment)
            elif not named and not any(_is_function(each) for each in references(value)):
                self._reading.assume(f"it is not known which target {label_of(value)} is: any server", attachment)
                named = [key for key, node in self._nodes.items() if node.kind in _KINDS]
            targets += named
        return list(dict.fromkeys(each for each in targets if each in self._nodes))

    def _is_target(self, resource: Resource) -> bool:
        """Whether something gets traffic over its interfaces: functions are called another way."""
        return resource.address in self._nodes and self._nodes[resource.address].kind != "function"

    def _at(self, value: Value, attachment: Resource) -> list[str]:
        """The nodes that have, or may have, an address."""
        try:
            address = addresses.network(known_text(value))
        except ValueError:
            return []
        known = [key for key, node in self._nodes.items() if node.addresses and node.addresses & address]
        exact = [key for key in known if self._nodes[key].addresses.size == 1]
        if exact:
            return exact
        perhaps = [
            key
            for key, node in self._nodes.items()
            if not node.addresses and any(address <= subnet.addresses for subnet in node.subnets)
        ]
        if perhaps:
            self._reading.assume(f"who has the address {label_of(value)} is not known: any in its subnet", attachment)
        return known + perhaps


def _alternate(block: Block) -> Iterator[Value]:
    """The other target group of a service that ECS deploys in turns. Source: ECS developer guide, "Blue/green"."""
    for inner in block.values("advanced_configuration"):
        yield inner.get("alternate_target_group_arn") if isinstance(inner, Mapping) else inner


def _is_function(reference: Reference) -> bool:
    return reference.type.startswith("aws_lambda")
