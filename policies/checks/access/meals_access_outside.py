"""CKV2_MEALS_405: nobody of another account but the reporting tool gets in, and it reads reports only."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_405",
    name="Nobody of another account but the reporting tool gets in, and it reads reports only",
    severity="critical",
    claim="A5",
    controls=nist("AC-3", "AC-20"),
    fix="Name principals of the own account, or declare the other account's in the settings, with an external id.",
    good=examples.IMAGES + examples.public("storage_images_bucket_6AFFA072", "s3:*", "Deny"),
    bad=examples.IMAGES + examples.public("storage_images_bucket_6AFFA072", "s3:PutObject"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_405", subject, configuration),
)
