"""What passes connections on with interfaces of its own besides load balancers: RDS Proxy, endpoints of clusters, VPC
Lattice's resource gateways, Verified Access, EC2 Instance Connect Endpoint.

Sources: RDS user guide, "Using Amazon RDS Proxy"; AWS PrivateLink guide, "Access VPC resources through AWS
PrivateLink"; Verified Access user guide, "Endpoints"; EC2 user guide, "Connect to your instances using EC2 Instance
Connect Endpoint". What these ask of their callers is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from policies.library.model import Block, Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Assumption, Forward, Node, Rule
from policies.reachability.read.lookups import Lookups
from policies.reachability.read.places import Places
from policies.reachability.read.reading import could_be_anything, known_text, leaves
from policies.reachability.read.servers import TYPES as SERVERS

_PROXY, _PROXY_ENDPOINT, _PROXY_TARGET = "aws_db_proxy", "aws_db_proxy_endpoint", "aws_db_proxy_target"
_DATABASES = ("aws_db_instance", "aws_rds_cluster")
_PORTS: Mapping[str, int] = {"MYSQL": 3306, "POSTGRESQL": 5432, "SQLSERVER": 1433}
"""RDS user guide, "RDS Proxy concepts and terminology": a proxy listens on the default port of its engine family."""


@dataclass(frozen=True)
class _Endpoint:
    """How a type of endpoint names the cluster that it leads to."""

    argument: str
    types: tuple[str, ...]
    name: str
    """The argument of the cluster that may be written instead of a reference."""
    port: int
    """Where the cluster says none."""


_ENDPOINTS: Mapping[str, _Endpoint] = {
    "aws_elasticsearch_vpc_endpoint": _Endpoint("domain_arn", ("aws_elasticsearch_domain",), "domain_name", 443),
    "aws_opensearch_vpc_endpoint": _Endpoint("domain_arn", ("aws_opensearch_domain",), "domain_name", 443),
    "aws_redshift_endpoint_access": _Endpoint(
        "cluster_identifier", ("aws_redshift_cluster",), "cluster_identifier", 5439
    ),
    "aws_redshiftserverless_endpoint_access": _Endpoint(
        "workgroup_name", ("aws_redshiftserverless_workgroup",), "workgroup_name", 5439
    ),
}
"""Endpoints that AWS manages in the VPCs of a cluster's clients. Sources: Redshift management guide, "Redshift-managed
VPC endpoints"; OpenSearch Service developer guide, "Access Amazon OpenSearch Service using a VPC endpoint"."""

_MSK_CONNECTION = "aws_msk_vpc_connection"
_MSK_CLUSTERS = ("aws_msk_cluster", "aws_msk_serverless_cluster")
_MSK_FRONT, _MSK_BACK = traffic.tcp(14001, 14100), traffic.tcp(9094, 9098)
"""MSK developer guide, "Amazon MSK multi-VPC private connectivity": the ports at the connection, and of the brokers."""

_CONFIGURATION = "aws_vpclattice_resource_configuration"
_GATEWAY = "aws_vpclattice_resource_gateway"
_VERIFIED = "aws_verifiedaccess_endpoint"
_CONNECT = "aws_ec2_instance_connect_endpoint"
_CONNECT_PORTS = traffic.tcp(22) | traffic.tcp(3389)
_OPTIONS = ("load_balancer_options", "network_interface_options", "rds_options", "cidr_options")
_DATABASE_ARNS = ("rds_db_instance_arn", "rds_db_cluster_arn", "rds_db_proxy_arn")
_TARGETS = ("load_balancer_arn", "network_interface_id", *_DATABASE_ARNS, "cidr")
_IDENTIFIERS = (("db_instance_identifier", "identifier"), ("db_cluster_identifier", "cluster_identifier"))


@dataclass(frozen=True)
class Entrance:
    """A way from the internet to a node, which AWS carries."""

    resource: Resource
    """What makes it."""
    traffic: Intervals
    target: str
    keeps_client: bool
    """Whether the node sees its client's address."""
    doubt: Assumption | None = None
    """What it rests on that there is this way."""


class Proxies:
    """The nodes, as they are with what passes connections on among them, and what that does."""

    def __init__(self, places: Places, nodes: Mapping[str, Node]) -> None:
        self._places, self._reading = places, places.reading
        self._lookups = Lookups(places, nodes)
        self.nodes = dict(nodes)
        self.forwards: list[Forward] = []
        self.entrances: list[Entrance] = []
        """From the internet."""
        read: dict[str, Callable[[Resource], None]] = {
            _PROXY: self._proxy,
            _PROXY_TARGET: self._target_of_module,
            _PROXY_ENDPOINT: self._proxy_endpoint,
            **dict.fromkeys(_ENDPOINTS, self._cluster_endpoint),
            _MSK_CONNECTION: self._msk_connection,
            "aws_vpc_endpoint": self._resource_endpoint,
            _VERIFIED: self._verified_access,
            _CONNECT: self._instance_connect,
        }
        for type_, read_one in read.items():
            for each in self._reading.configuration.of_type(type_):
                read_one(each)

    def _resource_endpoint(self, endpoint: Resource) -> None:
        for leaf in leaves(endpoint.get("resource_configuration_arn")):
            self.connect(endpoint.address, leaf, endpoint)

    def _target_of_module(self, target: Resource) -> None:
        """A target of a proxy that may be in a module which is not here."""
        for module in self._reading.modules_of(target.get("db_proxy_name")):
            self._pass_to_databases(module, traffic.TCP, target)

    def connect(self, through: str, configuration: Value, user: Resource) -> None:
        """Lead a node on to the resources of a configuration of VPC Lattice, by way of its resource gateway."""
        for each in self._configurations(configuration, user):
            front = self._port_ranges(each)
            for gateway in self._gateways(each):
                rule = Rule(f"{user.address} is for {each.address}", user)
                self._pass(through, front, gateway, front, rule)
                for key in self._resources(each, gateway):
                    self._pass(gateway, front, key, front, Rule(f"{each.address} leads to {key}", each))

    def _pass(self, through: str, front: Intervals, target: str, back: Intervals, rule: Rule) -> None:
        if target in self.nodes and through != target:
            self.forwards.append(Forward(through, front, target, back=back, keeps_client=False, rule=rule))

    def _proxy(self, proxy: Resource) -> None:
        if proxy.address not in self.nodes:
            return
        front = self._ports_of(proxy)
        self.nodes[proxy.address] = replace(self.nodes[proxy.address], listens=front)
        for each in self._reading.configuration.of_type(_PROXY_TARGET):
            if proxy in self._named(each.get("db_proxy_name"), (_PROXY,), "name", each):
                self._pass_to_databases(proxy.address, front, each)

    def _pass_to_databases(self, proxy: str, front: Intervals, target: Resource) -> None:
        for name, key in _IDENTIFIERS:
            for database in self._named(target.get(name), _DATABASES, key, target):
                port = self._reading.number(database, "port", "taken for the proxy's own", database)
                back = front if port is None else traffic.tcp(port)
                self._pass(proxy, front, database.address, back, Rule(f"{target.address} is of the proxy", target))

    def _proxy_endpoint(self, endpoint: Resource) -> None:
        if endpoint.address not in self.nodes:
            return
        for proxy in self._named(endpoint.get("db_proxy_name"), (_PROXY,), "name", endpoint):
            front = self._ports_of(proxy)
            node = self.nodes[endpoint.address]
            self.nodes[endpoint.address] = replace(node, kind="endpoint", listens=front)
            self._pass(endpoint.address, front, proxy.address, front, Rule(f"an endpoint of {proxy.address}", endpoint))

    def _cluster_endpoint(self, endpoint: Resource) -> None:
        known = _ENDPOINTS[endpoint.type]
        for cluster in self._named(endpoint.get(known.argument), known.types, known.name, endpoint):
            ports = self._port_of(cluster, known.port)
            rule = Rule(f"{endpoint.address} leads to {cluster.address}", endpoint)
            self._pass(endpoint.address, ports, cluster.address, ports, rule)

    def _port_of(self, cluster: Resource, otherwise: int) -> Intervals:
        """The port of a cluster; every one where it is not known."""
        port = self._reading.known(lambda: cluster.number("port") or otherwise, 0, "taken for every port", cluster)
        return traffic.tcp(port) if port else traffic.TCP

    def _msk_connection(self, connection: Resource) -> None:
        for cluster in self._named(connection.get("target_cluster_arn"), _MSK_CLUSTERS, "cluster_name", connection):
            rule = Rule(f"{connection.address} leads to {cluster.address}", connection)
            self._pass(connection.address, _MSK_FRONT, cluster.address, _MSK_BACK, rule)

    def _ports_of(self, proxy: Resource) -> Intervals:
        port = _PORTS.get(self._reading.text(proxy, "engine_family").upper())
        return traffic.TCP if port is None else traffic.tcp(port)

    def _named(self, value: Value, types: tuple[str, ...], name: str, user: Resource) -> list[Resource]:
        """The resources that a value names, by reference or by their name; any where it is not known."""
        found: list[Resource] = []
        for leaf in leaves(value):
            named = self._reading.named(leaf, types)
            every = self._reading.configuration.of_type(*types)
            if not named and not isinstance(leaf, Unknown):
                named = [each for each in every if _is_called(each, name, leaf)]
            elif not named and could_be_anything(leaf):
                self._reading.assume(f"it is not known what {label_of(leaf)} is: any", user)
                named = list(every)
            found += named
        return found

    def _configurations(self, value: Value, user: Resource) -> list[Resource]:
        """The configurations that a value names, with the children of a group."""
        found = self._named(value, (_CONFIGURATION,), "name", user)
        children = [
            child
            for group in found
            for child in self._reading.configuration.referring(group, _CONFIGURATION, "resource_configuration_group_id")
        ]
        return [*found, *children]

    def _port_ranges(self, configuration: Resource) -> Intervals:
        """The ports of a configuration: all where they are not known."""
        found = NOTHING
        for leaf in leaves(configuration.get("port_ranges")):
            first, _, last = ("" if isinstance(leaf, Unknown) else str(leaf)).partition("-")
            if not first.isdigit():
                return traffic.TCP
            found |= traffic.tcp(int(first), int(last) if last.isdigit() else int(first))
        return found or traffic.TCP

    def _gateways(self, configuration: Resource) -> Iterator[str]:
        for each in self._named(configuration.get("resource_gateway_identifier"), (_GATEWAY,), "name", configuration):
            yield each.address

    def _resources(self, configuration: Resource, gateway: str) -> Iterator[str]:
        """The nodes that a configuration defines; any where that is not known."""
        blocks = self._reading.blocks(configuration, "resource_configuration_definition", configuration, "any resource")
        values = [
            inner.get(name)
            for block in blocks
            for kind in ("arn_resource", "dns_resource", "ip_resource")
            for inner in self._reading.blocks(block, kind, configuration, "any resource")
            for name in ("arn", "domain_name", "ip_address")
        ]
        given = [leaf for value in values for leaf in leaves(value)]
        for value in given:
            yield from self._at(value, configuration, gateway)
        if not given and not self._reading.configuration.referring(
            configuration, _CONFIGURATION, "resource_configuration_group_id"
        ):
            yield from self._at(Unknown("its resource"), configuration, gateway)

    def _at(self, value: Value, user: Resource, near: str) -> Iterator[str]:
        """The nodes that a value names, by reference, lookup or address; where it is not known any in the VPC."""
        found = [self._places.interfaces.holder(each).address for each in self._reading.configuration.resolve(value)]
        found = [key for key in found if key in self.nodes] + self._lookups.nodes(value, user)
        if not found and not isinstance(value, Unknown):
            try:
                address = addresses.network(known_text(value))
                found = [key for key, node in self.nodes.items() if _may_have(node, address)]
            except ValueError:
                value = Unknown(label_of(value))  # a name, which may resolve to anything
        if not found and isinstance(value, Unknown):
            vpc = self.nodes[near].vpc if near in self.nodes else None
            found = [key for key, node in self.nodes.items() if node.vpc == vpc and key != near]
            self._reading.assume(f"it is not known where {label_of(value)} leads: to anything in its VPC", user)
        yield from found

    def _verified_access(self, endpoint: Resource) -> None:
        """From the internet to its interfaces, and from these to what it is for."""
        for name in _OPTIONS:
            for block in self._reading.blocks(endpoint, name, endpoint, "read as far as known"):
                front = self._ports_in(block, endpoint)
                named = [leaf for each in _TARGETS for leaf in leaves(block.get(each))]
                targets = [
                    key
                    for leaf in named or leaves(block.get("rds_endpoint"))
                    for key in self._at(leaf, endpoint, endpoint.address)
                ]
                if endpoint.address not in self.nodes:
                    self.entrances += [Entrance(endpoint, front, target, keeps_client=False) for target in targets]
                    continue
                self.entrances.append(Entrance(endpoint, front, endpoint.address, keeps_client=False))
                for target in targets:
                    rule = Rule(f"{endpoint.address} leads to {target}", endpoint)
                    self._pass(endpoint.address, front, target, front, rule)

    def _ports_in(self, block: Block, endpoint: Resource) -> Intervals:
        """The ports in the options of an endpoint; all where none is known."""
        found = NOTHING
        port = self._reading.number(block, "port", "taken for every port", endpoint)
        if port is not None:
            found |= traffic.tcp(port)
        for inner in self._reading.blocks(block, "port_range", endpoint, "taken for every port"):
            ends = [self._reading.number(inner, name, "every port", endpoint) for name in ("from_port", "to_port")]
            known = [end for end in ends if end is not None]
            found |= traffic.tcp(*known) if len(known) == len(ends) else traffic.TCP
        return found or traffic.TCP

    def _instance_connect(self, endpoint: Resource) -> None:
        """From the internet to servers of its VPC on the ports of SSH and RDP, from it or from its clients.

        Servers that let its security groups in do so whether it keeps its clients' addresses or not: EC2 user guide,
        "Security groups for EC2 Instance Connect Endpoint". What it does where it is not said the EC2 API reference,
        "CreateInstanceConnectEndpoint", and the descriptions of the SDKs answer differently.
        """
        if endpoint.address not in self.nodes:
            return
        own = self.nodes[endpoint.address]
        said = next(leaves(endpoint.get("preserve_client_ip")), None)
        doubt, keeps = None, str(label_of(said)).lower() in ("true", "1")
        if said is None or isinstance(said, Unknown):
            doubt = self._reading.assume("it is not known whether it keeps its clients' addresses: both", endpoint)
        servers = {
            key: node for key, node in self.nodes.items() if node.resource.type in SERVERS and node.vpc == own.vpc
        }
        self.entrances.append(Entrance(endpoint, _CONNECT_PORTS, endpoint.address, keeps_client=False))
        for key, server in servers.items():
            text = f"{endpoint.address} leads to the servers of its VPC"
            named = _open_to_groups_of(own, server) & _CONNECT_PORTS
            self._pass(endpoint.address, named, key, named, Rule(text, endpoint))
            others = _CONNECT_PORTS - named
            if keeps or doubt:
                self.entrances.append(Entrance(endpoint, others, key, keeps_client=True, doubt=doubt))
            if not keeps:
                self._pass(endpoint.address, others, key, others, Rule(text, endpoint, doubt))


def _open_to_groups_of(client: Node, server: Node) -> Intervals:
    """The traffic that a server's security groups let in from those of a client."""
    groups = {group.key for group in client.groups or ()}
    permissions = [permission for group in server.groups or () for permission in group.ingress]
    return Intervals.union(each.traffic for each in permissions if each.groups & groups)


def _is_called(resource: Resource, attribute: str, name: Value) -> bool:
    own = resource.get(attribute)
    return isinstance(own, str) and own == name


def _may_have(node: Node, address: Intervals) -> bool:
    """Whether a node has, or may have, one of some addresses."""
    if node.addresses:
        return bool(node.addresses & address)
    return any(bool(subnet.addresses & address) for subnet in node.subnets)
