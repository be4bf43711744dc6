"""CKV2_MEALS_102: a listener that speaks HTTP only redirects to HTTPS.

A redirect whose protocol is left to AWS's default, `#{protocol}`, leads to HTTP again. A fixed response answers in the
clear, so it is refused as well, and so is a redirect from HTTPS to HTTP. Source: Security Hub ELB.1.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.load_balancers import LISTENERS, REDIRECT, does, leads_to_http, only_redirects, protocol
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(listener: Resource, configuration: Configuration) -> Findings:
    """A finding for an HTTP listener with any other default action, and for one that leads to HTTP."""
    if protocol(listener, configuration) == "HTTP":
        if not only_redirects(listener):
            yield Finding(found=f"an HTTP listener with {does(listener)}", allowed=REDIRECT)
    elif leads_to_http(listener):
        yield Finding(found="a redirect to HTTP", allowed="a redirect to HTTPS")


RULE = CheckovRule(
    id="CKV2_MEALS_102",
    name="HTTP listeners only redirect to HTTPS",
    severity="high",
    claim="C7",
    controls=security_hub("ELB.1", "ELB.18") + nist("SC-8", "SC-13"),
    fix='Make the default action a redirect with protocol = "HTTPS" and port = "443".',
    good="""\
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}
""",
    bad="""\
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.servers.arn
  }
}
""",
    applies_to=LISTENERS,
    evaluate=evaluate,
)
