"""CKV2_MEALS_226: every VPC has a flow log of all its traffic.

What is accepted matters more than what is rejected: a log of REJECT alone is none here. Security Hub EC2.6 and CIS 3.7
ask for no more than that one, so that they are named for VPCs without any log.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

TARGETS = ("vpc_id", "subnet_id", "eni_id", "transit_gateway_id", "transit_gateway_attachment_id")


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for a VPC without flow log of all traffic, and for a flow log of nothing."""
    if subject.type == "aws_flow_log":
        if not any(subject.has(name) for name in TARGETS):
            yield Finding(found="a flow log of nothing", allowed="vpc_id")
        return
    logs = configuration.referrers(subject, "aws_flow_log", "vpc_id")
    kinds = [log.text("traffic_type", "ALL") for log in logs.certain]
    if "ALL" not in kinds:
        logs.require_all()
    if "ALL" not in kinds:
        found = f"a flow log of {', '.join(kinds)} only" if kinds else "no flow log"
        yield Finding(found=found, allowed='an aws_flow_log with traffic_type = "ALL"')


RULE = CheckovRule(
    id="CKV2_MEALS_226",
    name="Every VPC has a flow log of all traffic",
    severity="medium",
    claim="C1",
    controls=(*security_hub("EC2.6"), "CIS AWS Foundations v3.0.0 3.7", *nist("AU-2", "AU-12")),
    fix='Add an aws_flow_log with vpc_id and traffic_type = "ALL".',
    good="""\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_flow_log" "meals" {
  vpc_id          = aws_vpc.meals.id
  traffic_type    = "ALL"
  log_destination = aws_s3_bucket.logs.arn
}
""",
    bad="""\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
""",
    applies_to=("aws_vpc", "aws_flow_log"),
    evaluate=evaluate,
)
