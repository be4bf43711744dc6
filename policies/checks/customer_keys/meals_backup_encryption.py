"""CKV2_MEALS_151: Backup vaults are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import without_customer_key
from policies.library.rule import nist, security_hub

RULE = CheckovRule(
    id="CKV2_MEALS_151",
    name="Backup vaults are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=security_hub("Backup.1") + nist("CP-9(8)", "SC-28", "SC-28(1)"),
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
