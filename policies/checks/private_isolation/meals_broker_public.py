"""CKV2_MEALS_216: Amazon MQ brokers are not publicly accessible.

The provider's default is false. A public broker has a public address, which its subnets cannot take away (Amazon MQ
developer guide, "Security best practices").
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist


def evaluate(broker: Resource, _: Configuration) -> Findings:
    """A finding for a public broker."""
    if broker.flag("publicly_accessible"):
        yield Finding(found="publicly_accessible = true", allowed="false")


RULE = CheckovRule(
    id="CKV2_MEALS_216",
    name="Amazon MQ brokers are not publicly accessible",
    severity="critical",
    claim="C5",
    controls=nist("SC-7", "AC-4"),
    fix="Set publicly_accessible = false and put the broker into private subnets; this replaces the broker.",
    good="""\
resource "aws_mq_broker" "queue" {
  publicly_accessible = false
  subnet_ids          = [aws_subnet.private.id]
}
""",
    bad="""\
resource "aws_mq_broker" "queue" {
  publicly_accessible = true
}
""",
    applies_to=("aws_mq_broker",),
    evaluate=evaluate,
)
