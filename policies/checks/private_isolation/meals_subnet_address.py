"""CKV2_MEALS_204: subnets give no public address to what is launched in them, public subnets included.

Who gets one is then said at the server, where it is seen. Default subnets give one unless told otherwise (VPC user
guide, "Default VPC components").
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(subnet: Resource, _: Configuration) -> Findings:
    """A finding for a subnet that maps public addresses on launch."""
    if subnet.flag("map_public_ip_on_launch", default=subnet.type == "aws_default_subnet"):
        yield Finding(found="map_public_ip_on_launch = true", allowed="false")


RULE = CheckovRule(
    id="CKV2_MEALS_204",
    name="Subnets do not assign public addresses on launch",
    severity="high",
    claim="C1",
    controls=security_hub("EC2.15") + nist("SC-7", "AC-4"),
    fix="Set map_public_ip_on_launch = false, and ask for an address at the server that needs one.",
    good="""\
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.meals.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = false
}
""",
    bad="""\
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.meals.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
""",
    applies_to=("aws_subnet", "aws_default_subnet"),
    evaluate=evaluate,
)
