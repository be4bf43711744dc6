"""CKV2_MEALS_304: core and ordering servers accept connections from the public load balancer and each other, never
directly from the internet.
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
    return broken("CKV2_MEALS_304", TYPES, subject, configuration)


ALLOWED = (
    examples.NETWORK,
    examples.load_balancer("public"),
    examples.redirect(),
    examples.server("core"),
    examples.forward("public", "core", 443, 8443),
    examples.accept("public", "0.0.0.0/0", 443),
    examples.accept("public", "0.0.0.0/0", 80),
    examples.path("public", "core", 8443),
    examples.path("core", "core", 8443),
)

RULE = Rule(
    id="CKV2_MEALS_304",
    name="Only the public load balancer and other public servers reach public servers, on their port",
    severity="critical",
    claim="C4",
    controls=("NIST 800-53 SC-7", "NIST 800-53 AC-4"),
    fix="Let the groups of the load balancer and the public servers in, on the port of servers, and nothing else.",
    good="".join(ALLOWED),
    bad="".join((*ALLOWED, examples.accept("core", "0.0.0.0/0", 8443))),
    applies_to=TYPES,
    evaluate=evaluate,
)

register(RULE)
