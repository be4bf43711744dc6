"""CKV2_MEALS_305: servers reach the event store, and ordering servers the purchase gateway, at the internal load
balancer; nothing else reaches it.
"""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_lb")


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for each connection that `subject` takes part in and the claim forbids, or demands and does not get."""
    return broken("CKV2_MEALS_305", TYPES, subject, configuration)


ALLOWED = (
    examples.NETWORK,
    examples.load_balancer("internal"),
    examples.server("event_store"),
    examples.server("core"),
    examples.forward("internal", "event_store", 2113, 2113),
    examples.path("core", "internal", 2113),
    examples.path("internal", "event_store", 2113),
    examples.path("event_store", "event_store", 2113),
)

RULE = Rule(
    id="CKV2_MEALS_305",
    name="Only servers that use the event store or the purchase gateway reach the internal load balancer",
    severity="high",
    claim="C2",
    controls=("NIST 800-53 SC-7", "NIST 800-53 AC-4"),
    fix="Let only the security groups of those servers in, each on the port of what it calls.",
    good="".join(ALLOWED),
    bad="".join((*ALLOWED, examples.path("event_store", "internal", 2113))),
    applies_to=TYPES,
    evaluate=evaluate,
)

register(RULE)
