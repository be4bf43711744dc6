"""CKV2_MEALS_404: the state and its key are used by the pipeline and nobody else."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_404",
    name="The state and its key are used by the pipeline and nobody else",
    severity="critical",
    claim="A4",
    controls=nist("AC-3", "AC-6"),
    fix="Take the permission from who is named.",
    good=examples.STATE + examples.public("state_bucket_60417CC9", "s3:*", "Deny"),
    bad=examples.STATE + examples.public("state_bucket_60417CC9", "s3:GetObject"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_404", subject, configuration),
)
