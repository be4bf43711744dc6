"""CKV2_MEALS_229: the API of EKS clusters has no public endpoint. AWS's default is a public one, for 0.0.0.0/0."""

from collections.abc import Iterator

from policies.library.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule


def evaluate(cluster: Resource, _: Configuration) -> Iterator[Finding]:
    """A finding for a cluster with a public endpoint."""
    settings = cluster.block("vpc_config")
    if settings is None or settings.flag("endpoint_public_access", default=True):
        yield Finding(found="a public endpoint", allowed="endpoint_public_access = false")


RULE = Rule(
    id="CKV2_MEALS_229",
    name="EKS cluster endpoints are not public",
    severity="high",
    claim="C1",
    controls=("AWS Security Hub EKS.1", "NIST 800-53 SC-7", "NIST 800-53 AC-4"),
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

register(RULE)
