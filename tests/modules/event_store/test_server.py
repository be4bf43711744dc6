"""The event store's servers: their port, their own group, and what they may do with events."""

from typing import Any

import pytest

from tests.support import iam
from tests.support.helpers import resource, resources
from tests.support.servers import SERVERS, launch_template, role_policy, security_group, user_data, variables

[EVENT_STORE] = [server for server in SERVERS if server.name == "event-store"]


@pytest.fixture
def statements(document) -> dict[str, Any]:
    return iam.statements(role_policy(document, EVENT_STORE))


def test_nodes_talk_to_each_other_on_their_own_port(document, settings):
    group = security_group(document, EVENT_STORE)
    [rule] = [
        each.body
        for each in resources(document, "aws_vpc_security_group_ingress_rule")
        if each.body["security_group_id"] == each.body.get("referenced_security_group_id") == group
    ]
    assert (rule["from_port"], rule["to_port"]) == (settings.event_store.port, settings.event_store.port)


def test_nodes_have_no_public_address(document):
    [interface] = launch_template(document, EVENT_STORE)["network_interfaces"]
    assert interface["associate_public_ip_address"] == "false"


def test_servers_know_their_table(document):
    table = resource(document, "aws_dynamodb_table", "event-store/table/table").body["name"]
    assert variables(user_data(document, EVENT_STORE))["EVENT_STORE_TABLE"] == table


def test_servers_know_their_backup_bucket(document):
    bucket = resource(document, "aws_s3_bucket", "event-store/backup-bucket/bucket").body["bucket"]
    assert variables(user_data(document, EVENT_STORE))["EVENT_STORE_BACKUP_BUCKET"] == bucket


def test_servers_append_and_read_events(statements):
    assert {"dynamodb:PutItem", "dynamodb:Query"} <= set(statements["AppendAndReadEvents"]["Action"])


def test_servers_neither_delete_nor_change_events(statements):
    granted = {action for each in statements.values() for action in each["Action"]}
    assert granted.isdisjoint({"dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem"})


def test_servers_use_their_own_table_only(statements, settings):
    table = f"arn:aws:dynamodb:us-east-1:{settings.account_id}:table/meals-{settings.environment}-event-store"
    assert statements["AppendAndReadEvents"]["Resource"] == [table, f"{table}/index/*"]


def test_servers_delete_no_backups(statements):
    assert "s3:DeleteObject" not in statements["ReadAndWriteBackups"]["Action"]


@pytest.mark.parametrize(("sid", "service"), [("UseTableKey", "dynamodb"), ("UseBackupKey", "s3")])
def test_servers_use_keys_through_their_service_only(statements, sid, service):
    assert statements[sid]["Condition"] == {"StringEquals": {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}}


@pytest.mark.parametrize("other", [each for each in SERVERS if each != EVENT_STORE], ids=lambda each: each.name)
def test_no_other_server_uses_the_table(document, other):
    granted = {action for each in iam.statements(role_policy(document, other)).values() for action in each["Action"]}
    assert not any(action.startswith("dynamodb:") for action in granted)


def test_the_backup_bucket_is_encrypted_with_the_storage_key(document):
    [rule] = resource(
        document, "aws_s3_bucket_server_side_encryption_configuration", "event-store/backup-bucket/encryption"
    ).body["rule"]
    applied = rule["apply_server_side_encryption_by_default"]
    assert (applied["sse_algorithm"], applied["kms_master_key_id"].startswith("${aws_kms_key.keys_storage_")) == (
        "aws:kms",
        True,
    )
