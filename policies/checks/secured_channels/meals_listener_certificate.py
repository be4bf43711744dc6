"""CKV2_MEALS_105: HTTPS and TLS listeners have a certificate.

AWS refuses such a listener without one when it is applied; here it is refused before.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.load_balancers import LISTENERS, protocol
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist


def evaluate(listener: Resource, configuration: Configuration) -> Findings:
    """A finding for a listener that terminates TLS without a default certificate."""
    spoken = protocol(listener, configuration)
    if spoken in ("HTTPS", "TLS") and not listener.has("certificate_arn"):
        yield Finding(found=f"a listener for {spoken} without a certificate", allowed="a certificate_arn")


RULE = CheckovRule(
    id="CKV2_MEALS_105",
    name="HTTPS and TLS listeners have a certificate",
    severity="medium",
    claim="C7",
    controls=nist("SC-8", "SC-17"),
    fix="Set certificate_arn to the ARN of a validated certificate of AWS Certificate Manager.",
    good="""\
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate_validation.edge.certificate_arn
}
""",
    bad="""\
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.edge.arn
  port              = 443
  protocol          = "HTTPS"
}
""",
    applies_to=LISTENERS,
    evaluate=evaluate,
)
