"""Ways into VPCs that AWS carries itself, past routes and gateways: each is taken to be open to whom it serves.

Sources: Global Accelerator developer guide, "Endpoints"; CloudFront developer guide, "Restrict access with VPC
origins"; API Gateway developer guide, "VPC links"; VPC Lattice user guide, "Service networks". What these services ask
of callers (policies, security groups of prefix lists, authentication) is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.library.load_balancers import LISTENERS, LOAD_BALANCERS
from policies.library.model import Resource
from policies.library.values import Value, label_of
from policies.reachability import traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Forward, Node, Rule, Subnet
from policies.reachability.read.interfaces import INSTANCES, INTERFACE
from policies.reachability.read.listeners import CLASSIC, ports
from policies.reachability.read.places import Places
from policies.reachability.read.reading import could_be_anything, leaves

_EDGE = "the edge of AWS"
_HTTPS = traffic.tcp(443)
_WEB = _HTTPS | traffic.tcp(80)
_TARGETS = (*LOAD_BALANCERS, CLASSIC, *INSTANCES, INTERFACE, "aws_eip", *LISTENERS)


class Edges:
    """Nodes that stand for such services, and what they pass on to the nodes of VPCs."""

    def __init__(self, places: Places, nodes: Mapping[str, Node]) -> None:
        self._places, self._reading, self._known = places, places.reading, nodes
        self.nodes: dict[str, Node] = {}
        self.forwards: list[Forward] = []
        configuration = self._reading.configuration
        for each in configuration.of_type("aws_globalaccelerator_endpoint_group"):
            self._accelerate(each)
        for each in configuration.of_type("aws_cloudfront_vpc_origin"):
            self._originate(each)
        for each in configuration.of_type("aws_apigatewayv2_integration"):
            if each.has("connection_id"):
                self._open(each, self._internet(), _HTTPS, [(each.get("integration_uri"), None)])
        for each in configuration.of_type("aws_api_gateway_vpc_link"):
            self._open(each, self._internet(), _HTTPS, [(leaf, None) for leaf in leaves(each.get("target_arns"))])
        self._lattice()

    def _accelerate(self, group: Resource) -> None:
        front = NOTHING
        for listener in self._reading.owners(group, "listener_arn", ("aws_globalaccelerator_listener",)):
            protocol = "udp" if self._reading.text(listener, "protocol").upper() == "UDP" else "tcp"
            for block in self._reading.blocks(listener, "port_range", listener, "read as far as known"):
                first = self._reading.number(block, "from_port", "taken for every port", listener)
                last = self._reading.number(block, "to_port", "taken for every port", listener)
                known = first is not None and last is not None
                front |= traffic.ports(protocol, first or 0, last or 0) if known else ports(protocol, None)
        blocks = self._reading.blocks(group, "endpoint_configuration", group, "read as far as known")
        overridden = group.has("port_override")
        targets = [(block.get("endpoint_id"), None if overridden else front) for block in blocks]
        self._open(group, self._internet(), front or traffic.ALL, targets)

    def _originate(self, origin: Resource) -> None:
        for block in self._reading.blocks(origin, "vpc_origin_endpoint_config", origin, "read as far as known"):
            back = NOTHING
            for name in ("http_port", "https_port"):
                back |= ports("tcp", self._reading.number(block, name, "taken for every port", origin))
            self._open(origin, self._internet(), _WEB, [(block.get("arn"), back)])

    def _lattice(self) -> None:
        """From every VPC that is associated with a service network to every target that is registered."""
        configuration = self._reading.configuration
        targets: list[tuple[Value, Intervals | None]] = []
        for each in configuration.of_type("aws_vpclattice_target_group_attachment"):
            for block in self._reading.blocks(each, "target", each, "read as far as known"):
                targets.append((block.get("id"), ports("tcp", self._reading.number(block, "port", "every port", each))))
        for each in configuration.of_type("aws_vpclattice_service_network_vpc_association"):
            vpc = self._places.vpcs.key_of(each.get("vpc_identifier"))
            self._open(each, self._places.subnets.elsewhere(f"VPC Lattice in {vpc}", vpc), _WEB, targets)

    def _internet(self) -> tuple[Subnet, ...]:
        return self._places.subnets.elsewhere(f"{_EDGE}/subnet", self._places.vpcs.edge(_EDGE))

    def _open(
        self,
        resource: Resource,
        standing: tuple[Subnet, ...],
        front: Intervals,
        targets: list[tuple[Value, Intervals | None]],
    ) -> None:
        """A way in at a node of its own, to some targets on some ports or, where they are None, all they answer."""
        key = resource.address
        self._reading.assume("what it asks of its callers is not looked at: as if it were open", resource)
        is_public = standing[0].vpc == _EDGE
        self.nodes[key] = Node(
            key,
            key,
            "endpoint",
            resource=resource,
            subnets=standing,
            groups=None,
            is_public=is_public,
            has_ipv6=False,
            listens=front,
        )
        for value, back in targets:
            for node in self._targets(value, resource):
                taken = node.listens if node.listens is not None else traffic.ALL
                taken = taken if back is None else back
                rule = Rule(f"{resource.address} leads to {node.key}", resource)
                self.forwards.append(Forward(key, front, node.key, back=taken, keeps_client=False, rule=rule))

    def _targets(self, value: Value, resource: Resource) -> Iterator[Node]:
        found = dict.fromkeys(
            key for leaf in leaves(value) for each in self._reading.named(leaf, _TARGETS) for key in self._keys(each)
        )
        if not found:
            found = dict.fromkeys(
                key
                for key, node in self._known.items()
                if node.kind in ("load balancer", "server")
                if could_be_anything(value) or self._is_discovery(value)
            )
            if found:
                self._reading.assume(f"it is not known where {label_of(value)} leads: to any server", resource)
        for key in found:
            if key in self._known:
                yield self._known[key]

    def _keys(self, resource: Resource) -> Iterator[str]:
        """The nodes that a target is: itself, a listener's load balancer, or whoever has an address."""
        if resource.type in LISTENERS:
            for each in self._reading.named(resource.get("load_balancer_arn"), LOAD_BALANCERS):
                yield each.address
        elif resource.type == "aws_eip":
            for name in ("instance", "network_interface"):
                for each in self._reading.named(resource.get(name), (*INSTANCES, INTERFACE)):
                    yield self._places.interfaces.holder(each).address
        else:
            yield self._places.interfaces.holder(resource).address

    def _is_discovery(self, value: Value) -> bool:
        return any(each.type.startswith("aws_service_discovery") for each in self._reading.configuration.resolve(value))
