"""CKV2_MEALS_310: servers and consumers of the stream reach every interface endpoint on 443, and nothing else reaches
one.
"""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_vpc_endpoint")


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for each connection that `subject` takes part in and the claim forbids, or demands and does not get."""
    return broken("CKV2_MEALS_310", TYPES, subject, configuration)


ALLOWED = (examples.NETWORK, examples.endpoint(), examples.server("core"), examples.path("core", "endpoint", 443))

RULE = Rule(
    id="CKV2_MEALS_310",
    name="Servers and consumers of the stream reach the interface endpoints, and nothing else does",
    severity="high",
    claim="C3",
    controls=("NIST 800-53 SC-7", "NIST 800-53 AC-4"),
    fix="Open the path from their security groups to that of the endpoints on 443, and no other.",
    good="".join(ALLOWED),
    bad="".join((*ALLOWED, examples.broker(), examples.path("broker", "endpoint", 443))),
    applies_to=TYPES,
    evaluate=evaluate,
)

register(RULE)
