"""Transit gateways and core networks: the tables of attachments, with propagated and static routes.

Sources: Transit Gateways guide, "How transit gateways work", "Transit gateway route tables", "Security group
referencing" and "Transit gateway peering attachments".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from policies.library.model import Resource
from policies.library.values import Value, label_of
from policies.reachability import addresses
from policies.reachability.intervals import Intervals
from policies.reachability.network import Assumption, Route, Rule, Subnet, Target, TransitGateway
from policies.reachability.read.attachments import FIREWALL, GATEWAY, PEERING, VPC, Attachment, Attachments, zones_of
from policies.reachability.read.core_networks import PEERING as CORE_PEERING
from policies.reachability.read.core_networks import CoreAttachment, CoreNetwork, is_of, transit_gateways_of
from policies.reachability.read.peers import ANY_LENGTH, Peers, parts_of
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.segments import ATTACHMENTS as CORE_ATTACHMENTS
from policies.reachability.read.segments import CORE_NETWORK
from policies.reachability.read.vpcs import TYPES as VPCS
from policies.reachability.read.vpcs import Vpcs

CORE_ATTACHMENT = "aws_networkmanager_vpc_attachment"
CORE_NETWORKS = (CORE_NETWORK, f"data.{CORE_NETWORK}", CORE_ATTACHMENT)
"""What a route to a core network names."""
_TABLE = "aws_ec2_transit_gateway_route_table"

_UNDECLARED = "its routes are not declared here: as if they led everywhere"
_ELSEWHERE = "what else is attached to it is not known: as if networks that open connections"

SubnetsNamed: TypeAlias = Callable[[Iterable[Value], Iterable[str], Resource], tuple[Subnet, ...]]
"""`Subnets.named`: the subnets that values name in VPCs, for a resource."""


class TransitGateways:
    """The transit gateways and core networks that VPCs are attached to, or have routes to."""

    def __init__(self, reading: Reading, vpcs: Vpcs, peers: Peers) -> None:
        self._reading, self._vpcs, self._peers = reading, vpcs, peers
        self.attachments = Attachments(reading)
        self._users: dict[str, set[str]] = {}
        for each in reading.configuration.of_type(VPC):
            for vpc in self.vpcs_of(each):
                self.transit_gateway(each.get("transit_gateway_id"), vpc)
        for each in reading.configuration.of_type(CORE_ATTACHMENT):
            for vpc in self.vpcs_of(each):
                self.core_network(each.get("core_network_id"), vpc)

    def transit_gateway(self, value: Value, vpc: str) -> str:
        """The key of the transit gateway that a VPC is attached to, or that its route leads to."""
        key = next(iter(self.attachments.gateways(value)), label_of(value))
        self._users.setdefault(key, set()).add(vpc)
        return key

    def core_network(self, value: Value, vpc: str) -> str:
        """The key of the core network that a VPC is attached to, or that its route leads to."""
        key = label_of(value)
        for each in self._reading.named(value, CORE_NETWORKS):
            if each.type == CORE_ATTACHMENT:
                return self.core_network(each.get("core_network_id"), vpc)
            key = each.address
        self._users.setdefault(key, set()).add(vpc)
        return key

    def serves(self, key: str, vpc: str, zone: str | None) -> bool:
        """Whether a transit gateway takes what comes from a zone of a VPC: where its attachment has an interface.

        Source: Transit Gateways guide, "Amazon VPC attachments".
        """
        zones = [
            zones_of(self._reading, each) for each in self.attachments.of(key) if vpc in self.vpcs_of(each.resource)
        ]
        return zone is None or not zones or any(each is None or zone in each for each in zones)

    def vpcs_of(self, attachment: Resource) -> list[str]:
        """The VPC that an attachment is to, or every one that it may be; none for those of something else."""
        if attachment.type not in (VPC, CORE_ATTACHMENT):
            return []
        value = attachment.get("vpc_id" if attachment.type == VPC else "vpc_arn")
        if could_be_anything(value) and not self._reading.named(value, VPCS):
            self._reading.assume("its VPC is not known: any", attachment)
            return list(self._vpcs.all)
        return [self._vpcs.key_of(value)]

    def read(self, subnets: SubnetsNamed, populated: Collection[str]) -> Mapping[str, TransitGateway]:
        """All of them; `populated` are the VPCs in which something of this configuration stands."""
        return {
            key: self._core_network(core, users, subnets, populated)
            if (core := self._declared_core(key)) is not None
            else _TransitGateway(key, self, self._reading, self._vpcs, self._peers).read(users, subnets, populated)
            for key, users in sorted(self._users.items())
        }

    def core_of(self, peering: Resource) -> str | None:
        """The core network at the other end of a peering with one, if something is attached to it here."""
        named = self._reading.named(peering.get("core_network_id"), (CORE_NETWORK,))
        return next((each.address for each in named if each.address in self._users), None)

    def _declared_core(self, key: str) -> Resource | None:
        resource = self._reading.configuration.resources.get(key)
        return resource if resource is not None and resource.type == CORE_NETWORK else None

    def _core_network(
        self, core: Resource, users: Collection[str], subnets: SubnetsNamed, populated: Collection[str]
    ) -> TransitGateway:
        reading = self._reading
        attached = [
            CoreAttachment(each, tuple(self._targets_of(each)))
            for each in reading.configuration.of_type(*CORE_ATTACHMENTS)
            if is_of(each, core, reading)
        ]

        def standing(vpc: str, attachments: list[Resource]) -> tuple[Subnet, ...]:
            found = (subnets([each.get("subnet_arns")], [vpc], each) for each in attachments)
            return tuple(dict.fromkeys(subnet for each in found for subnet in each))

        network = CoreNetwork(core, attached, reading, self._vpcs, self._peers)
        return network.read(users, standing, populated, reading.assume(_ELSEWHERE, core))

    def _targets_of(self, attachment: Resource) -> Iterator[Target]:
        """Where an attachment of a core network leads."""
        if attachment.type == CORE_ATTACHMENT:
            yield from (Target("local", vpc) for vpc in self.vpcs_of(attachment))
            return
        gateways = [
            key for value in transit_gateways_of(attachment, self._reading) for key in self.attachments.gateways(value)
        ]
        yield from (Target("transit gateway", key) for key in gateways if key in self._users)
        if not any(key in self._users for key in gateways):
            yield Target("outside", attachment.address)


class _TransitGateway:
    """One transit gateway or core network that is being read."""

    def __init__(self, key: str, all_: TransitGateways, reading: Reading, vpcs: Vpcs, peers: Peers) -> None:
        self._key, self._all, self._reading, self._vpcs, self._peers = key, all_, reading, vpcs, peers
        resource = reading.configuration.resources.get(key)
        self._resource = resource if resource is not None and resource.type == GATEWAY else None
        self._attachments = all_.attachments.of(key)
        self._defaults = {what: self._default_table(what) for what in ("association", "propagation")}

    def read(self, users: Collection[str], subnets: SubnetsNamed, populated: Collection[str]) -> TransitGateway:
        """What it does with what comes from each of its attachments."""
        by_vpc: dict[str, list[Attachment]] = {vpc: [] for vpc in users}
        others: dict[str, list[Attachment]] = {}
        for attachment in self._attachments:
            for vpc in self._all.vpcs_of(attachment.resource):
                by_vpc.setdefault(vpc, []).append(attachment)
            for target in self._targets(attachment):
                if target.kind in ("outside", "transit gateway") and target.key != self._key:
                    others.setdefault(target.key, []).append(attachment)
        return TransitGateway(
            self._key,
            {origin: tuple(self._routes(origin, mine)) for origin, mine in sorted({**by_vpc, **others}.items())},
            subnets={vpc: found for vpc, mine in by_vpc.items() if (found := self._subnets(vpc, mine, subnets))},
            outside=frozenset(vpc for vpc in by_vpc if vpc not in populated),
            referencing=frozenset(vpc for vpc, mine in by_vpc.items() if self._keeps_groups(mine)),
            elsewhere=self._assume(_ELSEWHERE if self._resource is not None else _UNDECLARED),
        )

    def _routes(self, origin: str, mine: list[Attachment]) -> list[Route]:
        """The routes of the table with which some attachments are associated; `origin` is what is attached."""
        if self._resource is None or not mine:
            assumption = self._assume(_UNDECLARED)
            rule = Rule(_UNDECLARED, self._resource, assumption)
            anywhere = Route(addresses.ALL, 0, Target("unknown", self._key), rule)
            return [*(_resting_on(assumption, route) for route in self._to_attached(origin)), anywhere]
        found = dict.fromkeys(table for attachment in mine for table in self._associated(attachment))
        tables = list(dict.fromkeys(table for table, _ in found))
        routes = [route for table in tables for route in (*self._static(table), *self._propagated(table))]
        if not tables:
            nowhere = Rule("associated with no route table", mine[0].resource)
            return [*self._by_modules(mine, tables), Route(addresses.ALL, 0, Target("blackhole"), nowhere)]
        if len(tables) > 1 or not all(is_sure for _, is_sure in found):
            which = self._assume("which of its tables holds for an attachment is not known: any")
            routes = [_resting_on(which, route) for route in routes]
        routes += self._by_modules(mine, tables)
        return sorted(dict.fromkeys(routes), key=lambda each: -each.prefix_length)

    def _by_modules(self, mine: list[Attachment], tables: list[str]) -> Iterator[Route]:
        """What modules that are not here may add to the gateway, to some of its tables, and to those of attachments."""
        declared = [self._reading.configuration.resources.get(each) for each in tables]
        for each in (self._resource, *(attachment.resource for attachment in mine), *declared):
            opened = self._reading.opened(each)
            if opened is not None:
                rule = Rule("what may be added to it", each, opened)
                yield Route(addresses.ALL, ANY_LENGTH, Target("unknown", self._key), rule)

    def _assume(self, text: str) -> Assumption:
        return self._reading.assume(text if self._resource is not None else f"{self._key}: {text}", self._resource)

    def _subnets(self, vpc: str, mine: list[Attachment], subnets: SubnetsNamed) -> tuple[Subnet, ...]:
        """Where the attachments of a VPC have interfaces; none where that is not known."""
        found = (subnets([each.resource.get("subnet_ids")], [vpc], each.resource) for each in mine)
        return tuple(dict.fromkeys(subnet for each in found for subnet in each))

    def _keeps_groups(self, mine: list[Attachment]) -> bool:
        """Whether references to security groups hold for a VPC: both the gateway and the attachment must say so."""
        asked = [] if self._resource is None else [(self._resource, "disable")]
        asked += [(each.resource, "enable") for each in mine if each.is_declared]
        return not any(self._support(resource, default) == "disable" for resource, default in asked)

    def _support(self, resource: Resource, default: str) -> str:
        name = "security_group_referencing_support"
        return self._reading.known(lambda: resource.text(name, default), "enable", "taken for enabled", resource)

    def _to_attached(self, origin: str) -> Iterator[Route]:
        for attachment in self._attachments:
            if origin not in self._all.vpcs_of(attachment.resource):
                yield from self._networks_of(attachment)

    # Tables

    def _default_table(self, what: str) -> str:
        """The key of the table with which attachments are associated, or to which they propagate, by default."""
        for each in self._reading.configuration.of_type(f"{GATEWAY}_default_route_table_{what}"):
            if self._key in self._all.attachments.gateways(each.get("transit_gateway_id")):
                found = self._reading.named(each.get("transit_gateway_route_table_id"), (_TABLE,))
                return found[0].address if found else label_of(each.get("transit_gateway_route_table_id"))
        return f"{self._key}/default route table"

    def _associated(self, attachment: Attachment) -> list[tuple[str, bool]]:
        """The tables that an attachment may be associated with, and whether surely.

        A declared one, else the default one, else none.
        """
        found = self._tables_of(attachment, f"{_TABLE}_association")
        for each in self._reading.configuration.of_type(f"{GATEWAY}_policy_table_association"):
            if attachment in self._all.attachments.named(each.get("transit_gateway_attachment_id")).attachments:
                self._reading.assume("which route table its policy table chooses is not known: any", each)
                return self._any_table()
        if any(is_sure for _, is_sure in found) or not self._is_by_default(attachment, "association"):
            return found
        return [(self._defaults["association"], True), *found]

    def _tables_of(self, attachment: Attachment, type_: str) -> list[tuple[str, bool]]:
        """The tables of this gateway that associations or propagations put an attachment in, and whether surely."""
        tables = []
        for each in self._reading.configuration.of_type(type_):
            found = self._all.attachments.named(each.get("transit_gateway_attachment_id"))
            if attachment in found.attachments:
                is_there = found.is_sure and self._reading.presence(each) is None
                tables += [(table, is_there and is_sure) for table, is_sure in self._tables(each)]
        return tables

    def _is_by_default(self, attachment: Attachment, what: str) -> bool:
        """Whether an attachment is associated with the default table, or propagates to it."""
        name = f"transit_gateway_default_route_table_{what}"
        gateway = self._resource
        if gateway is not None and self._reading.text(gateway, f"default_route_table_{what}", "enable") == "disable":
            return False
        owner = attachment.accepter or attachment.resource
        return self._reading.flag(owner, name, default=True, if_unknown=True, meaning="taken for true")

    def _tables(self, resource: Resource) -> list[tuple[str, bool]]:
        """The tables of this gateway that something is about, and whether surely."""
        value = resource.get("transit_gateway_route_table_id")
        types = (_TABLE, f"data.{_TABLE}", GATEWAY, f"data.{GATEWAY}")
        tables: list[tuple[str, bool]] = []
        for leaf in leaves(value):
            for each in self._reading.named(leaf, types):
                if each.type in (_TABLE, GATEWAY):
                    tables += self._declared_table(each, leaf)
                else:
                    tables += self._looked_up_table(each)
            if not tables and could_be_anything(leaf):
                self._reading.assume("its route table is not known: any", resource)
                tables += self._any_table()
            if not tables:
                tables.append((label_of(leaf), True))
        return tables

    def _declared_table(self, resource: Resource, value: Value) -> list[tuple[str, bool]]:
        """A table that is declared, or the default one by an attribute of its gateway; none of another gateway."""
        if resource.type == GATEWAY:
            what = "propagation" if "propagation" in label_of(value) else "association"
            return [(self._defaults[what], True)] if resource is self._resource else []
        gateways = self._all.attachments.gateways(resource.get("transit_gateway_id"))
        return [(resource.address, True)] if self._key in gateways else []

    def _looked_up_table(self, resource: Resource) -> list[tuple[str, bool]]:
        """A table that is looked up: one that is declared here, the default one, or any."""
        declared = [
            table
            for each in self._reading.named(resource.get("id"), (_TABLE,))
            for table in self._declared_table(each, resource.get("id"))
        ]
        if declared or (resource.has("id") and not could_be_anything(resource.get("id"))):
            return declared or [(resource.address, True)]
        self._reading.assume("it is not known which route table it is: any", resource)
        return self._any_table()

    def _any_table(self) -> list[tuple[str, bool]]:
        declared = (
            table for each in self._reading.configuration.of_type(_TABLE) for table, _ in self._declared_table(each, "")
        )
        return [(table, False) for table in dict.fromkeys([*self._defaults.values(), *declared])]

    # Routes

    def _static(self, table: str) -> Iterator[Route]:
        for each in self._reading.configuration.of_type(f"{GATEWAY}_route", f"{GATEWAY}_prefix_list_reference"):
            for found, is_sure in self._tables(each):
                if found == table:
                    yield from self._static_routes(each, is_sure)

    def _static_routes(self, route: Resource, is_sure: bool) -> Iterator[Route]:
        """What a route or a reference to a prefix list is for."""
        target = self._target(route)
        which = None if is_sure else self._reading.assume("it is not known in which route table it is: any", route)
        doubt = which or self._reading.presence(route)
        networks = [(leaf, self._peers.routed(leaf, route)) for leaf in leaves(route.get("destination_cidr_block"))]
        networks += [(leaf, self._peers.prefix_list(leaf, route)) for leaf in leaves(route.get("prefix_list_id"))]
        for value, parts in networks:
            for part in parts:
                rule = Rule(f"{label_of(value)} -> {target.key or target.kind}", route, doubt or part.assumption)
                yield Route(part.addresses, part.length, target, rule)

    def _is_blackhole(self, route: Resource) -> bool:
        return self._reading.flag(route, "blackhole", if_unknown=False, meaning="taken for none")

    def _target(self, route: Resource) -> Target:
        if self._is_blackhole(route):
            return Target("blackhole")
        value = route.get("transit_gateway_attachment_id")
        found = self._all.attachments.named(value)
        targets = list(dict.fromkeys(target for each in found.attachments for target in self._targets(each)))
        if len(targets) == 1 and found.is_sure:
            return targets[0]
        self._reading.assume("where it leads is not declared here: as if everywhere", route)
        return Target("unknown", label_of(value))

    def _targets(self, attachment: Attachment) -> list[Target]:
        """Where an attachment leads: several where that is not known."""
        resource = attachment.resource
        if not attachment.is_declared:
            return [Target("transit gateway", self._key)]
        if resource.type == VPC:
            return [Target("local", vpc) for vpc in self._all.vpcs_of(resource)]
        if resource.type == FIREWALL:
            return [Target("appliance", resource.address)]
        if resource.type == CORE_PEERING and (core := self._all.core_of(resource)) is not None:
            return [Target("transit gateway", core)]
        if resource.type == PEERING:
            others = [each for each in attachment.gateways if each != self._key and self._is_declared(each)]
            if others:
                return [Target("transit gateway", each) for each in others]
        return [Target("outside", resource.address)]

    def _is_declared(self, gateway: str) -> bool:
        return gateway in {each.address for each in self._reading.configuration.of_type(GATEWAY)}

    def _propagated(self, table: str) -> Iterator[Route]:
        for attachment in self._attachments:
            tables = [
                is_sure for each, is_sure in self._tables_of(attachment, f"{_TABLE}_propagation") if each == table
            ]
            if table == self._defaults["propagation"] and self._is_by_default(attachment, "propagation"):
                tables.append(True)
            for route in self._networks_of(attachment) if tables else ():
                if any(tables):
                    yield route
                else:
                    text = "it is not known whether it propagates to a route table: as if it did"
                    yield _resting_on(self._reading.assume(text, attachment.resource), route)

    def _networks_of(self, attachment: Attachment) -> Iterator[Route]:
        """The networks that an attachment propagates: those of a VPC, or what is announced over BGP. Peers do not."""
        if attachment.resource.type in (PEERING, FIREWALL):
            return
        presence = self._reading.presence(attachment.resource)
        for target in self._targets(attachment):
            if target.kind == "local":
                for part in parts_of(self._vpcs, target.key):
                    text = f"{addresses.describe(part.addresses)} -> {target.key}, propagated"
                    rule = Rule(text, attachment.resource, presence or part.assumption)
                    yield Route(part.addresses, part.length, target, rule)
            else:
                text = "which networks it announces is not known: any but those of the VPCs that are attached"
                assumption = self._reading.assume(text, attachment.resource)
                rule = Rule(f"what {target.key} announces, propagated", attachment.resource, assumption)
                yield Route(addresses.ALL - self._attached_networks(), ANY_LENGTH, target, rule)

    def _attached_networks(self) -> Intervals:
        """The networks of the VPCs that are attached, as far as they are known."""
        vpcs = (vpc for each in self._attachments for vpc in self._all.vpcs_of(each.resource))
        return Intervals.union(self._vpcs.extent(vpc).least for vpc in vpcs)


def _resting_on(assumption: Assumption, route: Route) -> Route:
    """A route that rests on an assumption, unless it does on another."""
    return replace(route, rule=replace(route.rule, assumption=route.rule.assumption or assumption))
