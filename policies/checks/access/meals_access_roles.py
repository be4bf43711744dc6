"""CKV2_MEALS_406: no role takes another role, or changes what a role may do."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist, security_hub

RULE = CheckovRule(
    id="CKV2_MEALS_406",
    name="No role takes another role, or changes what a role may do",
    severity="critical",
    claim="A6",
    controls=security_hub("IAM.21") + nist("AC-6"),
    fix="Take the permission from the role that is named; roles are changed by the pipeline.",
    good=examples.role("core") + examples.allowing("core", "iam:GetRole", "*"),
    bad=examples.role("core") + examples.allowing("core", "iam:PutRolePolicy", "*"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_406", subject, configuration),
)
