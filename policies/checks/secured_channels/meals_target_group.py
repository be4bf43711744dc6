"""CKV2_MEALS_106: load balancers speak TLS to their targets.

Exempt as in Security Hub ELB.22: Lambda functions, application load balancers as targets (which take TCP only and are
judged by their own listeners) and GENEVE, which appliances get from gateway load balancers.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.load_balancers import TARGET_GROUPS
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

ENCRYPTED = ("HTTPS", "TLS", "QUIC")
EXEMPT_TARGETS = ("lambda", "alb")


def evaluate(group: Resource, configuration: Configuration) -> Findings:
    """A finding for a target group whose traffic is not encrypted."""
    if group.text("target_type", default="instance") in EXEMPT_TARGETS:
        return
    protocol = group.text("protocol").upper()
    if protocol not in (*ENCRYPTED, "GENEVE"):
        yield Finding(found=f"a target group with protocol {protocol or 'not set'}", allowed="HTTPS or TLS")


TARGET_GROUP = """\
resource "aws_lb_target_group" "servers" {
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = aws_vpc.main.id
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_106",
    name="Target groups use HTTPS or TLS",
    severity="high",
    claim="C7",
    controls=security_hub("ELB.22") + nist("SC-8"),
    fix='Set protocol = "HTTPS" (network load balancers: "TLS") and have the targets serve TLS on that port.',
    good=TARGET_GROUP,
    bad=TARGET_GROUP.replace("8443", "8080").replace("HTTPS", "HTTP"),
    applies_to=TARGET_GROUPS,
    evaluate=evaluate,
)
