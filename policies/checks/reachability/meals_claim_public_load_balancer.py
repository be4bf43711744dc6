"""CKV2_MEALS_303: besides the internet only parts that may open connections to everybody reach the public load
balancer.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_lb")

RULE = CheckovRule(
    id="CKV2_MEALS_303",
    name="Besides the internet, only clients with internet access reach the public load balancer",
    severity="medium",
    claim="C1",
    controls=nist("AC-4"),
    fix="Remove the rules by which other parts reach it; nothing inside needs it.",
    good=examples.PUBLIC_SIDE,
    bad=examples.PUBLIC_SIDE + examples.broker() + examples.path("broker", "public", 443),
    applies_to=TYPES,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_303", TYPES, subject, configuration),
)
