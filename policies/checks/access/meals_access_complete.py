"""CKV2_MEALS_410: every role, and all that holds data, is a part of policies/access.yaml, and every part is there."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, incomplete
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist

RULE = CheckovRule(
    id="CKV2_MEALS_410",
    name="Every role, and all that holds data, is a part in the claims about access",
    severity="high",
    claim="A1",
    controls=nist("CM-8", "AC-2"),
    fix="Name the new part in policies/access.yaml and say there who may do what; if a part moved, correct its path.",
    good=examples.BOOTSTRAP + examples.role("plan") + examples.role("apply"),
    bad=examples.BOOTSTRAP + examples.role("plan"),
    applies_to=SUBJECTS,
    evaluate=incomplete,
)
