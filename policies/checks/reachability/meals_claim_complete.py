"""CKV2_MEALS_313: every network interface belongs to a part of policies/claims.yaml, and every part is there, in its
kind of subnets.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import SUBJECTS, incomplete

RULE = CheckovRule(
    id="CKV2_MEALS_313",
    name="Every network interface belongs to a part in the claims, and every part is in its subnets",
    severity="critical",
    claim="C1",
    controls=nist("CM-8", "SC-7"),
    fix="Name the new part in policies/claims.yaml and say there who may reach it; if a part moved, correct its path.",
    good=(
        examples.NETWORK
        + examples.load_balancer("public")
        + examples.load_balancer("internal")
        + examples.server("core")
        + examples.server("ordering")
        + examples.server("event_store")
        + examples.server("purchase_gateway")
        + examples.broker()
        + examples.cluster()
        + examples.pipe()
        + examples.endpoint()
    ),
    bad=examples.NETWORK + examples.broker(),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: incomplete(SUBJECTS, subject, configuration),
)
