"""Who is in a security group: the servers, stores and load balancers whose traffic its rules decide."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from policies.library.model import Configuration, Links, Resource, joined
from policies.library.security_groups import GROUP_TYPES, Permission
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
_ATTACHED_TO = ("aws_network_interface", "aws_instance")


@lru_cache(maxsize=1024)
def members(group: Resource, configuration: Configuration) -> Links:
    """The resources that are in a security group or may be, each once, as far as they are declared here."""
    named = [configuration.referrers(group, type_, *path) for type_, paths in _GROUPS.items() for path in paths]
    attachments = configuration.referrers(group, "aws_network_interface_sg_attachment", "security_group_id")
    attached = attachments.then(lambda each: configuration.declared(each.get("network_interface_id"), *_ATTACHED_TO))
    return joined((*named, attached))


def members_of(permission: Permission, configuration: Configuration) -> Links:
    """The members of the group that a rule belongs to."""
    if permission.declared_by.type in GROUP_TYPES:
        return members(permission.declared_by, configuration)
    groups = configuration.declared(
        permission.declared_by.get("security_group_id"), *GROUP_TYPES, "data.aws_security_group"
    )
    return groups.then(lambda group: members(group, configuration))


def is_load_balancer(resource: Resource) -> bool:
    """Whether it is a load balancer of any generation."""
    return resource.type in LOAD_BALANCERS


def is_private_server(resource: Resource, configuration: Configuration) -> bool:
    """Whether it is a server, or the template of servers, that stands in a private subnet."""
    return resource.type in SERVERS and any(
        is_private(subnet, configuration) for subnet in subnets_of(resource, configuration)
    )


def private_servers_of(permission: Permission, configuration: Configuration) -> Links:
    """The servers in private subnets among the members of the group that a rule belongs to."""
    return members_of(permission, configuration).where(lambda each: is_private_server(each, configuration))
