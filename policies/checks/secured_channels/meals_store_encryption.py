"""CKV2_MEALS_159: Trails, images, file systems, event buses and the like have a customer-managed key."""

from collections.abc import Iterator

from policies.library.adapter import register
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule

KEYS = {
    "aws_cloudtrail": "kms_key_id",
    "aws_cloudwatch_event_bus": "kms_key_identifier",
    "aws_docdbelastic_cluster": "kms_key_id",
    "aws_fsx_lustre_file_system": "kms_key_id",
    "aws_fsx_ontap_file_system": "kms_key_id",
    "aws_fsx_openzfs_file_system": "kms_key_id",
    "aws_fsx_windows_file_system": "kms_key_id",
    "aws_kinesis_video_stream": "kms_key_id",
    "aws_pipes_pipe": "kms_key_identifier",
    "aws_scheduler_schedule": "kms_key_arn",
    "aws_timestreamwrite_database": "kms_key_id",
}
"""Type -> the attribute that names the key."""


def evaluate(store: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for a store without a key, or with a key of AWS's."""
    if store.type == "aws_ecr_repository":
        yield from _of_repository(store, configuration)
    else:
        yield from without_customer_key(store, KEYS[store.type], configuration)


def _of_repository(repository: Resource, configuration: Configuration) -> Iterator[Finding]:
    encryption = repository.block("encryption_configuration")
    if encryption is None or encryption.text("encryption_type", default="AES256") not in ("KMS", "KMS_DSSE"):
        yield Finding(found="encryption_type AES256: S3's keys", allowed=f'encryption_type = "KMS" with {ALLOWED}')
    else:
        yield from without_customer_key(encryption, "kms_key", configuration)


RULE = Rule(
    id="CKV2_MEALS_159",
    name="Other stores are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=("AWS Security Hub CloudTrail.2", "AWS Security Hub ECR.5", "NIST 800-53 SC-28", "NIST 800-53 SC-28(1)"),
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
    applies_to=("aws_ecr_repository", *KEYS),
    evaluate=evaluate,
)

register(RULE)
