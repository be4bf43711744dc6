"""CKV2_MEALS_160: stores are encrypted at rest, whoever has the key.

Only what AWS stores in the clear unless told otherwise is judged, and what is told to: S3, DynamoDB, Amazon MQ, MSK,
Secrets Manager and the like always encrypt. Which key it is, is another question (the pack of customer-managed keys).
Topics and the secrets of EKS have no more than AWS's disk encryption without a key of KMS, which Security Hub asks for.
What an instance, a replica or a copy has from what it is made of is judged there. Aurora Serverless v1 and Redshift
encrypt by themselves, ElastiCache for Valkey does. Sources: Security Hub, the controls below; Aurora user guide, "Using
Amazon Aurora Serverless v1"; Redshift management guide, "Default encryption"; ElastiCache user guide, "At-Rest
Encryption".
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from policies.checkov.adapter import CheckovRule
from policies.library.codebuild import unencrypted_outputs
from policies.library.json_text import from_json
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.subnets import blocks_at, values_at
from policies.library.values import ModuleOutput, Unknown, Value, references
from policies.library.volumes import is_encrypted, is_encrypted_by_default, volumes

Judge = Callable[[Resource, Configuration], Findings]


class EncryptionFlag(NamedTuple):
    """An argument that switches encryption on."""

    blocks: tuple[str, ...]
    """The blocks on the way to it."""
    name: str
    key: str = ""
    """The argument beside it that names a key: AWS takes one only with encryption."""
    default: bool = False
    """What AWS does when it is not set."""


SWITCHES: Mapping[str, tuple[EncryptionFlag, ...]] = {
    "aws_appsync_api_cache": (EncryptionFlag((), "at_rest_encryption_enabled"),),
    "aws_dax_cluster": (EncryptionFlag(("server_side_encryption",), "enabled"),),
    "aws_docdb_cluster": (EncryptionFlag((), "storage_encrypted", "kms_key_id"),),
    "aws_docdb_global_cluster": (EncryptionFlag((), "storage_encrypted"),),
    "aws_efs_file_system": (EncryptionFlag((), "encrypted", "kms_key_id"),),
    "aws_elasticsearch_domain": (EncryptionFlag(("encrypt_at_rest",), "enabled", "kms_key_id"),),
    "aws_neptune_cluster": (EncryptionFlag((), "storage_encrypted", "kms_key_arn"),),
    "aws_neptune_global_cluster": (EncryptionFlag((), "storage_encrypted"),),
    "aws_opensearch_domain": (EncryptionFlag(("encrypt_at_rest",), "enabled", "kms_key_id"),),
    "aws_rds_global_cluster": (EncryptionFlag((), "storage_encrypted"),),
    "aws_redshift_cluster": (EncryptionFlag((), "encrypted", "kms_key_id", default=True),),
    "aws_workspaces_workspace": (
        EncryptionFlag((), "root_volume_encryption_enabled"),
        EncryptionFlag((), "user_volume_encryption_enabled"),
    ),
}
"""Type -> its switches."""
SOURCES = ("replicate_source_db", "source_db_cluster_identifier")
"""Arguments that name what a database is made of."""
SHARED_VOLUMES = ("aws_ebs_volume", "aws_ebs_snapshot_copy", "aws_ebs_snapshot_import", "aws_ami_copy")


def names_key(block: Block, name: str) -> bool:
    """Whether an argument names a key, as another module's output does. Raises UnknownValue for what may be null."""
    value = block.get(name)
    if isinstance(value, Unknown) and not isinstance(value, ModuleOutput) and not any(True for _ in references(value)):
        raise value.failure(f"{block.place}.{name}")
    return block.has(name)


def is_on(block: Block, name: str, key: str, default: bool = False) -> bool:
    """Whether a switch is on; one that is not set is where a key is named beside it. Raises UnknownValue."""
    if isinstance(block.get(name), bool | str):
        return block.flag(name)
    return block.flag(name, default=default or bool(key and names_key(block, key)))


def switched(store: Resource) -> Findings:
    """A finding for each switch that is off."""
    if any(store.has(name) for name in SOURCES):
        return
    for switch in SWITCHES[store.type]:
        block: Block | None = store
        for name in switch.blocks:
            block = block.block(name) if block is not None else None
        if block is None or not is_on(block, switch.name, switch.key, switch.default):
            name = ".".join((*switch.blocks, switch.name))
            yield Finding(found=f"{name} is not true", allowed=f"{name} = true")


def database(store: Resource, _: Configuration) -> Findings:
    """A finding for a database that is not encrypted."""
    if any(store.has(name) for name in SOURCES) or store.text("engine_mode") == "serverless":
        return
    if not is_on(store, "storage_encrypted", "kms_key_id"):
        yield Finding(found="storage_encrypted is not true", allowed="storage_encrypted = true")


def cache(store: Resource, _: Configuration) -> Findings:
    """A finding for a cache that is not encrypted; the members of a global group have its encryption."""
    is_valkey = store.text("engine") == "valkey"
    is_member = store.has("global_replication_group_id")
    if not is_member and not is_on(store, "at_rest_encryption_enabled", "kms_key_id", default=is_valkey):
        yield Finding(found="at_rest_encryption_enabled is not true", allowed="at_rest_encryption_enabled = true")


def stream(store: Resource, _: Configuration) -> Findings:
    """A finding for a stream that is not encrypted."""
    if store.text("encryption_type", default="NONE") != "KMS":
        yield Finding(found="encryption_type is not KMS", allowed='encryption_type = "KMS"')


def delivery_stream(store: Resource, _: Configuration) -> Findings:
    """A finding for direct input that is not encrypted; other input has its source's encryption."""
    if store.has("kinesis_source_configuration") or store.has("msk_source_configuration"):
        return
    encryption = store.block("server_side_encryption")
    if encryption is None or not encryption.flag("enabled"):
        yield Finding(
            found="server_side_encryption is not enabled", allowed="server_side_encryption { enabled = true }"
        )


def queue(store: Resource, _: Configuration) -> Findings:
    """A finding for a queue that is told not to encrypt; SQS encrypts unless told."""
    if not names_key(store, "kms_master_key_id") and not store.flag("sqs_managed_sse_enabled", default=True):
        yield Finding(found="sqs_managed_sse_enabled = false without a key", allowed="true, or kms_master_key_id")


def topic(store: Resource, _: Configuration) -> Findings:
    """A finding for a topic without a key, AWS's or another."""
    if not names_key(store, "kms_master_key_id"):
        yield Finding(found="no kms_master_key_id", allowed='a key in kms_master_key_id; AWS\'s is "alias/aws/sns"')


def build(store: Resource, _: Configuration) -> Findings:
    """A finding for each output of a project that is told not to encrypt."""
    for output in unencrypted_outputs(store):
        yield Finding(found=f"encryption_disabled in {output.place}", allowed="encryption_disabled = false")


def reports(group: Resource, _: Configuration) -> Findings:
    """A finding for reports that are told not to be encrypted."""
    if any(str(each).lower() == "true" for each in values_at(group, REPORTS)):
        yield Finding(found="encryption_disabled = true", allowed="false")


def service_volumes(service: Resource, _: Configuration) -> Findings:
    """A finding for volumes of a service that are told not to be encrypted."""
    if any(str(each).lower() == "false" for each in values_at(service, VOLUMES)):
        yield Finding(found="a managed volume with encrypted = false", allowed="encrypted = true")


def cluster_secrets(cluster: Resource, _: Configuration) -> Findings:
    """A finding for a cluster whose secrets no key of KMS encrypts."""
    keys = [
        provider
        for config in cluster.blocks("encryption_config")
        if "secrets" in config.texts("resources")
        for provider in config.blocks("provider")
        if provider.has("key_arn")
    ]
    if not keys:
        yield Finding(
            found="no encryption_config for secrets",
            allowed='encryption_config with resources = ["secrets"] and the key_arn of a provider',
        )


def emr_security(subject: Resource, _: Configuration) -> Findings:
    """A finding for a security configuration that encrypts nothing at rest."""
    settings = _mapping(_mapping(from_json(subject.get("configuration"))).get("EncryptionConfiguration"))
    if not Block(settings, f"{subject.place}.configuration").flag("EnableAtRestEncryption"):
        yield Finding(found="no encryption at rest", allowed="EnableAtRestEncryption: true")
        return
    local = _mapping(_mapping(settings.get("AtRestEncryptionConfiguration")).get("LocalDiskEncryptionConfiguration"))
    if not Block(local, subject.place).text("EncryptionKeyProviderType"):
        yield Finding(found="local disks that are not encrypted", allowed="LocalDiskEncryptionConfiguration with a key")


def configured(cluster: Resource, _: Configuration) -> Findings:
    """A finding for a cluster, job or crawler without a security configuration."""
    if not cluster.has("security_configuration"):
        yield Finding(found="no security_configuration: nothing is encrypted", allowed="a security_configuration")


def api_cache(settings: Resource, _: Configuration) -> Findings:
    """A finding for methods whose responses are kept in the clear."""
    for block in settings.blocks("settings"):
        if block.flag("caching_enabled") and not block.flag("cache_data_encrypted"):
            yield Finding(found="a cache that is not encrypted", allowed="cache_data_encrypted = true")


def api_stage(stage: Resource, configuration: Configuration) -> Findings:
    """A finding for a stage with a cache, and no settings that encrypt it."""
    if not stage.flag("cache_cluster_enabled"):
        return
    settings = configuration.referrers(stage, "aws_api_gateway_method_settings", "stage_name")
    if not any(block.flag("cache_data_encrypted") for each in settings for block in each.blocks("settings")):
        yield Finding(found="a cache that no method settings encrypt", allowed="cache_data_encrypted = true for */*")


def glue_security(subject: Resource, _: Configuration) -> Findings:
    """A finding for each part of a security configuration that is switched off or left out."""
    for path in GLUE_MODES:
        modes = [str(each) for each in values_at(subject, ("encryption_configuration", *path))]
        if not modes or any(mode in ("", "DISABLED") for mode in modes):
            yield Finding(found=f"{path[-1]} {modes[0] if modes else 'not set'}", allowed="encryption with KMS")


def glue_catalog(subject: Resource, _: Configuration) -> Findings:
    """A finding for a catalog that is not encrypted, and for passwords that it gives out in the clear."""
    for settings in subject.blocks("data_catalog_encryption_settings"):
        for rest in settings.blocks("encryption_at_rest"):
            if rest.text("catalog_encryption_mode").upper() == "DISABLED":
                yield Finding(found="catalog_encryption_mode DISABLED", allowed="SSE-KMS")
        for passwords in settings.blocks("connection_password_encryption"):
            if not passwords.flag("return_connection_password_encrypted"):
                yield Finding(found="return_connection_password_encrypted = false", allowed="true")


def lifecycle(policy: Resource, _: Configuration) -> Findings:
    """A finding for copies of snapshots in the clear."""
    for path in COPIES:
        for copies in blocks_at(policy, path):
            if not copies.flag("encrypted"):
                yield Finding(found=f"{path[-1]} without encryption", allowed="encrypted = true")


def disks(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for each volume that is described and not encrypted; what is not described, its image decides."""
    if is_encrypted_by_default(configuration):
        return
    for volume in [subject] if subject.type in SHARED_VOLUMES else volumes(subject):
        if not is_encrypted(volume, by_default=names_key(volume, "kms_key_id")):
            yield Finding(found=f"a volume that is not encrypted ({volume.place})", allowed="encrypted = true")


def default_of_account(subject: Resource, _: Configuration) -> Findings:
    """A finding for an account that does not encrypt volumes by default."""
    if not subject.flag("enabled", default=True):
        yield Finding(found="volumes are not encrypted by default", allowed="enabled = true")


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, Mapping) else {}


GLUE_MODES = (
    ("cloudwatch_encryption", "cloudwatch_encryption_mode"),
    ("job_bookmarks_encryption", "job_bookmarks_encryption_mode"),
    ("s3_encryption", "s3_encryption_mode"),
)
REPORTS = ("export_config", "s3_destination", "encryption_disabled")
VOLUMES = ("volume_configuration", "managed_ebs_volume", "encrypted")
COPIES = (
    ("policy_details", "schedule", "cross_region_copy_rule"),
    ("policy_details", "action", "cross_region_copy", "encryption_configuration"),
)
JUDGES: Mapping[str, Judge] = {
    **{type_: lambda store, _: switched(store) for type_ in SWITCHES},
    **dict.fromkeys(SHARED_VOLUMES, disks),
    "aws_ami": disks,
    "aws_api_gateway_method_settings": api_cache,
    "aws_api_gateway_stage": api_stage,
    "aws_codebuild_project": build,
    "aws_codebuild_report_group": reports,
    "aws_db_instance": database,
    "aws_dlm_lifecycle_policy": lifecycle,
    "aws_ebs_encryption_by_default": default_of_account,
    "aws_ecs_service": service_volumes,
    "aws_eks_cluster": cluster_secrets,
    "aws_elasticache_replication_group": cache,
    "aws_emr_cluster": configured,
    "aws_emr_security_configuration": emr_security,
    "aws_glue_crawler": configured,
    "aws_glue_data_catalog_encryption_settings": glue_catalog,
    "aws_glue_dev_endpoint": configured,
    "aws_glue_job": configured,
    "aws_glue_security_configuration": glue_security,
    "aws_imagebuilder_container_recipe": disks,
    "aws_imagebuilder_image_recipe": disks,
    "aws_instance": disks,
    "aws_kinesis_firehose_delivery_stream": delivery_stream,
    "aws_kinesis_stream": stream,
    "aws_launch_configuration": disks,
    "aws_launch_template": disks,
    "aws_rds_cluster": database,
    "aws_sns_topic": topic,
    "aws_spot_fleet_request": disks,
    "aws_spot_instance_request": disks,
    "aws_sqs_queue": queue,
}


def evaluate(store: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for what a store keeps in the clear."""
    yield from JUDGES[store.type](store, configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_160",
    name="Stores are encrypted at rest",
    severity="high",
    claim="C7",
    controls=(
        security_hub(
            "APIGateway.5",
            "AppSync.1",
            "DataFirehose.1",
            "DocumentDB.1",
            "DynamoDB.3",
            "EC2.3",
            "EFS.1",
            "EKS.3",
            "ElastiCache.4",
            "EMR.3",
            "ES.1",
            "Kinesis.1",
            "Neptune.1",
            "Opensearch.1",
            "RDS.3",
            "RDS.27",
            "Redshift.10",
            "SNS.1",
            "SQS.1",
            "WorkSpaces.1",
            "WorkSpaces.2",
        )
        + nist("SC-28", "SC-28(1)")
    ),
    fix="EncryptionFlag on encryption at rest; many stores must be made anew for it.",
    good="""\
resource "aws_db_instance" "orders" {
  storage_encrypted = true
}
""",
    bad="""\
resource "aws_db_instance" "orders" {
  engine = "postgres"
}
""",
    applies_to=tuple(JUDGES),
    evaluate=evaluate,
)
