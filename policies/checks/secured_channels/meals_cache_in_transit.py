"""CKV2_MEALS_127: caches are reached over TLS only.

ElastiCache, MemoryDB and DynamoDB Accelerator. A cache cluster that belongs to a replication group is judged there, and
so is a secondary group of a global one. In the transit mode `preferred` plaintext is still accepted. Sources: Security
Hub ElastiCache.5, DynamoDB.7.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

GROUP_OF = {
    "aws_elasticache_cluster": "replication_group_id",
    "aws_elasticache_replication_group": "global_replication_group_id",
}
"""Where a cache names the group that it belongs to and has the encryption of."""
MEMORYDB = ("aws_memorydb_cluster", "aws_memorydb_multi_region_cluster")


def evaluate(cache: Resource, configuration: Configuration) -> Findings:
    """A finding for a cache that accepts plaintext."""
    if cache.type == "aws_dax_cluster":
        if cache.text("cluster_endpoint_encryption_type", default="NONE") != "TLS":
            yield Finding(found="an endpoint without TLS", allowed='cluster_endpoint_encryption_type = "TLS"')
    elif cache.type in MEMORYDB:
        if not cache.flag("tls_enabled", default=True):
            yield Finding(found="tls_enabled = false", allowed="tls_enabled = true")
    elif not cache.has(GROUP_OF[cache.type]):
        if not cache.flag("transit_encryption_enabled"):
            yield Finding(found="no encryption in transit", allowed="transit_encryption_enabled = true")
        elif cache.text("transit_encryption_mode", default="required") != "required":
            yield Finding(found="plaintext still accepted", allowed='transit_encryption_mode = "required"')


RULE = CheckovRule(
    id="CKV2_MEALS_127",
    name="Caches are reached over TLS only",
    severity="high",
    claim="C7",
    controls=security_hub("ElastiCache.5", "DynamoDB.7") + nist("SC-8"),
    fix='Set transit_encryption_enabled = true (MemoryDB: tls_enabled; DAX: cluster_endpoint_encryption_type = "TLS").',
    good="""\
resource "aws_elasticache_replication_group" "menu" {
  transit_encryption_enabled = true
}
""",
    bad="""\
resource "aws_elasticache_replication_group" "menu" {
  engine = "redis"
}
""",
    applies_to=(
        "aws_elasticache_replication_group",
        "aws_elasticache_cluster",
        *MEMORYDB,
        "aws_dax_cluster",
    ),
    evaluate=evaluate,
)
