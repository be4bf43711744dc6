"""Route tables: which one each subnet has, and its routes in AWS's order of priority.

Sources: VPC user guide, "Route tables" (main table, implicit local route) and "Route priority".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from policies.library.model import Block, Resource
from policies.library.values import Reference, Unknown, Value, label_of
from policies.reachability import addresses
from policies.reachability.network import Assumption, Route, RouteTable, Rule, Target
from policies.reachability.read.attachments import zone_of
from policies.reachability.read.gateways import Gateways
from policies.reachability.read.interfaces import Interfaces
from policies.reachability.read.peers import ANY_LENGTH, SERVICE_LENGTH, Part, Peers, parts_of
from policies.reachability.read.reading import Reading, could_be_anything, is_put_out, leaves
from policies.reachability.read.targets import Targets
from policies.reachability.read.vpcs import TYPES as VPCS
from policies.reachability.read.vpcs import Vpcs, name_of

DECLARED = ("aws_route_table", "aws_default_route_table")
_DATA = ("data.aws_route_table", "data.aws_route_tables")
TYPES = (*DECLARED, *_DATA)

_SUBNETS = ("aws_subnet", "aws_default_subnet")
_ENDPOINT = "aws_vpc_endpoint"

_CIDRS = ("destination_cidr_block", "cidr_block", "destination_ipv6_cidr_block", "ipv6_cidr_block")
_LIST = "destination_prefix_list_id"
_REPLACING = ("interface", "nat gateway", "appliance", "blackhole")
"""What the target of a local route can be replaced by; an interface that drops what is routed to it is a black hole."""
_OF_MODULE = "a route table of a module that is not here"


@dataclass(frozen=True)
class _Owned:
    """A table that a subnet has, or may have, or that something is about."""

    key: str
    doubt: Assumption | None = None
    """What that rests on; None if it is certain."""


@dataclass(frozen=True)
class _Static:
    """A route that is written in a table, or may be."""

    resource: Resource
    block: Block
    doubt: Assumption | None


class Tables:
    """Route tables by subnet."""

    def __init__(self, reading: Reading, vpcs: Vpcs, peers: Peers, gateways: Gateways, interfaces: Interfaces) -> None:
        self._reading, self._vpcs, self._peers, self._gateways = reading, vpcs, peers, gateways
        self._targets = Targets(reading, vpcs, gateways, interfaces)
        self._static: dict[str, list[_Static]] = {}
        self._endpoints: dict[str, list[tuple[Resource, Resource, Assumption | None]]] = {}
        self._propagated: dict[str, list[tuple[str, Assumption | None]]] = {}
        self._associated: dict[str, list[_Owned]] = {}
        self._default: dict[str, list[_Owned]] = {}
        self._main: dict[str, list[_Owned]] = {}
        self._resources: dict[str, Resource] = {}
        self._built: dict[tuple[str, str], RouteTable] = {}
        self._zonal: dict[tuple[str, str, str], RouteTable] = {}
        self._declare()
        self._collect()

    def of(self, subnet: Resource, vpc: str) -> list[RouteTable]:
        """The table of a subnet: the one it is associated with, else the main one of its VPC. Several if it may be any.

        Which one it is may depend on what is only known when applied.
        """
        opened = self._reading.opened(subnet)
        others = self._mains(vpc) if opened is None else [*self._mains(vpc), _Owned(_OF_MODULE, opened)]
        associated = _else(self._associated.get(subnet.address, []), others)
        return [self._in_zone(table, subnet, vpc) for table in self._tables(associated, vpc, subnet)]

    def _in_zone(self, table: RouteTable, subnet: Resource, vpc: str) -> RouteTable:
        """A table as it is for a subnet: transit gateways take nothing from a zone without their attachment."""
        zone = zone_of(subnet)
        targets = {route.target for route in table.routes if route.target.kind == "transit gateway"}
        deaf = {target for target in targets if not self._gateways.transit.serves(target.key, vpc, zone)}
        if not deaf:
            return table
        key = (table.key, vpc, zone or "")
        if key not in self._zonal:
            routes = (_dropped(route, zone or "") if route.target in deaf else route for route in table.routes)
            self._zonal[key] = RouteTable(table.key, table.name, tuple(routes))
        return replace(self._zonal[key], assumption=table.assumption) if table.assumption else self._zonal[key]

    def main_of(self, vpc: str) -> list[RouteTable]:
        """The main table of a VPC; several if it may be any."""
        return self._tables(self._mains(vpc), vpc, self._vpcs.resource(vpc))

    def elsewhere(self, subnet: str, vpc: str, assumption: Assumption | None) -> RouteTable:
        """The table of a subnet that is not declared here, on an assumption or as AWS makes it."""
        key = f"{subnet}/route table"
        if (key, vpc) not in self._built:
            route = self._to_internet(vpc) if assumption is None else _anywhere(assumption)
            self._built[key, vpc] = RouteTable(key, key, (*self._local(vpc), route))
        return self._built[key, vpc]

    def _tables(self, owned: list[_Owned], vpc: str, subnet: Resource | None) -> list[RouteTable]:
        unique = list({each.key: each for each in reversed(owned)}.values())[::-1]
        doubt = next((each.doubt for each in unique if each.doubt is not None), None)
        if len(unique) > 1:
            doubt = self._reading.assume("it may have several route tables: each is looked at", subnet)
        tables = [(self._table(each.key, vpc), each.doubt or doubt) for each in unique]
        return [table if doubt is None else replace(table, assumption=doubt) for table, doubt in tables]

    def _mains(self, vpc: str) -> list[_Owned]:
        """The main table of a VPC: one that was made so, else the default one."""
        own = _else(self._main.get(vpc, []), self._defaults(vpc))
        others = [main for each in sorted(self._vpcs[vpc].may_be) for main in self._mains(each)]
        return [*own, *(replace(each, doubt=self._vpcs.doubt(vpc)) for each in others)]

    def _defaults(self, vpc: str) -> list[_Owned]:
        """The table that a VPC was made with: one that adopts it, if there is."""
        return _else(self._default.get(vpc, []), [_Owned(_made_with(vpc))])

    def _declare(self) -> None:
        """Which tables there are, of which VPC, and which are main."""
        reading = self._reading
        for table in reading.configuration.of_type(*DECLARED):
            self._resources[table.address] = table
            if table.type == "aws_default_route_table":
                presence = reading.presence(table)
                for vpc in reading.candidates(table, "default_route_table_id", VPCS):
                    key = self._vpcs.key_of_resource(vpc.resource)
                    self._default.setdefault(key, []).append(_Owned(table.address, vpc.assumption or presence))
        for each in reading.configuration.of_type("aws_main_route_table_association"):
            tables = self._keys(each, "route_table_id")
            for vpc in reading.candidates(each, "vpc_id", VPCS):
                mains = self._main.setdefault(self._vpcs.key_of_resource(vpc.resource), [])
                mains += [replace(table, doubt=vpc.assumption or table.doubt) for table in tables]

    def _keys(self, resource: Resource, name: str) -> list[_Owned]:
        """The tables that a resource names, if it is there: also by attributes of their VPC, or looked up."""
        presence = self._reading.presence(resource)
        owned: list[_Owned] = []
        for leaf in leaves(resource.get(name)):
            found = list(self._named(leaf, resource))
            if not found and could_be_anything(leaf):
                doubt = self._reading.assume(f"{name} is not known: taken for any that there is", resource)
                keys = [each.address for each in self._reading.configuration.of_type(*DECLARED)]
                keys += [main.key for vpc in self._vpcs.all for main in self._mains(vpc)]
                found = [_Owned(key, doubt) for key in dict.fromkeys(keys)]
            owned += found
            if not found or is_put_out(leaf):
                owned.append(_Owned(label_of(leaf)))
        return [replace(each, doubt=each.doubt or presence) for each in dict.fromkeys(owned)]

    def _named(self, value: Value, resource: Resource) -> Iterator[_Owned]:
        """The tables that one value names, or may name."""
        certain = [owned for data in self._reading.named(value, _DATA) for owned in self._looked_up(data)]
        yield from certain
        for each in () if certain else self._reading.choices(value, (*TYPES, *VPCS), resource):
            if each.resource.type in VPCS:
                vpc = self._vpcs.key_of_resource(each.resource)
                for owned in self._mains(vpc) if _is_main(value) else self._defaults(vpc):
                    yield replace(owned, doubt=each.assumption or owned.doubt)
            elif each.resource.type in _DATA and each.resource.has("vpc_id"):
                for owned in self._mains(self._vpcs.key_of(each.resource.get("vpc_id"))):
                    yield replace(owned, doubt=each.assumption or owned.doubt)
            else:
                yield _Owned(each.resource.address, each.assumption)

    def _looked_up(self, table: Resource) -> Iterator[_Owned]:
        """A table that is looked up as the one of a subnet, or as the main one of a VPC."""
        for subnet in self._reading.named(table.get("subnet_id"), _SUBNETS):
            yield from _else(self._associated.get(subnet.address, []), self._mains(self._vpcs.of_subnet(subnet)))
        filters = self._reading.blocks(table, "filter", table, "it may be any")
        if table.has("vpc_id") and any(self._reading.text(each, "name") == "association.main" for each in filters):
            yield from self._mains(self._vpcs.key_of(table.get("vpc_id")))

    def _collect(self) -> None:
        """Associations, routes, propagation and endpoints, by table."""
        configuration = self._reading.configuration
        for each in configuration.of_type("aws_route_table_association"):
            self._associate(each)
        for key, table in self._resources.items():
            self._collect_inline(key, table)
        for each in configuration.of_type("aws_route"):
            for table_key in self._keys(each, "route_table_id"):
                self._static.setdefault(table_key.key, []).append(_Static(each, each, table_key.doubt))
        for each in configuration.of_type("aws_vpn_gateway_route_propagation", "aws_vpc_route_server_propagation"):
            for table_key in self._keys(each, "route_table_id"):
                for gateway in self._gateways.propagating(each):
                    self._propagated.setdefault(table_key.key, []).append((gateway, table_key.doubt))
        self._collect_endpoints()

    def _associate(self, association: Resource) -> None:
        for subnet in self._reading.candidates(association, "subnet_id", _SUBNETS):
            tables = self._associated.setdefault(subnet.resource.address, [])
            for table in self._keys(association, "route_table_id"):
                tables.append(replace(table, doubt=subnet.assumption or table.doubt))
        if association.has("gateway_id"):
            self._reading.assume("routes of what comes in through a gateway are not looked at", association)

    def _collect_inline(self, key: str, table: Resource) -> None:
        if any(isinstance(each, Unknown) for each in table.values("route")):
            doubt = self._reading.assume("its routes are not all known: as if one led everywhere", table)
            everywhere: dict[str, Value] = {"cidr_block": Unknown("a route that is not known")}
            self._static.setdefault(key, []).append(_Static(table, Block(everywhere, table.place), doubt))
        for block in self._reading.blocks(table, "route", table, "only the routes that are known are read"):
            self._static.setdefault(key, []).append(_Static(table, block, None))
        for gateway in self._gateways.vpn_gateways(table.get("propagating_vgws")):
            self._propagated.setdefault(key, []).append((gateway, None))

    def _collect_endpoints(self) -> None:
        for endpoint in self._reading.configuration.of_type(_ENDPOINT):
            if self._reading.text(endpoint, "vpc_endpoint_type", "Gateway").lower() == "gateway":
                for table in self._keys(endpoint, "route_table_ids"):
                    self._endpoints.setdefault(table.key, []).append((endpoint, endpoint, table.doubt))
        for each in self._reading.configuration.of_type("aws_vpc_endpoint_route_table_association"):
            for choice in self._reading.candidates(each, "vpc_endpoint_id", (_ENDPOINT,)):
                for table in self._keys(each, "route_table_id"):
                    entry = (choice.resource, each, choice.assumption or table.doubt)
                    self._endpoints.setdefault(table.key, []).append(entry)

    def _table(self, key: str, vpc: str) -> RouteTable:
        if (key, vpc) not in self._built:
            resource = self._resources.get(key)
            name = name_of(resource) if resource else key
            statics = list(self._statics(key, vpc))
            local = _without_replaced(self._local(vpc), statics)
            routes = [*local, *statics, *self._services(key), *self._announced(key, vpc)]
            comes_with_vpc = key in {each.key for each in (*self._mains(vpc), *self._defaults(vpc))}
            opened = self._reading.opened(resource)
            if opened is None and comes_with_vpc:
                opened = self._reading.opened(self._vpcs.resource(vpc))
            if opened is not None:
                routes.append(_anywhere(opened))
            if self._vpcs.is_default(vpc) and key == _made_with(vpc):
                routes.append(self._to_internet(vpc))
            elif resource is None and not (key == _made_with(vpc) and self._vpcs.is_declared(vpc)):
                text = f"{key} is not declared here: as if it led everywhere"
                routes.append(_anywhere(self._reading.assume(text, self._vpcs.resource(vpc))))
            self._built[key, vpc] = RouteTable(key, name, tuple(sorted(routes, key=lambda each: -each.prefix_length)))
        return self._built[key, vpc]

    def _local(self, vpc: str) -> Iterator[Route]:
        for part in parts_of(self._vpcs, vpc):
            text = f"{addresses.describe(part.addresses)} -> local"
            rule = Rule(text, self._vpcs.resource(vpc), part.assumption)
            yield Route(part.addresses, part.length, Target("local", vpc), rule)

    def _statics(self, key: str, vpc: str) -> Iterator[Route]:
        """Static routes: of equal prefixes, one with a network comes before one with a prefix list."""
        for static in self._static.get(key, ()):
            values = [leaf for name in _CIDRS for leaf in leaves(static.block.get(name))]
            yield from self._static_routes(static, vpc, values, self._peers.routed)
        by_list = [
            route
            for static in self._static.get(key, ())
            for route in self._static_routes(
                static, vpc, list(leaves(static.block.get(_LIST))), self._peers.prefix_list
            )
        ]
        for route in by_list:
            rivals = [each for each in by_list if _are_rivals(route, each)]
            if rivals and route.rule.assumption is None:
                text = "which of prefix lists with one network takes priority is not known: each"
                assumption = self._reading.assume(text, route.rule.resource)
                yield replace(route, rule=replace(route.rule, assumption=assumption))
            else:
                yield route

    def _static_routes(
        self,
        static: _Static,
        vpc: str,
        values: list[Value],
        networks: Callable[[Value, Resource], tuple[Part, ...]],
    ) -> Iterator[Route]:
        for value in values:
            for leading in self._targets.of(static.resource, static.block, vpc):
                target = leading.target
                text = f"{label_of(value)} -> {target.key or target.kind}"
                text += f", {leading.remark}" if leading.remark else ""
                for part in networks(value, static.resource):
                    rule = Rule(text, static.resource, static.doubt or part.assumption or leading.doubt)
                    yield Route(part.addresses, part.length, target, rule)

    def _services(self, key: str) -> Iterator[Route]:
        for endpoint, declared_by, doubt in self._endpoints.get(key, ()):
            for name in self._peers.service(endpoint):
                rule = Rule(f"{name} -> {endpoint.address}", declared_by, doubt or self._reading.presence(endpoint))
                target = Target("gateway endpoint", endpoint.address)
                yield Route(addresses.service(name), SERVICE_LENGTH, target, rule)

    def _announced(self, key: str, vpc: str) -> Iterator[Route]:
        for gateway, doubt in dict(reversed(self._propagated.get(key, []))).items():
            yield from self._gateways.propagated(gateway, vpc, doubt)

    def _to_internet(self, vpc: str) -> Route:
        """What AWS puts into the main table of the default VPC: VPC user guide, "Default VPC components"."""
        target = Target("internet gateway", self._vpcs[vpc].internet_gateway or "")
        return Route(addresses.ALL_V4 | addresses.ALL_SERVICES, 0, target, Rule("AWS's route to the internet"))


def _dropped(route: Route, zone: str) -> Route:
    """A route to a transit gateway that has no interface in a zone."""
    rule = replace(route.rule, text=f"{route.rule.text}, which has no attachment in {zone}")
    return replace(route, target=Target("blackhole", route.target.key), rule=rule)


def _without_replaced(local: Iterable[Route], statics: list[Route]) -> list[Route]:
    """Local routes without those whose target was replaced, by a static route with their network.

    Source: VPC user guide, "Replace or restore the target for a local route".
    """
    replacing = {
        route.destination for route in statics if route.target.kind in _REPLACING and route.rule.assumption is None
    }
    return [route for route in local if route.destination not in replacing]


def _are_rivals(one: Route, other: Route) -> bool:
    """Whether AWS chooses at random between routes of two prefix lists: VPC user guide, "Route priority"."""
    return (
        one.target != other.target
        and one.prefix_length == other.prefix_length
        and bool(one.destination & other.destination)
    )


def _anywhere(assumption: Assumption) -> Route:
    """What a table may hold that is not declared here."""
    rule = Rule("a table that is not declared here", assumption=assumption)
    return Route(addresses.ALL, ANY_LENGTH, Target("unknown"), rule)


def _made_with(vpc: str) -> str:
    """The key of the table that a VPC is made with."""
    return f"{vpc}/main route table"


def _else(first: list[_Owned], otherwise: list[_Owned]) -> list[_Owned]:
    """What something has; where that is not certain, also what it has otherwise."""
    return first if any(each.doubt is None for each in first) else [*first, *otherwise]


def _is_main(value: Value) -> bool:
    """Whether a value names the main table of a VPC, and not the one that it was made with."""
    return not isinstance(value, Reference) or not value.attribute.startswith("default_route_table_id")
