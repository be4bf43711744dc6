"""CKV2_MEALS_164: CloudFront's response headers tell browsers to stay with HTTPS, for a year and for subdomains.

A policy of response headers without Strict-Transport-Security lets the first request of each visit go over HTTP.
Sources: RFC 6797; Amazon CloudFront developer guide, "Using the managed response headers policies".
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.subnets import blocks_at

YEAR = 31536000
"""In seconds."""


def evaluate(policy: Resource, _: Configuration) -> Findings:
    """A finding for a policy without Strict-Transport-Security, or with one that ends early."""
    headers = blocks_at(policy, ("security_headers_config", "strict_transport_security"))
    if not headers:
        yield Finding(found="no strict_transport_security", allowed=f"one with access_control_max_age_sec = {YEAR}")
    for header in headers:
        age = header.number("access_control_max_age_sec") or 0
        if age < YEAR or not header.flag("include_subdomains") or not header.flag("override"):
            yield Finding(
                found="strict_transport_security that is short, leaves subdomains out or gives way to the origin's",
                allowed=f"access_control_max_age_sec = {YEAR}, include_subdomains = true, override = true",
            )


POLICY = """\
resource "aws_cloudfront_response_headers_policy" "images" {
  name = "images"
  security_headers_config {
    strict_transport_security {
      access_control_max_age_sec = 31536000
      include_subdomains         = true
      override                   = true
    }
  }
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_164",
    name="Response headers of CloudFront keep browsers on HTTPS",
    severity="low",
    claim="C7",
    controls=nist("SC-8", "SC-23"),
    fix="Add strict_transport_security to security_headers_config.",
    good=POLICY,
    bad=POLICY.replace("31536000", "300"),
    applies_to=("aws_cloudfront_response_headers_policy",),
    evaluate=evaluate,
)
