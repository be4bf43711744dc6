"""CKV2_MEALS_210: every VPC's default security group is adopted, so that AWS's rules in it are removed.

AWS lets members of the default group reach each other and everything else (VPC user guide, "Default security groups").
Judged where the configuration puts subnets into the VPC: in one without subnets nothing can join the group.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(vpc: Resource, configuration: Configuration) -> Findings:
    """A finding for a VPC with subnets but without aws_default_security_group."""
    users = configuration.referrers(vpc, "aws_subnet", "vpc_id")
    if users.may_be_there() and not configuration.referrers(vpc, "aws_default_security_group", "vpc_id") and users:
        yield Finding(found="the default security group with AWS's rules", allowed="an aws_default_security_group")


NETWORK = """\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.2.0/24"
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_210",
    name="Every VPC's default security group is adopted",
    severity="medium",
    claim="C1",
    controls=(*security_hub("EC2.2"), "CIS AWS Foundations v3.0.0 5.4", *nist("SC-7")),
    fix="Add an aws_default_security_group without rules for the VPC.",
    good=NETWORK
    + """\
resource "aws_default_security_group" "unused" {
  vpc_id = aws_vpc.meals.id
}
""",
    bad=NETWORK,
    applies_to=("aws_vpc",),
    evaluate=evaluate,
)
