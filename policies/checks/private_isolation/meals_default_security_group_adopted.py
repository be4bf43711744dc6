"""CKV2_MEALS_210: every VPC's default security group is adopted, so that AWS's rules in it are removed.

AWS lets members of the default group reach each other and everything else (VPC user guide, "Default security groups").
"""

from collections.abc import Iterator

from policies.library.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule


def evaluate(vpc: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for a VPC without aws_default_security_group."""
    if not configuration.referring(vpc, "aws_default_security_group", "vpc_id"):
        yield Finding(found="the default security group with AWS's rules", allowed="an aws_default_security_group")


RULE = Rule(
    id="CKV2_MEALS_210",
    name="Every VPC's default security group is adopted",
    severity="medium",
    claim="C1",
    controls=("AWS Security Hub EC2.2", "CIS AWS Foundations v3.0.0 5.4", "NIST 800-53 SC-7"),
    fix="Add an aws_default_security_group without rules for the VPC.",
    good="""\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_default_security_group" "unused" {
  vpc_id = aws_vpc.meals.id
}
""",
    bad="""\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
""",
    applies_to=("aws_vpc",),
    evaluate=evaluate,
)

register(RULE)
