"""CKV2_MEALS_217: MSK clusters have no public access.

Set with connectivity_info.public_access.type; AWS's default is DISABLED.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(cluster: Resource, _: Configuration) -> Findings:
    """A finding for a cluster whose brokers have public addresses."""
    for nodes in cluster.blocks("broker_node_group_info"):
        for connectivity in nodes.blocks("connectivity_info"):
            for access in connectivity.blocks("public_access"):
                kind = access.text("type", default="DISABLED")
                if kind.upper() != "DISABLED":
                    yield Finding(found=f"public_access.type = {kind}", allowed="DISABLED")


CLUSTER = """\
resource "aws_msk_cluster" "stream" {
  broker_node_group_info {
    connectivity_info {
      public_access {
        type = "DISABLED"
      }
    }
  }
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_217",
    name="MSK clusters have no public access",
    severity="critical",
    claim="C1",
    controls=security_hub("MSK.4") + nist("SC-7", "AC-4"),
    fix='Set connectivity_info { public_access { type = "DISABLED" } }.',
    good=CLUSTER,
    bad=CLUSTER.replace("DISABLED", "SERVICE_PROVIDED_EIPS"),
    applies_to=("aws_msk_cluster",),
    evaluate=evaluate,
)
