"""CKV2_MEALS_126: nobody reads or writes a stream without saying who they are.

A cluster needs IAM, SCRAM or mutual TLS, and unauthenticated access off, which is on where nothing else is set. A
connector says with IAM. Source: Security Hub MSK.6.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for a cluster that anyone may use, and for a connector that does not say who it is."""
    if subject.type == "aws_mskconnect_connector":
        connector = subject.block("kafka_cluster_client_authentication")
        if connector is None or connector.text("authentication_type", default="NONE") != "IAM":
            yield Finding(
                found="a connector without authentication",
                allowed='kafka_cluster_client_authentication.authentication_type = "IAM"',
            )
        return
    authentication = subject.block("client_authentication")
    if authentication is not None and authentication.flag("unauthenticated"):
        yield Finding(found="unauthenticated = true", allowed="unauthenticated = false")
    if authentication is None or not authenticates(authentication):
        yield Finding(
            found="no client authentication", allowed="sasl.iam, sasl.scram or tls with certificate authorities"
        )


def authenticates(authentication: Block) -> bool:
    """Whether any way to authenticate is on. Raises UnknownValue."""
    for sasl in authentication.blocks("sasl"):
        if sasl.flag("iam") or sasl.flag("scram"):
            return True
    return any(tls.has("certificate_authority_arns") for tls in authentication.blocks("tls"))


RULE = CheckovRule(
    id="CKV2_MEALS_126",
    name="MSK clusters refuse unauthenticated clients",
    severity="high",
    claim="C7",
    controls=security_hub("MSK.6") + nist("IA-9", "AC-3"),
    fix="Set client_authentication with sasl { iam = true } and unauthenticated = false.",
    good="""\
resource "aws_msk_cluster" "stream" {
  client_authentication {
    unauthenticated = false
    sasl {
      iam = true
    }
  }
}
""",
    bad="""\
resource "aws_msk_cluster" "stream" {
  client_authentication {
    unauthenticated = true
  }
}
""",
    applies_to=("aws_msk_cluster", "aws_mskconnect_connector"),
    evaluate=evaluate,
)
