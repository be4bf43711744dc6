"""CKV2_MEALS_104: the rules of an HTTP listener only redirect to HTTPS.

A listener whose default action redirects serves HTTP all the same if one of its rules forwards. Rules that redirect to
HTTPS pass on whatever listener they are; of all others it must be known that their listener speaks HTTPS.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.load_balancers import LISTENER_RULES, REDIRECT, does, leads_to_http, only_redirects, protocol
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.values import UnknownValue


def evaluate(rule: Resource, configuration: Configuration) -> Findings:
    """A finding for a rule of an HTTP listener with any other action, and for any rule that leads to HTTP."""
    if leads_to_http(rule):
        yield Finding(found="a redirect to HTTP", allowed=REDIRECT)
        return
    if only_redirects(rule):
        return
    listeners = configuration.resolve(rule.get("listener_arn"))
    if not listeners:
        raise UnknownValue("a listener that this configuration does not declare", f"{rule.place}.listener_arn")
    if any(protocol(listener, configuration) == "HTTP" for listener in listeners):
        yield Finding(found=f"a rule of an HTTP listener with {does(rule)}", allowed=REDIRECT)


RULE = CheckovRule(
    id="CKV2_MEALS_104",
    name="Rules of HTTP listeners only redirect to HTTPS",
    severity="high",
    claim="C7",
    controls=security_hub("ELB.1") + nist("SC-8"),
    fix="Move the rule to the HTTPS listener, or make its action a redirect to HTTPS.",
    good="""\
resource "aws_lb_listener" "https" {
  port     = 443
  protocol = "HTTPS"
}

resource "aws_lb_listener_rule" "ordering" {
  listener_arn = aws_lb_listener.https.arn

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ordering.arn
  }
  condition {
    path_pattern { values = ["/ordering*"] }
  }
}
""",
    bad="""\
resource "aws_lb_listener" "http" {
  port     = 80
  protocol = "HTTP"
}

resource "aws_lb_listener_rule" "ordering" {
  listener_arn = aws_lb_listener.http.arn

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ordering.arn
  }
  condition {
    path_pattern { values = ["/ordering*"] }
  }
}
""",
    applies_to=LISTENER_RULES,
    evaluate=evaluate,
)
