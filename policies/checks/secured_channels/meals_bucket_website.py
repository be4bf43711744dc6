"""CKV2_MEALS_162: buckets are no websites, as website endpoints of S3 speak plain HTTP only.

One that redirects every request to HTTPS serves nothing else. Source: S3 user guide, "Website endpoints"; "Key
differences between a website endpoint and a REST API endpoint".
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist

BUCKET = "aws_s3_bucket"


def evaluate(subject: Resource, _: Configuration) -> Findings:
    """A finding for a bucket that serves a website."""
    for website in subject.blocks("website") if subject.type == BUCKET else (subject,):
        if not redirects(website):
            yield Finding(
                found="a website endpoint, which speaks HTTP only", allowed="CloudFront in front of the bucket"
            )


def redirects(website: Block) -> bool:
    """Whether a website only sends clients to HTTPS. Raises UnknownValue."""
    inline = website.get("redirect_all_requests_to")
    if isinstance(inline, str):
        return inline.startswith("https://")
    return any(each.text("protocol").lower() == "https" for each in website.blocks("redirect_all_requests_to"))


RULE = CheckovRule(
    id="CKV2_MEALS_162",
    name="Buckets are no websites",
    severity="medium",
    claim="C7",
    controls=nist("SC-8", "SC-7"),
    fix="Serve the bucket through CloudFront, with an origin access control, and remove the website configuration.",
    good="""\
resource "aws_s3_bucket" "images" {
  bucket = "images"
}
""",
    bad="""\
resource "aws_s3_bucket_website_configuration" "images" {
  bucket = aws_s3_bucket.images.id

  index_document {
    suffix = "index.html"
  }
}
""",
    applies_to=(BUCKET, "aws_s3_bucket_website_configuration"),
    evaluate=evaluate,
)
