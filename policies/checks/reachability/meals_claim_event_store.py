"""CKV2_MEALS_306: the event store accepts connections from the internal load balancer and its own kind, on its own
port.
"""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_autoscaling_group")


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for each connection that `subject` takes part in and the claim forbids, or demands and does not get."""
    return broken("CKV2_MEALS_306", TYPES, subject, configuration)


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
    id="CKV2_MEALS_306",
    name="Clients reach the event store only on its own port, through the internal load balancer",
    severity="critical",
    claim="C2",
    controls=("NIST 800-53 SC-7", "NIST 800-53 AC-4"),
    fix="Let the groups of the internal load balancer and of the event store in, on its port, and nothing else.",
    good="".join(ALLOWED),
    bad="".join((*ALLOWED, examples.path("core", "event_store", 22))),
    applies_to=TYPES,
    evaluate=evaluate,
)

register(RULE)
