"""Who is in a security group: the servers, stores and load balancers whose traffic its rules decide."""

from __future__ import annotations

from collections.abc import Mapping

from policies.library.model import Configuration, Resource
from policies.library.security_groups import Permission
from policies.library.subnets import LOAD_BALANCERS, SERVERS, Path, is_private, subnets_of

_GROUPS: Mapping[str, tuple[Path, ...]] = {
    "aws_instance": (("vpc_security_group_ids",), ("security_groups",)),
    "aws_spot_instance_request": (("vpc_security_group_ids",), ("security_groups",)),
    "aws_launch_template": (("vpc_security_group_ids",), ("network_interfaces", "security_groups")),
    "aws_launch_configuration": (("security_groups",),),
    "aws_network_interface": (("security_groups",),),
    "aws_lb": (("security_groups",),),
    "aws_alb": (("security_groups",),),
    "aws_elb": (("security_groups",),),
    "aws_mq_broker": (("security_groups",),),
    "aws_msk_cluster": (("broker_node_group_info", "security_groups"),),
    "aws_msk_serverless_cluster": (("vpc_config", "security_group_ids"),),
    "aws_db_instance": (("vpc_security_group_ids",),),
    "aws_rds_cluster": (("vpc_security_group_ids",),),
    "aws_docdb_cluster": (("vpc_security_group_ids",),),
    "aws_neptune_cluster": (("vpc_security_group_ids",),),
    "aws_redshift_cluster": (("vpc_security_group_ids",),),
    "aws_redshiftserverless_workgroup": (("security_group_ids",),),
    "aws_elasticache_cluster": (("security_group_ids",),),
    "aws_elasticache_replication_group": (("security_group_ids",),),
    "aws_memorydb_cluster": (("security_group_ids",),),
    "aws_dax_cluster": (("security_group_ids",),),
    "aws_opensearch_domain": (("vpc_options", "security_group_ids"),),
    "aws_elasticsearch_domain": (("vpc_options", "security_group_ids"),),
    "aws_efs_mount_target": (("security_groups",),),
    "aws_db_proxy": (("vpc_security_group_ids",),),
    "aws_docdbelastic_cluster": (("vpc_security_group_ids",),),
    "aws_elasticache_serverless_cache": (("security_group_ids",),),
    "aws_fsx_lustre_file_system": (("security_group_ids",),),
    "aws_fsx_ontap_file_system": (("security_group_ids",),),
    "aws_fsx_openzfs_file_system": (("security_group_ids",),),
    "aws_fsx_windows_file_system": (("security_group_ids",),),
    "aws_timestreaminfluxdb_db_cluster": (("vpc_security_group_ids",),),
    "aws_timestreaminfluxdb_db_instance": (("vpc_security_group_ids",),),
    "aws_vpc_endpoint": (("security_group_ids",),),
    "aws_lambda_function": (("vpc_config", "security_group_ids"),),
    "aws_ecs_service": (("network_configuration", "security_groups"),),
    "aws_eks_cluster": (("vpc_config", "security_group_ids"),),
}
"""Where each type names its security groups."""


def members(group: Resource, configuration: Configuration) -> tuple[Resource, ...]:
    """The resources that are in a security group, each once, as far as they are declared here."""
    resources = [
        each
        for type_, paths in _GROUPS.items()
        for path in paths
        for each in configuration.referring(group, type_, *path)
    ]
    for attachment in configuration.referring(group, "aws_network_interface_sg_attachment", "security_group_id"):
        resources += configuration.resolve(attachment.get("network_interface_id"))
    return tuple(dict.fromkeys(resources))


def members_of(permission: Permission, configuration: Configuration) -> tuple[Resource, ...]:
    """The members of the group that a rule belongs to."""
    return tuple(each for group in permission.group(configuration) for each in members(group, configuration))


def is_load_balancer(resource: Resource) -> bool:
    """Whether it is a load balancer of any generation."""
    return resource.type in LOAD_BALANCERS


def is_private_server(resource: Resource, configuration: Configuration) -> bool:
    """Whether it is a server, or the template of servers, that stands in a private subnet."""
    return resource.type in SERVERS and any(
        is_private(subnet, configuration) for subnet in subnets_of(resource, configuration)
    )


def private_servers_of(permission: Permission, configuration: Configuration) -> tuple[Resource, ...]:
    """The servers in private subnets among the members of the group that a rule belongs to."""
    return tuple(each for each in members_of(permission, configuration) if is_private_server(each, configuration))
