"""NAT64: what goes to IPv4 addresses inside IPv6 ones, which a NAT gateway translates.

Source: VPC user guide, "DNS64 and NAT64". Routing alone counts: a client needs no DNS64 to use such an address.
"""

from __future__ import annotations

from dataclasses import replace

from policies.reachability import addresses, traffic
from policies.reachability.factors.factor import Factor
from policies.reachability.flows import Box, Flows
from policies.reachability.intervals import Intervals


def between(client: Intervals, server: Intervals) -> Flows:
    """All traffic from a client's IPv6 addresses to a server's IPv4 addresses."""
    return Flows.of([Box(client & addresses.ALL_V6, server & addresses.V4_FAMILY, traffic.ALL)])


def translated(factor: Factor) -> Factor:
    """What a mechanism in front of the NAT gateway lets through, by the IPv4 addresses that packets get to."""
    regions = (
        replace(region, box=Box(region.box.source, addresses.embedded(region.box.destination), region.box.traffic))
        for region in factor.regions
    )
    return replace(factor, regions=tuple(region for region in regions if region.box))
