"""CKV2_MEALS_312: public servers reach S3, DynamoDB and the internet on 443, the public load balancer the internet on
443; nothing else leaves.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import SUBJECTS, broken

SERVICES = (
    examples.NETWORK
    + examples.GATEWAY_ENDPOINTS
    + examples.server("core")
    + examples.connect_to_service("core", "s3")
    + examples.connect_to_service("core", "dynamodb")
)

RULE = CheckovRule(
    id="CKV2_MEALS_312",
    name="Public subnets reach the internet on 443 only",
    severity="high",
    claim="C6",
    controls=nist("SC-7", "AC-4"),
    fix="Limit egress to port 443 of the declared channels.",
    good=SERVICES + examples.connect("core", "0.0.0.0/0", 443),
    bad=SERVICES + examples.connect("core", "0.0.0.0/0", 80),
    applies_to=SUBJECTS,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_312", SUBJECTS, subject, configuration),
)
