"""CKV2_MEALS_205: no subnet is left to the main route table.

A subnet without association follows the main route table, and whoever adds a route there changes it unseen (VPC user
guide, "Subnet route tables"). Judged where the configuration has route tables for the subnet's VPC; where it has none,
routing is managed elsewhere.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist


def evaluate(subnet: Resource, configuration: Configuration) -> Findings:
    """A finding for a subnet without association in a VPC that has route tables."""
    if configuration.referrers(subnet, "aws_route_table_association", "subnet_id"):
        return
    vpcs = configuration.declared(subnet.get("vpc_id"), "aws_vpc", "aws_default_vpc", "data.aws_vpc")
    if any(configuration.referrers(vpc, "aws_route_table", "vpc_id") for vpc in vpcs):
        yield Finding(found="no aws_route_table_association", allowed="an association with a route table of its own")


NETWORK = """\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.meals.id
}
resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.meals.id
  cidr_block = "10.0.2.0/24"
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_205",
    name="Every subnet is associated with a route table of its own",
    severity="high",
    claim="C3",
    controls=nist("SC-7", "CM-2"),
    fix="Add an aws_route_table_association for the subnet.",
    good=NETWORK
    + """\
resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}
""",
    bad=NETWORK,
    applies_to=("aws_subnet",),
    evaluate=evaluate,
)
