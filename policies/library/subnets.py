"""Which subnets are private, and what stands in them.

Private is a subnet whose name or tags say so, whatever its routes are: one that is called private but leads to the
internet breaks rule CKV2_MEALS_201 and stays private for all others. Where they say nothing, its routes decide: without
one to an internet gateway it is private. Nothing is known of a subnet that is declared elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from policies.library.model import Block, Configuration, Links, Resource, joined
from policies.library.routing import SUBNETS, Route, routes_of, says_private, table_named_by, tables_of
from policies.library.values import Value, label_of, references

Path: TypeAlias = tuple[str, ...]

_GROUPS_OF_SUBNETS = (
    "aws_dax_subnet_group",
    "aws_db_subnet_group",
    "aws_dms_replication_subnet_group",
    "aws_docdb_subnet_group",
    "aws_elasticache_subnet_group",
    "aws_memorydb_subnet_group",
    "aws_neptune_subnet_group",
    "aws_redshift_subnet_group",
)
_GATEWAY = re.compile(r"\baws_internet_gateway\.|^igw-")

SERVERS: Mapping[str, tuple[Path, ...]] = {
    "aws_instance": (("subnet_id",), ("network_interface", "network_interface_id")),
    "aws_network_interface": (("subnet_id",),),
    "aws_launch_template": (("network_interfaces", "subnet_id"),),
    "aws_spot_instance_request": (("subnet_id",),),
    "aws_launch_configuration": (),
}
"""What instances are made of, and where each names its subnet or interface; scaling groups name that of templates."""

STORES: Mapping[str, tuple[Path, ...]] = {
    "aws_mq_broker": (("subnet_ids",),),
    "aws_msk_cluster": (("broker_node_group_info", "client_subnets"),),
    "aws_msk_serverless_cluster": (("vpc_config", "subnet_ids"),),
    "aws_db_instance": (("db_subnet_group_name",),),
    "aws_rds_cluster": (("db_subnet_group_name",),),
    "aws_rds_cluster_instance": (("db_subnet_group_name",),),
    "aws_docdb_cluster": (("db_subnet_group_name",),),
    "aws_neptune_cluster": (("neptune_subnet_group_name",),),
    "aws_redshift_cluster": (("cluster_subnet_group_name",),),
    "aws_redshiftserverless_workgroup": (("subnet_ids",),),
    "aws_elasticache_cluster": (("subnet_group_name",),),
    "aws_elasticache_replication_group": (("subnet_group_name",),),
    "aws_memorydb_cluster": (("subnet_group_name",),),
    "aws_dax_cluster": (("subnet_group_name",),),
    "aws_db_proxy": (("vpc_subnet_ids",),),
    "aws_docdbelastic_cluster": (("subnet_ids",),),
    "aws_elasticache_serverless_cache": (("subnet_ids",),),
    "aws_fsx_lustre_file_system": (("subnet_ids",),),
    "aws_fsx_ontap_file_system": (("subnet_ids",),),
    "aws_fsx_openzfs_file_system": (("subnet_ids",),),
    "aws_fsx_windows_file_system": (("subnet_ids",),),
    "aws_timestreaminfluxdb_db_cluster": (("vpc_subnet_ids",),),
    "aws_timestreaminfluxdb_db_instance": (("vpc_subnet_ids",),),
    "aws_opensearch_domain": (("vpc_options", "subnet_ids"),),
    "aws_elasticsearch_domain": (("vpc_options", "subnet_ids"),),
    "aws_efs_mount_target": (("subnet_id",),),
}
"""Brokers and stores of data, and where each names its subnets or its group of subnets."""

LOAD_BALANCERS: Mapping[str, tuple[Path, ...]] = {
    "aws_lb": (("subnets",), ("subnet_mapping", "subnet_id")),
    "aws_alb": (("subnets",), ("subnet_mapping", "subnet_id")),
    "aws_elb": (("subnets",),),
}

_STANDING = {**SERVERS, **STORES, **LOAD_BALANCERS, "aws_autoscaling_group": (("vpc_zone_identifier",),)}
_TEMPLATE_REFERENCES: Mapping[str, tuple[Path, ...]] = {
    "aws_launch_template": (
        ("launch_template", "id"),
        ("launch_template", "name"),
        ("mixed_instances_policy", "launch_template", "launch_template_specification", "launch_template_id"),
        ("mixed_instances_policy", "launch_template", "launch_template_specification", "launch_template_name"),
    ),
    "aws_launch_configuration": (("launch_configuration",),),
}


def is_private(subnet: Resource, configuration: Configuration) -> bool:
    """Whether a subnet is known to be private, see above."""
    said = says_private(subnet)
    if said is not None:
        return said
    tables = tables_of(subnet, configuration)
    return bool(tables) and not _leads_to_internet(subnet, configuration)


def is_public(subnet: Resource, configuration: Configuration) -> bool:
    """Whether a subnet is public: it says so, leads to an internet gateway or gives public addresses.

    Raises UnknownValue.
    """
    said = says_private(subnet)
    if said is not None:
        return not said
    return _leads_to_internet(subnet, configuration) or subnet.flag("map_public_ip_on_launch")


def _leads_to_internet(subnet: Resource, configuration: Configuration) -> bool:
    tables = tables_of(subnet, configuration) or main_tables(subnet, configuration)
    return any(leads_to_internet(route) for table in tables for route in routes_of(table, configuration))


def leads_to_internet(route: Route) -> bool:
    """Whether a route is known to lead to an internet gateway."""
    return any(name == "gateway_id" and _is_internet_gateway(value) for name, value in route.targets())


def _is_internet_gateway(value: Value) -> bool:
    return bool(_GATEWAY.search(label_of(value))) or any(
        "aws_internet_gateway" in each.type for each in references(value)
    )


def main_tables(subnet: Resource, configuration: Configuration) -> Links:
    """The main route tables of a subnet's VPC, as far as this configuration manages them."""

    def of_vpc(vpc: Resource) -> Links:
        adopted = configuration.referrers(vpc, "aws_default_route_table", "default_route_table_id")
        chosen = configuration.referrers(vpc, "aws_main_route_table_association", "vpc_id")
        return joined((adopted, chosen.then(lambda each: table_named_by(each, configuration))))

    return configuration.declared(subnet.get("vpc_id"), "aws_vpc", "aws_default_vpc", "data.aws_vpc").then(of_vpc)


def subnets_of(resource: Resource, configuration: Configuration) -> Links:
    """The subnets that a server, scaling group, store or load balancer stands in, as far as they are declared here.

    A launch template or configuration stands where the scaling groups that use it put its instances.
    """
    named = [_subnets(value, configuration) for path in _STANDING[resource.type] for value in values_at(resource, path)]
    for path in _TEMPLATE_REFERENCES.get(resource.type, ()):
        groups = configuration.referrers(resource, "aws_autoscaling_group", *path)
        named.append(groups.then(lambda each: _subnets(each.get("vpc_zone_identifier"), configuration)))
    return joined(named)


def _subnets(value: Value, configuration: Configuration) -> Links:
    """The subnets a value names, through groups of subnets and network interfaces."""

    def of_place(place: Resource) -> Links:
        if place.type in _GROUPS_OF_SUBNETS:
            return configuration.declared(place.get("subnet_ids"), *SUBNETS)
        if place.type == "aws_network_interface":
            return configuration.declared(place.get("subnet_id"), *SUBNETS)
        return Links((place,))

    return configuration.declared(value, *SUBNETS, *_GROUPS_OF_SUBNETS, "aws_network_interface").then(of_place)


def values_at(block: Block, path: Path) -> Iterator[Value]:
    """The values at a path of nested blocks, none for what is not set. Raises UnknownValue if blocks are unknown."""
    *outer, last = path
    for each in blocks_at(block, tuple(outer)):
        if each.has(last):
            yield each.get(last)


def blocks_at(block: Block, path: Path) -> list[Block]:
    """The blocks at a path of nested blocks. Raises UnknownValue if blocks are unknown."""
    blocks = [block]
    for name in path:
        blocks = [inner for each in blocks for inner in each.blocks(name)]
    return blocks
