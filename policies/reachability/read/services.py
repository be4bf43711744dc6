"""Everything else with interfaces in subnets: load balancers, databases, brokers, endpoints, functions, gateways.

A resource of any type that names subnets has interfaces in them, unless its type is known to have none: so that types
that nobody has thought of are looked at too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.library.load_balancers import LOAD_BALANCERS
from policies.library.model import Resource
from policies.library.values import Unknown, Value
from policies.reachability.intervals import NOTHING
from policies.reachability.network import Node, NodeKind, SecurityGroup
from policies.reachability.read.eks import TYPES as EKS
from policies.reachability.read.eks import groups_of_eks
from policies.reachability.read.listeners import vpc_of_targets
from policies.reachability.read.places import Places
from policies.reachability.read.publicness import has_ipv6, is_public, unknown_blocks, values_named
from policies.reachability.read.reading import Reading
from policies.reachability.read.servers import TYPES as SERVERS

_SUBNETS = re.compile("(.*_)?subnets?(_?ids?)?|.*subnet_group(_name|_id)?")
_GROUPS = re.compile("(.*_)?security_?groups?(_?ids?)?(_list)?")
_BLOCKS = re.compile(
    "(vpc|network)_(config|configuration|options|settings)|vpc|subnet_mapping|ec2_attributes|compute_resources"
    "|broker_node_group_info|physical_connection_requirements"
)
"""Names of attributes that hold subnets and security groups, and of blocks in which they are."""

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
        "aws_networkfirewall_firewall",
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

_IN_DEFAULT_VPC = frozenset(
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
    (r"aws_vpc_endpoint", "endpoint"),
    (r"aws_(lambda_.*|pipes_pipe|kinesis_firehose_delivery_stream)", "function"),
    (r"aws_nat_gateway", "nat gateway"),
    (r"aws_(ecs_service|eks_node_group|eks_fargate_profile|batch_.*|emr_cluster|elastic_beanstalk_.*)", "server"),
)

_POLLERS = {"aws_pipes_pipe": "source", "aws_lambda_event_source_mapping": "event_source_arn"}
"""What reads a cluster or broker through interfaces in its subnets and security groups, and names it where: EventBridge
user guide, "Amazon MSK as a source"; Lambda developer guide, "Using Lambda with Amazon MSK"."""

_OUTBOUND_ONLY = frozenset({*_POLLERS, "aws_lambda_function", "aws_kinesis_firehose_delivery_stream"})
"""What only opens connections and accepts none: Lambda developer guide, "Giving Lambda functions access to resources in
an Amazon VPC"; Firehose developer guide, "Deliver to a VPC"."""

_CLIENT_VPN = "aws_ec2_client_vpn_endpoint"
_ASSOCIATIONS = (
    ("aws_vpc_endpoint", "aws_vpc_endpoint_subnet_association", "vpc_endpoint_id", "subnet_id"),
    ("aws_vpc_endpoint", "aws_vpc_endpoint_security_group_association", "vpc_endpoint_id", "security_group_id"),
    (_CLIENT_VPN, "aws_ec2_client_vpn_network_association", "client_vpn_endpoint_id", "subnet_id"),
)
"""What gets subnets or security groups from which resources, which name it and them how."""

_NOT_READ = frozenset(
    {
        "aws_cloudformation_stack",
        "aws_elastic_beanstalk_environment",
        "aws_gamelift_fleet",
        "aws_opsworks_instance",
        "aws_servicecatalog_provisioned_product",
    }
)
"""Types that make interfaces in ways that are not written in attributes of their own."""

_POLLED = ("aws_msk_cluster", "aws_msk_serverless_cluster", "aws_mq_broker")
_GROUP = "_subnet_group"
_APPLIANCE = "GatewayLoadBalancer"
_WITHOUT_GROUPS = frozenset({"aws_nat_gateway"})


def services(places: Places) -> Iterator[Node]:
    """A node for each resource with interfaces that is no server."""
    for _, resource in sorted(places.reading.configuration.resources.items()):
        type_ = resource.type
        if type_ in WITHOUT_INTERFACES or type_ in SERVERS or type_.startswith("data.") or type_.endswith(_GROUP):
            continue
        if type_ == "aws_vpc_endpoint" and places.reading.text(resource, "vpc_endpoint_type") == _APPLIANCE:
            continue  # only what is routed to it goes through it: see the targets of routes
        if type_ in _NOT_READ:
            places.reading.assume("its interfaces are not looked at", resource)
        if type_ == _CLIENT_VPN:
            places.reading.assume("its clients reach what it does; who they are is not looked at", resource)
        source = _where(resource, places.reading)
        unknown = list(unknown_blocks(source.attributes, _BLOCKS))
        subnets = [*values_named(source.attributes, _SUBNETS), *unknown]
        groups = [*values_named(source.attributes, _GROUPS), *unknown]
        subnets += _associated(resource, "subnet_id", places.reading)
        groups += _associated(resource, "security_group_id", places.reading)
        is_member = type_ == "aws_elasticache_cluster" and resource.has("replication_group_id")
        if subnets or (type_ in _IN_DEFAULT_VPC and not is_member):
            yield _service(resource, subnets, groups, places)


def _associated(resource: Resource, name: str, reading: Reading) -> Iterator[Value]:
    """The subnets or groups of a resource that are declared on their own."""
    for type_, association, owner, attribute in _ASSOCIATIONS:
        if (type_, attribute) == (resource.type, name):
            for each in reading.configuration.of_type(association):
                if resource in reading.owners(each, owner, (type_,)):
                    yield each.get(attribute)


def _where(resource: Resource, reading: Reading) -> Resource:
    """What says where a resource stands: itself, what it polls, or for a replica without subnets its source."""
    name = _POLLERS.get(resource.type)
    if name is None and resource.type == "aws_db_instance" and not resource.has("db_subnet_group_name"):
        name = "replicate_source_db"
    types = ("aws_db_instance",) if name == "replicate_source_db" else _POLLED
    return next(iter(reading.named(resource.get(name), types)), resource) if name else resource


def _service(resource: Resource, subnets: list[Value], groups: list[Value], places: Places) -> Node:
    """The node of a resource that stands in some subnets, in some groups."""
    vpc = vpc_of_targets(resource, places.reading) if resource.type in LOAD_BALANCERS else resource.get("vpc_id")
    standing = places.subnets_of(resource, subnets, groups, vpc)
    found: tuple[SecurityGroup, ...] | None = None
    if resource.type in EKS:
        found = groups_of_eks(resource, groups, standing[0].vpc, places)
    elif resource.type not in _WITHOUT_GROUPS and not _is_without_groups(resource, groups):
        found = places.groups_of(resource, groups, standing[0].vpc)
    return places.node(
        resource,
        next((kind for pattern, kind in _KINDS if re.fullmatch(pattern, resource.type)), "interface"),
        standing,
        found,
        is_public=is_public(resource, standing, places),
        has_ipv6=has_ipv6(resource),
        own=[resource.get("ip_address"), resource.get("private_ip")],
        listens=NOTHING if resource.type in _OUTBOUND_ONLY else None,
    )


def _is_without_groups(resource: Resource, groups: list[Value]) -> bool:
    """Whether no security group stands, or need stand, around it: network and gateway load balancers without any."""
    name = "vpc_endpoint_type" if resource.type == "aws_vpc_endpoint" else "load_balancer_type"
    kind = resource.get(name)
    return not groups and (isinstance(kind, Unknown) or kind in ("network", "gateway"))
