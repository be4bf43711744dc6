"""CKV2_MEALS_308: servers reach Amazon MQ on the TLS port of its engine, and nothing else reaches it on any port."""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_mq_broker")

ALLOWED = examples.NETWORK + examples.broker() + examples.server("core") + examples.path("core", "broker", 5671)

RULE = CheckovRule(
    id="CKV2_MEALS_308",
    name="Every server reaches the broker on its TLS port, and nothing else reaches it",
    severity="high",
    claim="C5",
    controls=nist("SC-7", "AC-4"),
    fix="Open the path from the security groups of all servers to that of the broker on this port, and no other.",
    good=ALLOWED,
    bad=ALLOWED + examples.path("core", "broker", 8162),
    applies_to=TYPES,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_308", TYPES, subject, configuration),
)
