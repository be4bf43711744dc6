"""What Firehose and the pipes leave behind has time to go, and what they need has time to be in force."""

from __future__ import annotations

import pytest

from tests.support.helpers import Document, Resource, resource, resources


def pause(document: Document, path: str) -> Resource:
    return resource(document, "terraform_data", f"{path}/pause")


def commands(found: Resource) -> dict[str, str]:
    """What a pause runs, by when it does."""
    runs = [each["local-exec"] for each in found.body["provisioner"]]
    return {run["when"]: run["command"] for run in runs}


def test_firehose_connects_a_minute_after_the_policy_of_the_cluster(document: Document) -> None:
    stream = resource(document, "aws_kinesis_firehose_delivery_stream", "streaming/data-reporting/delivery-stream")
    connection = pause(document, "streaming/data-reporting/connection")
    policy = resource(document, "aws_msk_cluster_policy", "streaming/cluster/policy")
    assert connection.address in stream.body["depends_on"]
    assert policy.address in connection.body["depends_on"]
    assert commands(connection)["create"] == 'sleep "$${INFRA_PAUSE_SECONDS:-60}"'


def test_the_connection_of_firehose_is_gone_before_the_cluster_goes(document: Document) -> None:
    connection = pause(document, "streaming/data-reporting/connection")
    assert commands(connection)["destroy"] == 'sleep "$${INFRA_PAUSE_SECONDS:-300}"'


def test_creation_of_the_stream_may_take_an_hour(document: Document) -> None:
    stream = resource(document, "aws_kinesis_firehose_delivery_stream", "streaming/data-reporting/delivery-stream")
    assert stream.body["timeouts"] == {"create": "60m"}


def test_firehose_reads_from_the_first_message_on(document: Document) -> None:
    stream = resource(document, "aws_kinesis_firehose_delivery_stream", "streaming/data-reporting/delivery-stream")
    assert stream.body["msk_source_configuration"]["read_from_timestamp"] == "1970-01-01T00:00:00Z"


def test_the_role_of_the_pipes_outlives_their_interfaces(document: Document) -> None:
    interfaces = pause(document, "streaming/notification-requests/interfaces")
    policy = resource(document, "aws_iam_role_policy", "streaming/notification-requests/role/policy")
    assert interfaces.body["depends_on"] == [policy.address]
    assert commands(interfaces) == {"destroy": 'sleep "$${INFRA_PAUSE_SECONDS:-300}"'}
    for pipe in resources(document, "aws_pipes_pipe"):
        assert interfaces.address in pipe.body["depends_on"]


@pytest.mark.parametrize("prefix", ["streaming/data-reporting/", "streaming/notification-requests/"])
def test_pauses_need_no_other_provider(document: Document, prefix: str) -> None:
    assert resources(document, "terraform_data", under=prefix)
    assert document["terraform"]["required_providers"].keys() == {"aws"}
