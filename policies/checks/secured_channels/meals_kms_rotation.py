"""CKV2_MEALS_140: KMS keys rotate.

AWS rotates symmetric keys whose material it made itself, once a year unless told otherwise. Asymmetric and HMAC keys,
and keys of custom key stores, cannot rotate that way, nor do disabled keys (KMS developer guide, "Rotate AWS KMS
keys").
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(key: Resource, configuration: Configuration) -> Findings:
    """A finding for a symmetric encryption key that does not rotate."""
    rotates = key.flag("enable_key_rotation")
    if _can_rotate(key):
        if not rotates and key.flag("is_enabled", default=True):
            yield Finding(found="no rotation", allowed="enable_key_rotation = true")
    elif rotates:
        yield Finding(
            found="rotation of a key type that cannot rotate; AWS refuses it", allowed="no enable_key_rotation"
        )


def _can_rotate(key: Resource) -> bool:
    spec = key.text("customer_master_key_spec", default=key.text("key_spec", default="SYMMETRIC_DEFAULT"))
    usage = key.text("key_usage", default="ENCRYPT_DECRYPT")
    return (spec, usage) == ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT") and not key.has("custom_key_store_id")


RULE = CheckovRule(
    id="CKV2_MEALS_140",
    name="KMS keys rotate",
    severity="medium",
    claim="C7",
    controls=(*security_hub("KMS.4"), "CIS AWS Foundations 5.0.0 3.6", *nist("SC-12", "SC-12(2)")),
    fix="Set enable_key_rotation = true.",
    good="""\
resource "aws_kms_key" "storage" {
  enable_key_rotation = true
}
""",
    bad="""\
resource "aws_kms_key" "storage" {
  description = "Buckets"
}
""",
    applies_to=("aws_kms_key",),
    evaluate=evaluate,
)
