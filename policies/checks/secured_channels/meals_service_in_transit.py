"""CKV2_MEALS_139: services that can leave out encryption in transit do not.

For the services with a switch for it that no other rule is about. Sources: Security Hub ES.3, Opensearch.3, EMR.4,
AppSync.6, Transfer.2; Amazon ECS developer guide, "Amazon EFS volumes"; Amazon SES API, DeliveryOptions, ReceiptRule;
AWS Glue developer guide, "AWS Glue connection properties"; AWS DataSync API, LocationEfs; VPC Lattice user guide,
"HTTPS listeners"; Amazon QuickSight API, SslProperties; AWS CodeBuild API, ProjectSource.
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


def glue_connection(connection: Resource) -> Findings:
    """A finding for a connection to a database or to Kafka without TLS; others have no such switch."""
    kind = connection.text("connection_type", default="JDBC").upper()
    name = {"JDBC": "JDBC_ENFORCE_SSL", "KAFKA": "KAFKA_SSL_ENABLED"}.get(kind)
    if name and Block(connection.mapping("connection_properties"), connection.place).text(name).lower() != "true":
        yield Finding(found=f"{name} is not true", allowed=f'{name} = "true"')


def copied_files(location: Resource) -> Findings:
    """A finding for an EFS file system that is copied in plaintext."""
    if location.text("in_transit_encryption", default="NONE") != "TLS1_2":
        yield Finding(found="no encryption in transit", allowed='in_transit_encryption = "TLS1_2"')


def received_mail(rule: Resource) -> Findings:
    """A finding for mail that is taken in plaintext."""
    if rule.text("tls_policy", default="Optional") != "Require":
        yield Finding(found="tls_policy Optional", allowed='tls_policy = "Require"')


def lattice_listener(listener: Resource) -> Findings:
    """A finding for a listener of VPC Lattice that speaks HTTP."""
    if listener.text("protocol").upper() == "HTTP":
        yield Finding(found="protocol HTTP", allowed="HTTPS or TLS_PASSTHROUGH")


def lattice_targets(group: Resource) -> Findings:
    """A finding for targets of VPC Lattice that are reached over HTTP."""
    for config in group.blocks("config"):
        if config.text("protocol").upper() == "HTTP":
            yield Finding(found="targets with protocol HTTP", allowed="HTTPS")


def data_source(source: Resource) -> Findings:
    """A finding for a data source that is asked in plaintext."""
    for properties in source.blocks("ssl_properties"):
        if properties.flag("disable_ssl"):
            yield Finding(found="disable_ssl = true", allowed="false")


def sources(project: Resource) -> Findings:
    """A finding for a source whose certificate is not looked at."""
    for name in ("source", "secondary_sources"):
        for source in project.blocks(name):
            if source.flag("insecure_ssl"):
                yield Finding(found="insecure_ssl = true", allowed="false")


def access_endpoint(endpoint: Resource) -> Findings:
    """A finding for an endpoint of Verified Access that reaches what is behind it over HTTP."""
    for name in ("load_balancer_options", "network_interface_options"):
        for options in endpoint.blocks(name):
            if options.text("protocol").lower() == "http":
                yield Finding(found=f"{name}.protocol = http", allowed="https")


def voice_connector(connector: Resource) -> Findings:
    """A finding for calls that need not be encrypted."""
    if not connector.flag("require_encryption"):
        yield Finding(found="require_encryption = false", allowed="true")


def quality_job(job: Resource) -> Findings:
    """A finding for containers of a job that speak plaintext with each other."""
    settings = job.block("network_config")
    if settings is None or not settings.flag("enable_inter_container_traffic_encryption"):
        yield Finding(found="plaintext between containers", allowed="enable_inter_container_traffic_encryption = true")


JUDGES: dict[str, Callable[[Resource], Findings]] = {
    "aws_appsync_api_cache": api_cache,
    "aws_chime_voice_connector": voice_connector,
    "aws_codebuild_project": sources,
    "aws_datasync_location_efs": copied_files,
    "aws_ecs_task_definition": task_definition,
    "aws_elasticsearch_domain": search_domain,
    "aws_emr_security_configuration": emr_configuration,
    "aws_glue_connection": glue_connection,
    "aws_opensearch_domain": search_domain,
    "aws_quicksight_data_source": data_source,
    "aws_sagemaker_data_quality_job_definition": quality_job,
    "aws_ses_configuration_set": mail_configuration,
    "aws_ses_receipt_rule": received_mail,
    "aws_sesv2_configuration_set": mail_configuration,
    "aws_transfer_server": transfer_server,
    "aws_verifiedaccess_endpoint": access_endpoint,
    "aws_vpclattice_listener": lattice_listener,
    "aws_vpclattice_target_group": lattice_targets,
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
