"""CKV2_MEALS_125: MSK speaks TLS only: with clients, between brokers, and from connectors.

Left out, clusters have TLS on both sides (MSK API, EncryptionInTransit); connectors have no default that can be relied
on. Sources: Security Hub MSK.1, MSK.3.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each side on which a cluster or connector may speak plaintext."""
    if subject.type == "aws_mskconnect_connector":
        encryption = subject.block("kafka_cluster_encryption_in_transit")
        type_ = "" if encryption is None else encryption.text("encryption_type", default="PLAINTEXT")
        if type_ != "TLS":
            yield Finding(
                found=f"a connector with {type_ or 'no'} encryption_type",
                allowed='kafka_cluster_encryption_in_transit.encryption_type = "TLS"',
            )
        return
    for info in subject.blocks("encryption_info"):
        for transit in info.blocks("encryption_in_transit"):
            clients = transit.text("client_broker", default="TLS")
            if clients != "TLS":
                yield Finding(found=f"client_broker = {clients}", allowed='client_broker = "TLS"')
            if not transit.flag("in_cluster", default=True):
                yield Finding(found="plaintext between brokers", allowed="in_cluster = true")


RULE = CheckovRule(
    id="CKV2_MEALS_125",
    name="MSK clusters and connectors use TLS only",
    severity="high",
    claim="C7",
    controls=security_hub("MSK.1", "MSK.3") + nist("SC-8", "SC-13"),
    fix='Set client_broker = "TLS" and in_cluster = true; of a connector, encryption_type = "TLS".',
    good="""\
resource "aws_msk_cluster" "stream" {
  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
      in_cluster    = true
    }
  }
}
""",
    bad="""\
resource "aws_msk_cluster" "stream" {
  encryption_info {
    encryption_in_transit {
      client_broker = "TLS_PLAINTEXT"
    }
  }
}
""",
    applies_to=("aws_msk_cluster", "aws_mskconnect_connector"),
    evaluate=evaluate,
)
