"""What routes lead to."""

from __future__ import annotations

from policies.library.model import Block, Resource
from policies.library.routing import TARGETS
from policies.library.values import Unknown, Value, label_of
from policies.reachability.network import Target
from policies.reachability.read.attachments import FIREWALL
from policies.reachability.read.attachments import TYPES as TRANSIT_GATEWAYS
from policies.reachability.read.gateways import PEERINGS, Gateways
from policies.reachability.read.interfaces import INSTANCES, INTERFACE, Interfaces
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.vpcs import GATEWAYS, VPN_GATEWAYS, Vpcs

_FITTING = {
    "gateway_id": (*GATEWAYS, *VPN_GATEWAYS),
    "nat_gateway_id": ("aws_nat_gateway",),
    "transit_gateway_id": TRANSIT_GATEWAYS,
    "vpc_peering_connection_id": PEERINGS,
}
"""What a target names. Of a plan's inline routes it is only known what all of them name together."""
_OUTSIDE = ("aws_ec2_carrier_gateway", "data.aws_ec2_local_gateway", "aws_odb_network")
"""What connects with networks outside besides peering, transit gateways and VPNs."""
_APPLIANCE = "what is behind it is not looked at: as if it led everywhere"


class Targets:
    """The targets of routes, as the model names them."""

    def __init__(self, reading: Reading, vpcs: Vpcs, gateways: Gateways, interfaces: Interfaces) -> None:
        self._reading, self._vpcs, self._gateways, self._interfaces = reading, vpcs, gateways, interfaces

    def of(self, resource: Resource, block: Block, vpc: str) -> Target:
        """The target of a route in a VPC's table."""
        for name in TARGETS:
            found = list(leaves(block.get(name)))
            for value in [each for each in found if self._reading.named(each, _FITTING.get(name, ()))] or found:
                return self._target(name, value, resource, vpc)
        return self._unknown("", resource, "the route's target is not known: as if it led everywhere")

    def _target(self, name: str, value: Value, resource: Resource, vpc: str) -> Target:
        match name:
            case "gateway_id":
                return self._gateway(value, resource, vpc)
            case "nat_gateway_id":
                return self._nat(value, resource)
            case "vpc_peering_connection_id" if not could_be_anything(value) or self._reading.named(value, PEERINGS):
                return self._gateways.peering(value, vpc)
            case "transit_gateway_id":
                return Target("transit gateway", self._gateways.transit.transit_gateway(value, vpc))
            case "core_network_arn":
                return Target("transit gateway", self._gateways.transit.core_network(value, vpc))
            case "egress_only_gateway_id":
                found = self._reading.named(value, ("aws_egress_only_internet_gateway",))
                return Target("egress-only gateway", found[0].address if found else label_of(value))
            case "instance_id" | "network_interface_id":
                for each in self._reading.named(value, (*INSTANCES, INTERFACE)):
                    return Target("interface", self._interfaces.holder(each).address)
        return self._other(name, value, resource)

    def _other(self, name: str, value: Value, resource: Resource) -> Target:
        """A network outside, an appliance, or what is not known."""
        label = label_of(value)
        if name in ("carrier_gateway_id", "local_gateway_id", "odb_network_arn"):
            found = self._reading.named(value, _OUTSIDE)
            return Target("outside", found[0].address if found else label)
        self._reading.assume(f"{label}: {_APPLIANCE}", resource)
        if name in ("vpc_endpoint_id", "instance_id", "network_interface_id"):
            found = self._reading.named(value, ("aws_vpc_endpoint", FIREWALL))
            return Target("appliance", found[0].address if found else label)
        return Target("unknown", label)

    def _nat(self, value: Value, resource: Resource) -> Target:
        for each in self._reading.named(value, ("aws_nat_gateway",)):
            return Target("nat gateway", each.address)
        label = label_of(value)
        self._reading.assume(f"the NAT gateway {label} is not declared here: taken to lead to the internet", resource)
        return Target("nat gateway", label)

    def _gateway(self, value: Value, resource: Resource, vpc: str) -> Target:
        """An internet or virtual private gateway, the local route, or an endpoint."""
        if not isinstance(value, Unknown) and value == "local":
            return Target("local", vpc)
        if self._reading.named(value, ("aws_nat_gateway",)) and not self._reading.named(value, GATEWAYS):
            return self._nat(value, resource)  # AWS takes a NAT gateway's id there too
        for each in self._reading.named(value, (*GATEWAYS, *VPN_GATEWAYS, "aws_vpc_endpoint")):
            if each.type in VPN_GATEWAYS:
                return self._attached_vpn_gateway(each.address, vpc)
            if each.type == "aws_internet_gateway":
                is_attached = self._vpcs[vpc].internet_gateway == each.address
                is_elsewhere = self._vpcs.is_declared(vpc)
                return (
                    Target("internet gateway", each.address) if is_attached or not is_elsewhere else Target("blackhole")
                )
            if each.type == "data.aws_internet_gateway":
                return Target("internet gateway", self._vpcs.attach_gateway(vpc, each.address))
        label = label_of(value)
        if "aws_vpn_gateway" in label or label.startswith("vgw-"):
            return self._attached_vpn_gateway(label, vpc)
        if "aws_internet_gateway" in label or label.startswith("igw-") or isinstance(value, Unknown):
            return Target("internet gateway", self._vpcs.attach_gateway(vpc, label))
        return self._unknown(label, resource, f"{label}: {_APPLIANCE}")

    def _attached_vpn_gateway(self, key: str, vpc: str) -> Target:
        self._vpcs.attach_vpn_gateway(vpc, key)
        return Target("vpn gateway", key)

    def _unknown(self, label: str, resource: Resource, text: str) -> Target:
        self._reading.assume(text, resource)
        return Target("unknown", label)
