"""Everything else with interfaces in subnets: load balancers, databases, brokers, endpoints, functions, gateways.

A resource of any type that names subnets has interfaces in them, unless its type is known to have none: so that types
that nobody has thought of are looked at too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from policies.library.load_balancers import LOAD_BALANCERS
from policies.library.model import Resource
from policies.library.values import Unknown, Value
from policies.reachability.intervals import NOTHING
from policies.reachability.network import Node, SecurityGroup
from policies.reachability.read import beanstalk
from policies.reachability.read.attributes import unknown_blocks, values_named
from policies.reachability.read.eks import TYPES as EKS
from policies.reachability.read.eks import groups_of_eks
from policies.reachability.read.families import has_ipv6
from policies.reachability.read.launches import LAUNCHING, launches_with
from policies.reachability.read.listeners import CLASSIC, vpc_of_targets
from policies.reachability.read.places import Places
from policies.reachability.read.publicness import is_public
from policies.reachability.read.reading import Reading, leaves
from policies.reachability.read.servers import TYPES as SERVERS
from policies.reachability.read.service_types import (
    BLOCKS,
    GROUPS,
    GROUPS_OF_AWS,
    IN_DEFAULT_VPC,
    SUBNETS,
    WITH_GROUPS_OF_AWS,
    WITHOUT_INTERFACES,
    kind_of,
)
from policies.reachability.read.tasks import started_by, without_tasks

_POLLERS = {
    "aws_datasync_location_fsx_lustre_file_system": "fsx_filesystem_arn",
    "aws_datasync_location_fsx_ontap_file_system": "storage_virtual_machine_arn",
    "aws_datasync_location_fsx_openzfs_file_system": "fsx_filesystem_arn",
    "aws_datasync_location_fsx_windows_file_system": "fsx_filesystem_arn",
    "aws_lambda_event_source_mapping": "event_source_arn",
    "aws_pipes_pipe": "source",
}
"""What reads a cluster, broker or file system through interfaces in its subnets, and in its groups unless it names some
of its own, and what names that: EventBridge user guide, "Amazon MSK as a source"; Lambda developer guide, "Using Lambda
with Amazon MSK"; DataSync user guide, "Configuring transfers with Amazon FSx"."""

_OUTBOUND_ONLY = frozenset(
    {
        *_POLLERS,
        "aws_apigatewayv2_vpc_link",
        "aws_apprunner_vpc_connector",
        "aws_datasync_location_efs",
        *(type_ for type_ in _POLLERS if type_.startswith("aws_datasync_")),
        "aws_kinesis_firehose_delivery_stream",
        "aws_lambda_function",
        "aws_vpclattice_resource_gateway",
    }
)
"""What only opens connections and accepts none: Lambda developer guide, "Giving Lambda functions access to resources in
an Amazon VPC"; Firehose developer guide, "Deliver to a VPC"; App Runner developer guide, "Enabling VPC access for
outgoing traffic"; API Gateway developer guide, "VPC links"; VPC Lattice user guide, "Resource gateways"; DataSync user
guide, "Network interfaces for data transfers"."""

_CLIENT_VPN = "aws_ec2_client_vpn_endpoint"
_ENDPOINT = "aws_vpc_endpoint"
_ASSOCIATIONS = (
    (_ENDPOINT, "aws_vpc_endpoint_subnet_association", "vpc_endpoint_id", "subnet_id"),
    (_ENDPOINT, "aws_vpc_endpoint_security_group_association", "vpc_endpoint_id", "security_group_id"),
    (_CLIENT_VPN, "aws_ec2_client_vpn_network_association", "client_vpn_endpoint_id", "subnet_id"),
)
"""What gets subnets or security groups from which resources, which name it and them how."""

_NOT_READ = frozenset(
    {
        "aws_gamelift_fleet",
        "aws_lightsail_container_service",
        "aws_lightsail_database",
        "aws_lightsail_instance",
        "aws_lightsail_lb",
        "aws_opsworks_instance",
    }
)
"""Types that make interfaces in ways that are not written in attributes of their own."""

_POLLED = (
    *("aws_msk_cluster", "aws_msk_serverless_cluster", "aws_mq_broker"),
    *("aws_fsx_lustre_file_system", "aws_fsx_openzfs_file_system", "aws_fsx_windows_file_system"),
    "aws_fsx_ontap_file_system",
)
_NAT = "aws_nat_gateway"
_GROUP = "_subnet_group"
_APPLIANCE = "GatewayLoadBalancer"
_WITHOUT_GROUPS = frozenset({_NAT})


def services(places: Places) -> Iterator[Node]:
    """A node for each resource with interfaces that is no server."""
    for _, resource in sorted(places.reading.configuration.resources.items()):
        type_ = resource.type
        if type_ in WITHOUT_INTERFACES or type_ in SERVERS or type_.startswith("data.") or type_.endswith(_GROUP):
            continue
        if type_ == _ENDPOINT and places.reading.text(resource, "vpc_endpoint_type") == _APPLIANCE:
            continue  # only what is routed to it goes through it: see the targets of routes
        if type_ in _NOT_READ:
            places.reading.assume("its interfaces are not looked at", resource)
        if type_ == _CLIENT_VPN:
            places.reading.assume("its clients reach what it does; who they are is not looked at", resource)
        yield from _services(resource, places)


def _services(resource: Resource, places: Places) -> Iterator[Node]:
    """What a resource has: its own interfaces, and those of tasks that it starts."""
    tasks = started_by(resource, places.reading)
    if tasks is None:
        yield from _standing(resource, _where(resource, places.reading), places)
        return
    own = list(_standing(resource, _where(without_tasks(resource), places.reading), places))
    yield from own
    for node in _standing(resource, tasks, places):
        yield replace(node, key=f"{node.key}/tasks" if own else node.key, kind="server", listens=None)


def _standing(resource: Resource, source: Resource, places: Places) -> Iterator[Node]:
    """The node of a resource that stands where `source` says, which is itself or stands for it."""
    unknown = list(unknown_blocks(source.attributes, BLOCKS))
    subnets = [*values_named(_with_subnets(source), SUBNETS), *unknown]
    own = [*values_named(resource.attributes, GROUPS)] if resource.type in _POLLERS else []
    groups = [*(own or values_named(source.attributes, GROUPS)), *unknown]
    subnets += _associated(resource, "subnet_id", places.reading)
    groups += _associated(resource, "security_group_id", places.reading)
    is_member = resource.type == "aws_elasticache_cluster" and resource.has("replication_group_id")
    is_regional = resource.type == _NAT and resource.has("vpc_id")
    if subnets or is_regional or (resource.type in IN_DEFAULT_VPC and not is_member):
        yield _service(resource, source, subnets, groups, places)


def _with_subnets(source: Resource) -> Mapping[str, Value]:
    """The attributes that say in which subnets a resource stands.

    Of an endpoint that is `subnet_ids` alone: blocks of `subnet_configuration` give addresses in these (provider,
    "aws_vpc_endpoint"), and the plan of an endpoint that leaves a subnet still has the block of it.
    """
    if source.type == _ENDPOINT and source.has("subnet_ids"):
        return {"subnet_ids": source.get("subnet_ids")}
    return source.attributes


def _associated(resource: Resource, name: str, reading: Reading) -> Iterator[Value]:
    """The subnets or groups of a resource that are declared on their own."""
    for type_, association, owner, attribute in _ASSOCIATIONS:
        if (type_, attribute) == (resource.type, name):
            for each in reading.configuration.of_type(association):
                if resource in reading.owners(each, owner, (type_,)):
                    yield each.get(attribute)


def _where(resource: Resource, reading: Reading) -> Resource:
    """What says where a resource stands: itself, what it polls, or for a replica without subnets its source."""
    if resource.type == beanstalk.TYPE:
        return beanstalk.placed(resource, reading)
    name = _POLLERS.get(resource.type)
    if name is None and resource.type == "aws_db_instance" and not resource.has("db_subnet_group_name"):
        name = "replicate_source_db"
    types = ("aws_db_instance",) if name == "replicate_source_db" else _POLLED
    return next(iter(reading.named(resource.get(name), types)), resource) if name else resource


def _service(resource: Resource, source: Resource, subnets: list[Value], groups: list[Value], places: Places) -> Node:
    """The node of a resource that stands in some subnets, in some groups."""
    vpc = vpc_of_targets(resource, places.reading) if resource.type in LOAD_BALANCERS else source.get("vpc_id")
    if resource.type in LAUNCHING and not any(True for _ in leaves(tuple(groups))):
        groups = [value for launch in launches_with(resource, places.reading) for value in launch.groups]
    if resource.type == _NAT and not subnets:  # a regional one stands in all zones, with a route of its own
        key = places.vpcs.key_of(vpc)
        for gateway in places.reading.configuration.of_type("data.aws_internet_gateway"):
            places.vpcs.attach_gateway(key, gateway.address)
        standing = places.subnets.elsewhere(f"{resource.address}/subnet", key)
    else:
        standing = places.subnets_of(resource, subnets, groups, vpc)
    own = resource if source.address != resource.address else source
    node = places.node(
        resource,
        kind_of(resource.type),
        standing,
        _groups(resource, groups, standing[0].vpc, places),
        is_public=is_public(own, standing, places),
        has_ipv6=has_ipv6(own, standing, places),
        own=[resource.get("ip_address"), resource.get("private_ip")],
        listens=NOTHING if resource.type in _OUTBOUND_ONLY else None,
    )
    return replace(node, meets_own_acl=resource.type == CLASSIC)


def _groups(resource: Resource, groups: list[Value], vpc: str, places: Places) -> tuple[SecurityGroup, ...] | None:
    """The security groups around a resource, with those that AWS makes."""
    if resource.type in EKS:
        return groups_of_eks(resource, groups, vpc, places)
    if resource.type in _WITHOUT_GROUPS or _is_without_groups(resource, groups):
        return None
    is_without = resource.type in GROUPS_OF_AWS and not any(True for _ in leaves(tuple(groups)))
    if is_without or resource.type in WITH_GROUPS_OF_AWS:
        return (places.groups.open(f"that AWS makes for {resource.address}", resource),)
    return places.groups_of(resource, groups, vpc)


def _is_without_groups(resource: Resource, groups: list[Value]) -> bool:
    """Whether no security group stands, or need stand, around it: network and gateway load balancers without any."""
    name = "vpc_endpoint_type" if resource.type == _ENDPOINT else "load_balancer_type"
    kind = resource.get(name)
    return not groups and (isinstance(kind, Unknown) or kind in ("network", "gateway"))
