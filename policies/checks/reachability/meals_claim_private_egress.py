"""CKV2_MEALS_311: private servers reach S3 and DynamoDB through their endpoints, the purchase gateway the declared
networks behind the VPN; nothing else leaves.
"""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule
from policies.reachability.claims import examples
from policies.reachability.claims.rules import SUBJECTS, broken


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for each connection that `subject` takes part in and the claim forbids, or demands and does not get."""
    return broken("CKV2_MEALS_311", SUBJECTS, subject, configuration)


RULE = Rule(
    id="CKV2_MEALS_311",
    name="Private subnets reach nothing outside the VPC but S3, DynamoDB and the networks behind the VPN",
    severity="critical",
    claim="C3",
    controls=("NIST 800-53 SC-7", "NIST 800-53 AC-4"),
    fix="Remove the route, the rule or the gateway that the finding names; use an endpoint for what AWS offers.",
    good="".join(
        (
            examples.NETWORK,
            examples.GATEWAY_ENDPOINTS,
            examples.server("event_store"),
            examples.connect_to_service("event_store", "s3"),
            examples.connect_to_service("event_store", "dynamodb"),
        )
    ),
    bad="".join(
        (
            examples.NETWORK,
            examples.GATEWAY_ENDPOINTS,
            examples.NAT_GATEWAY,
            examples.server("event_store"),
            examples.connect("event_store", "0.0.0.0/0", 443),
        )
    ),
    applies_to=SUBJECTS,
    evaluate=evaluate,
)

register(RULE)
