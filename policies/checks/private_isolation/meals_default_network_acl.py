"""CKV2_MEALS_211: the default network ACL has no rules, so that a subnet left to it has no traffic.

Inline blocks, and aws_network_acl_rule for the VPC's default ACL. Where the VPC has no other ACL and this one has AWS's
rules, its subnets rely on security groups, as they do where it is not written down (CKV2_MEALS_212). Security Hub
EC2.21 leaves default ACLs out: empty ones are this project's demand.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.network_acls import is_as_made
from policies.library.rule import Finding, Findings, nist
from policies.library.values import reads

ALLOWED = "no rules; network ACLs of their own for subnets"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for the inline rules of a default network ACL, and for a rule that is declared for one."""
    if subject.type == "aws_network_acl_rule":
        acl = subject.get("network_acl_id")
        if reads(acl, "default_network_acl_id") or configuration.declared(acl, "aws_default_network_acl"):
            yield Finding(found="a rule of the default network ACL", allowed=ALLOWED)
        return
    for direction in () if is_as_made(subject, configuration) else ("ingress", "egress"):
        if subject.has(direction):
            yield Finding(found=f"{direction} in the default network ACL", allowed=ALLOWED)


RULE = CheckovRule(
    id="CKV2_MEALS_211",
    name="Default network ACLs have no rules",
    severity="medium",
    claim="C1",
    controls=nist("SC-7", "AC-4"),
    fix="Remove the rules, and associate subnets with a network ACL of their own.",
    good="""\
resource "aws_default_network_acl" "unused" {
  default_network_acl_id = aws_vpc.meals.default_network_acl_id
}
""",
    bad="""\
resource "aws_default_network_acl" "unused" {
  default_network_acl_id = aws_vpc.meals.default_network_acl_id
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
""",
    applies_to=("aws_default_network_acl", "aws_network_acl_rule"),
    evaluate=evaluate,
)
