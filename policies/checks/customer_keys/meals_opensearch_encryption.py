"""CKV2_MEALS_158: OpenSearch and Elasticsearch domains are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(domain: Resource, configuration: Configuration) -> Findings:
    """A finding for a domain that is not encrypted, or with an AWS-managed key."""
    encryption = domain.block("encrypt_at_rest")
    if encryption is None or not encryption.flag("enabled", default=encryption.has("kms_key_id")):
        yield Finding(found="not encrypted", allowed=f"encrypt_at_rest with {ALLOWED}")
    else:
        yield from without_customer_key(encryption, "kms_key_id", configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_158",
    name="OpenSearch domains are encrypted with a customer-managed key",
    severity="high",
    claim="C7",
    controls=security_hub("Opensearch.1", "ES.1") + nist("SC-28", "SC-28(1)"),
    fix="Set encrypt_at_rest { enabled = true, kms_key_id = ... }.",
    good="""\
resource "aws_opensearch_domain" "menus" {
  encrypt_at_rest {
    enabled    = true
    kms_key_id = aws_kms_key.storage.arn
  }
}
""",
    bad="""\
resource "aws_opensearch_domain" "menus" {
  domain_name = "menus"
}
""",
    applies_to=("aws_opensearch_domain", "aws_elasticsearch_domain"),
    evaluate=evaluate,
)
