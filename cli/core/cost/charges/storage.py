"""S3, EFS and Athena."""

from __future__ import annotations

from collections.abc import Mapping

from cli.core.cost.model import Use, exactly
from cli.core.cost.reading import Reader, Reading, Uses, by_usage, whole
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


STORAGE: Mapping[str, Reader] = {
    "aws_athena_workgroup": _workgroup,
    "aws_efs_file_system": _file_system,
    "aws_s3_bucket": _bucket,
}
