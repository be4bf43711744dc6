"""Servers: instances with their network interfaces, and what launches instances from templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policies.library.model import Resource
from policies.library.values import Value
from policies.reachability.network import Node
from policies.reachability.read.interfaces import (
    INSTANCES,
    INTERFACE,
)
from policies.reachability.read.launches import has_ipv6, launch_of, launches_of
from policies.reachability.read.places import Places

FLEETS = ("aws_autoscaling_group", "aws_spot_fleet_request", "aws_ec2_fleet", "aws_gamelift_game_server_group")
TYPES = (*INSTANCES, *FLEETS, INTERFACE)

_FLEET_SUBNETS = ("vpc_zone_identifier", "vpc_subnets")
_ADDRESSES = (
    *("private_ip", "private_ips", "private_ip_list", "secondary_private_ips", "ipv4_prefixes"),
    *("ipv6_addresses", "ipv6_address_list", "ipv6_prefixes"),
)
_CHOSEN_BY_AWS = ("private_ips_count", "ipv4_prefix_count")


def servers(places: Places) -> Iterator[Node]:
    """Every instance, fleet of instances, and interface that belongs to neither."""
    configuration = places.reading.configuration
    for instance in configuration.of_type(*INSTANCES):
        yield _instance(instance, places)
    for interface in configuration.of_type(INTERFACE):
        if places.interfaces.holder(interface) is interface:
            yield _interface(interface, places)
    for fleet in configuration.of_type(*FLEETS):
        yield _fleet(fleet, places)


def _instance(instance: Resource, places: Places) -> Node:
    """An instance and all its interfaces as one, which lets through what any of them does."""
    reading = places.reading
    interfaces = places.interfaces.of(instance)
    perhaps = places.interfaces.perhaps_of(instance)
    launch = launch_of(instance, reading)
    elsewhere = places.interfaces.elsewhere_of(instance)
    is_given = bool(places.interfaces.primary(instance) or elsewhere)
    groups: list[Value] = list(elsewhere)
    subnets: list[Value] = [*elsewhere, *(each.get("subnet_id") for each in (*interfaces, *perhaps))]
    attachments = list(places.interfaces.groups_of(instance, *interfaces))
    for each in (*interfaces, *perhaps, *attachments):
        groups += [each.get("security_groups"), each.get("security_group_id")]
    if not is_given:
        own = [instance.get("vpc_security_group_ids"), instance.get("security_groups")]
        has_own = any(instance.has(name) for name in ("vpc_security_group_ids", "security_groups"))
        groups += own if has_own else list(launch.groups)
        subnets = [instance.get("subnet_id") if instance.has("subnet_id") else launch.subnets, *subnets]
    if len(interfaces) + (not is_given) > 1:
        reading.assume("it has several interfaces: taken for one with the security groups of all", instance)
    standing = places.subnets_of(instance, subnets, groups)
    gives = launch.gives_public_address(instance, places, standing)
    written = interfaces if is_given and not elsewhere else [instance, *interfaces, *perhaps]
    node = places.node(
        instance,
        "server",
        standing,
        places.groups_of(instance, groups, standing[0].vpc),
        is_public=(gives and not is_given) or bool(elsewhere),
        has_ipv6=launch.has_ipv6 or places.gives_ipv6(standing) or any(map(has_ipv6, (instance, *interfaces))),
        own=_addresses(written),
    )
    return replace(node, assumptions=reading.about(*attachments, *perhaps))


def _interface(interface: Resource, places: Places) -> Node:
    groups = [interface.get("security_groups")]
    attachments = list(places.interfaces.groups_of(interface))
    groups += [each.get("security_group_id") for each in attachments]
    standing = places.subnets_of(interface, [interface.get("subnet_id")], groups)
    node = places.node(
        interface,
        "interface",
        standing,
        places.groups_of(interface, groups, standing[0].vpc),
        has_ipv6=has_ipv6(interface) or places.gives_ipv6(standing),
        own=_addresses([interface]),
    )
    return replace(node, assumptions=places.reading.about(*attachments))


def _fleet(fleet: Resource, places: Places) -> Node:
    """The instances of a scaling group or fleet, over all its subnets, from any of its templates."""
    launches = launches_of(fleet, places.reading)
    subnets: list[Value] = [fleet.get(name) for name in _FLEET_SUBNETS]
    if not any(fleet.has(name) for name in _FLEET_SUBNETS):
        subnets = [value for launch in launches for value in launch.subnets]
    groups = [value for launch in launches for value in launch.groups]
    standing = places.subnets_of(fleet, subnets, groups)
    found = list(places.groups_of(fleet, groups, standing[0].vpc))
    if groups and not all(launch.groups or launch.is_override for launch in launches):
        found += places.groups.defaults(standing[0].vpc)
    return places.node(
        fleet,
        "server",
        standing,
        tuple(dict.fromkeys(found)),
        is_public=any(launch.gives_public_address(None, places, standing) for launch in launches),
        has_ipv6=any(launch.has_ipv6 for launch in launches) or places.gives_ipv6(standing),
    )


def _addresses(resources: list[Resource]) -> list[Value]:
    """The addresses of interfaces, if all of them have some that are written and AWS chooses no more."""
    if not all(any(each.has(name) for name in _ADDRESSES[:3]) for each in resources):
        return []
    if any(each.has(name) for each in resources for name in _CHOSEN_BY_AWS):
        return []
    return [each.get(name) for each in resources for name in _ADDRESSES]
