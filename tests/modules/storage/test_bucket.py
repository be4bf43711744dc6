"""What is true of every bucket of every environment."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.helpers import Document, Resource, resources

PARTNERS = {
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_notification",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
}


@pytest.fixture(
    params=[(environment, kind) for environment in ("dev", "staging", "prod") for kind in ("", "-bootstrap")],
    ids="".join,
)
def document(
    request: pytest.FixtureRequest, synthesized: Mapping[str, Any], synthesized_bootstrap: Mapping[str, Any]
) -> Document:
    environment, kind = request.param
    found: Document = (synthesized_bootstrap if kind else synthesized)[environment]
    return found


def _of(document: Document, bucket: Resource, type: str) -> Mapping[str, Any]:
    """The one resource of a type that belongs to a bucket."""
    reference = bucket.reference("id")
    (found,) = [each.body for each in resources(document, type) if each.body["bucket"] == reference]
    return found


def test_there_are_buckets(document: Document) -> None:
    assert len(resources(document, "aws_s3_bucket")) >= 3


def test_every_bucket_has_each_of_its_partners(document: Document) -> None:
    for bucket in resources(document, "aws_s3_bucket"):
        for partner in sorted(PARTNERS):
            _of(document, bucket, partner)


def test_every_bucket_blocks_public_access(document: Document) -> None:
    switches = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    for bucket in resources(document, "aws_s3_bucket"):
        block = _of(document, bucket, "aws_s3_bucket_public_access_block")
        assert all(block[switch] is True for switch in switches), bucket.path


def test_every_bucket_is_versioned(document: Document) -> None:
    for bucket in resources(document, "aws_s3_bucket"):
        versioning = _of(document, bucket, "aws_s3_bucket_versioning")
        assert versioning["versioning_configuration"]["status"] == "Enabled", bucket.path


def test_every_bucket_refuses_calls_without_tls(document: Document) -> None:
    for bucket in resources(document, "aws_s3_bucket"):
        policy = json.loads(_of(document, bucket, "aws_s3_bucket_policy")["policy"])
        arn = f"arn:aws:s3:::{bucket.body['bucket']}"
        assert {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:*"],
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        } in policy["Statement"], bucket.path


def test_only_buckets_of_access_logs_do_without_a_customer_key(document: Document) -> None:
    for bucket in resources(document, "aws_s3_bucket"):
        encryption = _of(document, bucket, "aws_s3_bucket_server_side_encryption_configuration")
        default = encryption["rule"][0]["apply_server_side_encryption_by_default"]
        if "-access-logs-" in bucket.body["bucket"]:
            assert default == {"sse_algorithm": "AES256"}, bucket.path
        else:
            assert default["sse_algorithm"] == "aws:kms", bucket.path
            assert default["kms_master_key_id"].startswith("${aws_kms_key."), bucket.path


def test_every_bucket_but_that_of_access_logs_is_logged(document: Document) -> None:
    logged = {each.body["bucket"] for each in resources(document, "aws_s3_bucket_logging")}
    for bucket in resources(document, "aws_s3_bucket"):
        assert (bucket.reference("id") in logged) != ("access-logs" in bucket.body["bucket"]), bucket.path


def test_every_bucket_aborts_uploads_and_expires_old_versions(document: Document) -> None:
    for bucket in resources(document, "aws_s3_bucket"):
        rule = _of(document, bucket, "aws_s3_bucket_lifecycle_configuration")["rule"][0]
        assert rule["status"] == "Enabled", bucket.path
        assert rule["abort_incomplete_multipart_upload"][0]["days_after_initiation"] == 7, bucket.path
        assert rule["noncurrent_version_expiration"][0]["noncurrent_days"] > 0, bucket.path


def test_bucket_names_end_in_the_account(document: Document) -> None:
    account = document["provider"]["aws"][0]["allowed_account_ids"][0]
    assert all(bucket.body["bucket"].endswith(f"-{account}") for bucket in resources(document, "aws_s3_bucket"))


def test_a_bucket_can_be_destroyed_with_what_is_in_it_or_not_at_all(document: Document) -> None:
    """A bucket that is not protected but not emptied either would stop the destruction of its environment half-way."""
    for bucket in resources(document, "aws_s3_bucket"):
        protected = bucket.body.get("lifecycle", {}).get("prevent_destroy", False)
        assert bucket.body["force_destroy"] is not protected, bucket.path


def test_buckets_of_production_cannot_be_destroyed(synthesized: Mapping[str, Any]) -> None:
    images = [each for each in resources(synthesized["prod"], "aws_s3_bucket") if each.path.startswith("storage/")]
    assert all(bucket.body["lifecycle"]["prevent_destroy"] is True for bucket in images)
    assert len(images) == 2
