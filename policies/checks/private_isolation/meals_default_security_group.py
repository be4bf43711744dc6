"""CKV2_MEALS_209: the default security group has no rules.

What is launched without a group joins it, so it must allow nothing: no inline block, and no rule that is declared on
its own for it. Adopting it with aws_default_security_group removes the rules that AWS puts there.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.security_groups import RULE_TYPES
from policies.library.values import reads

ALLOWED = "no ingress and no egress"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each inline rule of a default security group, and for a rule that is declared for one."""
    if subject.type in RULE_TYPES:
        group = subject.get("security_group_id")
        if reads(group, "default_security_group_id") or configuration.declared(group, "aws_default_security_group"):
            yield Finding(found="a rule of the default security group", allowed=ALLOWED)
        return
    for direction in ("ingress", "egress"):
        if subject.has(direction):
            yield Finding(found=f"{direction} in the default security group", allowed=ALLOWED)


RULE = CheckovRule(
    id="CKV2_MEALS_209",
    name="Default security groups have no rules",
    severity="high",
    claim="C1",
    controls=(*security_hub("EC2.2"), "CIS AWS Foundations v3.0.0 5.4", *nist("SC-7", "AC-4")),
    fix="Remove the rules, and give what needs them a security group of its own.",
    good="""\
resource "aws_default_security_group" "unused" {
  vpc_id = aws_vpc.meals.id
}
""",
    bad="""\
resource "aws_default_security_group" "unused" {
  vpc_id = aws_vpc.meals.id
  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
}
""",
    applies_to=("aws_default_security_group", *RULE_TYPES),
    evaluate=evaluate,
)
