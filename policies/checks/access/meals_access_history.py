"""CKV2_MEALS_402: nobody updates or deletes an event; only the pipeline deletes the table or rewrites its policy."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_402",
    name="Nobody updates or deletes an event; only the pipeline deletes the table or rewrites its policy",
    severity="critical",
    claim="A2",
    controls=nist("AU-9", "AC-6"),
    fix="Take the permission from who is named: events are appended, never changed.",
    good=examples.TABLE + examples.role("core") + examples.allowing("core", "dynamodb:DescribeTable", "*"),
    bad=examples.TABLE + examples.role("core") + examples.allowing("core", "dynamodb:UpdateItem", "*"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_402", subject, configuration),
)
