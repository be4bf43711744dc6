"""Transit gateways: attachments, the tables they are associated with, propagated and static routes.

Source: Transit Gateways guide, "Transit gateway route tables". Attachments in a zone without a subnet of theirs reach
nothing there; that is not looked at, so more counts as reachable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.library.model import Resource
from policies.library.values import Reference, Value
from policies.reachability import addresses
from policies.reachability.network import Route, Rule, Target, TransitGateway
from policies.reachability.read.peers import Peers, blocks
from policies.reachability.read.reading import Reading, label_of, leaves
from policies.reachability.read.vpcs import ANY_PRIVATE, Vpcs

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
        attached = (self._vpcs.key_of(each.get("vpc_id")) for each in self._attachments if each.type == _VPC)
        return sorted({*users, *attached})

    def routes_from(self, vpc: str) -> list[Route]:
        """The routes of the table with which a VPC's attachment is associated."""
        mine = [
            each for each in self._attachments if each.type == _VPC and self._vpcs.key_of(each.get("vpc_id")) == vpc
        ]
        if self._resource is None or not mine:
            text = "its routes are not declared here: as if they led everywhere"
            self._reading.assume(text if self._resource is not None else f"{self._key}: {text}", self._resource)
            return [*self._to_attached(vpc), self._anywhere(text)]
        routes: list[Route] = []
        for attachment in mine:
            for table in self._associated(attachment):
                routes += [*self._static(table), *self._propagated(table)]
        return sorted(dict.fromkeys(routes), key=lambda each: -each.prefix_length)

    def _is_me(self, value: Value) -> bool:
        found = self._reading.named(value, TYPES)
        return (found[0].address if found else label_of(value)) == self._key

    def _anywhere(self, text: str) -> Route:
        return Route(addresses.ALL, 0, Target("unknown", self._key), Rule(text, self._resource))

    def _to_attached(self, vpc: str) -> Iterator[Route]:
        for attachment in self._attachments:
            if attachment.type == _VPC and self._vpcs.key_of(attachment.get("vpc_id")) != vpc:
                yield from self._networks_of(attachment)

    def _associated(self, attachment: Resource) -> list[str]:
        """The tables that an attachment may be associated with: a declared one, else the default one, else none."""
        found = self._tables_of(attachment, f"{_TABLE}_association")
        is_default = self._defaults(attachment, "association")
        return found or ([_DEFAULT] if is_default else [])

    def _tables_of(self, attachment: Resource, type_: str) -> list[str]:
        return [
            self._table(each.get("transit_gateway_route_table_id"))
            for each in self._reading.configuration.of_type(type_)
            if attachment in self._reading.owners(each, "transit_gateway_attachment_id", _ATTACHMENTS)
        ]

    def _defaults(self, attachment: Resource, what: str) -> bool:
        """Whether an attachment is associated with the default table, or propagates to it."""
        name = f"transit_gateway_default_route_table_{what}"
        gateway = self._resource
        if gateway is not None and self._reading.text(gateway, f"default_route_table_{what}", "enable") == "disable":
            return False
        return self._reading.flag(attachment, name, True, True, "taken for true", attachment)

    def _table(self, value: Value) -> str:
        """The key of a table; the gateway's own attributes name the default one."""
        for each in self._reading.named(value, (_TABLE, GATEWAY)):
            return _DEFAULT if each.type == GATEWAY else each.address
        return label_of(value)

    def _static(self, table: str) -> Iterator[Route]:
        for each in self._reading.configuration.of_type(f"{GATEWAY}_route"):
            if self._table(each.get("transit_gateway_route_table_id")) == table:
                is_blackhole = self._reading.flag(each, "blackhole", False, False, "taken for none", each)
                target = Target("blackhole") if is_blackhole else self._target(each)
                for value in leaves(each.get("destination_cidr_block")):
                    for network, length in self._peers.routed(value, each, is_blackhole):
                        yield Route(network, length, target, Rule(f"{label_of(value)} -> {target.key}", each))
        for each in self._reading.configuration.of_type(f"{GATEWAY}_prefix_list_reference"):
            if self._table(each.get("transit_gateway_route_table_id")) == table:
                if self._reading.flag(each, "blackhole", False, False, "taken for none", each):
                    continue
                for network, length in self._peers.prefix_list(each.get("prefix_list_id"), each):
                    yield Route(network, length, self._target(each), Rule("a prefix list", each))

    def _target(self, route: Resource) -> Target:
        for each in self._reading.named(route.get("transit_gateway_attachment_id"), _ATTACHMENTS):
            return self._of(each)
        value = route.get("transit_gateway_attachment_id")
        if isinstance(value, Reference):
            for each in self._reading.configuration.resolve(value):
                if each.type == GATEWAY:
                    return Target("unknown", each.address)
        self._reading.assume("its attachment is not declared here: as if it led everywhere", route)
        return Target("unknown", label_of(value))

    def _of(self, attachment: Resource) -> Target:
        if attachment.type == _VPC:
            return Target("local", self._vpcs.key_of(attachment.get("vpc_id")))
        if attachment.type == _VPN:
            return Target("vpn gateway", attachment.address)
        self._reading.assume("what is behind it is not looked at: as if it led everywhere", attachment)
        return Target("unknown", attachment.address)

    def _propagated(self, table: str) -> Iterator[Route]:
        for attachment in self._attachments:
            tables = self._tables_of(attachment, f"{_TABLE}_propagation")
            if table in tables or (table == _DEFAULT and self._defaults(attachment, "propagation")):
                yield from self._networks_of(attachment)

    def _networks_of(self, attachment: Resource) -> Iterator[Route]:
        """The networks that an attachment propagates."""
        target = self._of(attachment)
        networks = self._vpcs[target.key].addresses if attachment.type == _VPC else ANY_PRIVATE
        for network, length in blocks(networks):
            text = f"{addresses.describe(network)} -> {target.key}, propagated"
            yield Route(network, length, target, Rule(text, attachment))
