"""CKV2_MEALS_240: CloudFront signs what it asks of S3, so that a bucket need not be open to whoever finds it.

With an origin access control, or an origin access identity, its older kind. An origin that is neither custom nor in a
VPC is a bucket; the control may be of a MediaStore container or a function as well. Source: Security Hub CloudFront.2,
CloudFront.13.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.values import Reference

_CUSTOM = ("custom_origin_config", "vpc_origin_config")


def evaluate(distribution: Resource, _: Configuration) -> Findings:
    """A finding for each bucket that CloudFront asks without signing."""
    for origin in distribution.blocks("origin"):
        if not any(origin.has(name) for name in _CUSTOM) and not signs(origin):
            yield Finding(
                found=f"an S3 origin without access control ({origin.place})", allowed="origin_access_control_id"
            )


def signs(origin: Block) -> bool:
    """Whether an origin has an access control, or an identity. Raises UnknownValue."""
    return origin.has("origin_access_control_id") or any(
        isinstance(each.get("origin_access_identity"), Reference) or each.text("origin_access_identity")
        for each in origin.blocks("s3_origin_config")
    )


DISTRIBUTION = """\
resource "aws_cloudfront_distribution" "images" {
  origin {
    origin_id                = "images"
    domain_name              = aws_s3_bucket.images.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.images.id
  }
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_240",
    name="CloudFront signs what it asks of S3",
    severity="medium",
    claim="C1",
    controls=security_hub("CloudFront.2", "CloudFront.13") + nist("AC-3", "SC-7"),
    fix="Set origin_access_control_id of the origin, and let only the distribution in by the bucket's policy.",
    good=DISTRIBUTION,
    bad=DISTRIBUTION.replace("    origin_access_control_id = aws_cloudfront_origin_access_control.images.id\n", ""),
    applies_to=("aws_cloudfront_distribution", "aws_cloudfront_multitenant_distribution"),
    evaluate=evaluate,
)
