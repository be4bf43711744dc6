"""CKV2_MEALS_130: viewers reach CloudFront over HTTPS, or are redirected to it.

Every cache behaviour counts, not only the default one. Source: Security Hub CloudFront.3.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

BEHAVIORS = ("default_cache_behavior", "ordered_cache_behavior", "cache_behavior")
"""The blocks of behaviours, the last one of distributions for several tenants."""
ALLOWED = ("https-only", "redirect-to-https")


def evaluate(distribution: Resource, configuration: Configuration) -> Findings:
    """A finding for each cache behaviour that serves HTTP."""
    for name in BEHAVIORS:
        for behavior in distribution.blocks(name):
            policy = behavior.text("viewer_protocol_policy")
            if policy not in ALLOWED:
                yield Finding(found=f"{policy or 'nothing'} in {name}", allowed=" or ".join(ALLOWED))


DISTRIBUTION = """\
resource "aws_cloudfront_distribution" "images" {
  default_cache_behavior {
    viewer_protocol_policy = "redirect-to-https"
  }
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_130",
    name="CloudFront serves viewers over HTTPS only",
    severity="high",
    claim="C7",
    controls=security_hub("CloudFront.3") + nist("SC-8"),
    fix='Set viewer_protocol_policy = "redirect-to-https" in every cache behaviour.',
    good=DISTRIBUTION,
    bad=DISTRIBUTION.replace("redirect-to-https", "allow-all"),
    applies_to=("aws_cloudfront_distribution", "aws_cloudfront_multitenant_distribution"),
    evaluate=evaluate,
)
