"""Security groups: stateful, the union of what all groups of an interface permit; what answers always passes.

A permission whose peer is a group is for the private addresses of the group's members: VPC user guide, "Security group
rules" ("traffic is allowed based on the private IP addresses of the resources associated with the referenced security
group"). So it never lets anybody on the internet in.
"""

from __future__ import annotations

from policies.reachability import addresses
from policies.reachability.factors.factor import Factor, Region, always, rests_on
from policies.reachability.flows import Box
from policies.reachability.network import SecurityGroup

_NONE = "there is none"


def outbound(groups: tuple[SecurityGroup, ...] | None, members_of: frozenset[str]) -> Factor:
    """What groups let out to a server that is in the groups `members_of`, which are none for one outside."""
    if groups is None:
        return always("security groups, outbound", "forward", _NONE)
    regions = []
    for group in groups:
        for permission in group.egress:
            peers = addresses.ALL if permission.groups & members_of else permission.peers
            region = Region(Box(addresses.ALL, peers, permission.traffic), (permission.rule,))
            regions.append(rests_on(group.assumption, region))
    return _factor(groups, "outbound", regions)


def inbound(groups: tuple[SecurityGroup, ...] | None, members_of: frozenset[str]) -> Factor:
    """What groups let in from a client that is in the groups `members_of`, which are none for one outside.

    Where a network load balancer keeps the client's address, `members_of` are the load balancer's: groups of clients do
    not count there (Network Load Balancers guide, "Register targets": "use the client CIDR blocks instead").
    """
    if groups is None:
        return always("security groups, inbound", "forward", _NONE)
    regions = []
    for group in groups:
        for permission in group.ingress:
            peers = addresses.ALL if permission.groups & members_of else permission.peers
            region = Region(Box(peers, addresses.ALL, permission.traffic), (permission.rule,))
            regions.append(rests_on(group.assumption, region))
    return _factor(groups, "inbound", regions)


def _factor(groups: tuple[SecurityGroup, ...], side: str, candidates: list[Region]) -> Factor:
    names = ", ".join(group.name for group in groups) or "none"
    regions = tuple(region for region in candidates if region.box)
    rules = tuple(region.rules[0] for region in candidates)
    return Factor(f"security groups {names}, {side}", "forward", regions, rules, is_allow_list=True, parts=groups)
