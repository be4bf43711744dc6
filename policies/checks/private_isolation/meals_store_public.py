"""CKV2_MEALS_218: databases, warehouses, search domains and what copies, replicates or explores them are not public.

Defaults are the provider's; notebooks are judged where they say what they reach. Search domains are public unless they
are in a VPC, which takes its subnets (OpenSearch service developer guide, "Launching domains within a VPC"); those that
say nothing are judged where the configuration has subnets that they could be in. Serverless collections are public by
their network policy (OpenSearch service developer guide, "Network access for Amazon OpenSearch Serverless").
"""

from collections.abc import Mapping

from policies.checkov.adapter import CheckovRule
from policies.library.json_text import from_json
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.values import Value

FLAG = {
    "aws_db_instance": "publicly_accessible",
    "aws_rds_cluster_instance": "publicly_accessible",
    "aws_neptune_cluster_instance": "publicly_accessible",
    "aws_redshift_cluster": "publicly_accessible",
    "aws_redshiftserverless_workgroup": "publicly_accessible",
    "aws_dms_replication_instance": "publicly_accessible",
    "aws_lightsail_database": "publicly_accessible",
    "aws_m2_environment": "publicly_accessible",
    "aws_neptunegraph_graph": "public_connectivity",
    "aws_rds_shard_group": "publicly_accessible",
    "aws_timestreaminfluxdb_db_cluster": "publicly_accessible",
    "aws_timestreaminfluxdb_db_instance": "publicly_accessible",
}
DOMAINS = ("aws_opensearch_domain", "aws_elasticsearch_domain")
SNAPSHOTS = ("aws_db_snapshot", "aws_db_snapshot_copy", "aws_db_cluster_snapshot", "aws_rds_cluster_snapshot_copy")
COLLECTIONS = "aws_opensearchserverless_security_policy"
NOTEBOOKS = "aws_sagemaker_notebook_instance"


def evaluate(store: Resource, configuration: Configuration) -> Findings:
    """A finding for a store with a public endpoint, and for a snapshot that everyone may restore."""
    if store.type in FLAG:
        if store.flag(FLAG[store.type]):
            yield Finding(found=f"{FLAG[store.type]} = true", allowed="false")
    elif store.type in DOMAINS:
        yield from of_domain(store, configuration)
    elif store.type == COLLECTIONS:
        if store.text("type") == "network" and allows_public(from_json(store.get("policy"))):
            yield Finding(found="AllowFromPublic: true", allowed="VPC endpoints in SourceVPCEs")
    elif store.type in SNAPSHOTS:
        if "all" in store.texts("shared_accounts"):
            yield Finding(found="a snapshot for every account", allowed="named accounts in shared_accounts, or none")
    elif store.text("direct_internet_access").lower() == "enabled":
        yield Finding(found="direct_internet_access = Enabled", allowed="Disabled")


def of_domain(domain: Resource, configuration: Configuration) -> Findings:
    """A finding for a search domain outside of any VPC."""
    if not domain.has("vpc_options") and configuration.of_type("aws_subnet", "data.aws_subnet", "data.aws_subnets"):
        yield Finding(found="a domain outside of any VPC, with a public endpoint", allowed="vpc_options")
    elif any(not options.has("subnet_ids") for options in domain.blocks("vpc_options")):
        yield Finding(found="vpc_options without subnet_ids", allowed="the subnets of the domain")


def allows_public(policy: Value) -> bool:
    """Whether a network policy of collections lets the internet in. Raises UnknownValue."""
    rules = policy if isinstance(policy, tuple) else (policy,)
    return any(isinstance(rule, Mapping) and Block(rule, "policy").flag("AllowFromPublic") for rule in rules)


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
    applies_to=(*FLAG, *DOMAINS, *SNAPSHOTS, NOTEBOOKS, COLLECTIONS),
    evaluate=evaluate,
)
