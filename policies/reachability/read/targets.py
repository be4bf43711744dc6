"""What routes lead to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policies.library.model import Block, Resource
from policies.library.routing import TARGETS
from policies.library.values import Reference, Unknown, UnknownValue, Value, label_of
from policies.reachability.network import Assumption, Target
from policies.reachability.read.attachments import FIREWALL
from policies.reachability.read.attachments import TYPES as TRANSIT_GATEWAYS
from policies.reachability.read.gateways import PEERINGS, Gateways
from policies.reachability.read.interfaces import INSTANCES, INTERFACE, Interfaces
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.transit import CORE_NETWORKS
from policies.reachability.read.vpcs import GATEWAYS, VPN_GATEWAYS, Vpcs

_NAT = "aws_nat_gateway"
_EGRESS_ONLY = "aws_egress_only_internet_gateway"
_LOOKED_UP = ("data.aws_instance", "data.aws_network_interface")
_FITTING = {
    "gateway_id": (*GATEWAYS, *VPN_GATEWAYS, "aws_vpc_endpoint"),
    "nat_gateway_id": (_NAT, f"data.{_NAT}"),
    "transit_gateway_id": TRANSIT_GATEWAYS,
    "core_network_arn": CORE_NETWORKS,
    "vpc_peering_connection_id": PEERINGS,
    "carrier_gateway_id": ("aws_ec2_carrier_gateway",),
    "local_gateway_id": ("data.aws_ec2_local_gateway",),
    "odb_network_arn": ("aws_odb_network",),
    "egress_only_gateway_id": (_EGRESS_ONLY,),
    "instance_id": (*INSTANCES, *_LOOKED_UP),
    "network_interface_id": (INTERFACE, *INSTANCES, *_LOOKED_UP),
}
"""What a target names. Of a plan's inline routes it is only known what all of them name together."""
_OUTSIDE = ("aws_ec2_carrier_gateway", "data.aws_ec2_local_gateway", "aws_odb_network")
"""What connects with networks outside besides peering, transit gateways and VPNs."""
_APPLIANCE = "what is behind it is not looked at: as if it led everywhere"


@dataclass(frozen=True)
class Leading:
    """Where a route leads, or may lead."""

    target: Target
    doubt: Assumption | None = None
    """That it leads there; None if that is certain."""
    remark: str = ""
    """What becomes of packets there, in words, where that is not what its kind says."""


class Targets:
    """The targets of routes, as the model names them."""

    def __init__(self, reading: Reading, vpcs: Vpcs, gateways: Gateways, interfaces: Interfaces) -> None:
        self._reading, self._vpcs, self._gateways, self._interfaces = reading, vpcs, gateways, interfaces

    def of(self, resource: Resource, block: Block, vpc: str) -> list[Leading]:
        """Where a route in a VPC's table leads; several if that is not known."""
        for name in TARGETS:
            values = list(leaves(block.get(name)))
            fitting = [each for each in values if self._reading.choices(each, _FITTING.get(name, ()), resource)]
            found = [each for value in fitting or values for each in self._of(name, value, resource, vpc)]
            if len(found) > 1:
                which = self._reading.assume("which of several targets a route has is not known: each", resource)
                return [replace(each, doubt=each.doubt or which) for each in found]
            if found:
                return found
        return [self._unknown("", resource, "the route's target is not known: as if it led everywhere")]

    def _of(self, name: str, value: Value, resource: Resource, vpc: str) -> Iterator[Leading]:
        choices = self._reading.choices(value, _FITTING.get(name, ()), resource)
        for choice in choices:
            doubt = choice.assumption or self._reading.presence(choice.resource)
            leading = self._to(choice.resource, vpc)
            yield replace(leading, doubt=leading.doubt or doubt)
        if not choices:
            yield self._undeclared(name, value, resource, vpc)

    def _to(self, gateway: Resource, vpc: str) -> Leading:
        """The target that is a resource."""
        key = gateway.address
        if gateway.type == _NAT:
            return Leading(Target("nat gateway", key))
        if gateway.type == _EGRESS_ONLY:
            return Leading(Target("egress-only gateway", key))
        if gateway.type in (INTERFACE, *INSTANCES):
            return self._through(gateway)
        if gateway.type in VPN_GATEWAYS:
            return Leading(self._attached_vpn_gateway(key, vpc))
        if gateway.type == "data.aws_internet_gateway":
            return Leading(Target("internet gateway", self._vpcs.attach_gateway(vpc, key)))
        if gateway.type == "aws_internet_gateway":
            is_here = self._vpcs[vpc].internet_gateway == key or not self._vpcs.is_declared(vpc)
            return Leading(Target("internet gateway", key) if is_here else Target("blackhole"))
        if gateway.type == f"data.{_NAT}":
            return self._nat_elsewhere(key, gateway)
        return self._to_networks(gateway, vpc)

    def _to_networks(self, gateway: Resource, vpc: str) -> Leading:
        """What connects a VPC with others and with networks outside, or an endpoint, behind which an appliance is."""
        if gateway.type in PEERINGS:
            return Leading(Target("peering", self._gateways.peering(_id_of(gateway), vpc)))
        if gateway.type in TRANSIT_GATEWAYS:
            return Leading(Target("transit gateway", self._gateways.transit.transit_gateway(_id_of(gateway), vpc)))
        if gateway.type in CORE_NETWORKS:
            return Leading(Target("transit gateway", self._gateways.transit.core_network(_id_of(gateway), vpc)))
        if gateway.type in _OUTSIDE:
            return Leading(Target("outside", gateway.address))
        return self._appliance(gateway.address, gateway)

    def _through(self, interface: Resource) -> Leading:
        """An instance or interface, which drops what is not for it unless its check is switched off.

        Source: VPC user guide, "Work with NAT instances", "Disable source/destination checks".
        """
        holder = self._interfaces.holder(interface)
        primary = self._interfaces.primary(holder)
        checked = primary[0] if interface is holder and primary else interface
        try:
            is_checked, doubt = checked.flag("source_dest_check", default=True), None
        except UnknownValue as unknown:
            is_checked, doubt = False, self._reading.assume(f"{unknown} is not known: taken for false", checked)
        if is_checked:
            return Leading(Target("blackhole", holder.address), remark="which drops it: source/destination check")
        return Leading(Target("interface", holder.address), doubt)

    def _undeclared(self, name: str, value: Value, resource: Resource, vpc: str) -> Leading:
        """Where a route leads whose target is not declared here."""
        label = label_of(value)
        match name:
            case "gateway_id":
                return self._gateway(value, resource, vpc)
            case "nat_gateway_id":
                return self._nat_elsewhere(label, resource)
            case "vpc_peering_connection_id" if not could_be_anything(value):
                return Leading(Target("peering", self._gateways.peering(value, vpc)))
            case "transit_gateway_id":
                return Leading(Target("transit gateway", self._gateways.transit.transit_gateway(value, vpc)))
            case "core_network_arn":
                return Leading(Target("transit gateway", self._gateways.transit.core_network(value, vpc)))
            case "carrier_gateway_id" | "local_gateway_id" | "odb_network_arn":
                return Leading(Target("outside", label))
            case "vpc_endpoint_id" | "instance_id" | "network_interface_id":
                found = self._reading.named(value, ("aws_vpc_endpoint", FIREWALL))
                return self._appliance(found[0].address if found else label, resource)
            case "egress_only_gateway_id":
                return Leading(Target("egress-only gateway", label))
        return self._unknown(label, resource, f"{label}: {_APPLIANCE}")

    def _appliance(self, key: str, resource: Resource) -> Leading:
        return Leading(Target("appliance", key), self._reading.assume(f"{key}: {_APPLIANCE}", resource))

    def _nat_elsewhere(self, label: str, resource: Resource) -> Leading:
        text = f"the NAT gateway {label} is not declared here: taken to lead to the internet"
        return Leading(Target("nat gateway", label), self._reading.assume(text, resource))

    def _gateway(self, value: Value, resource: Resource, vpc: str) -> Leading:
        """An internet or virtual private gateway that is not declared here, the local route, or an endpoint."""
        label = label_of(value)
        if not isinstance(value, Unknown) and value == "local":
            return Leading(Target("local", vpc))
        for each in self._reading.named(value, (_NAT,)):
            return Leading(Target("nat gateway", each.address))  # AWS takes a NAT gateway's id there too
        if "aws_vpn_gateway" in label or label.startswith("vgw-"):
            return Leading(self._attached_vpn_gateway(label, vpc))
        if "aws_internet_gateway" in label or label.startswith("igw-"):
            return Leading(Target("internet gateway", self._vpcs.attach_gateway(vpc, label)))
        if isinstance(value, Unknown):
            self._vpcs.attach_gateway(vpc, label)
        return self._unknown(label, resource, f"{label}: {_APPLIANCE}")

    def _attached_vpn_gateway(self, key: str, vpc: str) -> Target:
        self._vpcs.attach_vpn_gateway(vpc, key)
        return Target("vpn gateway", key)

    def _unknown(self, label: str, resource: Resource, text: str) -> Leading:
        return Leading(Target("unknown", label), self._reading.assume(text, resource))


def _id_of(resource: Resource) -> Value:
    return Reference(f"{resource.address}.id", resource.address, "id")
