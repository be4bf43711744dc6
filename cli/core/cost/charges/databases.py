"""DynamoDB, RDS, Aurora and ElastiCache."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from cli.core.cost.charges.observability import logs_of_its_own
from cli.core.cost.charges.scaling import scaled
from cli.core.cost.model import HOURS, Range, Unsaid, Use, exactly
from cli.core.cost.reading import Reader, Reading, Uses, by_usage, decimal, hourly, whole
from policies.library.model import Resource

_SERVERLESS = "db.serverless"

_SUPPORTED = ("mysql", "postgres", "aurora")
"""How the names of the engines begin that have extended support (Amazon RDS, "Extended Support")."""


_EXTENDED_REDIS = ("4.", "5.")
"""Versions of Redis that have extended support since 2026-02-01 (Amazon ElastiCache, "Extended Support")."""


def _table(reading: Reading, resource: Resource) -> Uses:
    if resource.text("table_class", "STANDARD") != "STANDARD":
        yield Unsaid("the table has no prices of tables for infrequent access")
        return
    if resource.text("billing_mode", "PROVISIONED") == "PAY_PER_REQUEST":
        yield by_usage("AmazonDynamoDB", "write request", reading.used(resource, "write_requests"))
        yield by_usage("AmazonDynamoDB", "read request", reading.used(resource, "read_requests"))
    else:
        for name, item in (("write", "write capacity"), ("read", "read capacity")):
            own = Decimal(whole(resource, f"{name}_capacity", 0))
            dimension = f"dynamodb:table:{name.capitalize()}CapacityUnits"
            yield hourly("AmazonDynamoDB", item, scaled(reading, resource, Range(own, own), dimension))
            for index in resource.blocks("global_secondary_index"):
                yield hourly("AmazonDynamoDB", item, whole(index, f"{name}_capacity", 0))
    stored = reading.used(resource, "stored_gb")
    yield by_usage("AmazonDynamoDB", "storage", stored)
    if resource.flag("stream_enabled"):
        yield by_usage("AmazonDynamoDB", "stream read", reading.used(resource, "stream_reads"))
    recovery = resource.block("point_in_time_recovery")
    if recovery is not None and recovery.flag("enabled"):
        yield by_usage("AmazonDynamoDB", "point-in-time recovery", stored)
    for target in reading.configuration.of_type("aws_appautoscaling_target"):
        if target.text("scalable_dimension").startswith("dynamodb:index:") and resource in (
            reading.configuration.resolve(target.get("resource_id"))
        ):
            yield Unsaid("how far the capacity of its indexes is scaled")
            break
    if resource.blocks("replica"):
        yield Unsaid("its replicas in other regions")


def _instance(reading: Reading, resource: Resource) -> Uses:
    engine, instance_class = _engine(reading, resource), resource.text("instance_class")
    zones = "Multi-AZ" if resource.flag("multi_az") else "Single-AZ"
    if engine and instance_class:
        yield hourly("AmazonRDS", f"{engine} {instance_class} {zones}")
    else:
        yield Unsaid("its engine or its class is that of a snapshot or of another database")
    yield from _extended_support(resource, engine)
    if resource.texts("enabled_cloudwatch_logs_exports"):
        yield from logs_of_its_own(reading, "/aws/rds/instance/")
    size = resource.number("allocated_storage")
    if size is None:
        yield Unsaid("its storage is that of a snapshot or of another database")
        return
    kind = resource.text("storage_type") or ("io1" if resource.has("iops") else "gp2")
    most = max(size, whole(resource, "max_allocated_storage", size))
    yield Use("AmazonRDS", f"{kind} storage {zones}", Range(Decimal(size), Decimal(most)))
    if kind == "standard":
        yield Unsaid("the table has no price of requests to magnetic storage")
    if kind in ("io1", "io2") and not resource.has("iops"):
        yield Unsaid("it says no IOPS")
    elif kind in ("io1", "io2"):
        yield Use("AmazonRDS", f"{kind} IOPS {zones}", exactly(whole(resource, "iops", 0)))
    elif resource.has("iops") or resource.has("storage_throughput"):
        yield Unsaid("how many IOPS and how much throughput it has beyond what its storage includes")


def _engine(reading: Reading, resource: Resource) -> str:
    """What an instance runs: what it says, or else what it is a replica of; empty where that is not here."""
    originals = reading.configuration.resolve(resource.get("replicate_source_db"))
    engines = (each.text("engine") for each in (resource, *originals) if each.type == "aws_db_instance")
    return next(filter(None, engines), "")


def _extended_support(resource: Resource, engine: str) -> Uses:
    """Support of versions that are old, where the engine has it or is not known."""
    given = resource.text("engine_lifecycle_support") != "open-source-rds-extended-support-disabled"
    if given and (not engine or engine.startswith(_SUPPORTED)):
        yield Unsaid(
            "the table has no price of extended support, which AWS gives unless engine_lifecycle_support turns it off, "
            "once its version needs it"
        )


def _cluster(reading: Reading, resource: Resource) -> Uses:
    yield from _extended_support(resource, resource.text("engine"))
    if resource.texts("enabled_cloudwatch_logs_exports"):
        yield from logs_of_its_own(reading, "/aws/rds/cluster/")
    if resource.has("db_cluster_instance_class"):
        return  # not Aurora, and named as such
    if resource.text("storage_type") not in ("", "aurora"):
        yield Unsaid("the table has no price of its storage")
        return
    yield by_usage("AmazonRDS", "aurora storage", reading.used(resource, "stored_gb"))
    yield by_usage("AmazonRDS", "aurora I/O request", reading.used(resource, "io_requests"))


def _cluster_instance(reading: Reading, resource: Resource) -> Uses:
    found = reading.configuration.resolve(resource.get("cluster_identifier"))
    clusters = [each for each in found if each.type == "aws_rds_cluster"]
    if any(each.text("storage_type") == "aurora-iopt1" for each in clusters):
        yield Unsaid("the table has no prices of instances with I/O-optimized storage")
        return
    if not clusters:
        yield Unsaid("whether its cluster has I/O-optimized storage, with which instances cost more")
    if resource.text("instance_class") != _SERVERLESS:
        yield hourly("AmazonRDS", f"aurora {resource.text('instance_class')}")
        return
    for scaling in (block for each in clusters for block in each.blocks("serverlessv2_scaling_configuration")):
        least, most = decimal(scaling, "min_capacity"), decimal(scaling, "max_capacity")
        if least is not None and most is not None:
            yield hourly("AmazonRDS", "aurora capacity unit", Range(least, most))
            return
    units = reading.used(resource, "capacity_units").times(HOURS)
    yield by_usage("AmazonRDS", "aurora capacity unit", units)


def _cache_cluster(_: Reading, resource: Resource) -> Uses:
    if resource.has("replication_group_id"):
        return  # its nodes are those of the group
    yield from _nodes(resource, whole(resource, "num_cache_nodes", 1))


def _replication_group(reading: Reading, resource: Resource) -> Uses:
    targets = reading.configuration.of_type("aws_appautoscaling_target")
    if any(resource in reading.configuration.resolve(each.get("resource_id")) for each in targets):
        yield Unsaid("how many nodes its scaling adds")
    shards = resource.block("cluster_mode") or resource  # before version 5 of the provider
    groups = whole(shards, "num_node_groups", 1)
    replicas = shards.number("replicas_per_node_group")
    clusters = whole(resource, "num_cache_clusters", whole(resource, "number_cache_clusters", 1))
    nodes = clusters if replicas is None else replicas + 1
    yield from _nodes(resource, groups * nodes)


def _nodes(resource: Resource, number: int) -> Uses:
    """So many cache nodes; those of Redis and Memcached cost the same, those of Valkey less."""
    if resource.text("engine", "redis") == "redis" and resource.text("engine_version").startswith(_EXTENDED_REDIS):
        yield Unsaid("the table has no price of extended support, in which its version of Redis is")
    if not (node_type := resource.text("node_type")):
        yield Unsaid("it says no node type")
        return
    engine = "Valkey " if resource.text("engine") == "valkey" else ""
    yield hourly("AmazonElastiCache", f"{engine}{node_type}", number)


DATABASES: Mapping[str, Reader] = {
    "aws_db_instance": _instance,
    "aws_dynamodb_table": _table,
    "aws_elasticache_cluster": _cache_cluster,
    "aws_elasticache_replication_group": _replication_group,
    "aws_rds_cluster": _cluster,
    "aws_rds_cluster_instance": _cluster_instance,
}
