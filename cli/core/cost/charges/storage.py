"""S3, EFS, Athena and AWS Backup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cli.core.cost.model import Unsaid, Use, exactly
from cli.core.cost.reading import Reader, Reading, Uses, always, by_usage, whole
from policies.library.model import Resource


def _bucket(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AmazonS3", "standard storage", reading.used(resource, "stored_gb"))
    yield by_usage("AmazonS3", "PUT request", reading.used(resource, "put_requests"))
    yield by_usage("AmazonS3", "GET request", reading.used(resource, "get_requests"))


def _file_system(reading: Reading, resource: Resource) -> Uses:
    item = "one-zone storage" if resource.has("availability_zone_name") else "standard storage"
    yield by_usage("AmazonEFS", item, reading.used(resource, "stored_gb"))
    if resource.text("throughput_mode") == "provisioned":
        throughput = exactly(whole(resource, "provisioned_throughput_in_mibps", 0))
        yield Use("AmazonEFS", "provisioned throughput", throughput)


def _workgroup(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AmazonAthena", "data scanned", reading.used(resource, "scanned_tb"))


def _notification(_: Reading, resource: Resource) -> Uses:
    if resource.flag("eventbridge"):
        yield Unsaid("the table has no price of events of objects that go to EventBridge")


def _lifecycle(_: Reading, resource: Resource) -> Uses:
    """Expiration is free, and the number of objects that are moved is not in the Terraform (Amazon S3 pricing)."""
    moves = ("transition", "noncurrent_version_transition")
    if any(rule.has(name) for rule in resource.blocks("rule") for name in moves):
        yield Unsaid("how much the lifecycle moves to other storage classes, and what it costs there")


def _file_system_backups(_: Reading, resource: Resource) -> Uses:
    if any(each.text("status") == "ENABLED" for each in resource.blocks("backup_policy")):
        yield Unsaid("how much AWS Backup stores of the file system")


def _backup_plan(reading: Reading, resource: Resource) -> Uses:
    """What its backups cost; of tables of DynamoDB as much as on-demand backups (Amazon DynamoDB pricing)."""
    selections = reading.pointing_at(resource, "aws_backup_selection", "plan_id")
    protected = [target for each in selections for target in _protected(reading, each)]
    if not protected or any(each is None or each.type != "aws_dynamodb_table" for each in protected):
        yield Unsaid("what it backs up is not said by resource, or is no table of DynamoDB")
    elif any(each.has("cold_storage_after") for rule in resource.blocks("rule") for each in rule.blocks("lifecycle")):
        yield Unsaid("the table has no price of backups in cold storage")
    else:
        yield by_usage("AmazonDynamoDB", "on-demand backup", reading.used(resource, "stored_gb"))


def _protected(reading: Reading, selection: Resource) -> Iterator[Resource | None]:
    """What a selection names; None for what is chosen otherwise or not in this configuration."""
    if any(selection.has(name) for name in ("selection_tag", "condition", "not_resources")):
        yield None
    for value in selection.values("resources"):
        yield next(iter(reading.configuration.resolve(value)), None)


STORAGE: Mapping[str, Reader] = {
    "aws_athena_workgroup": _workgroup,
    "aws_backup_plan": _backup_plan,
    "aws_efs_backup_policy": _file_system_backups,
    "aws_efs_file_system": _file_system,
    "aws_s3_bucket": _bucket,
    "aws_s3_bucket_lifecycle_configuration": _lifecycle,
    "aws_s3_bucket_notification": _notification,
    "aws_s3_bucket_server_side_encryption_configuration": always(),
}
