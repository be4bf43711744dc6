"""CKV2_MEALS_219: brokers and data stores stand in private subnets only.

Subnets are judged where this configuration declares them, directly or through a group of subnets; see
`policies.library.subnets` for what makes one public.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.examples import PRIVATE_SUBNET
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.subnets import STORES, is_public, subnets_of

ALLOWED = "private subnets only"


def evaluate(store: Resource, configuration: Configuration) -> Findings:
    """A finding for each public subnet that a broker or store stands in."""
    for subnet in subnets_of(store, configuration):
        if is_public(subnet, configuration):
            yield Finding(found=f"the public subnet {subnet.address}", allowed=ALLOWED)


RULE = CheckovRule(
    id="CKV2_MEALS_219",
    name="Brokers and data stores are in private subnets only",
    severity="high",
    claim="C1",
    controls=security_hub("RDS.46", "EFS.6") + nist("SC-7", "AC-4"),
    fix="Name private subnets.",
    good=PRIVATE_SUBNET
    + """\
resource "aws_mq_broker" "queue" {
  subnet_ids = [aws_subnet.private.id]
}
""",
    bad="""\
resource "aws_subnet" "public" {
  vpc_id = aws_vpc.meals.id
  tags   = { Tier = "public" }
}
resource "aws_mq_broker" "queue" {
  subnet_ids = [aws_subnet.public.id]
}
""",
    applies_to=tuple(STORES),
    evaluate=evaluate,
)
