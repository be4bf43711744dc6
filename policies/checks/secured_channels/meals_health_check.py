"""CKV2_MEALS_107: health checks of encrypted target groups are encrypted too.

What a health check asks and hears tells of the servers, and a port that answers it in the clear answers anyone. The
default of an application load balancer's target group is HTTP, whatever the protocol of the group. A TCP check carries
nothing and passes. Target groups that speak HTTP fail CKV2_MEALS_106 and are not reported again. Source: Security Hub
ELB.21; Elastic Load Balancing API, CreateTargetGroup.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.load_balancers import TARGET_GROUPS
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(group: Resource, configuration: Configuration) -> Findings:
    """A finding for an encrypted target group with health checks over HTTP."""
    protocol = group.text("protocol").upper()
    if protocol in ("", "HTTP", "GENEVE") or group.text("target_type") == "lambda":
        return
    check = group.block("health_check")
    default = "HTTP" if protocol == "HTTPS" else "TCP"
    checked = default if check is None else check.text("protocol", default=default).upper()
    if checked == "HTTP":
        found = "health checks over HTTP" if check is not None and check.has("protocol") else "AWS's default, HTTP"
        yield Finding(found=found, allowed="HTTPS in health_check.protocol")


TARGET_GROUP = """\
resource "aws_lb_target_group" "servers" {
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = aws_vpc.main.id

  health_check {
    path     = "/health"
    protocol = "HTTPS"
  }
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_107",
    name="Health checks of target groups use HTTPS",
    severity="medium",
    claim="C7",
    controls=security_hub("ELB.21") + nist("SC-8"),
    fix='Add a health_check block with protocol = "HTTPS".',
    good=TARGET_GROUP,
    bad=TARGET_GROUP.replace('    protocol = "HTTPS"', '    protocol = "HTTP"'),
    applies_to=TARGET_GROUPS,
    evaluate=evaluate,
)
