"""CKV2_MEALS_159: Trails, images, file systems, event buses and the like have a customer-managed key.

Some have a switch beside the key. What CodeBuild puts out has S3's keys unless told otherwise, and is to be read by
others: only encryption switched off, and an AWS-managed key that is asked for, are wrong. A project without artifacts
ignores the switch (CodeBuild API, ProjectArtifacts).
"""

from typing import NamedTuple

from policies.checkov.adapter import CheckovRule
from policies.library.codebuild import unencrypted_outputs
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


class Switch(NamedTuple):
    """An argument that says how something is encrypted, and the one beside it that names the key."""

    blocks: tuple[str, ...]
    """The blocks on the way to it."""
    name: str
    on: tuple[str, ...]
    """Its values that mean a key of KMS."""
    key: str


KEYS = {
    "aws_appflow_connector_profile": "kms_arn",
    "aws_appflow_flow": "kms_arn",
    "aws_backup_logically_air_gapped_vault": "encryption_key_arn",
    "aws_bedrockagent_agent": "customer_encryption_key_arn",
    "aws_cloudtrail": "kms_key_id",
    "aws_cloudtrail_event_data_store": "kms_key_id",
    "aws_cloudwatch_event_bus": "kms_key_identifier",
    "aws_codeartifact_domain": "encryption_key",
    "aws_comprehend_entity_recognizer": "model_kms_key_id",
    "aws_db_instance_automated_backups_replication": "kms_key_id",
    "aws_db_snapshot_copy": "kms_key_id",
    "aws_dms_replication_instance": "kms_key_arn",
    "aws_dms_s3_endpoint": "kms_key_arn",
    "aws_docdbelastic_cluster": "kms_key_id",
    "aws_fsx_lustre_file_system": "kms_key_id",
    "aws_fsx_ontap_file_system": "kms_key_id",
    "aws_fsx_openzfs_file_system": "kms_key_id",
    "aws_fsx_windows_file_system": "kms_key_id",
    "aws_imagebuilder_component": "kms_key_id",
    "aws_kinesis_video_stream": "kms_key_id",
    "aws_mwaa_environment": "kms_key",
    "aws_pipes_pipe": "kms_key_identifier",
    "aws_rds_cluster_activity_stream": "kms_key_id",
    "aws_sagemaker_domain": "kms_key_id",
    "aws_sagemaker_endpoint_configuration": "kms_key_arn",
    "aws_sagemaker_notebook_instance": "kms_key_id",
    "aws_scheduler_schedule": "kms_key_arn",
    "aws_timestreamwrite_database": "kms_key_id",
}
"""Type -> the attribute that names the key."""
_CATALOG = "data_catalog_encryption_settings"
_GLUE = "encryption_configuration"
SWITCHES = {
    "aws_ecr_repository": (Switch(("encryption_configuration",), "encryption_type", ("KMS", "KMS_DSSE"), "kms_key"),),
    "aws_glue_data_catalog_encryption_settings": (
        Switch(
            (_CATALOG, "connection_password_encryption"),
            "return_connection_password_encrypted",
            ("true",),
            "aws_kms_key_id",
        ),
        Switch(
            (_CATALOG, "encryption_at_rest"),
            "catalog_encryption_mode",
            ("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE"),
            "sse_aws_kms_key_id",
        ),
    ),
    "aws_glue_security_configuration": (
        Switch((_GLUE, "cloudwatch_encryption"), "cloudwatch_encryption_mode", ("SSE-KMS",), "kms_key_arn"),
        Switch((_GLUE, "job_bookmarks_encryption"), "job_bookmarks_encryption_mode", ("CSE-KMS",), "kms_key_arn"),
        Switch((_GLUE, "s3_encryption"), "s3_encryption_mode", ("SSE-KMS",), "kms_key_arn"),
    ),
    "aws_keyspaces_table": (
        Switch(("encryption_specification",), "type", ("CUSTOMER_MANAGED_KMS_KEY",), "kms_key_identifier"),
    ),
    "aws_workspaces_workspace": (
        Switch((), "root_volume_encryption_enabled", ("true",), "volume_encryption_key"),
        Switch((), "user_volume_encryption_enabled", ("true",), "volume_encryption_key"),
    ),
}
"""Type -> the switches it has."""
BUILD = "aws_codebuild_project"


def evaluate(store: Resource, configuration: Configuration) -> Findings:
    """A finding for a store that is not encrypted, without a key, or with an AWS-managed key."""
    if store.type == BUILD:
        if any(unencrypted_outputs(store)):
            yield Finding(found="encryption_disabled", allowed=f"encryption with {ALLOWED}")
        if store.has("encryption_key"):
            yield from without_customer_key(store, "encryption_key", configuration)
    if store.type in KEYS:
        yield from without_customer_key(store, KEYS[store.type], configuration)
    for switch in SWITCHES.get(store.type, ()):
        block = inner(store, switch.blocks)
        value = block.text(switch.name) if block is not None else ""
        if block is None or value not in switch.on:
            yield Finding(
                found=f"{switch.name} {value or 'not set'}", allowed=f"{' or '.join(switch.on)} with {ALLOWED}"
            )
        else:
            yield from without_customer_key(block, switch.key, configuration)


def inner(block: Block, names: tuple[str, ...]) -> Block | None:
    """The block at a path of names, if it is there. Raises UnknownValue."""
    nested: Block | None = block
    for name in names:
        nested = nested.block(name) if nested is not None else None
    return nested


RULE = CheckovRule(
    id="CKV2_MEALS_159",
    name="Other stores are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=security_hub("CloudTrail.2", "ECR.5") + nist("SC-28", "SC-28(1)"),
    fix="Set the resource's KMS key attribute.",
    good="""\
resource "aws_cloudtrail" "account" {
  kms_key_id = aws_kms_key.logs.arn
}
""",
    bad="""\
resource "aws_cloudtrail" "account" {
  name = "account"
}
""",
    applies_to=(BUILD, *KEYS, *SWITCHES),
    evaluate=evaluate,
)
