"""What a resource can have that costs more, and of which no reader has a price: by type, attribute for attribute.

Whatever of it a resource has is named as not known, beside what is known of it. That AWS has an item for it is
confirmed in the price data that `free.yaml` names for Athena, Cognito, DynamoDB, ECS, EFS, EKS, Kinesis, Lambda, Amazon
MQ, SNS, VPC and WAF. For the others it is from the guides of the services and not confirmed: one may cost nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cli.core.cost.model import Unsaid
from cli.core.cost.reading import Uses
from policies.library.model import Block, Resource


@dataclass(frozen=True)
class _Attribute:
    """An attribute or block that costs more."""

    path: str
    """Its name, after the names of the blocks that it is in."""
    what: str
    """What of it has no price."""
    free: tuple[str, ...] = ()
    """The values that cost nothing more."""
    most: int | None = None
    """The largest number that costs nothing more."""
    default: str = ""
    """What AWS takes where it is not set."""

    def costs(self, resource: Resource) -> bool:
        """Whether a resource has it. Raises UnknownValue."""
        *names, last = self.path.split(".")
        blocks = tuple(_within(resource, names))
        if not any(block.has(last) for block in blocks):
            return bool(self.default)
        return any(self._costs(block, last) for block in blocks if block.has(last))

    def _costs(self, block: Block, name: str) -> bool:
        if self.most is not None:
            return (block.number(name) or 0) > self.most
        if not self.free:
            return True
        texts = block.texts(name) if isinstance(block.get(name), tuple) else (block.text(name),)
        return any(each not in self.free for each in texts)


def _within(block: Block, names: list[str]) -> Iterator[Block]:
    if not names:
        yield block
        return
    for inner in block.blocks(names[0]):
        yield from _within(inner, names[1:])


def unpriced(resource: Resource) -> Uses:
    """What a resource has that costs more and has no price. Raises UnknownValue."""
    for attribute in _ATTRIBUTES.get(resource.type, ()):
        if attribute.costs(resource):
            yield Unsaid(f"the table has no price of {attribute.what}")


_OFF = ("false", "0")

_INSIGHTS_DAYS = 7
"""Days for which Performance Insights keeps data at no charge (Amazon RDS, Performance Insights pricing)."""

_DATABASE = (
    _Attribute("performance_insights_retention_period", "Performance Insights of more days", most=_INSIGHTS_DAYS),
    _Attribute("database_insights_mode", "advanced Database Insights", free=("standard",)),
    _Attribute("monitoring_interval", "the logs of enhanced monitoring", free=_OFF),
    _Attribute("publicly_accessible", "public addresses of databases", free=_OFF),
)

_LOAD_BALANCER = (
    _Attribute("minimum_load_balancer_capacity", "reserved capacity"),
    _Attribute("ipam_pools", "addresses of a pool of IPAM"),
)

_LISTENER = (_Attribute("mutual_authentication.mode", "trust stores", free=("off", "passthrough")),)

_VOLUME = "volumes that are initialized at a rate"

_ATTRIBUTES: Mapping[str, tuple[_Attribute, ...]] = {
    "aws_alb": _LOAD_BALANCER,
    "aws_alb_listener": _LISTENER,
    "aws_athena_workgroup": (
        _Attribute(
            "configuration.engine_version.selected_engine_version",
            "the capacity that notebooks of Spark use",
            free=("AUTO", "Athena engine version 2", "Athena engine version 3"),
        ),
    ),
    "aws_autoscaling_group": (_Attribute("warm_pool", "the stopped instances of a warm pool"),),
    "aws_backup_plan": (
        _Attribute("rule.copy_action", "copies of backups"),
        _Attribute("rule.target_logically_air_gapped_backup_vault_arn", "copies of backups in an air-gapped vault"),
    ),
    "aws_cloudwatch_metric_alarm": (
        _Attribute("threshold_metric_id", "alarms on anomalies, which use metrics of their own"),
    ),
    "aws_cloudwatch_metric_stream": (_Attribute("statistics_configuration", "more statistics in a metric stream"),),
    "aws_cognito_user_pool": (_Attribute("sms_configuration", "text messages"),),
    "aws_db_instance": (
        *_DATABASE,
        _Attribute("backup_retention_period", "backups beyond the size of its storage", most=1),
        _Attribute("dedicated_log_volume", "dedicated log volumes", free=_OFF),
        _Attribute("additional_storage_volume", "more volumes"),
    ),
    "aws_dynamodb_table": (
        _Attribute("warm_throughput", "warm throughput"),
        _Attribute("import_table", "an import from S3"),
    ),
    "aws_ebs_volume": (_Attribute("volume_initialization_rate", _VOLUME, free=_OFF),),
    "aws_ecs_service": (
        _Attribute("volume_configuration", "the volumes of tasks"),
        _Attribute("network_configuration.assign_public_ip", "public addresses of tasks", free=_OFF),
        _Attribute("vpc_lattice_configurations", "VPC Lattice"),
    ),
    "aws_efs_file_system": (
        _Attribute(
            "throughput_mode", "data read and written with elastic throughput", free=("bursting", "provisioned")
        ),
        _Attribute("lifecycle_policy", "storage that the lifecycle moves to, and access to it"),
    ),
    "aws_eip": (
        _Attribute("public_ipv4_pool", "addresses of a pool of one's own, which may be none", free=("amazon",)),
        _Attribute("ipam_pool_id", "addresses of a pool of IPAM"),
        _Attribute("customer_owned_ipv4_pool", "addresses of an Outpost"),
    ),
    "aws_eks_cluster": (
        _Attribute(
            "upgrade_policy.support_type",
            "extended support, which AWS gives unless support_type is STANDARD, once its version needs it",
            free=("STANDARD",),
            default="EXTENDED",
        ),
        _Attribute("compute_config.enabled", "what EKS Auto Mode manages", free=_OFF),
        _Attribute("control_plane_scaling_config.tier", "a provisioned control plane", free=("standard",)),
        _Attribute("remote_network_config", "hybrid nodes"),
        _Attribute("outpost_config", "clusters on an Outpost"),
    ),
    "aws_elasticache_cluster": (_Attribute("snapshot_retention_limit", "backups beyond the first", most=1),),
    "aws_elasticache_replication_group": (
        _Attribute("snapshot_retention_limit", "backups beyond the first", most=1),
        _Attribute("global_replication_group_id", "replication between regions"),
    ),
    "aws_flow_log": (
        _Attribute("destination_options.file_format", "logs in Parquet", free=("plain-text",)),
        _Attribute("log_destination_type", "logs that go to Firehose", free=("cloud-watch-logs", "s3")),
    ),
    "aws_instance": (
        _Attribute("get_password_data", "Windows", free=_OFF),
        _Attribute("root_block_device.volume_initialization_rate", _VOLUME, free=_OFF),
        _Attribute("ebs_block_device.volume_initialization_rate", _VOLUME, free=_OFF),
    ),
    "aws_kinesis_firehose_delivery_stream": (
        _Attribute(
            "destination",
            "data into Snowflake or Iceberg tables",
            free=(
                "elasticsearch",
                "extended_s3",
                "http_endpoint",
                "opensearch",
                "opensearchserverless",
                "redshift",
                "splunk",
            ),
        ),
        _Attribute(
            "extended_s3_configuration.processing_configuration.processors.type",
            "decompression of logs",
            free=(
                "AppendDelimiterToRecord",
                "CloudWatchLogProcessing",
                "Lambda",
                "MetadataExtraction",
                "RecordDeAggregation",
            ),
        ),
        _Attribute("opensearchserverless_configuration.vpc_config", "delivery into a VPC of OpenSearch Serverless"),
    ),
    "aws_kinesis_stream": (
        _Attribute("retention_period", "records that are kept for more than a day", most=24),
        _Attribute("shard_level_metrics", "metrics of shards"),
    ),
    "aws_lambda_function": (
        _Attribute("ephemeral_storage.size", "ephemeral storage beyond 512 MB", most=512),
        _Attribute("snap_start.apply_on", "SnapStart, which only for Java is free", free=("None",)),
        _Attribute("tracing_config.mode", "traces of X-Ray", free=("PassThrough",)),
        _Attribute("durable_config", "durable executions"),
        _Attribute("capacity_provider_config", "managed instances of Lambda"),
    ),
    "aws_lb": _LOAD_BALANCER,
    "aws_lb_listener": _LISTENER,
    "aws_mq_broker": (
        _Attribute("publicly_accessible", "public addresses of brokers", free=_OFF),
        _Attribute("data_replication_mode", "replication between regions", free=("NONE",)),
    ),
    "aws_msk_cluster": (
        _Attribute("enhanced_monitoring", "metrics beyond the default ones", free=("DEFAULT",)),
        _Attribute(
            "broker_node_group_info.connectivity_info.public_access.type", "public addresses", free=("DISABLED",)
        ),
    ),
    "aws_nat_gateway": (_Attribute("availability_mode", "gateways of a whole region", free=("zonal",)),),
    "aws_rds_cluster": (
        *_DATABASE[:-1],
        _Attribute("backup_retention_period", "backups of more than a day", most=1),
        _Attribute("backtrack_window", "backtracking", free=_OFF),
        _Attribute("db_cluster_instance_class", "clusters that are not Aurora"),
        _Attribute("enable_http_endpoint", "requests to the Data API", free=_OFF),
        _Attribute("engine_mode", "the capacity of serverless clusters", free=("provisioned",)),
        _Attribute("global_cluster_identifier", "replication between regions"),
    ),
    "aws_rds_cluster_instance": _DATABASE,
    "aws_route53_resolver_firewall_rule": (
        _Attribute("dns_threat_protection", "queries that DNS Firewall Advanced analyses"),
    ),
    "aws_s3_bucket": (
        _Attribute("acceleration_status", "transfer acceleration", free=("Suspended",)),
        _Attribute("lifecycle_rule.transition", "other storage classes"),
        _Attribute("replication_configuration", "replication"),
    ),
    "aws_s3_bucket_server_side_encryption_configuration": (
        _Attribute(
            "rule.apply_server_side_encryption_by_default.sse_algorithm",
            "encryption in two layers",
            free=("AES256", "aws:kms"),
        ),
    ),
    "aws_sfn_state_machine": (_Attribute("tracing_configuration.enabled", "traces of X-Ray", free=_OFF),),
    "aws_sns_topic": (_Attribute("archive_policy", "archived messages"),),
    "aws_sns_topic_subscription": (
        _Attribute("filter_policy_scope", "filters on the body of messages", free=("MessageAttributes",)),
        _Attribute("replay_policy", "messages that are sent again"),
    ),
    "aws_vpc_endpoint": (_Attribute("service_region", "access to another region"),),
    "aws_vpn_connection": (
        _Attribute("enable_acceleration", "accelerated connections", free=_OFF),
        _Attribute("tunnel_bandwidth", "large tunnels", free=("standard",)),
        _Attribute("vpn_concentrator_id", "concentrators"),
    ),
    "aws_wafv2_web_acl": (
        _Attribute("association_config.request_body", "the inspection of larger bodies"),
        _Attribute("rule.action.captcha", "CAPTCHA"),
        _Attribute("rule.action.challenge", "challenges"),
        _Attribute("rule_json", "rules in JSON"),
    ),
}
