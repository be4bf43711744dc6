"""Which services' interfaces have public IPv4 addresses, by what each type says of itself.

Sources: EKS user guide, "Customize managed nodes with launch templates"; AWS Batch user guide, "Launch template
support"; ECS developer guide, "Task networking"; Application Load Balancers guide, "IP address type"; WorkSpaces
administration guide, "Provide internet access"; AppStream 2.0 administration guide, "Internet access".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from policies.library.json_text import from_json
from policies.library.model import Block, Resource
from policies.library.values import Unknown, UnknownValue, label_of
from policies.reachability.network import Subnet
from policies.reachability.read.attributes import flags_named, unknown_blocks, values_named
from policies.reachability.read.families import TASKS
from policies.reachability.read.launches import LAUNCHING, launches_with
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading

_MEANING = "taken to have public addresses"
_FAR = "read as far as known"

_CLUSTER_INSTANCES = {
    "aws_rds_cluster": "aws_rds_cluster_instance",
    "aws_docdb_cluster": "aws_docdb_cluster_instance",
    "aws_neptune_cluster": "aws_neptune_cluster_instance",
}
_FLAGS = re.compile(
    "publicly_accessible|assign_?public_?ip|create_public_ip|enable_internet_access|enable_default_internet_access",
    re.IGNORECASE,
)
"""What types call it that their interfaces get public addresses, in blocks too."""

_TASKS_IN = re.compile(
    "network_?configuration|aws_?vpc_?configuration|ecs_target|ecs_parameters|ecs_task_parameters",
    re.IGNORECASE,
)
"""Blocks that say how tasks are connected, and those around them."""

_BATCH = "aws_batch_compute_environment"
_ALLOCATIONS = re.compile("address_allocation_ids")
_MSK_PUBLIC = "SERVICE_PROVIDED_EIPS"
_ONLY_IPV6_IS_PUBLIC = "dualstack-without-public-ipv4"


def is_public(resource: Resource, standing: tuple[Subnet, ...], places: Places) -> bool:
    """Whether a service's interfaces have public IPv4 addresses."""
    if resource.type == _BATCH and _is_of_fargate(resource, places.reading):
        return _jobs(resource, places.reading)
    if resource.type in LAUNCHING:
        launches = launches_with(resource, places.reading)
        return any(launch.gives_public_address(None, places, standing) for launch in launches)
    if resource.type in _CLUSTER_INSTANCES:
        members = places.reading.configuration.referring(
            resource, _CLUSTER_INSTANCES[resource.type], "cluster_identifier"
        )
        return any(_says(each, places.reading) for each in members)
    return _BY_TYPE.get(resource.type, _says)(resource, places.reading)


def _says(resource: Resource, reading: Reading) -> bool:
    flags = list(flags_named(resource.attributes, _FLAGS))
    if resource.type in TASKS:
        flags += unknown_blocks_of_tasks(resource)
    for flag in flags:
        if isinstance(flag, Unknown):
            reading.assume(f"{label_of(flag)} is not known: {_MEANING}", resource)
            return True
    return any(flags)


def unknown_blocks_of_tasks(resource: Resource) -> Iterator[Unknown]:
    """The blocks of which nothing is known and that may say how tasks are connected."""
    for value in unknown_blocks(resource.attributes, _TASKS_IN):
        if isinstance(value, Unknown):
            yield value


def _is_of_fargate(environment: Resource, reading: Reading) -> bool:
    blocks = reading.blocks(environment, "compute_resources", environment, _FAR)
    return any(reading.text(block, "type").upper().startswith("FARGATE") for block in blocks)


def _jobs(environment: Resource, reading: Reading) -> bool:
    """Whether jobs on Fargate get public addresses, as their definitions say, which need not be declared here."""
    definitions = reading.configuration.of_type("aws_batch_job_definition")
    if not definitions:
        reading.assume(f"no definition of its jobs is declared here: {_MEANING}", environment)
        return True
    flags: list[bool | Unknown] = []
    for definition in definitions:
        for value in (definition.get("container_properties"), definition.get("ecs_properties")):
            if value is not None:
                try:
                    flags += flags_named({"properties": from_json(value)}, _FLAGS)
                except UnknownValue as unknown:
                    flags.append(Unknown(str(unknown)))
    if any(isinstance(flag, Unknown) for flag in flags):
        reading.assume(f"what the definitions of its jobs say is not known: {_MEANING}", environment)
        return True
    return any(flags)


def _balancer(resource: Resource, reading: Reading) -> bool:
    if reading.text(resource, "ip_address_type") == _ONLY_IPV6_IS_PUBLIC:
        return False
    return not reading.flag(resource, "internal", if_unknown=False, meaning=_MEANING)


def _redshift(resource: Resource, reading: Reading) -> bool:
    if not resource.has("publicly_accessible"):
        reading.assume("publicly_accessible is not set: true before version 6 of the provider", resource)
        return True
    return _says(resource, reading)


def _msk(resource: Resource, reading: Reading) -> bool:
    """Source: MSK developer guide, "Turn on public access": off unless its type is set."""
    blocks: list[Block] = [resource]
    for name in ("broker_node_group_info", "connectivity_info", "public_access"):
        if any(isinstance(each, Unknown) for block in blocks for each in block.values(name)):
            reading.assume(f"{name} is not known: {_MEANING}", resource)
            return True
        blocks = [inner for block in blocks for inner in reading.blocks(block, name, resource, _FAR)]
    return any(isinstance(each.get("type"), Unknown) or each.get("type") == _MSK_PUBLIC for each in blocks)


_BY_TYPE: Mapping[str, Callable[[Resource, Reading], bool]] = {
    "aws_lb": _balancer,
    "aws_alb": _balancer,
    "aws_elb": _balancer,
    "aws_ecs_express_gateway_service": lambda _, __: True,
    "aws_nat_gateway": lambda gateway, reading: reading.text(gateway, "connectivity_type", "public") != "private",
    "aws_redshift_cluster": _redshift,
    "aws_msk_cluster": _msk,
    "aws_transfer_server": lambda server, _: bool([*values_named(server.attributes, _ALLOCATIONS)]),
}
