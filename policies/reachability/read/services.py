"""Everything else with interfaces in subnets: load balancers, databases, brokers, endpoints, functions, gateways.

A resource of any type that names subnets has interfaces in them, unless its type is known to have none: so that types
that nobody has thought of are looked at too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from policies.library.model import Resource
from policies.library.values import Unknown, Value
from policies.reachability.intervals import NOTHING
from policies.reachability.network import Node, NodeKind, SecurityGroup, Subnet
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading, leaves
from policies.reachability.read.servers import TYPES as SERVERS

_SUBNETS = re.compile(r"subnets?(_ids?)?|client_subnets|subnet_ids?_?list|.*subnet_group(_name|_id)?|subnetids?")
_GROUPS = re.compile(r"(vpc_)?security_?groups?(_?ids?)?(_list)?|.*_security_groups?")

WITHOUT_INTERFACES = frozenset(
    {
        "aws_autoscaling_traffic_source_attachment",
        "aws_db_subnet_group",
        "aws_default_network_acl",
        "aws_default_route_table",
        "aws_default_security_group",
        "aws_default_subnet",
        "aws_default_vpc",
        "aws_ec2_client_vpn_authorization_rule",
        "aws_ec2_client_vpn_endpoint",
        "aws_ec2_client_vpn_network_association",
        "aws_ec2_client_vpn_route",
        "aws_ec2_subnet_cidr_reservation",
        "aws_ec2_transit_gateway_vpc_attachment",
        "aws_flow_log",
        "aws_launch_configuration",
        "aws_launch_template",
        "aws_network_acl",
        "aws_network_acl_association",
        "aws_network_acl_rule",
        "aws_network_interface_sg_attachment",
        "aws_networkmanager_vpc_attachment",
        "aws_ram_resource_association",
        "aws_rds_cluster_instance",
        "aws_docdb_cluster_instance",
        "aws_neptune_cluster_instance",
        "aws_route",
        "aws_route_table",
        "aws_route_table_association",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_endpoint_security_group_association",
        "aws_vpc_endpoint_subnet_association",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
    }
)
"""Types that name subnets or security groups and have no interfaces of their own."""

_DEFAULTS_TO_DEFAULT_VPC = frozenset(
    {
        "aws_db_instance",
        "aws_dms_replication_instance",
        "aws_docdb_cluster",
        "aws_elb",
        "aws_elasticache_cluster",
        "aws_elasticache_replication_group",
        "aws_mq_broker",
        "aws_neptune_cluster",
        "aws_rds_cluster",
        "aws_redshift_cluster",
        "aws_redshiftserverless_workgroup",
    }
)
"""Types that AWS puts into the default VPC where they name no subnets."""

_KINDS: tuple[tuple[str, NodeKind], ...] = (
    (r"aws_(lb|alb|elb)", "load balancer"),
    (r"aws_(mq_broker|msk_.*)", "broker"),
    (
        r"aws_(db|rds|docdb|neptune|redshift|redshiftserverless|elasticache|memorydb|dax|opensearch|elasticsearch|efs|fsx)_.*",
        "database",
    ),
    (r"aws_(vpc_endpoint|route53_resolver_endpoint|ec2_instance_connect_endpoint)", "endpoint"),
    (r"aws_(lambda_.*|pipes_pipe|kinesis_firehose_delivery_stream)", "function"),
    (r"aws_nat_gateway", "nat gateway"),
    (r"aws_(ecs_service|eks_node_group|eks_fargate_profile|batch_.*|emr_cluster|elastic_beanstalk_.*)", "server"),
)

_POLLERS = MappingProxyType({"aws_pipes_pipe": "source", "aws_lambda_event_source_mapping": "event_source_arn"})
"""What reads a cluster or broker through interfaces in its subnets and security groups, and names it where: EventBridge
user guide, "Amazon MSK as a source"; Lambda developer guide, "Using Lambda with Amazon MSK"."""

_OUTBOUND_ONLY = frozenset({*_POLLERS, "aws_lambda_function", "aws_kinesis_firehose_delivery_stream"})
"""What only opens connections and accepts none: Lambda developer guide, "Giving Lambda functions access to resources in
an Amazon VPC"; Firehose developer guide, "Deliver to a VPC"."""

_WITHOUT_GROUPS = frozenset({"aws_nat_gateway", "aws_networkfirewall_firewall"})

_INSTANCES_OF: Mapping[str, str] = MappingProxyType(
    {
        "aws_rds_cluster": "aws_rds_cluster_instance",
        "aws_docdb_cluster": "aws_docdb_cluster_instance",
        "aws_neptune_cluster": "aws_neptune_cluster_instance",
    }
)


def services(places: Places, exclude: frozenset[str]) -> Iterator[Node]:
    """A node for each resource with interfaces that is no server; `exclude` are types that others read."""
    for _, resource in sorted(places.reading.configuration.resources.items()):
        type_ = resource.type
        if type_.startswith("data.") or type_ in WITHOUT_INTERFACES or type_ in SERVERS or type_ in exclude:
            continue
        if type_.endswith("_subnet_group"):
            continue
        source = _polled(resource, places.reading) or resource
        subnets = list(values_named(source.attributes, _SUBNETS))
        groups = list(values_named(source.attributes, _GROUPS))
        if subnets or type_ in _DEFAULTS_TO_DEFAULT_VPC:
            yield service(resource, subnets, groups, places)


def _polled(resource: Resource, reading: Reading) -> Resource | None:
    """The cluster or broker in whose subnets and groups a poller gets its interfaces."""
    name = _POLLERS.get(resource.type)
    found = (
        reading.named(resource.get(name), ("aws_msk_cluster", "aws_msk_serverless_cluster", "aws_mq_broker"))
        if name
        else []
    )
    return found[0] if found else None


def service(resource: Resource, subnets: list[Value], groups: list[Value], places: Places) -> Node:
    """The node of a resource that stands in some subnets, in some groups."""
    standing = places.subnets_of(resource, subnets, groups)
    found: tuple[SecurityGroup, ...] | None = None
    if not (resource.type in _WITHOUT_GROUPS or is_without_groups(resource, groups, places.reading)):
        found = places.groups_of(resource, groups, standing[0].vpc)
    return places.node(
        resource,
        kind_of(resource),
        standing,
        found,
        is_public=is_public(resource, standing, places),
        has_ipv6=_has_ipv6(resource, places.reading),
        own=[resource.get(name) for name in ("ip_address", "private_ip", "private_ip_address")],
        listens=NOTHING if resource.type in _OUTBOUND_ONLY else None,
    )


def kind_of(resource: Resource) -> NodeKind:
    """What kind of node a type is."""
    return next((kind for pattern, kind in _KINDS if re.fullmatch(pattern, resource.type)), "interface")


def values_named(attributes: Mapping[str, Value], pattern: re.Pattern[str]) -> Iterator[Value]:
    """The values of the attributes whose names match, at any depth."""
    for name, value in attributes.items():
        if pattern.fullmatch(name):
            if any(True for _ in leaves(value)) and not _is_blocks(value):
                yield value
                continue
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Mapping):
                yield from values_named(each, pattern)


def _is_blocks(value: Value) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, tuple) and any(isinstance(each, Mapping) for each in value))


def is_without_groups(resource: Resource, groups: list[Value], reading: Reading) -> bool:
    """Whether no security group stands around a load balancer or endpoint: network and gateway ones without any."""
    if groups:
        return False
    if resource.type in ("aws_lb", "aws_alb"):
        return reading.text(resource, "load_balancer_type", "application") in ("network", "gateway")
    return reading.text(resource, "vpc_endpoint_type").lower() == "gatewayloadbalancer"


def is_public(resource: Resource, standing: tuple[Subnet, ...], places: Places) -> bool:
    """Whether a service's interfaces have public addresses."""
    reading = places.reading

    def says(name: str, default: bool) -> bool:
        return reading.flag(resource, name, default, True, "taken to have public addresses", resource)

    match resource.type:
        case "aws_lb" | "aws_alb" | "aws_elb":
            return not reading.flag(resource, "internal", False, False, "taken for internet-facing", resource)
        case "aws_nat_gateway":
            return reading.text(resource, "connectivity_type", "public") != "private"
        case "aws_redshift_cluster":
            if not resource.has("publicly_accessible"):
                reading.assume("publicly_accessible is not set, which is true before provider version 6", resource)
            return says("publicly_accessible", True)
        case "aws_msk_cluster":
            return _is_msk_public(resource, reading)
        case "aws_ecs_service":
            return any(
                reading.flag(block, "assign_public_ip", False, True, "taken to have public addresses", resource)
                for block in reading.blocks(resource, "network_configuration", resource, "read as far as known")
            )
        case "aws_transfer_server":
            return any(True for _ in values_named(resource.attributes, re.compile("address_allocation_ids")))
        case "aws_eks_node_group" | "aws_emr_cluster" | "aws_batch_compute_environment":
            return places.gives_public_addresses(standing)
    member = _INSTANCES_OF.get(resource.type)
    if member:
        return any(
            reading.flag(each, "publicly_accessible", False, True, "taken to have public addresses", each)
            for each in reading.configuration.referring(resource, member, "cluster_identifier")
        )
    return says("publicly_accessible", False)


def _is_msk_public(resource: Resource, reading: Reading) -> bool:
    for value in values_named(resource.attributes, re.compile("public_access")):
        if isinstance(value, Unknown):
            return True
    for info in reading.blocks(resource, "broker_node_group_info", resource, "read as far as known"):
        for connectivity in reading.blocks(info, "connectivity_info", resource, "read as far as known"):
            for access in reading.blocks(connectivity, "public_access", resource, "read as far as known"):
                if reading.text(access, "type", "SERVICE_PROVIDED_EIPS" if access.has("type") else "") == (
                    "SERVICE_PROVIDED_EIPS"
                ):
                    return True
    return False


def _has_ipv6(resource: Resource, reading: Reading) -> bool:
    """Whether a service has IPv6 addresses too: `dualstack` in the words of most services."""
    for name in ("ip_address_type", "network_type", "dns_record_ip_type"):
        value = resource.get(name)
        if isinstance(value, Unknown) or "dual" in str(value).lower() or "ipv6" in str(value).lower():
            return True
    return False
