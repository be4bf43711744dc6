"""CKV2_MEALS_228: an application load balancer faces the internet only as an entrance that is meant: behind a web ACL.

The web ACL is what tells the one way in from a load balancer whose `internal` somebody forgot. Judged where the
configuration has web ACLs or associates one; where it has none, they are managed elsewhere or not used.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

ASSOCIATIONS = ("aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association")
WEB_ACLS = ("aws_wafv2_web_acl", "aws_wafregional_web_acl", *ASSOCIATIONS)


def evaluate(balancer: Resource, configuration: Configuration) -> Findings:
    """A finding for an internet-facing application load balancer without web ACL, where there are some."""
    if not configuration.of_type(*WEB_ACLS):
        return
    if balancer.text("load_balancer_type", default="application") != "application" or balancer.flag("internal"):
        return
    if not any(configuration.referrers(balancer, type_, "resource_arn") for type_ in ASSOCIATIONS):
        yield Finding(found="internet-facing, without web ACL", allowed="internal = true, or a web ACL")


RULE = CheckovRule(
    id="CKV2_MEALS_228",
    name="Internet-facing application load balancers are behind a web ACL",
    severity="medium",
    claim="C1",
    controls=security_hub("ELB.16") + nist("SC-7", "AC-4"),
    fix="Set internal = true, or associate a web ACL with aws_wafv2_web_acl_association.",
    good="""\
resource "aws_lb" "edge" {
  internal = false
}
resource "aws_wafv2_web_acl_association" "edge" {
  resource_arn = aws_lb.edge.arn
  web_acl_arn  = aws_wafv2_web_acl.edge.arn
}
""",
    bad="""\
resource "aws_lb" "edge" {
  internal = false
}
resource "aws_wafv2_web_acl" "edge" {
  scope = "REGIONAL"
}
""",
    applies_to=("aws_lb", "aws_alb"),
    evaluate=evaluate,
)
