"""Transit gateways: attachments, the tables they are associated with, propagated and static routes.

Source: Transit Gateways guide, "Transit gateway route tables". Attachments in a zone without a subnet of theirs reach
nothing there; that is not looked at, so more counts as reachable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.library.model import Resource
from policies.library.values import Value, label_of
from policies.reachability import addresses
from policies.reachability.network import Route, Rule, Target, TransitGateway
from policies.reachability.read.peers import Part, Peers, blocks, parts_of
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.vpcs import ANY_PRIVATE, Vpcs
from policies.reachability.read.vpcs import TYPES as VPCS

GATEWAY = "aws_ec2_transit_gateway"
TYPES = (GATEWAY, f"data.{GATEWAY}")
_VPC = f"{GATEWAY}_vpc_attachment"
_VPN = "aws_vpn_connection"
_OTHERS = (f"{GATEWAY}_peering_attachment", f"{GATEWAY}_connect", "aws_dx_gateway_association")
_ATTACHMENTS = (_VPC, f"data.{_VPC}", _VPN, *_OTHERS)
_TABLE = f"{GATEWAY}_route_table"
_DEFAULT = "default"


def transit_gateway(key: str, vpcs: Sequence[str], reading: Reading, places: Vpcs, peers: Peers) -> TransitGateway:
    """The transit gateway with a key; `vpcs` are those whose routes lead to it."""
    reader = _Transit(key, reading, places, peers)
    return TransitGateway(key, {vpc: tuple(reader.routes_from(vpc)) for vpc in reader.vpcs(vpcs)})


class _Transit:
    def __init__(self, key: str, reading: Reading, vpcs: Vpcs, peers: Peers) -> None:
        self._key, self._reading, self._vpcs, self._peers = key, reading, vpcs, peers
        found = reading.configuration.resources.get(key)
        self._resource = found if found is not None and found.type == GATEWAY else None
        self._attachments = [
            each
            for each in reading.configuration.of_type(*_ATTACHMENTS)
            if any(self._is_me(leaf) for leaf in leaves(each.get("transit_gateway_id")))
        ]

    def vpcs(self, users: Sequence[str]) -> list[str]:
        """Those attached, and those with routes to it."""
        return sorted({*users, *(vpc for each in self._attachments for vpc in self._vpcs_of(each))})

    def routes_from(self, vpc: str) -> list[Route]:
        """The routes of the table with which a VPC's attachment is associated."""
        mine = [each for each in self._attachments if vpc in self._vpcs_of(each)]
        if self._resource is None or not mine:
            text = "its routes are not declared here: as if they led everywhere"
            self._reading.assume(text if self._resource is not None else f"{self._key}: {text}", self._resource)
            return [*self._to_attached(vpc), self._anywhere(text)]
        tables = list(dict.fromkeys(table for attachment in mine for table in self._associated(attachment)))
        routes = [route for table in tables for route in (*self._static(table), *self._propagated(table))]
        if len(tables) > 1:
            self._reading.assume("which of its tables holds for a VPC is not known: any", self._resource)
            routes = [route for route in routes if route.target.kind != "blackhole"]
        return sorted(dict.fromkeys(routes), key=lambda each: -each.prefix_length)

    def _vpcs_of(self, attachment: Resource) -> list[str]:
        """The VPC that an attachment is to, or every one that it may be."""
        if attachment.type != _VPC:
            return []
        value = attachment.get("vpc_id")
        if could_be_anything(value) and not self._reading.named(value, VPCS):
            self._reading.assume("its VPC is not known: any", attachment)
            return list(self._vpcs.all)
        return [self._vpcs.key_of(value)]

    def _is_me(self, value: Value) -> bool:
        if could_be_anything(value) and self._resource is not None:
            return True
        found = self._reading.named(value, TYPES)
        return (found[0].address if found else label_of(value)) == self._key

    def _anywhere(self, text: str) -> Route:
        return Route(addresses.ALL, 0, Target("unknown", self._key), Rule(text, self._resource))

    def _to_attached(self, vpc: str) -> Iterator[Route]:
        for attachment in self._attachments:
            if attachment.type == _VPC and vpc not in self._vpcs_of(attachment):
                yield from self._networks_of(attachment)

    def _associated(self, attachment: Resource) -> list[str]:
        """The tables that an attachment may be associated with: a declared one, else the default one, else none."""
        found = self._tables_of(attachment, f"{_TABLE}_association")
        is_default = self._defaults(attachment, "association")
        return found or ([_DEFAULT] if is_default else [])

    def _tables_of(self, attachment: Resource, type_: str) -> list[str]:
        return [
            table
            for each in self._reading.configuration.of_type(type_)
            if attachment in self._reading.owners(each, "transit_gateway_attachment_id", _ATTACHMENTS)
            for table in self._tables(each)
        ]

    def _defaults(self, attachment: Resource, what: str) -> bool:
        """Whether an attachment is associated with the default table, or propagates to it."""
        name = f"transit_gateway_default_route_table_{what}"
        gateway = self._resource
        if gateway is not None and self._reading.text(gateway, f"default_route_table_{what}", "enable") == "disable":
            return False
        return self._reading.flag(attachment, name, default=True, if_unknown=True, meaning="taken for true")

    def _tables(self, resource: Resource) -> list[str]:
        """The keys of the tables that something is about; the gateway's own attributes name the default one."""
        found = self._reading.owners(resource, "transit_gateway_route_table_id", (_TABLE, GATEWAY))
        keys = [_DEFAULT if each.type == GATEWAY else each.address for each in found]
        return keys or [label_of(resource.get("transit_gateway_route_table_id"))]

    def _static(self, table: str) -> Iterator[Route]:
        for each in self._reading.configuration.of_type(f"{GATEWAY}_route"):
            if table in self._tables(each):
                is_blackhole = self._is_blackhole(each)
                target = Target("blackhole") if is_blackhole else self._target(each)
                for value in leaves(each.get("destination_cidr_block")):
                    for part in self._peers.routed(value, each):
                        doubt = self._reading.presence(each) or part.assumption
                        rule = Rule(f"{label_of(value)} -> {target.key}", each, doubt)
                        yield Route(part.addresses, part.length, target, rule)
        for each in self._reading.configuration.of_type(f"{GATEWAY}_prefix_list_reference"):
            if table in self._tables(each) and not self._is_blackhole(each):
                for part in self._peers.prefix_list(each.get("prefix_list_id"), each):
                    rule = Rule("a prefix list", each, self._reading.presence(each) or part.assumption)
                    yield Route(part.addresses, part.length, self._target(each), rule)

    def _is_blackhole(self, route: Resource) -> bool:
        return self._reading.flag(route, "blackhole", if_unknown=False, meaning="taken for none")

    def _target(self, route: Resource) -> Target:
        value = route.get("transit_gateway_attachment_id")
        for each in self._reading.named(value, _ATTACHMENTS):
            found = self._of(each)
            if len(found) == 1:
                return found[0]
        self._reading.assume("where it leads is not declared here: as if everywhere", route)
        return Target("unknown", label_of(value))

    def _of(self, attachment: Resource) -> list[Target]:
        if attachment.type == _VPC:
            return [Target("local", vpc) for vpc in self._vpcs_of(attachment)]
        if attachment.type == _VPN:
            return [Target("vpn gateway", attachment.address)]
        self._reading.assume("what is behind it is not looked at: as if it led everywhere", attachment)
        return [Target("unknown", attachment.address)]

    def _propagated(self, table: str) -> Iterator[Route]:
        for attachment in self._attachments:
            tables = self._tables_of(attachment, f"{_TABLE}_propagation")
            if table in tables or (table == _DEFAULT and self._defaults(attachment, "propagation")):
                yield from self._networks_of(attachment)

    def _networks_of(self, attachment: Resource) -> Iterator[Route]:
        """The networks that an attachment propagates."""
        for target in self._of(attachment):
            anything = (Part(network, length) for network, length in blocks(ANY_PRIVATE))
            for part in parts_of(self._vpcs, target.key) if attachment.type == _VPC else anything:
                text = f"{addresses.describe(part.addresses)} -> {target.key}, propagated"
                rule = Rule(text, attachment, self._reading.presence(attachment) or part.assumption)
                yield Route(part.addresses, part.length, target, rule)
