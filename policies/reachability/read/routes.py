"""Route tables: which one each subnet has, and its routes in AWS's order of priority.

Sources: VPC user guide, "Route tables" (main table, implicit local route) and "Route priority".
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.model import Block, Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability import addresses
from policies.reachability.intervals import Intervals
from policies.reachability.network import Assumption, Route, RouteTable, Rule, Target
from policies.reachability.read.gateways import Gateways
from policies.reachability.read.interfaces import Interfaces
from policies.reachability.read.peers import SERVICE_LENGTH, Peers, blocks
from policies.reachability.read.reading import Reading, leaves
from policies.reachability.read.targets import Targets
from policies.reachability.read.vpcs import TYPES as VPCS
from policies.reachability.read.vpcs import Vpcs, name_of

DECLARED = ("aws_route_table", "aws_default_route_table")
TYPES = (*DECLARED, "data.aws_route_table")

_CIDRS = ("destination_cidr_block", "cidr_block", "destination_ipv6_cidr_block", "ipv6_cidr_block")
_LIST = "destination_prefix_list_id"


class Tables:
    """Route tables by subnet."""

    def __init__(self, reading: Reading, vpcs: Vpcs, peers: Peers, gateways: Gateways, interfaces: Interfaces) -> None:
        self._reading, self._vpcs, self._peers, self._gateways = reading, vpcs, peers, gateways
        self._targets = Targets(reading, vpcs, gateways, interfaces)
        self._static: dict[str, list[tuple[Resource, Block]]] = {}
        self._endpoints: dict[str, list[tuple[Resource, Resource]]] = {}
        self._propagated: dict[str, list[str]] = {}
        self._associated: dict[str, list[str]] = {}
        self._maybe: dict[str, list[str]] = {}
        self._main: dict[str, str] = {}
        self._resources: dict[str, Resource] = {}
        self._built: dict[tuple[str, str], RouteTable] = {}
        self._declare()
        self._collect()

    def of(self, subnet: Resource, vpc: str) -> list[RouteTable]:
        """The table of a subnet: the one it is associated with, else the main one of its VPC. Several if it may be any.

        Which one it is may depend on what is only known when applied.
        """
        keys = self._associated.get(subnet.address) or [self.main(vpc), *self._maybe.get(vpc, ())]
        keys = list(dict.fromkeys([*keys, *self._maybe.get(subnet.address, ())]))
        if len(keys) > 1:
            self._reading.assume("it may be associated with several route tables: each is looked at", subnet)
        return [self._table(key, vpc) for key in keys]

    def main_of(self, vpc: str) -> RouteTable:
        """The main table of a VPC."""
        return self._table(self.main(vpc), vpc)

    def elsewhere(self, subnet: str, vpc: str) -> RouteTable:
        """The table of a subnet that is not declared here: it leads to the internet, if the VPC does."""
        key = f"{subnet}/route table"
        routes = [*self._local(vpc), *self._assumed(vpc)]
        return self._built.setdefault((key, vpc), RouteTable(key, key, tuple(routes)))

    def main(self, vpc: str) -> str:
        """The key of a VPC's main table."""
        return self._main.get(vpc, f"{vpc}/main route table")

    def _declare(self) -> None:
        """Which tables there are, of which VPC, and which are main."""
        reading = self._reading
        for table in reading.configuration.of_type(*DECLARED):
            self._resources[table.address] = table
            if table.type == "aws_default_route_table":
                self._make_main(table, "default_route_table_id", [table.address])
        for each in reading.configuration.of_type("aws_main_route_table_association"):
            self._make_main(each, "vpc_id", self._keys(each, "route_table_id"))

    def _make_main(self, resource: Resource, name: str, tables: list[str]) -> None:
        """Make a table the main one of a VPC: perhaps, where either is not known."""
        is_sure = self._reading.is_sure(resource, name) and len(tables) == 1
        for vpc in self._reading.owners(resource, name, VPCS):
            key = self._vpcs.key_of_resource(vpc)
            if is_sure:
                self._main[key] = tables[0]
            else:
                self._maybe.setdefault(key, []).extend(tables)

    def _keys(self, resource: Resource, name: str, widens: bool = True) -> list[str]:
        """The tables that a resource names: also main ones by attributes of their VPC, or looked up."""
        keys = []
        for each in self._reading.owners(resource, name, (*TYPES, *VPCS), widens):
            if each.type in VPCS:
                keys.append(self.main(self._vpcs.key_of_resource(each)))
            elif each.type.startswith("data."):
                keys += self._looked_up(each)
            else:
                keys.append(each.address)
        if not keys:
            for leaf in leaves(resource.get(name)):
                keys.append(label_of(leaf))
        return list(dict.fromkeys(keys))

    def _looked_up(self, table: Resource) -> list[str]:
        """A table that is looked up: the one of a subnet or, in a VPC declared here, taken for the main one."""
        for subnet in self._reading.named(table.get("subnet_id"), ("aws_subnet", "aws_default_subnet")):
            found = self._associated.get(subnet.address)
            return found or [self.main(self._vpcs.of_subnet(subnet))]
        if table.has("vpc_id"):
            return [self.main(self._vpcs.key_of(table.get("vpc_id")))]
        return [table.address]

    def _collect(self) -> None:
        """Associations, routes, propagation and endpoints, by table."""
        configuration = self._reading.configuration
        for each in configuration.of_type("aws_route_table_association"):
            for subnet in self._reading.owners(each, "subnet_id", ("aws_subnet", "aws_default_subnet")):
                found = self._associated if self._reading.is_sure(each, "subnet_id") else self._maybe
                found.setdefault(subnet.address, []).extend(self._keys(each, "route_table_id"))
            if each.has("gateway_id"):
                self._reading.assume("routes of what comes in through a gateway are not looked at", each)
        for key, table in self._resources.items():
            self._collect_inline(key, table)
        for each in configuration.of_type("aws_route"):
            for key in self._keys(each, "route_table_id"):
                self._static.setdefault(key, []).append((each, each))
        for each in configuration.of_type("aws_vpn_gateway_route_propagation", "aws_vpc_route_server_propagation"):
            for key in self._keys(each, "route_table_id"):
                self._propagated.setdefault(key, []).extend(self._gateways.propagating(each))
        self._collect_endpoints()

    def _collect_inline(self, key: str, table: Resource) -> None:
        if any(isinstance(each, Unknown) for each in table.values("route")):
            self._reading.assume("its routes are not all known: one to the internet is assumed", table)
            everywhere: dict[str, Value] = {
                "cidr_block": "0.0.0.0/0",
                "gateway_id": Unknown("a route that is not known"),
            }
            self._static.setdefault(key, []).append((table, Block(everywhere, table.place)))
        for block in self._reading.blocks(table, "route", table, "only the routes that are known are read"):
            self._static.setdefault(key, []).append((table, block))
        if table.has("propagating_vgws"):
            self._propagated.setdefault(key, []).extend(self._gateways.vpn_gateways(table.get("propagating_vgws")))

    def _collect_endpoints(self) -> None:
        for endpoint in self._reading.configuration.of_type("aws_vpc_endpoint"):
            if self._reading.text(endpoint, "vpc_endpoint_type", "Gateway").lower() == "gateway":
                for key in self._keys(endpoint, "route_table_ids"):
                    self._endpoints.setdefault(key, []).append((endpoint, endpoint))
        for each in self._reading.configuration.of_type("aws_vpc_endpoint_route_table_association"):
            for endpoint in self._reading.owners(each, "vpc_endpoint_id", ("aws_vpc_endpoint",)):
                for key in self._keys(each, "route_table_id"):
                    self._endpoints.setdefault(key, []).append((endpoint, each))

    def _table(self, key: str, vpc: str) -> RouteTable:
        if (key, vpc) not in self._built:
            resource = self._resources.get(key)
            name = name_of(resource) if resource else key
            routes = [*self._local(vpc), *self._statics(key, vpc), *self._services(key), *self._announced(key, vpc)]
            if resource is None and not self._vpcs.is_declared(vpc):
                routes += self._assumed(vpc)
            self._built[key, vpc] = RouteTable(key, name, tuple(sorted(routes, key=lambda each: -each.prefix_length)))
        return self._built[key, vpc]

    def _local(self, vpc: str) -> Iterator[Route]:
        rule = Rule("the local route", self._vpcs.resource(vpc))
        for network, length in blocks(self._vpcs[vpc].addresses):
            yield Route(network, length, Target("local", vpc), rule)

    def _statics(self, key: str, vpc: str) -> Iterator[Route]:
        for resource, block in self._static.get(key, ()):
            target = self._targets.of(resource, block, vpc)
            is_blackhole = target.kind == "blackhole"
            is_sure = self._reading.is_sure(resource, "route_table_id")
            doubt = None if is_sure else Assumption("it is not known in which route table it is", resource)
            values: list[tuple[Value, Iterator[tuple[Intervals, int]]]] = [
                (leaf, self._peers.routed(leaf, resource, is_blackhole))
                for name in _CIDRS
                for leaf in leaves(block.get(name))
            ]
            values += [
                (leaf, self._peers.prefix_list(leaf, resource)) for leaf in leaves(block.get(_LIST)) if not is_blackhole
            ]
            for value, networks in values:
                text = f"{label_of(value)} -> {target.key or target.kind}"
                for network, length in networks:
                    yield Route(network, length, target, Rule(text, resource, doubt))

    def _services(self, key: str) -> Iterator[Route]:
        for endpoint, declared_by in self._endpoints.get(key, ()):
            for name in self._peers.service(endpoint):
                rule = Rule(f"{name} -> {endpoint.address}", declared_by)
                target = Target("gateway endpoint", endpoint.address)
                yield Route(addresses.service(name), SERVICE_LENGTH, target, rule)

    def _announced(self, key: str, vpc: str) -> Iterator[Route]:
        for gateway in dict.fromkeys(self._propagated.get(key, ())):
            yield from self._gateways.propagated(gateway, vpc)

    def _assumed(self, vpc: str) -> Iterator[Route]:
        """The routes of a table that is not declared here: to the internet."""
        gateway = self._vpcs[vpc].internet_gateway
        if gateway is not None:
            rule = Rule("taken for a route to the internet, as it is not declared here")
            everything = addresses.ALL_V4 | addresses.ALL_SERVICES
            yield Route(everything, 0, Target("internet gateway", gateway), rule)
