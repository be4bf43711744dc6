"""CKV2_MEALS_150: Secrets are encrypted with a customer-managed key, each replica with one of its region.

So are the parameters of Systems Manager that are encrypted at all, those of type SecureString.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Findings, nist


def evaluate(secret: Resource, configuration: Configuration) -> Findings:
    """Findings for a secret, or a replica of one, with the AWS-managed key."""
    if secret.type == "aws_ssm_parameter":
        if secret.text("type") == "SecureString":
            yield from without_customer_key(secret, "key_id", configuration)
        return
    yield from without_customer_key(secret, "kms_key_id", configuration)
    for replica in secret.blocks("replica"):
        yield from without_customer_key(replica, "kms_key_id", configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_150",
    name="Secrets are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=nist("SC-12(2)", "SC-28", "SC-28(1)"),
    fix="Set kms_key_id, also in each replica block.",
    good="""\
resource "aws_secretsmanager_secret" "broker" {
  kms_key_id = aws_kms_key.secrets.arn
}
""",
    bad="""\
resource "aws_secretsmanager_secret" "broker" {
  kms_key_id = "alias/aws/secretsmanager"
}
""",
    applies_to=("aws_secretsmanager_secret", "aws_ssm_parameter"),
    evaluate=evaluate,
)
