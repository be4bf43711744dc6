"""CKV2_MEALS_218: databases, warehouses, search domains and what copies, replicates or explores them are not public.

Defaults are the provider's; notebooks are judged where they say what they reach. Search domains are public unless they
are in a VPC (OpenSearch service developer guide, "Launching domains within a VPC"); judged where the configuration has
subnets that they could be in.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

FLAG = {
    "aws_db_instance": "publicly_accessible",
    "aws_rds_cluster_instance": "publicly_accessible",
    "aws_neptune_cluster_instance": "publicly_accessible",
    "aws_redshift_cluster": "publicly_accessible",
    "aws_redshiftserverless_workgroup": "publicly_accessible",
    "aws_dms_replication_instance": "publicly_accessible",
}
DOMAINS = ("aws_opensearch_domain", "aws_elasticsearch_domain")
SNAPSHOTS = ("aws_db_snapshot", "aws_db_snapshot_copy", "aws_db_cluster_snapshot", "aws_rds_cluster_snapshot_copy")
NOTEBOOKS = "aws_sagemaker_notebook_instance"


def evaluate(store: Resource, configuration: Configuration) -> Findings:
    """A finding for a store with a public endpoint, and for a snapshot that everyone may restore."""
    if store.type in FLAG:
        if store.flag(FLAG[store.type]):
            yield Finding(found=f"{FLAG[store.type]} = true", allowed="false")
    elif store.type in DOMAINS:
        if not store.has("vpc_options") and configuration.of_type("aws_subnet"):
            yield Finding(found="a domain outside of any VPC, with a public endpoint", allowed="vpc_options")
    elif store.type in SNAPSHOTS:
        if "all" in store.texts("shared_accounts"):
            yield Finding(found="a snapshot for every account", allowed="named accounts in shared_accounts, or none")
    elif store.text("direct_internet_access").lower() == "enabled":
        yield Finding(found="direct_internet_access = Enabled", allowed="Disabled")


RULE = CheckovRule(
    id="CKV2_MEALS_218",
    name="Data stores are not publicly accessible",
    severity="critical",
    claim="C1",
    controls=(
        security_hub(
            "RDS.1", "RDS.2", "Redshift.1", "RedshiftServerless.3", "DMS.1", "Opensearch.2", "ES.2", "SageMaker.1"
        )
        + nist("SC-7", "AC-4")
    ),
    fix="Set publicly_accessible = false; give search domains vpc_options; share snapshots with named accounts.",
    good="""\
resource "aws_db_instance" "orders" {
  publicly_accessible = false
}
""",
    bad="""\
resource "aws_db_instance" "orders" {
  publicly_accessible = true
}
""",
    applies_to=(*FLAG, *DOMAINS, *SNAPSHOTS, NOTEBOOKS),
    evaluate=evaluate,
)
