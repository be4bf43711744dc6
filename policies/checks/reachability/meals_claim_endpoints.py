"""CKV2_MEALS_310: servers and consumers of the stream reach every interface endpoint on 443, and nothing else reaches
one.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_vpc_endpoint")

ALLOWED = examples.NETWORK + examples.endpoint() + examples.server("core") + examples.path("core", "endpoint", 443)

RULE = CheckovRule(
    id="CKV2_MEALS_310",
    name="Servers and consumers of the stream reach the interface endpoints, and nothing else does",
    severity="high",
    claim="C3",
    controls=nist("SC-7", "AC-4"),
    fix="Open the path from their security groups to that of the endpoints on 443, and no other.",
    good=ALLOWED,
    bad=ALLOWED + examples.broker() + examples.path("broker", "endpoint", 443),
    applies_to=TYPES,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_310", TYPES, subject, configuration),
)
