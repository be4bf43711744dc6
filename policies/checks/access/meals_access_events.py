"""CKV2_MEALS_401: only the event store reads and appends events, through its endpoint and over TLS."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_401",
    name="Only the event store reads and appends events, through its endpoint and over TLS",
    severity="critical",
    claim="A1",
    controls=nist("AC-3", "AC-6", "SC-7"),
    fix="Take the permission from who is named, or put back the statements of the table's policy that deny it.",
    good=examples.TABLE + examples.role("core") + examples.allowing("core", "dynamodb:DescribeTable", "*"),
    bad=examples.TABLE + examples.role("core") + examples.allowing("core", "dynamodb:Query", "*"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_401", subject, configuration),
)
