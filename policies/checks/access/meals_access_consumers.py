"""CKV2_MEALS_409: each consumer of the stream has the permissions that it needs."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_409",
    name="Each consumer of the stream has the permissions that it needs",
    severity="high",
    claim="A9",
    controls=nist("AC-3"),
    fix="Give the role that is named the permission that it lacks, on the topic, key and bucket that it works with.",
    good=examples.TOPIC + examples.role("pipes") + examples.allowing("pipes", "sns:Publish", "*"),
    bad=examples.TOPIC + examples.role("pipes") + examples.allowing("pipes", "sns:ListTopics", "*"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_409", subject, configuration),
)
