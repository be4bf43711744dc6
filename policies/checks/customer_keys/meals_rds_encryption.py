"""CKV2_MEALS_155: Relational, document and graph databases are encrypted with a customer-managed key.

A read replica of the same region and an instance of a cluster have the encryption of what they belong to. A key without
storage_encrypted counts as encryption, since AWS takes the one only with the other. Performance Insights keeps what was
asked of a database, with a key of its own. Aurora Serverless v1 (`engine_mode = "serverless"`) is always encrypted, so
that only the key is asked for (Aurora user guide, "Using Amazon Aurora Serverless v1").
"""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

KEYS = {
    "aws_db_instance": "kms_key_id",
    "aws_rds_cluster": "kms_key_id",
    "aws_docdb_cluster": "kms_key_id",
    "aws_neptune_cluster": "kms_key_arn",
}
"""Type -> the attribute that names the key."""
INSIGHTS = ("aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance")
INSIGHTS_KEY = "performance_insights_kms_key_id"


def evaluate(database: Resource, configuration: Configuration) -> Findings:
    """A finding for a database that is not encrypted, or with an AWS-managed key."""
    if database.type in INSIGHTS and database.flag("performance_insights_enabled"):
        yield from without_customer_key(database, INSIGHTS_KEY, configuration)
    if database.type not in KEYS or (database.has("replicate_source_db") and not database.has("kms_key_id")):
        return
    key = KEYS[database.type]
    is_always_encrypted = database.text("engine_mode") == "serverless"
    if not is_always_encrypted and not database.flag("storage_encrypted", default=database.has(key)):
        yield Finding(found="not encrypted", allowed=f"storage_encrypted = true with {ALLOWED}")
    else:
        yield from without_customer_key(database, key, configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_155",
    name="Databases are encrypted with a customer-managed key",
    severity="high",
    claim="C7",
    controls=security_hub("RDS.3", "RDS.27", "DocumentDB.1", "Neptune.1") + nist("SC-28", "SC-28(1)"),
    fix=(
        "Set storage_encrypted = true and kms_key_id (Neptune: kms_key_arn); restore an existing "
        "database from an encrypted snapshot."
    ),
    good="""\
resource "aws_db_instance" "orders" {
  storage_encrypted = true
  kms_key_id        = aws_kms_key.orders.arn
}
""",
    bad="""\
resource "aws_db_instance" "orders" {
  storage_encrypted = true
}
""",
    applies_to=(*KEYS, "aws_rds_cluster_instance"),
    evaluate=evaluate,
)
