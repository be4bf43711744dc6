"""CKV2_MEALS_232: nothing uses the default VPC, whose subnets are public and give public addresses.

Source: VPC user guide, "Default VPCs". Adopting the default VPC or its subnets is using them.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist


def evaluate(subject: Resource, _: Configuration) -> Findings:
    """A finding for every default VPC or subnet that is adopted and not on its way out."""
    if subject.type != "aws_vpc" and not subject.flag("force_destroy"):
        yield Finding(found=f"an {subject.type}", allowed="an aws_vpc with subnets of its own")


RULE = CheckovRule(
    id="CKV2_MEALS_232",
    name="The default VPC is not used",
    severity="medium",
    claim="C1",
    controls=nist("SC-7", "CM-7"),
    fix="Create a VPC with public and private subnets, and delete the default one.",
    good="""\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
""",
    bad="""\
resource "aws_default_vpc" "default" {
}
""",
    applies_to=("aws_default_vpc", "aws_default_subnet", "aws_vpc"),
    evaluate=evaluate,
)
