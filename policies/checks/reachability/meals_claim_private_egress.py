"""CKV2_MEALS_311: private servers reach S3 and DynamoDB through their endpoints, the purchase gateway the declared
networks behind the VPN; nothing else leaves.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import SUBJECTS, broken

RULE = CheckovRule(
    id="CKV2_MEALS_311",
    name="Private subnets reach nothing outside the VPC but S3, DynamoDB and the networks behind the VPN",
    severity="critical",
    claim="C3",
    controls=nist("SC-7", "AC-4"),
    fix="Remove the route, the rule or the gateway that the finding names; use an endpoint for what AWS offers.",
    good=(
        examples.NETWORK
        + examples.GATEWAY_ENDPOINTS
        + examples.server("event_store")
        + examples.connect_to_service("event_store", "s3")
        + examples.connect_to_service("event_store", "dynamodb")
    ),
    bad=(
        examples.NETWORK
        + examples.GATEWAY_ENDPOINTS
        + examples.NAT_GATEWAY
        + examples.server("event_store")
        + examples.connect("event_store", "0.0.0.0/0", 443)
    ),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_311", SUBJECTS, subject, configuration),
)
