"""CKV2_MEALS_307: the purchase gateway accepts connections from the internal load balancer, which ordering servers
reach.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_autoscaling_group")

ALLOWED = (
    examples.NETWORK
    + examples.load_balancer("internal")
    + examples.server("purchase_gateway")
    + examples.server("ordering")
    + examples.forward("internal", "purchase_gateway", 443, 8443)
    + examples.path("ordering", "internal", 443)
    + examples.path("internal", "purchase_gateway", 8443)
)

RULE = CheckovRule(
    id="CKV2_MEALS_307",
    name="Only ordering servers reach the purchase gateway, through the internal load balancer",
    severity="high",
    claim="C1",
    controls=nist("SC-7", "AC-4"),
    fix="Let the security group of the internal load balancer in, on the port of the servers, and nothing else.",
    good=ALLOWED,
    bad=ALLOWED + examples.path("ordering", "purchase_gateway", 22),
    applies_to=TYPES,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_307", TYPES, subject, configuration),
)
