"""CKV2_MEALS_157: ElastiCache and MemoryDB are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

KEYS = {
    "aws_elasticache_replication_group": "kms_key_id",
    "aws_elasticache_serverless_cache": "kms_key_id",
    "aws_memorydb_cluster": "kms_key_arn",
    "aws_memorydb_snapshot": "kms_key_arn",
}
"""Type -> the attribute that names the key."""


def evaluate(cache: Resource, configuration: Configuration) -> Findings:
    """A finding for a cache that is not encrypted, or with an AWS-managed key."""
    group = cache.type == "aws_elasticache_replication_group"
    key = KEYS[cache.type]
    if group and not cache.flag("at_rest_encryption_enabled", default=cache.has(key)):
        yield Finding(found="not encrypted", allowed=f"at_rest_encryption_enabled = true with {ALLOWED}")
    else:
        yield from without_customer_key(cache, key, configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_157",
    name="Caches are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=security_hub("ElastiCache.4") + nist("SC-28", "SC-28(1)"),
    fix="Set at_rest_encryption_enabled = true and kms_key_id (MemoryDB: kms_key_arn).",
    good="""\
resource "aws_elasticache_replication_group" "menus" {
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.storage.arn
}
""",
    bad="""\
resource "aws_elasticache_replication_group" "menus" {
  at_rest_encryption_enabled = true
}
""",
    applies_to=tuple(KEYS),
    evaluate=evaluate,
)
