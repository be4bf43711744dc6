"""CKV2_MEALS_141: S3 buckets are encrypted with a customer-managed key.

A bucket that load balancers or S3 itself write access logs to is exempt: they can only use S3's own keys there (S3 user
guide, "Enabling Amazon S3 server access logging"; Elastic Load Balancing, "Access logs"). S3 encrypts every bucket with
keys of its own; one that says nothing of encryption is judged where others say something: there it has been left out.
"""

from functools import lru_cache

from policies.checkov.adapter import CheckovRule
from policies.library.documents import document
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.values import UnknownValue

KMS = frozenset({"aws:kms", "aws:kms:dsse"})
INLINE = "server_side_encryption_configuration"
ATTACHED = "aws_s3_bucket_server_side_encryption_configuration"
LOG_WRITERS = (
    ("aws_s3_bucket_logging", "target_bucket"),
    ("aws_s3_bucket", "logging", "target_bucket"),
    ("aws_lb", "access_logs", "bucket"),
    ("aws_alb", "access_logs", "bucket"),
    ("aws_elb", "access_logs", "bucket"),
)
"""Who writes access logs to a bucket, and where it says so."""

LOG_SERVICES = frozenset({"logging.s3.amazonaws.com", "logdelivery.elasticloadbalancing.amazonaws.com"})
"""The services that a bucket policy lets write access logs."""

LOG_ACLS = frozenset({"log-delivery-write", "http://acs.amazonaws.com/groups/s3/LogDelivery"})
"""The ACL, or the group in one, that lets S3 write access logs."""


def evaluate(bucket: Resource, configuration: Configuration) -> Findings:
    """Findings for a bucket whose default encryption, inline or attached, uses another key than the customer's."""
    attached = configuration.referrers(bucket, ATTACHED, "bucket")
    settings = [*bucket.blocks(INLINE), *(attached.certain or attached)]
    defaults = [
        default
        for setting in settings
        for rule in setting.blocks("rule")
        for default in rule.blocks("apply_server_side_encryption_by_default")
    ]
    findings = [finding for default in defaults for finding in _of_default(default, configuration)]
    if not defaults and (settings or is_encryption_chosen(configuration)):
        findings.append(Finding(found="no default encryption of its own: S3's keys", allowed=ALLOWED))
    if findings and not _holds_access_logs(bucket, configuration):
        yield from findings


@lru_cache(maxsize=1)
def is_encryption_chosen(configuration: Configuration) -> bool:
    """Whether any bucket of a configuration says how it is encrypted."""
    return bool(configuration.of_type(ATTACHED)) or any(
        bucket.has(INLINE) for bucket in configuration.of_type("aws_s3_bucket")
    )


def _of_default(default: Block, configuration: Configuration) -> Findings:
    algorithm = default.text("sse_algorithm")
    if algorithm not in KMS:
        yield Finding(found=f"sse_algorithm {algorithm or 'not set'}: S3's keys", allowed=ALLOWED)
    else:
        yield from without_customer_key(default, "kms_master_key_id", configuration)


def _holds_access_logs(bucket: Resource, configuration: Configuration) -> bool:
    acls = (bucket, *configuration.referring(bucket, "aws_s3_bucket_acl", "bucket"))
    policies = (bucket, *configuration.referring(bucket, "aws_s3_bucket_policy", "bucket"))
    return (
        any(configuration.referring(bucket, type_, *path) for type_, *path in LOG_WRITERS)
        or any(map(_lets_logs_in, acls))
        or any(_is_for_log_services(policy, configuration) for policy in policies)
    )


def _is_for_log_services(policy: Resource, configuration: Configuration) -> bool:
    """Whether a known policy lets a service write access logs."""
    try:
        grants = document(policy.get("policy"), configuration).grants
        named = (each.value for grant in grants for each in grant.principals if each.kind == "Service")
        return any(isinstance(value, str) and value in LOG_SERVICES for value in named)
    except UnknownValue:
        return False


def _lets_logs_in(acl: Resource) -> bool:
    grantees = [
        grantee.get("uri")
        for policy in acl.blocks("access_control_policy")
        for grant in policy.blocks("grant")
        for grantee in grant.blocks("grantee")
    ]
    return any(isinstance(each, str) and each in LOG_ACLS for each in (acl.get("acl"), *grantees))


RULE = CheckovRule(
    id="CKV2_MEALS_141",
    name="S3 buckets are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=security_hub("S3.17") + nist("SC-12(2)", "SC-28", "SC-28(1)"),
    fix=(
        'Attach an aws_s3_bucket_server_side_encryption_configuration with sse_algorithm = "aws:kms" and'
        " the key in kms_master_key_id."
    ),
    good="""\
resource "aws_s3_bucket" "images" {
  bucket = "images"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "images" {
  bucket = aws_s3_bucket.images.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.storage.arn
    }
  }
}
""",
    bad="""\
resource "aws_s3_bucket" "images" {
  bucket = "images"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "images" {
  bucket = aws_s3_bucket.images.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}
""",
    applies_to=("aws_s3_bucket",),
    evaluate=evaluate,
)
