"""What is known of types with network interfaces, beside what their attributes are called."""

from __future__ import annotations

import re

from policies.reachability.network import NodeKind

SUBNETS = re.compile(r"(.*_)?subnets?(_?(ids?|arns?))?|.*subnet_group(_name|_id)?", re.IGNORECASE)
GROUPS = re.compile(r"(.*_)?security_?groups?(_?(ids?|arns?))?(_list)?", re.IGNORECASE)
BLOCKS = re.compile(
    "(aws_?)?(vpc|network)_?(config|configuration|options|settings)|vpc|subnet_mapping|ec2_attributes|compute_resources"
    "|broker_node_group_info|physical_connection_requirements|ecs_target|ecs_parameters|ecs_task_parameters",
    re.IGNORECASE,
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
        "aws_ec2_transit_gateway_multicast_domain_association",
        "aws_ec2_transit_gateway_vpc_attachment",
        "aws_flow_log",
        "aws_inspector2_filter",
        "aws_launch_configuration",
        "aws_launch_template",
        "aws_medialive_input_security_group",
        "aws_network_acl",
        "aws_network_acl_association",
        "aws_network_acl_rule",
        "aws_network_interface_sg_attachment",
        "aws_networkfirewall_firewall",
        "aws_networkfirewall_vpc_endpoint_association",
        "aws_networkmanager_connect_peer",
        "aws_networkmanager_device",
        "aws_networkmanager_vpc_attachment",
        "aws_ram_resource_association",
        "aws_rds_cluster_instance",
        "aws_docdb_cluster_instance",
        "aws_neptune_cluster_instance",
        "aws_route",
        "aws_route_table",
        "aws_route_table_association",
        "aws_sagemaker_user_profile",
        "aws_security_group",
        "aws_security_group_rule",
        "aws_securityhub_insight",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_block_public_access_exclusion",
        "aws_vpc_endpoint_security_group_association",
        "aws_vpc_endpoint_subnet_association",
        "aws_vpc_route_server_endpoint",
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
        "aws_vpc_security_group_rules_exclusive",
        "aws_vpc_security_group_vpc_association",
        "aws_vpclattice_service_network_vpc_association",
    }
)
"""Types that name subnets or security groups and have no interfaces of their own that anybody talks to."""

IN_DEFAULT_VPC = frozenset(
    {
        "aws_db_instance",
        "aws_dms_replication_instance",
        "aws_docdb_cluster",
        "aws_ecs_express_gateway_service",
        "aws_elb",
        "aws_elastic_beanstalk_environment",
        "aws_elasticache_cluster",
        "aws_elasticache_replication_group",
        "aws_elasticache_serverless_cache",
        "aws_mq_broker",
        "aws_neptune_cluster",
        "aws_rds_cluster",
        "aws_redshift_cluster",
        "aws_redshiftserverless_workgroup",
    }
)
"""Types that AWS puts into the default VPC where they name no subnets."""

GROUPS_OF_AWS = frozenset(
    {
        "aws_cloud9_environment_ec2",
        "aws_directory_service_directory",
        "aws_directory_service_region",
        "aws_elastic_beanstalk_environment",
        "aws_emr_cluster",
        "aws_emr_studio",
        "aws_workspaces_directory",
    }
)
"""Types for which AWS makes a security group of its own where none is named, with rules that are in no Terraform.

Sources: Cloud9 user guide, "VPC settings"; Directory Service administration guide, "What gets created with your AWS
Managed Microsoft AD"; EMR management guide, "Working with Amazon EMR-managed security groups"; WorkSpaces
administration guide, "Security groups"."""

WITH_GROUPS_OF_AWS = frozenset({"aws_ecs_express_gateway_service"})
"""Types for which AWS makes one beside those that are named: of a load balancer, which is taken for one with its tasks.

Source: ECS developer guide, "Amazon ECS Express Mode services"."""

_DATABASES = (
    "db|rds|docdb|docdbelastic|neptune|redshift|redshiftserverless|elasticache|memorydb|dax|opensearch|elasticsearch"
    "|efs|fsx|timestreaminfluxdb"
)
_ENDPOINTS = (
    "vpc_endpoint|msk_vpc_connection|(opensearch|elasticsearch|opensearchserverless)_vpc_endpoint"
    "|(redshift|redshiftserverless)_endpoint_access"
)
_SERVERS = (
    "cloudwatch_event_target|ecs_(service|express_gateway_service|task_set|capacity_provider)|scheduler_schedule|sfn_state_machine"
    "|eks_(node_group|fargate_profile)|batch_.*|emr_cluster|elastic_beanstalk_.*|cloud9_environment_ec2"
    "|imagebuilder_.*|workspaces_.*|appstream_.*|sagemaker_notebook_instance|mwaa_environment"
)
_KINDS: tuple[tuple[str, NodeKind], ...] = (
    ("aws_(lb|alb|elb)", "load balancer"),
    (f"aws_({_ENDPOINTS})", "endpoint"),
    ("aws_(mq_broker|msk_.*)", "broker"),
    (f"aws_({_DATABASES})_.*", "database"),
    ("aws_(lambda_.*|pipes_pipe|kinesis_firehose_delivery_stream)", "function"),
    ("aws_nat_gateway", "nat gateway"),
    (f"aws_({_SERVERS})", "server"),
)


def kind_of(type_: str) -> NodeKind:
    """What the interfaces of a type are of; of one that is not known just interfaces."""
    return next((kind for pattern, kind in _KINDS if re.fullmatch(pattern, type_)), "interface")
