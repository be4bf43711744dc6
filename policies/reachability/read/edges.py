"""Ways into VPCs that AWS carries itself, past routes and gateways: each is taken to be open to whom it serves.

Sources: Global Accelerator developer guide, "Endpoints"; CloudFront developer guide, "Restrict access with VPC
origins"; API Gateway developer guide, "VPC links"; EKS user guide, "Cluster API server endpoint". What these services
ask of callers (policies, security groups of prefix lists, authentication) is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from policies.library.load_balancers import LISTENERS, LOAD_BALANCERS
from policies.library.model import Block, Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Assumption, Forward, Node, Rule, Subnet
from policies.reachability.read.containers import ANY_PORT
from policies.reachability.read.interfaces import INSTANCES, INTERFACE
from policies.reachability.read.listeners import CLASSIC, ports
from policies.reachability.read.places import Places
from policies.reachability.read.proxies import Entrance
from policies.reachability.read.reading import could_be_anything, known_text, leaves

_EDGE = "the edge of AWS"
_HTTPS = traffic.tcp(443)
_WEB = _HTTPS | traffic.tcp(80)
_TARGETS = (*LOAD_BALANCERS, CLASSIC, *INSTANCES, INTERFACE, "aws_eip", *LISTENERS)


class Edges:
    """Nodes that stand for such services, and what they pass on to the nodes of VPCs."""

    def __init__(self, places: Places, nodes: Mapping[str, Node], entrances: Iterable[Entrance] = ()) -> None:
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
        for each in configuration.of_type("aws_api_gateway_integration"):
            if each.has("integration_target"):
                self._open(each, self._internet(), _HTTPS, [(each.get("integration_target"), None)])
        for each in configuration.of_type("aws_globalaccelerator_custom_routing_endpoint_group"):
            self._route(each)
        self._reach_clusters()
        for entrance in entrances:
            self._come_in(entrance)

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

    def _route(self, group: Resource) -> None:
        """A custom routing accelerator, to everything in its subnets, which sees its clients' addresses."""
        read = "read as far as known"
        back = NOTHING
        for block in self._reading.blocks(group, "destination_configuration", group, read):
            first, last = (self._reading.number(block, name, "every port", group) for name in ("from_port", "to_port"))
            span = (first, last) if first is not None and last is not None else ANY_PORT
            for protocol in ("tcp", "udp"):
                speaks = [str(leaf).upper() for leaf in leaves(block.get("protocols")) if isinstance(leaf, str)]
                back |= traffic.ports(protocol, *span) if not speaks or protocol.upper() in speaks else NOTHING
        subnets = [
            subnet.key
            for block in self._reading.blocks(group, "endpoint_configuration", group, read)
            for leaf in leaves(block.get("endpoint_id"))
            for subnet in self._places.subnets.named([leaf], (), group)
        ]
        reached = [key for key, node in self._known.items() if any(each.key in subnets for each in node.subnets)]
        self._stand(group, self._internet(), traffic.ALL)
        for key in reached:
            self._lead(group.address, traffic.ALL, key, back or traffic.ALL, group, keeps=True)

    def _reach_clusters(self) -> None:
        """The public endpoints of EKS clusters' API servers, which are on unless turned off."""
        for cluster in self._reading.configuration.of_type("aws_eks_cluster"):
            blocks = self._reading.blocks(cluster, "vpc_config", cluster, "taken for public")
            is_unknown = any(isinstance(each, Unknown) for each in cluster.values("vpc_config"))
            is_public = is_unknown or any(self._is_public(block, cluster) for block in blocks)
            if cluster.address not in self._known or not is_public:
                continue
            clients = NOTHING
            for leaf in (leaf for block in blocks for leaf in leaves(block.get("public_access_cidrs"))):
                try:
                    clients |= addresses.allowed(known_text(leaf))
                except ValueError:
                    clients = addresses.ALL
            key = f"{cluster.address}/public endpoint"
            self._stand(cluster, self._internet(), _HTTPS, key)
            self._lead(key, _HTTPS, cluster.address, _HTTPS, cluster, clients=clients or addresses.ALL)

    def _is_public(self, block: Block, cluster: Resource) -> bool:
        return self._reading.flag(
            block,
            "endpoint_public_access",
            default=True,
            if_unknown=True,
            meaning="taken for public",
            resource=cluster,
        )

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
        self._stand(resource, standing, front)
        for value, back in targets:
            for node in self._targets(value, resource):
                taken = node.listens if node.listens is not None else traffic.ALL
                self._lead(resource.address, front, node.key, taken if back is None else back, resource)

    def _come_in(self, entrance: Entrance) -> None:
        """A way from the internet that AWS carries to a node with interfaces of its own, or past it to others."""
        resource, front = entrance.resource, entrance.traffic
        key = f"{resource.address}/internet" if resource.address in self._known else resource.address
        if key not in self.nodes:
            self._stand(resource, self._internet(), front, key)
        known = self.nodes[key].listens or NOTHING
        self.nodes[key] = replace(self.nodes[key], listens=known | front)
        keeps, doubt = entrance.keeps_client, entrance.doubt
        self._lead(key, front, entrance.target, front, resource, keeps=keeps, doubt=doubt)

    def _stand(
        self, resource: Resource, standing: tuple[Subnet, ...], front: Intervals, key: str | None = None
    ) -> None:
        """A node that stands for a service of AWS, which is asked there."""
        self._reading.assume("what it asks of its callers is not looked at: as if it were open", resource)
        key = key or resource.address
        self.nodes[key] = Node(
            key,
            key,
            "endpoint",
            resource=resource,
            subnets=standing,
            groups=None,
            is_public=standing[0].vpc == _EDGE,
            has_ipv6=False,
            listens=front,
        )

    def _lead(
        self,
        key: str,
        front: Intervals,
        target: str,
        back: Intervals,
        resource: Resource,
        *,
        keeps: bool = False,
        clients: Intervals = addresses.ALL,
        doubt: Assumption | None = None,
    ) -> None:
        rule = Rule(f"{resource.address} leads to {target}", resource, doubt)
        self.forwards.append(Forward(key, front, target, back=back, keeps_client=keeps, rule=rule, clients=clients))

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
