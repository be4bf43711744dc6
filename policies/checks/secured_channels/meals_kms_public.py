"""CKV2_MEALS_117: No key policy lets anyone in."""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.grants import public_findings
from policies.library.rule import nist, security_hub

RULE = CheckovRule(
    id="CKV2_MEALS_117",
    name="KMS key policies grant no public access",
    severity="critical",
    claim="C7",
    controls=security_hub("KMS.5") + nist("AC-3", "AC-6", "SC-7"),
    fix="Name the principals, or tie the statement to an account, organization, endpoint or resource by a condition.",
    good=examples.policy(
        "aws_kms_key_policy", "key_id = aws_kms_key.k.id", principal=examples.READER, action="kms:Decrypt"
    ),
    bad=examples.policy("aws_kms_key_policy", "key_id = aws_kms_key.k.id", principal='{ AWS = "*" }', action="kms:*"),
    applies_to=(
        "aws_kms_key",
        "aws_kms_key_policy",
        "aws_kms_external_key",
        "aws_kms_replica_key",
        "aws_kms_replica_external_key",
    ),
    evaluate=lambda policy, configuration: public_findings(policy, "policy", configuration),
)
