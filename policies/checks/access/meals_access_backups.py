"""CKV2_MEALS_408: nobody destroys backups of events."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_408",
    name="Nobody destroys backups of events",
    severity="critical",
    claim="A8",
    controls=nist("CP-9", "AC-6"),
    fix="Take the permission from who is named; backups end by their own rules.",
    good=examples.BACKUPS + examples.role("core") + examples.allowing("core", "s3:GetBucketLocation", "*"),
    bad=examples.BACKUPS + examples.role("core") + examples.allowing("core", "s3:DeleteObject", "*"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_408", subject, configuration),
)
