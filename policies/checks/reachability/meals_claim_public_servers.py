"""CKV2_MEALS_304: core and ordering servers accept connections from the public load balancer and each other, never
directly from the internet.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_autoscaling_group")

RULE = CheckovRule(
    id="CKV2_MEALS_304",
    name="Only the public load balancer and other public servers reach public servers, on their port",
    severity="critical",
    claim="C4",
    controls=nist("SC-7", "AC-4"),
    fix="Let the groups of the load balancer and the public servers in, on the port of servers, and nothing else.",
    good=examples.PUBLIC_SIDE,
    bad=examples.PUBLIC_SIDE + examples.accept("core", "0.0.0.0/0", 8443),
    applies_to=TYPES,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_304", TYPES, subject, configuration),
)
