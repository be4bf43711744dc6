"""CKV2_MEALS_309: servers, pipes and the connector reach MSK on 9098, and nothing else reaches it on any port."""

from policies.checkov.adapter import CheckovRule
from policies.library.rule import nist
from policies.reachability.claims import examples
from policies.reachability.claims.rules import broken

TYPES = ("aws_vpc", "aws_msk_cluster", "aws_mskconnect_connector", "aws_pipes_pipe")

ALLOWED = examples.NETWORK + examples.cluster() + examples.server("core") + examples.path("core", "cluster", 9098)

RULE = CheckovRule(
    id="CKV2_MEALS_309",
    name="Servers and the consumers of the stream reach its brokers with IAM over TLS, and nothing else does",
    severity="high",
    claim="C9",
    controls=nist("SC-7", "AC-4"),
    fix="Open the path from their security groups to that of the cluster on 9098, and no other.",
    good=ALLOWED,
    bad=ALLOWED + examples.path("core", "cluster", 9092),
    applies_to=TYPES,
    evaluate=lambda subject, configuration: broken("CKV2_MEALS_309", TYPES, subject, configuration),
)
