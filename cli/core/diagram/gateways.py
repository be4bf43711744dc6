"""What connects a VPC with the internet, with other VPCs and with other networks: drawn on its border."""

from __future__ import annotations

from collections.abc import Iterator

from cli.core.diagram.model import Box
from policies.library.model import Configuration
from policies.reachability.network import Network
from policies.reachability.read.vpcs import name_of

MAY_BE_ATTACHED = "may be attached"
"""What is said of a gateway of which it is not known whether it is this VPC's."""


def gateways(configuration: Configuration, network: Network, vpc: str) -> Iterator[Box]:
    """The gateways and connections of a VPC that is declared. NAT gateways have addresses: they stand in subnets."""
    known = network.vpcs[vpc]
    if known.internet_gateway:
        yield _box(configuration, vpc, known.internet_gateway, "internet gateway", is_certain=known.attachment is None)
    for gateway in configuration.referring(configuration.resources[vpc], "aws_egress_only_internet_gateway", "vpc_id"):
        yield _box(configuration, vpc, gateway.address, "egress-only internet gateway")
    if known.vpn_gateway:
        yield _box(configuration, vpc, known.vpn_gateway, "virtual private gateway")
    for key, transit in sorted(network.transit_gateways.items()):
        if vpc in transit.routes:
            yield _box(configuration, vpc, key, "transit gateway")
    for key, peering in sorted(network.peerings.items()):
        if vpc in peering.vpcs:
            others = [network.vpcs[each].name for each in peering.vpcs if each and each in network.vpcs and each != vpc]
            yield _box(configuration, vpc, key, f"peering with {others[0]}" if others else "peering connection")


def _box(configuration: Configuration, vpc: str, key: str, kind: str, *, is_certain: bool = True) -> Box:
    resource = configuration.resources.get(key)
    is_known = is_certain and not (resource and resource.number_unknown)
    return Box(
        key=f"{key} of {vpc}",
        title=name_of(resource) if resource else key,
        lines=(kind,) if is_known else (kind, MAY_BE_ATTACHED),
        kind="gateway",
        is_number_known=is_known,
    )
