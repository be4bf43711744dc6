"""CKV2_MEALS_407: each key is used by exactly those who may use its data."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist, security_hub

RULE = CheckovRule(
    id="CKV2_MEALS_407",
    name="Each key is used by exactly those who may use its data",
    severity="high",
    claim="A7",
    controls=security_hub("KMS.2") + nist("AC-6", "SC-12"),
    fix="Name the key in the statement, with kms:ViaService, and only where its data is used.",
    good=examples.MESSAGING_KEY + examples.role("core") + examples.allowing("core", "kms:DescribeKey", "*"),
    bad=examples.MESSAGING_KEY + examples.role("core") + examples.allowing("core", "kms:Decrypt", "*"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_407", subject, configuration),
)
