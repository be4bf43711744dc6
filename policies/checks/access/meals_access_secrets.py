"""CKV2_MEALS_403: each secret is read by its own parts and nobody else."""

from policies.access.claims import examples
from policies.access.claims.rules import SUBJECTS, broken
from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist, security_hub

RULE = CheckovRule(
    id="CKV2_MEALS_403",
    name="Each secret is read by its own parts and nobody else",
    severity="critical",
    claim="A3",
    controls=security_hub("SecretsManager.1") + nist("AC-6", "IA-5"),
    fix="Take the permission from who is named, or give it to the part that lacks it (policies/access.yaml names all).",
    good=examples.SECRET + examples.role("plan") + examples.allowing("plan", "secretsmanager:DescribeSecret", "*"),
    bad=examples.SECRET + examples.role("plan") + examples.allowing("plan", "secretsmanager:GetSecretValue", "*"),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_403", subject, configuration),
)
