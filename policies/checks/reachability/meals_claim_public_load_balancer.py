"""CKV2_MEALS_303: besides the internet only parts that may open connections to everybody reach the public load
balancer.
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
    return broken("CKV2_MEALS_303", TYPES, subject, configuration)


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
    id="CKV2_MEALS_303",
    name="Besides the internet, only clients with internet access reach the public load balancer",
    severity="medium",
    claim="C1",
    controls=("NIST 800-53 AC-4",),
    fix="Remove the rules by which other parts reach it; nothing inside needs it.",
    good="".join(ALLOWED),
    bad="".join((*ALLOWED, examples.broker(), examples.path("broker", "public", 443))),
    applies_to=TYPES,
    evaluate=evaluate,
)

register(RULE)
