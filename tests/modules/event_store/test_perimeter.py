"""Which requests the policies of table, stream and backup bucket refuse (claim C2), asked one by one."""

from typing import Any, NamedTuple

import pytest

from modules.event_store.table import DATA_ACTIONS
from tests.support import iam
from tests.support.helpers import resource


class Guarded(NamedTuple):
    """A policy, a resource that it guards, and the reference to the endpoint that is the only way in."""

    policy: str
    arn: str
    endpoint: str
    read: str


@pytest.fixture
def table(document, settings) -> Guarded:
    endpoint = resource(document, "aws_vpc_endpoint", "network/gateway-endpoints/dynamodb")
    return Guarded(
        policy=resource(document, "aws_dynamodb_resource_policy", "event-store/table/policy").body["policy"],
        arn=f"arn:aws:dynamodb:us-east-1:{settings.account_id}:table/meals-{settings.environment}-event-store",
        endpoint=endpoint.reference("id"),
        read="dynamodb:GetItem",
    )


@pytest.fixture
def stream(document) -> Guarded:
    endpoint = resource(document, "aws_vpc_endpoint", "network/gateway-endpoints/dynamodb")
    table = resource(document, "aws_dynamodb_table", "event-store/table/table")
    return Guarded(
        policy=resource(document, "aws_dynamodb_resource_policy", "event-store/table/stream-policy").body["policy"],
        arn=table.reference("stream_arn"),
        endpoint=endpoint.reference("id"),
        read="dynamodb:GetRecords",
    )


@pytest.fixture
def bucket(document, settings) -> Guarded:
    endpoint = resource(document, "aws_vpc_endpoint", "network/gateway-endpoints/s3")
    return Guarded(
        policy=resource(document, "aws_s3_bucket_policy", "event-store/backup-bucket/policy").body["policy"],
        arn=f"arn:aws:s3:::meals-{settings.environment}-event-store-backups-{settings.account_id}/exports/x",
        endpoint=endpoint.reference("id"),
        read="s3:GetObject",
    )


@pytest.fixture(params=["table", "stream", "bucket"])
def guarded(request: pytest.FixtureRequest, table: Guarded, stream: Guarded, bucket: Guarded) -> Guarded:
    return {"table": table, "stream": stream, "bucket": bucket}[request.param]


def role(settings, name: str) -> str:
    return f"arn:aws:iam::{settings.account_id}:role/meals-{settings.environment}-{name}"


def call(guarded: Guarded, action: str | None = None, **context: Any) -> bool:
    """Whether a signed request over TLS, with the context keys given (`aws__X` for `aws:X`), is denied."""
    keys = {
        "aws:SecureTransport": "true",
        "aws:PrincipalIsAWSService": "false",
        "aws:ViaAWSService": "false",
        "aws:PrincipalArn": "arn:aws:iam::999999999999:role/anybody",
        **{key.replace("__", ":"): value for key, value in context.items()},
    }
    known = {key: value for key, value in keys.items() if value is not None}
    return iam.denied(guarded.policy, action=action or guarded.read, resource=guarded.arn, context=known)


def test_calls_through_the_endpoint_pass(guarded):
    assert not call(guarded, aws__SourceVpce=guarded.endpoint)


def test_calls_from_the_internet_are_refused(guarded):
    assert call(guarded)


def test_calls_through_another_endpoint_are_refused(guarded):
    assert call(guarded, aws__SourceVpce="vpce-of-somebody-else")


def test_the_server_s_own_credentials_are_of_no_use_elsewhere(guarded, settings):
    assert call(guarded, aws__PrincipalArn=role(settings, "event-store"))


def test_the_account_s_root_is_refused_too(guarded, settings):
    assert call(guarded, aws__PrincipalArn=f"arn:aws:iam::{settings.account_id}:root")


def test_anonymous_calls_are_refused(guarded):
    assert call(guarded, aws__PrincipalArn=None, aws__PrincipalIsAWSService=None)


def test_calls_without_tls_are_refused_even_through_the_endpoint(guarded):
    assert call(guarded, aws__SourceVpce=guarded.endpoint, aws__SecureTransport="false")


def test_service_principals_are_left_to_their_own_permissions(guarded):
    assert not call(guarded, aws__PrincipalArn=None, aws__PrincipalIsAWSService="true")


def test_a_service_is_no_way_around(guarded):
    assert call(guarded, aws__ViaAWSService="true", aws__CalledVia=["athena.amazonaws.com"])


def test_the_export_role_exports(table, settings):
    assert not call(table, "dynamodb:ExportTableToPointInTime", aws__PrincipalArn=role(settings, "event-store-export"))


def test_nobody_else_exports(table):
    assert call(table, "dynamodb:ExportTableToPointInTime")


def test_the_backup_role_backs_up(table, settings):
    assert not call(table, "dynamodb:Scan", aws__PrincipalArn=role(settings, "event-store-backup"))


def test_the_backup_role_is_nobody_for_the_stream(stream, settings):
    assert call(stream, aws__PrincipalArn=role(settings, "event-store-backup"))


def test_the_export_role_writes_exports(bucket, settings):
    assert not call(bucket, "s3:PutObject", aws__PrincipalArn=role(settings, "event-store-export"))


def test_dynamodb_imports_a_backup_for_an_operator(bucket):
    assert not call(bucket, aws__ViaAWSService="true", aws__CalledVia=["dynamodb.amazonaws.com"])


@pytest.mark.parametrize("action", DATA_ACTIONS)
def test_every_data_action_is_refused_from_outside(table, action):
    assert call(table, action)


@pytest.mark.parametrize("action", DATA_ACTIONS)
def test_indexes_are_guarded_as_the_table(table, action):
    assert call(table._replace(arn=f"{table.arn}/index/by-type"), action)


def test_no_action_on_items_is_forgotten():
    """AWS marks the actions on items by their condition keys (Service Authorization Reference)."""
    on_items = {
        f"dynamodb:{name}"
        for name, action in iam.reference()["dynamodb"]["privileges"].items()
        if any(
            key.startswith("dynamodb:")
            for conditions in action["resource_types"].values()
            for key in conditions["condition_keys"]
        )
    }
    assert on_items <= set(DATA_ACTIONS)


@pytest.mark.parametrize(
    "action",
    [
        "dynamodb:CreateBackup",
        "dynamodb:DeleteResourcePolicy",
        "dynamodb:DeleteTable",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:GetResourcePolicy",
        "dynamodb:ListTagsOfResource",
        "dynamodb:PutResourcePolicy",
        "dynamodb:RestoreTableToPointInTime",
        "dynamodb:TagResource",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
    ],
)
def test_the_table_is_managed_from_outside(table, action):
    assert not call(table, action)


@pytest.mark.parametrize(
    "action",
    ["s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:GetBucketVersioning", "s3:ListBucket", "s3:PutBucketPolicy"],
)
def test_the_bucket_is_managed_from_outside(bucket, action):
    assert not call(bucket._replace(arn=bucket.arn.split("/")[0]), action)


@pytest.mark.parametrize("action", ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObjectVersion", "s3:PutObject"])
def test_every_object_action_is_refused_from_outside(bucket, action):
    assert call(bucket, action)
