"""CKV2_MEALS_305: servers reach the event store, and ordering servers the purchase gateway, at the internal load
balancer; nothing else reaches it.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_lb")

RULE = CheckovRule(
    id="CKV2_MEALS_305",
    name="Only servers that use the event store or the purchase gateway reach the internal load balancer",
    severity="high",
    claim="C2",
    controls=nist("SC-7", "AC-4"),
    fix="Let only the security groups of those servers in, each on the port of what it calls.",
    good=examples.EVENT_STORE_SIDE,
    bad=examples.EVENT_STORE_SIDE + examples.path("event_store", "internal", 2113),
    applies_to=TYPES,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_305", TYPES, subject, configuration),
)
