"""CKV2_MEALS_229: the API of EKS clusters is not open to the internet.

AWS's default is a public endpoint for 0.0.0.0/0; one for named networks passes, unlike in EKS.1.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.cidrs import is_world_open, known_networks
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(cluster: Resource, _: Configuration) -> Findings:
    """A finding for a cluster with an endpoint for the internet."""
    for settings in cluster.blocks("vpc_config"):
        if not settings.flag("endpoint_public_access", default=True):
            continue
        callers = settings.values("public_access_cidrs")
        if not callers or is_world_open(known_networks(callers, settings.place)):
            yield Finding(found="an endpoint for the internet", allowed="endpoint_public_access = false")


RULE = CheckovRule(
    id="CKV2_MEALS_229",
    name="EKS cluster endpoints are not open to the internet",
    severity="high",
    claim="C1",
    controls=security_hub("EKS.1") + nist("SC-7", "AC-4"),
    fix="Set vpc_config { endpoint_public_access = false, endpoint_private_access = true }.",
    good="""\
resource "aws_eks_cluster" "c" {
  vpc_config {
    endpoint_public_access  = false
    endpoint_private_access = true
  }
}
""",
    bad="""\
resource "aws_eks_cluster" "c" {
  vpc_config {
    endpoint_public_access = true
  }
}
""",
    applies_to=("aws_eks_cluster",),
    evaluate=evaluate,
)
