"""CKV2_MEALS_108: classic load balancers take HTTPS or SSL only, with a certificate.

A classic load balancer cannot redirect, so there is no use for HTTP on it. What it speaks to its instances is not
judged: the control is about termination, and whoever needs TLS there needs an aws_lb. Source: Security Hub ELB.3.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

ENCRYPTED = ("HTTPS", "SSL")


def evaluate(balancer: Resource, configuration: Configuration) -> Findings:
    """A finding for each listener that takes plaintext or lacks a certificate."""
    for listener in balancer.blocks("listener"):
        port = listener.text("lb_port", default="unset")
        front = listener.text("lb_protocol").upper()
        if front not in ENCRYPTED:
            yield Finding(found=f"a listener for {front} on port {port}", allowed="HTTPS or SSL in lb_protocol")
        elif not listener.has("ssl_certificate_id"):
            yield Finding(found=f"a listener for {front} without a certificate", allowed="an ssl_certificate_id")


RULE = CheckovRule(
    id="CKV2_MEALS_108",
    name="Classic load balancers use HTTPS or SSL in listeners",
    severity="high",
    claim="C7",
    controls=security_hub("ELB.3") + nist("SC-8"),
    fix='Set lb_protocol to "https" with an ssl_certificate_id, or replace it by an aws_lb.',
    good="""\
resource "aws_elb" "edge" {
  listener {
    lb_port            = 443
    lb_protocol        = "https"
    instance_port      = 8443
    instance_protocol  = "https"
    ssl_certificate_id = aws_acm_certificate.edge.arn
  }
}
""",
    bad="""\
resource "aws_elb" "edge" {
  listener {
    lb_port           = 80
    lb_protocol       = "http"
    instance_port     = 8080
    instance_protocol = "http"
  }
}
""",
    applies_to=("aws_elb",),
    evaluate=evaluate,
)
