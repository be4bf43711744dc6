"""Which resources hold what cannot be made again: data, keys that data is encrypted with, identities, audit logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DATABASE = "its data"
_FILES = "its files"

_LOSSES: Mapping[str, str] = {
    "aws_backup_vault": "its recovery points",
    "aws_cloudwatch_log_group": "its logs",
    "aws_cognito_user_pool": "its users",
    "aws_db_instance": _DATABASE,
    "aws_docdb_cluster": _DATABASE,
    "aws_dynamodb_global_table": "its items",
    "aws_dynamodb_table": "its items",
    "aws_ebs_volume": "what is stored on it",
    "aws_ecr_repository": "its images",
    "aws_efs_file_system": _FILES,
    "aws_elasticache_replication_group": _DATABASE,
    "aws_elasticache_serverless_cache": _DATABASE,
    "aws_fsx_lustre_file_system": _FILES,
    "aws_fsx_ontap_file_system": _FILES,
    "aws_fsx_openzfs_file_system": _FILES,
    "aws_fsx_windows_file_system": _FILES,
    "aws_glacier_vault": "its archives",
    "aws_keyspaces_table": _DATABASE,
    "aws_kinesis_stream": "its records",
    "aws_kms_external_key": "whatever is encrypted with it",
    "aws_kms_key": "whatever is encrypted with it",
    "aws_kms_replica_key": "whatever is encrypted with it",
    "aws_memorydb_cluster": _DATABASE,
    "aws_mq_broker": "its messages and users",
    "aws_msk_cluster": "its topics and their messages",
    "aws_msk_serverless_cluster": "its topics and their messages",
    "aws_neptune_cluster": _DATABASE,
    "aws_opensearch_domain": "its indexes",
    "aws_opensearchserverless_collection": "its indexes",
    "aws_qldb_ledger": _DATABASE,
    "aws_rds_cluster": _DATABASE,
    "aws_redshift_cluster": _DATABASE,
    "aws_redshiftserverless_namespace": _DATABASE,
    "aws_route53_key_signing_key": "the digest that the registrar holds",
    "aws_route53_zone": "its records, and the name servers that the registrar holds",
    "aws_s3_bucket": "its objects",
    "aws_s3_directory_bucket": "its objects",
    "aws_secretsmanager_secret": "its values",
    "aws_sns_topic": "its subscriptions, which their owners have confirmed",
    "aws_sqs_queue": "its messages",
    "aws_ssm_parameter": "its value",
    "aws_timestreamwrite_table": _DATABASE,
}
"""Resource types of the AWS provider, and what is lost with one. A zone and its signing key count: registrars hold
their name servers and digest. `terraform_data` is no resource of AWS and holds nothing."""

STATEFUL_TYPES = frozenset(_LOSSES)
"""The types that hold something."""

_DAYS = ("deletion_window_in_days", "recovery_window_in_days")
"""Arguments that say for how long AWS keeps what was deleted."""


def is_stateful(type_: str) -> bool:
    """Whether destroying a resource of this type loses something."""
    return type_ in STATEFUL_TYPES


def loss(type_: str, values: Mapping[str, Any]) -> str:
    """What is lost with a resource that has these values, and what AWS keeps of it; empty for what holds nothing."""
    lost = _LOSSES.get(type_, "")
    days = next((values[name] for name in _DAYS if values.get(name)), None)
    if lost and values.get("skip_final_snapshot") is True:
        return f"{lost}, without a final snapshot"
    if lost and days is not None:
        return f"{lost}; AWS keeps it for {days} days, in which the deletion can be cancelled"
    return lost
