"""CKV2_MEALS_212: a VPC with network ACLs of its own has its default one adopted, which empties it.

AWS's default ACL allows everything (VPC user guide, "Default network ACL"), so a subnet that is forgotten is open.
Judged where the configuration has network ACLs for the VPC; where it has none, it relies on security groups.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist


def evaluate(vpc: Resource, configuration: Configuration) -> Findings:
    """A finding for a VPC with network ACLs but without aws_default_network_acl."""
    users = configuration.referrers(vpc, "aws_network_acl", "vpc_id")
    if (
        users.may_be_there()
        and not configuration.referrers(vpc, "aws_default_network_acl", "default_network_acl_id")
        and users
    ):
        yield Finding(found="the default network ACL, which allows everything", allowed="an aws_default_network_acl")


NETWORK = """\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_network_acl" "private" {
  vpc_id = aws_vpc.meals.id
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_212",
    name="The default network ACL is adopted in VPCs that have network ACLs",
    severity="low",
    claim="C1",
    controls=nist("SC-7", "CM-7"),
    fix="Add an aws_default_network_acl without rules for the VPC.",
    good=NETWORK
    + """\
resource "aws_default_network_acl" "unused" {
  default_network_acl_id = aws_vpc.meals.default_network_acl_id
}
""",
    bad=NETWORK,
    applies_to=("aws_vpc",),
    evaluate=evaluate,
)
