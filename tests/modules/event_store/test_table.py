"""The event store's table."""

from typing import Any

import pytest

from tests.support.helpers import resource


@pytest.fixture
def table(document) -> Any:
    return resource(document, "aws_dynamodb_table", "event-store/table/table").body


def test_the_table_is_on_demand(table):
    assert table["billing_mode"] == "PAY_PER_REQUEST"


def test_its_partition_is_a_stream(table):
    assert table["hash_key"] == "stream_id"


def test_its_order_is_the_version(table):
    assert table["range_key"] == "version"


def test_streams_are_text_and_versions_numbers(table):
    assert table["attribute"] == [{"name": "stream_id", "type": "S"}, {"name": "version", "type": "N"}]


def test_the_table_can_be_recovered_to_a_point_in_time(table):
    assert table["point_in_time_recovery"] == {"enabled": True}


def test_the_table_is_encrypted_with_its_own_key(document, table):
    key = resource(document, "aws_kms_key", "keys/event-store/key")
    assert table["server_side_encryption"] == {"enabled": True, "kms_key_arn": key.reference("arn")}


def test_its_stream_is_on(table):
    assert (table["stream_enabled"], table["stream_view_type"]) == (True, "NEW_IMAGE")


def test_the_table_is_protected_where_stateful_resources_are(table, settings):
    assert table["deletion_protection_enabled"] == settings.stateful_protection


def test_terraform_does_not_destroy_a_protected_table(table, settings):
    assert ("lifecycle" in table) == settings.stateful_protection
