"""Which services' interfaces have public addresses, and IPv6 ones, by what each type says of itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from policies.library.model import Block, Resource
from policies.library.values import Unknown, Value
from policies.reachability.network import Subnet
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading, leaves

_MEANING = "taken to have public addresses"
_FAR = "read as far as known"

_CLUSTER_INSTANCES = {
    "aws_rds_cluster": "aws_rds_cluster_instance",
    "aws_docdb_cluster": "aws_docdb_cluster_instance",
    "aws_neptune_cluster": "aws_neptune_cluster_instance",
}
_LAUNCHED = frozenset({"aws_eks_node_group", "aws_emr_cluster", "aws_batch_compute_environment"})
"""What launches instances, which get public addresses where their subnets give them."""


def is_public(resource: Resource, standing: tuple[Subnet, ...], places: Places) -> bool:
    """Whether a service's interfaces have public addresses."""
    if resource.type in _LAUNCHED:
        return places.gives_public_addresses(standing)
    if resource.type in _CLUSTER_INSTANCES:
        members = places.reading.configuration.referring(
            resource, _CLUSTER_INSTANCES[resource.type], "cluster_identifier"
        )
        return any(_says(each, places.reading) for each in members)
    return _BY_TYPE.get(resource.type, _says)(resource, places.reading)


def has_ipv6(resource: Resource) -> bool:
    """Whether a service has IPv6 addresses too: `dualstack` in the words of most services."""
    for name in ("ip_address_type", "network_type"):
        value = resource.get(name)
        if isinstance(value, Unknown) or any(word in str(value).lower() for word in ("dual", "ipv6")):
            return True
    return False


def values_named(attributes: Mapping[str, Value], pattern: re.Pattern[str]) -> Iterator[Value]:
    """The values of the attributes whose names match, at any depth."""
    for name, value in attributes.items():
        blocks = [each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, Mapping)]
        if not blocks and pattern.fullmatch(name) and any(isinstance(leaf, str | Unknown) for leaf in leaves(value)):
            yield value
        for block in blocks:
            yield from values_named(block, pattern)


def unknown_blocks(attributes: Mapping[str, Value], pattern: re.Pattern[str]) -> Iterator[Value]:
    """The blocks whose names match and of which nothing is known."""
    for name, value in attributes.items():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Unknown) and pattern.fullmatch(name):
                yield each
            elif isinstance(each, Mapping):
                yield from unknown_blocks(each, pattern)


def _says(resource: Resource, reading: Reading) -> bool:
    return reading.flag(resource, "publicly_accessible", if_unknown=True, meaning=_MEANING)


def _balancer(resource: Resource, reading: Reading) -> bool:
    return not reading.flag(resource, "internal", if_unknown=False, meaning=_MEANING)


def _redshift(resource: Resource, reading: Reading) -> bool:
    if not resource.has("publicly_accessible"):
        reading.assume("publicly_accessible is not set: true before version 6 of the provider", resource)
        return True
    return _says(resource, reading)


def _containers(resource: Resource, reading: Reading) -> bool:
    return any(
        reading.flag(block, "assign_public_ip", if_unknown=True, meaning=_MEANING, resource=resource)
        for block in reading.blocks(resource, "network_configuration", resource, _FAR)
    )


def _msk(resource: Resource, reading: Reading) -> bool:
    """Source: MSK developer guide, "Turn on public access": off unless its type is set."""
    blocks: list[Block] = [resource]
    for name in ("broker_node_group_info", "connectivity_info", "public_access"):
        if any(isinstance(each, Unknown) for block in blocks for each in block.values(name)):
            reading.assume(f"{name} is not known: {_MEANING}", resource)
            return True
        blocks = [inner for block in blocks for inner in reading.blocks(block, name, resource, _FAR)]
    return any(isinstance(each.get("type"), Unknown) or each.get("type") == _MSK_PUBLIC for each in blocks)


_MSK_PUBLIC = "SERVICE_PROVIDED_EIPS"
_ALLOCATIONS = re.compile("address_allocation_ids")

_BY_TYPE: Mapping[str, Callable[[Resource, Reading], bool]] = {
    "aws_lb": _balancer,
    "aws_alb": _balancer,
    "aws_elb": _balancer,
    "aws_nat_gateway": lambda gateway, reading: reading.text(gateway, "connectivity_type", "public") != "private",
    "aws_redshift_cluster": _redshift,
    "aws_msk_cluster": _msk,
    "aws_ecs_service": _containers,
    "aws_transfer_server": lambda server, _: bool([*values_named(server.attributes, _ALLOCATIONS)]),
}
