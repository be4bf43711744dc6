"""CKV2_MEALS_151: Backup vaults are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import without_customer_key

RULE = CheckovRule(
    id="CKV2_MEALS_151",
    name="Backup vaults are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=("AWS Security Hub Backup.1", "NIST 800-53 CP-9(8)", "NIST 800-53 SC-28", "NIST 800-53 SC-28(1)"),
    fix="Set kms_key_arn; this replaces the vault.",
    good="""\
resource "aws_backup_vault" "events" {
  name        = "events"
  kms_key_arn = aws_kms_key.events.arn
}
""",
    bad="""\
resource "aws_backup_vault" "events" {
  name = "events"
}
""",
    applies_to=("aws_backup_vault",),
    evaluate=lambda vault, configuration: without_customer_key(vault, "kms_key_arn", configuration),
)
