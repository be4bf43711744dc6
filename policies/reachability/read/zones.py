"""Availability Zones: to which of a target's addresses a load balancer passes on, from which of its own.

It passes on only to zones that it is enabled in, which are those of its subnets; and only within a zone unless it is
cross-zone. Source: Elastic Load Balancing user guide, "How Elastic Load Balancing works", sections "Availability Zones
and load balancer nodes" ("these registered targets do not receive traffic") and "Cross-zone load balancing".
"""

from __future__ import annotations

from policies.library.model import Resource
from policies.library.values import Unknown
from policies.reachability.intervals import Intervals
from policies.reachability.network import Node, Subnet
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading

_ZONE = ("availability_zone", "availability_zone_id")
_CLASSIC = "aws_elb"

Zones = tuple[tuple[Intervals, Intervals], ...]


def zones_between(balancer: Node, target: Node, group: Resource | None, places: Places) -> Zones | None:
    """From which addresses of a load balancer to which of a target, as `Forward.zones`; None: from any to any.

    A zone that is not known may be any. Targets in other VPCs are in every zone.
    """
    if balancer.vpc != target.vpc or balancer.resource.type.startswith("data."):
        return None
    is_cross_zone = _is_cross_zone(balancer.resource, group, places.reading)
    pairs = [
        (near, far)
        for near in balancer.subnets
        for far in target.subnets
        if any(_may_share_zone(each, far, places) for each in (balancer.subnets if is_cross_zone else (near,)))
    ]
    if len(pairs) == len(balancer.subnets) * len(target.subnets):
        return None
    return tuple((near.addresses, far.addresses) for near, far in pairs)


def _may_share_zone(one: Subnet, other: Subnet, places: Places) -> bool:
    resources = (places.subnets.resource(one), places.subnets.resource(other))
    if one.key == other.key or None in resources:
        return True
    for name in _ZONE:
        zones = [each.get(name) for each in resources if each is not None]
        if all(isinstance(zone, str) and zone for zone in zones) and zones[0] != zones[1]:
            return False
    return True


def _is_cross_zone(balancer: Resource, group: Resource | None, reading: Reading) -> bool:
    """Whether each address of a load balancer passes on to all zones: by the target group, else by what it is."""
    said = group.get("load_balancing_cross_zone_enabled") if group else None
    if isinstance(said, Unknown) or str(said).lower() in ("true", "false"):
        return isinstance(said, Unknown) or str(said).lower() == "true"
    is_network = reading.text(balancer, "load_balancer_type", "application") in ("network", "gateway")
    name = "cross_zone_load_balancing" if balancer.type == _CLASSIC else "enable_cross_zone_load_balancing"
    if not is_network and balancer.type != _CLASSIC:
        return True
    return reading.flag(balancer, name, default=not is_network, if_unknown=True, meaning="taken for cross-zone")
