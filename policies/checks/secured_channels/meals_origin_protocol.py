"""CKV2_MEALS_131: CloudFront speaks HTTPS with TLS 1.2 to its origins.

`match-viewer` is as good as what viewers may use. S3 origins have no such settings: CloudFront reaches them as viewers
reach it. TLS 1.0 and 1.1 may be offered beside 1.2, which is then what CloudFront and the origin agree on; not SSLv3.
Sources: Security Hub CloudFront.9, CloudFront.10.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

LIGHTSAIL = "aws_lightsail_distribution"


def evaluate(distribution: Resource, configuration: Configuration) -> Findings:
    """Findings for each origin that may be asked over HTTP, with SSLv3, or only with old versions of TLS."""
    for endpoint in distribution.blocks("vpc_origin_endpoint_config"):
        if endpoint.text("origin_protocol_policy") == "http-only":
            yield Finding(found="a VPC origin with http-only", allowed="https-only")
    for origin in distribution.blocks("origin"):
        if distribution.type == LIGHTSAIL and origin.text("protocol_policy", default="http-only") != "https-only":
            yield Finding(found="an origin with http-only", allowed="https-only")
        for config in origin.blocks("custom_origin_config"):
            policy = config.text("origin_protocol_policy")
            if policy == "http-only" or (policy == "match-viewer" and serves_http(distribution)):
                yield Finding(found=f"an origin with {policy}", allowed="https-only")
            protocols = config.texts("origin_ssl_protocols")
            if "SSLv3" in protocols or (protocols and "TLSv1.2" not in protocols):
                yield Finding(found=f"an origin with {', '.join(protocols)}", allowed="TLSv1.2, and no SSLv3")


def serves_http(distribution: Resource) -> bool:
    """Whether a cache behaviour takes HTTP without redirecting it. Raises UnknownValue."""
    return any(
        behavior.text("viewer_protocol_policy", default="allow-all") == "allow-all"
        for name in ("default_cache_behavior", "ordered_cache_behavior", "cache_behavior")
        for behavior in distribution.blocks(name)
    )


DISTRIBUTION = """\
resource "aws_cloudfront_distribution" "images" {
  origin {
    custom_origin_config {
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_131",
    name="CloudFront uses HTTPS with TLS 1.2 to its origins",
    severity="high",
    claim="C7",
    controls=security_hub("CloudFront.9", "CloudFront.10") + nist("SC-8"),
    fix='Set origin_protocol_policy = "https-only" and origin_ssl_protocols = ["TLSv1.2"].',
    good=DISTRIBUTION,
    bad=DISTRIBUTION.replace("https-only", "http-only"),
    applies_to=(
        "aws_cloudfront_distribution",
        "aws_cloudfront_multitenant_distribution",
        "aws_cloudfront_vpc_origin",
        LIGHTSAIL,
    ),
    evaluate=evaluate,
)
