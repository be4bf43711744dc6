"""Ways into VPCs that AWS carries itself, past routes, to what their groups let in.

Accelerators and origins in a VPC need an internet gateway in it, though no route to it. Where an endpoint sees its
clients' addresses, network ACLs look at its answers only; else the accelerator comes over the internet. Sources: Global
Accelerator developer guide, "Preserve client IP addresses" and "Requirements for endpoints with client IP address
preservation"; CloudFront developer guide, "Restrict access with VPC origins"; EKS user guide, "Cluster API server
endpoint".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policies.library.load_balancers import LOAD_BALANCERS
from policies.library.model import Block, Resource
from policies.library.values import Unknown, Value
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Approach, Forward, Node
from policies.reachability.read.api_gateways import read_api_gateways
from policies.reachability.read.containers import ANY_PORT
from policies.reachability.read.listeners import ports
from policies.reachability.read.places import Places
from policies.reachability.read.proxies import Entrance
from policies.reachability.read.reading import known_text, leaves
from policies.reachability.read.service_nodes import HTTPS, WEB, ServiceNodes, taken

_ACCELERATED = "aws_globalaccelerator_endpoint_group"
_FAR = "read as far as known"


class Edges:
    """Nodes that stand for such services, and what they pass on to the nodes of VPCs."""

    def __init__(self, places: Places, nodes: Mapping[str, Node], entrances: Iterable[Entrance] = ()) -> None:
        self._places, self._reading, self._known = places, places.reading, nodes
        self._services = ServiceNodes(places, nodes)
        configuration = self._reading.configuration
        for each in configuration.of_type(_ACCELERATED):
            self._accelerate(each)
        for each in configuration.of_type("aws_globalaccelerator_cross_account_attachment"):
            self._accelerate_elsewhere(each)
        for each in configuration.of_type("aws_cloudfront_vpc_origin"):
            self._originate(each)
        for each in configuration.of_type("aws_globalaccelerator_custom_routing_endpoint_group"):
            self._route(each)
        read_api_gateways(self._services)
        self._reach_clusters()
        for entrance in entrances:
            self._come_in(entrance)

    @property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes that stand for services."""
        return self._services.nodes

    @property
    def forwards(self) -> list[Forward]:
        """What they pass on."""
        return self._services.forwards

    def _accelerate(self, group: Resource) -> None:
        front = NOTHING
        for listener in self._reading.owners(group, "listener_arn", ("aws_globalaccelerator_listener",)):
            protocol = "udp" if self._reading.text(listener, "protocol").upper() == "UDP" else "tcp"
            for block in self._reading.blocks(listener, "port_range", listener, _FAR):
                first = self._reading.number(block, "from_port", "taken for every port", listener)
                last = self._reading.number(block, "to_port", "taken for every port", listener)
                known = first is not None and last is not None
                front |= traffic.ports(protocol, first or 0, last or 0) if known else ports(protocol, None)
        front = front or traffic.ALL
        self._services.stand(group, front)
        for block in self._reading.blocks(group, "endpoint_configuration", group, _FAR):
            for node in self._services.targets(block.get("endpoint_id"), group):
                back = taken(node) if group.has("port_override") else front
                is_kept = False if self._is_by_address(block.get("endpoint_id")) else self._keeps(block, node)
                self._pass(group, node, front, back, is_kept=is_kept)
        if any(isinstance(each, Unknown) for each in group.values("endpoint_configuration")):
            for node in self._services.targets(Unknown("endpoint_configuration"), group):
                self._pass(group, node, front, taken(node), is_kept=None)

    def _is_by_address(self, endpoint: Value) -> bool:
        """Whether an endpoint is an Elastic IP address, for which the client's address is never kept."""
        return any(each.type == "aws_eip" for each in self._reading.configuration.resolve(endpoint))

    def _keeps(self, block: Block, node: Node) -> bool | None:
        """Whether an endpoint sees its client's address: instances and internal load balancers always do.

        None where that is not known, or not said of others.
        """
        if node.resource.type not in LOAD_BALANCERS:
            return True
        if self._reading.flag(node.resource, "internal", if_unknown=False, meaning="taken for none"):
            return True
        said = next(leaves(block.get("client_ip_preservation_enabled")), None)
        return None if said is None or isinstance(said, Unknown) else str(said).lower() in ("true", "1")

    def _pass(self, resource: Resource, node: Node, front: Intervals, back: Intervals, is_kept: bool | None) -> None:
        """Lead an accelerator to an endpoint, with its client's address, one of AWS's, or both."""
        if is_kept is not False:
            self._accelerated(resource, front, node.key, back)
        if is_kept is not True:
            self._services.lead(
                resource.address,
                front,
                node.key,
                back,
                resource,
                senders=addresses.INTERNET,
                approach=Approach.INTERNET,
                is_private_link=False,
            )

    def _accelerated(self, resource: Resource, front: Intervals, target: str, back: Intervals) -> None:
        """Lead an accelerator to what sees its clients' addresses, through interfaces of its own in the VPC."""
        self._services.lead(
            resource.address,
            front,
            target,
            back,
            resource,
            keeps=True,
            approach=Approach.ACCELERATOR,
            is_private_link=False,
        )

    def _accelerate_elsewhere(self, attachment: Resource) -> None:
        """Accelerators of other accounts, which an attachment lets lead to what is declared here.

        Source: Global Accelerator developer guide, "Cross-account attachments and resources".
        """
        self._services.stand(attachment, traffic.TCP | traffic.UDP)
        values = [block.get("endpoint_id") for block in self._reading.blocks(attachment, "resource", attachment, _FAR)]
        values += [each for each in attachment.values("resource") if isinstance(each, Unknown)]
        for value in values:
            for node in self._services.targets(value, attachment):
                self._pass(attachment, node, traffic.TCP | traffic.UDP, taken(node), is_kept=None)

    def _originate(self, origin: Resource) -> None:
        """A VPC origin of CloudFront, which comes from interfaces in the origin's subnets, or from its own addresses.

        The origin's groups let in the prefix list of CloudFront, or the group around those interfaces.
        """
        self._services.stand(origin, WEB)
        for block in self._reading.blocks(origin, "vpc_origin_endpoint_config", origin, _FAR):
            back = NOTHING
            for name in ("http_port", "https_port"):
                back |= ports("tcp", self._reading.number(block, name, "taken for every port", origin))
            for node in self._services.targets(block.get("arn"), origin):
                near = Intervals.union(subnet.addresses for subnet in node.subnets)
                senders = addresses.INTERNET | near
                self._services.lead(
                    origin.address,
                    WEB,
                    node.key,
                    back,
                    origin,
                    senders=senders,
                    approach=Approach.GATEWAY,
                    is_private_link=False,
                )

    def _route(self, group: Resource) -> None:
        """A custom routing accelerator, to everything in its subnets, which sees its clients' addresses."""
        back = NOTHING
        for block in self._reading.blocks(group, "destination_configuration", group, _FAR):
            first, last = (self._reading.number(block, name, "every port", group) for name in ("from_port", "to_port"))
            span = (first, last) if first is not None and last is not None else ANY_PORT
            for protocol in ("tcp", "udp"):
                speaks = [str(leaf).upper() for leaf in leaves(block.get("protocols")) if isinstance(leaf, str)]
                back |= traffic.ports(protocol, *span) if not speaks or protocol.upper() in speaks else NOTHING
        subnets = [
            subnet.key
            for block in self._reading.blocks(group, "endpoint_configuration", group, _FAR)
            for leaf in leaves(block.get("endpoint_id"))
            for subnet in self._places.subnets.named([leaf], (), group)
        ]
        reached = [key for key, node in self._known.items() if any(each.key in subnets for each in node.subnets)]
        self._services.stand(group, traffic.ALL)
        for key in reached:
            self._accelerated(group, traffic.ALL, key, back or traffic.ALL)

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
            key = self._services.stand(cluster, HTTPS, f"{cluster.address}/public endpoint")
            self._services.lead(key, HTTPS, cluster.address, HTTPS, cluster, clients=clients or addresses.ALL)

    def _is_public(self, block: Block, cluster: Resource) -> bool:
        return self._reading.flag(
            block,
            "endpoint_public_access",
            default=True,
            if_unknown=True,
            meaning="taken for public",
            resource=cluster,
        )

    def _come_in(self, entrance: Entrance) -> None:
        """A way from the internet that AWS carries to a node with interfaces of its own, or past it to others."""
        resource, front = entrance.resource, entrance.traffic
        key = f"{resource.address}/internet" if resource.address in self._known else resource.address
        self._services.stand(resource, front, key)
        self._services.lead(
            key, front, entrance.target, front, resource, keeps=entrance.keeps_client, doubt=entrance.doubt
        )
