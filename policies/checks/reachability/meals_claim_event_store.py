"""CKV2_MEALS_306: the event store accepts connections from the internal load balancer and its own kind, on its own
port.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_autoscaling_group")

RULE = CheckovRule(
    id="CKV2_MEALS_306",
    name="Clients reach the event store only on its own port, through the internal load balancer",
    severity="critical",
    claim="C2",
    controls=nist("SC-7", "AC-4"),
    fix="Let the groups of the internal load balancer and of the event store in, on its port, and nothing else.",
    good=examples.EVENT_STORE_SIDE,
    bad=examples.EVENT_STORE_SIDE + examples.path("core", "event_store", 22),
    applies_to=TYPES,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_306", TYPES, subject, configuration),
)
