"""CKV2_MEALS_411: nothing leaves for another account by the VPC's endpoints, with whatever credentials."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_411",
    name="Nothing leaves for another account by the VPC's endpoints, with whatever credentials",
    severity="critical",
    claim="A10",
    controls=nist("AC-4", "SC-7"),
    fix="Limit the policy of the role or endpoint that is named to the own account, as by aws:ResourceAccount.",
    good=examples.IMAGES
    + examples.role("core")
    + examples.allowing("core", "s3:PutObject", "arn:aws:s3:::meals-images/*"),
    bad=examples.IMAGES + examples.role("core") + examples.allowing("core", "s3:PutObject", "*"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_411", subject, configuration),
)
