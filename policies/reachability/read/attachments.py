"""What is attached to transit gateways, by what declares, accepts or looks up the attachments.

Source: Transit Gateways guide, "Transit gateway attachments".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from policies.library.model import Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability.read.reading import Reading, could_be_anything, leaves

GATEWAY = "aws_ec2_transit_gateway"
TYPES = (GATEWAY, f"data.{GATEWAY}")
VPC = f"{GATEWAY}_vpc_attachment"
VPN = "aws_vpn_connection"
PEERING = f"{GATEWAY}_peering_attachment"
DIRECT_CONNECT = "aws_dx_gateway_association"
FIREWALL = "aws_networkfirewall_firewall"
_CLIENT_VPN = "aws_ec2_client_vpn_endpoint"

_GATEWAY_ID = {
    VPC: "transit_gateway_id",
    VPN: "transit_gateway_id",
    PEERING: "transit_gateway_id",
    f"{GATEWAY}_connect": "transit_gateway_id",
    DIRECT_CONNECT: "associated_gateway_id",
    f"{DIRECT_CONNECT}_proposal": "associated_gateway_id",
    "aws_vpn_concentrator": "transit_gateway_id",
    _CLIENT_VPN: "transit_gateway_configuration",
    FIREWALL: "transit_gateway_id",
    "aws_networkmanager_transit_gateway_peering": "transit_gateway_arn",
}
"""The types that declare an attachment, and the argument that names the transit gateway, or the block that does."""

_STANDS_FOR = {
    f"{VPC}_accepter": (VPC, "transit_gateway_attachment_id"),
    f"{PEERING}_accepter": (PEERING, "transit_gateway_attachment_id"),
    f"{FIREWALL}_transit_gateway_attachment_accepter": (FIREWALL, "transit_gateway_attachment_id"),
    f"data.{VPC}": (VPC, "id"),
    f"data.{PEERING}": (PEERING, "id"),
    f"data.{GATEWAY}_connect": (f"{GATEWAY}_connect", "transit_gateway_connect_id"),
    f"data.{GATEWAY}_vpn_attachment": (VPN, "vpn_connection_id"),
    f"data.{VPN}": (VPN, "vpn_connection_id"),
    f"data.{GATEWAY}_dx_gateway_attachment": (DIRECT_CONNECT, "dx_gateway_id"),
    f"data.{GATEWAY}_attachment": ("", "resource_id"),
}
"""The types that accept or look up an attachment: of which type, and the argument that names it."""


@dataclass(frozen=True, eq=False)
class Attachment:
    """An attachment: declared here, or one of elsewhere that is accepted or looked up."""

    resource: Resource
    gateways: tuple[str, ...]
    """The keys of the transit gateways that it is to, or may be."""
    accepter: Resource | None = None
    """What accepts one that is declared here."""

    @property
    def is_declared(self) -> bool:
        """Whether it is declared here, so that it is known what is attached."""
        return self.resource.type in _GATEWAY_ID


@dataclass(frozen=True)
class NamedAttachments:
    """The attachments that a value names; several, or none, and not sure, where it may be any or one of elsewhere."""

    attachments: tuple[Attachment, ...]
    is_sure: bool


class Attachments:
    """The attachments by transit gateway, and by what names them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._by_address: dict[str, Attachment] = {}
        accepters = {
            each.address: accepter
            for accepter in reading.configuration.of_type(f"{VPC}_accepter")
            for each in reading.named(accepter.get("transit_gateway_attachment_id"), (VPC,))
        }
        for resource in reading.configuration.of_type(*_GATEWAY_ID):
            if resource.type == _CLIENT_VPN and not resource.has(_GATEWAY_ID[_CLIENT_VPN]):
                continue
            gateways = list(self.gateways(self._gateway_of(resource)))
            if resource.type == PEERING:
                gateways += self.gateways(resource.get("peer_transit_gateway_id"))
            self._add(resource, gateways, accepters.get(resource.address))
        self._lookups = {each.address: self._looked_up(each) for each in reading.configuration.of_type(*_STANDS_FOR)}
        for address, found in self._lookups.items():
            if not found.attachments:
                resource = reading.configuration.resources[address]
                self._add(resource, self.gateways(resource.get("transit_gateway_id")) or self._declared_gateways())

    def _gateway_of(self, resource: Resource) -> Value:
        """What names the transit gateway of an attachment."""
        name = _GATEWAY_ID[resource.type]
        if resource.type != _CLIENT_VPN:
            return resource.get(name)
        blocks = self._reading.blocks(resource, name, resource, "taken for any")
        unknown = [each for each in resource.values(name) if isinstance(each, Unknown)]
        return (*(block.get("transit_gateway_id") for block in blocks), *unknown)

    def of(self, gateway: str) -> list[Attachment]:
        """Everything that is, or may be, attached to a transit gateway."""
        return [each for _, each in sorted(self._by_address.items()) if gateway in each.gateways]

    def named(self, value: Value) -> NamedAttachments:
        """What a `transit_gateway_attachment_id` names."""
        attachments: list[Attachment] = []
        is_sure = True
        for leaf in leaves(value):
            for resource in self._reading.named(leaf, (*_GATEWAY_ID, *_STANDS_FOR)):
                found = self._lookups.get(resource.address, NamedAttachments((), is_sure=True))
                attachments += found.attachments or [self._by_address[resource.address]]
                is_sure &= found.is_sure
            if not attachments and could_be_anything(leaf):
                return NamedAttachments(tuple(self._by_address.values()), is_sure=False)
        return NamedAttachments(tuple(dict.fromkeys(attachments)), is_sure)

    def gateways(self, value: Value) -> tuple[str, ...]:
        """The keys of the transit gateways that a value names, or may name."""
        keys: list[str] = []
        for leaf in leaves(value):
            for gateway in self._reading.named(leaf, TYPES):
                keys += self._same_as(gateway)
            if not keys:
                keys += [label_of(leaf), *(self._declared_gateways() if could_be_anything(leaf) else ())]
        return tuple(dict.fromkeys(keys))

    def _same_as(self, gateway: Resource) -> tuple[str, ...]:
        """The keys of a transit gateway: also of those that one that is looked up may be."""
        if gateway.type == GATEWAY:
            return (gateway.address,)
        declared = [each.address for each in self._reading.named(gateway.get("id"), (GATEWAY,))]
        if declared or gateway.has("id"):
            return tuple(declared) or (gateway.address,)
        return (gateway.address, *self._declared_gateways())

    def _declared_gateways(self) -> tuple[str, ...]:
        return tuple(each.address for each in self._reading.configuration.of_type(GATEWAY))

    def _add(self, resource: Resource, gateways: Collection[str], accepter: Resource | None = None) -> None:
        self._by_address[resource.address] = Attachment(resource, tuple(gateways), accepter)

    def _looked_up(self, resource: Resource) -> NamedAttachments:
        """What an accepter or a lookup stands for. None for one that is declared elsewhere."""
        type_, name = _STANDS_FOR[resource.type]
        declared = [
            each for each in self._by_address.values() if each.is_declared and type_ in ("", each.resource.type)
        ]
        if resource.type.startswith("data."):
            found = self._reading.found(resource)
            certain = tuple(each for each in declared if each.resource in found.certain)
            possible = tuple(each for each in declared if each.resource in found.possible)
            return NamedAttachments(certain or possible, is_sure=len(certain) == 1 or not (certain or possible))
        wanted = list(leaves(resource.get(name)))
        named = [each for value in wanted for each in self._reading.configuration.resolve(value)]
        chosen = [each for each in declared if each.resource in named]
        if chosen:
            return NamedAttachments(tuple(chosen), is_sure=len(chosen) == 1)
        if wanted and not any(map(could_be_anything, wanted)):
            return NamedAttachments((), is_sure=True)
        return NamedAttachments(tuple(declared), is_sure=False)


def zones_of(reading: Reading, attachment: Attachment) -> frozenset[str] | None:
    """The zones in which the attachment of a VPC has an interface. None where that is not known."""
    zones = []
    for leaf in leaves(attachment.resource.get("subnet_ids")):
        found = reading.named(leaf, ("aws_subnet", "aws_default_subnet"))
        zones += [zone_of(each) for each in found] or [None]
    return frozenset(each for each in zones if each) if zones and all(zones) else None


def zone_of(subnet: Resource) -> str | None:
    """The availability zone of a subnet, by name. None where it is not known."""
    value = subnet.get("availability_zone")
    return None if isinstance(value, Unknown) or not value else str(value)
