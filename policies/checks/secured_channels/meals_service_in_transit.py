"""CKV2_MEALS_139: services that can leave out encryption in transit do not.

For the services with a switch for it that no other rule is about. Sources: Security Hub ES.3, Opensearch.3, EMR.4,
AppSync.6, Transfer.2; Amazon ECS developer guide, "Amazon EFS volumes"; Amazon SES API, DeliveryOptions.
"""

from collections.abc import Callable, Mapping

from policies.checkov.adapter import CheckovRule
from policies.library.json_text import from_json
from policies.library.model import Block, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def search_domain(domain: Resource) -> Findings:
    """A finding for nodes that speak plaintext with each other."""
    encryption = domain.block("node_to_node_encryption")
    if encryption is None or not encryption.flag("enabled"):
        yield Finding(found="plaintext between nodes", allowed="node_to_node_encryption.enabled = true")


def task_definition(task: Resource) -> Findings:
    """A finding for each EFS volume that is mounted in plaintext."""
    for volume in task.blocks("volume"):
        for efs in volume.blocks("efs_volume_configuration"):
            if efs.text("transit_encryption", default="DISABLED").upper() != "ENABLED":
                yield Finding(found="an EFS volume in plaintext", allowed='transit_encryption = "ENABLED"')


def emr_configuration(subject: Resource) -> Findings:
    """A finding for an EMR security configuration without encryption in transit."""
    written = from_json(subject.get("configuration"))
    encryption = written.get("EncryptionConfiguration") if isinstance(written, Mapping) else None
    settings = encryption if isinstance(encryption, Mapping) else {}
    if not Block(settings, f"{subject.place}.configuration").flag("EnableInTransitEncryption"):
        yield Finding(found="no encryption in transit", allowed="EnableInTransitEncryption: true")


def api_cache(cache: Resource) -> Findings:
    """A finding for a cache that is reached in plaintext."""
    if not cache.flag("transit_encryption_enabled"):
        yield Finding(found="no encryption in transit", allowed="transit_encryption_enabled = true")


def transfer_server(server: Resource) -> Findings:
    """A finding for a server that offers FTP."""
    if "FTP" in server.texts("protocols"):
        yield Finding(found="FTP among the protocols", allowed="SFTP, FTPS or AS2")


def mail_configuration(subject: Resource) -> Findings:
    """A finding for mail that may be sent in plaintext."""
    options = subject.block("delivery_options")
    policy = "" if options is None else options.text("tls_policy")
    if policy.upper() != "REQUIRE":
        yield Finding(found=f"tls_policy {policy or 'not set'}", allowed="delivery_options.tls_policy = Require")


JUDGES: dict[str, Callable[[Resource], Findings]] = {
    "aws_appsync_api_cache": api_cache,
    "aws_ecs_task_definition": task_definition,
    "aws_elasticsearch_domain": search_domain,
    "aws_emr_security_configuration": emr_configuration,
    "aws_opensearch_domain": search_domain,
    "aws_ses_configuration_set": mail_configuration,
    "aws_sesv2_configuration_set": mail_configuration,
    "aws_transfer_server": transfer_server,
}

RULE = CheckovRule(
    id="CKV2_MEALS_139",
    name="Services encrypt in transit where that is an option",
    severity="medium",
    claim="C7",
    controls=security_hub("ES.3", "Opensearch.3", "EMR.4", "AppSync.6", "Transfer.2") + nist("SC-8"),
    fix="Switch on encryption in transit.",
    good="""\
resource "aws_opensearch_domain" "menu" {
  node_to_node_encryption {
    enabled = true
  }
}
""",
    bad="""\
resource "aws_transfer_server" "reports" {
  protocols = ["FTP"]
}
""",
    applies_to=tuple(JUDGES),
    evaluate=lambda subject, _: JUDGES[subject.type](subject),
)
