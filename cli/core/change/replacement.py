"""What makes Terraform replace a resource that holds data: destroy it, with what it holds, and make it anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.library.model import Configuration, Resource
from policies.library.values import Value, written

_DATABASE_CLUSTER = (
    "availability_zones",
    "cluster_identifier",
    "cluster_identifier_prefix",
    "snapshot_identifier",
    "storage_encrypted",
)
_NAME = ("name", "name_prefix")

_FORCING: Mapping[str, tuple[str, ...]] = {
    "aws_backup_vault": ("name", "kms_key_arn"),
    "aws_cloudwatch_log_group": _NAME,
    "aws_cognito_user_pool": ("alias_attributes", "username_attributes"),
    "aws_db_instance": (
        "availability_zone",
        "character_set_name",
        "db_name",
        "engine",
        "kms_key_id",
        "snapshot_identifier",
        "storage_encrypted",
        "timezone",
        "username",
    ),
    "aws_docdb_cluster": (*_DATABASE_CLUSTER, "db_subnet_group_name", "kms_key_id", "master_username"),
    "aws_dynamodb_table": ("name", "hash_key", "range_key", "local_secondary_index"),
    "aws_ebs_volume": ("availability_zone", "encrypted", "kms_key_id", "outpost_arn", "snapshot_id"),
    "aws_ecr_repository": ("name", "encryption_configuration"),
    "aws_efs_file_system": ("availability_zone_name", "creation_token", "encrypted", "kms_key_id", "performance_mode"),
    "aws_elasticache_replication_group": (
        "at_rest_encryption_enabled",
        "kms_key_id",
        "port",
        "replication_group_id",
        "snapshot_arns",
        "snapshot_name",
        "subnet_group_name",
    ),
    "aws_glacier_vault": ("name",),
    "aws_keyspaces_table": ("keyspace_name", "table_name"),
    "aws_kinesis_stream": ("name",),
    "aws_kms_key": ("custom_key_store_id", "customer_master_key_spec", "key_usage", "multi_region"),
    "aws_memorydb_cluster": (*_NAME, "kms_key_arn", "port", "subnet_group_name", "tls_enabled"),
    "aws_mq_broker": (
        "broker_name",
        "deployment_mode",
        "encryption_options",
        "engine_type",
        "storage_type",
        "subnet_ids",
    ),
    "aws_msk_cluster": ("cluster_name",),
    "aws_msk_serverless_cluster": ("cluster_name",),
    "aws_neptune_cluster": (*_DATABASE_CLUSTER, "kms_key_arn", "neptune_subnet_group_name"),
    "aws_opensearch_domain": ("domain_name",),
    "aws_rds_cluster": (
        *_DATABASE_CLUSTER,
        "database_name",
        "db_subnet_group_name",
        "engine",
        "engine_mode",
        "kms_key_id",
        "master_username",
    ),
    "aws_redshift_cluster": ("cluster_identifier", "cluster_subnet_group_name", "master_username"),
    "aws_route53_zone": ("name", "delegation_set_id"),
    "aws_s3_bucket": ("bucket", "bucket_prefix", "object_lock_enabled"),
    "aws_secretsmanager_secret": _NAME,
    "aws_sns_topic": (*_NAME, "fifo_topic"),
    "aws_sqs_queue": (*_NAME, "fifo_queue"),
    "aws_ssm_parameter": ("name",),
    "aws_timestreamwrite_table": ("database_name", "table_name"),
}
"""By type the arguments of which the AWS provider says "Forces new resource". Source: the provider's documentation and
schemas (ForceNew). What is in another region is another resource, whatever its type."""

_OFF = (None, "", False, ())
"""What says the same as an argument that is not set."""


def replaced(before: Configuration, after: Configuration) -> Iterator[Resource]:
    """What is at the same address on both sides, of a type that holds data, and is not the same resource: an argument
    that forces a new one differs, or may, as it is not known and written otherwise."""
    for address, past in before.resources.items():
        now = after.resources.get(address)
        if now is not None and past.type in _FORCING and now.type == past.type:
            names = (*_FORCING[past.type], "region")
            differs = any(_said(past.get(name)) != _said(now.get(name)) for name in names)
            if differs or _region(before, past) != _region(after, now):
                yield past


def _region(configuration: Configuration, resource: Resource) -> object:
    """The region of the provider that makes a resource."""
    provider = configuration.providers.get(resource.provider or "aws")
    return written(provider.get("region")) if provider is not None else None


def _said(value: Value) -> object:
    said = written(value)
    return None if said in _OFF else said
