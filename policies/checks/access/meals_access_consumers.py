"""CKV2_MEALS_409: each user of the stream, the topics and images has the permissions that it needs, and nobody else."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_409",
    name="Each user of the stream, the topics and images has the permissions that it needs, and nobody else has them",
    severity="high",
    claim="A9",
    controls=nist("AC-3"),
    fix="Give the role that is named the permission that it lacks, or take from it what no part needs.",
    good=examples.TOPIC + examples.role("pipes") + examples.allowing("pipes", "sns:Publish", "*"),
    bad=examples.TOPIC + examples.role("pipes") + examples.allowing("pipes", "sns:ListTopics", "*"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_409", subject, configuration),
)
