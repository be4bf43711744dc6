"""Consumers that the settings name: from a topic of Kafka to a queue, a topic of SNS or a server."""

from __future__ import annotations

import json

import pytest

from modules.streaming.consumers import MAX_RECEIVE_COUNT
from tests.support.helpers import Document, resource, resources, statements
from tests.support.servers import SERVERS, role_policy, user_data, variables

QUEUE, TOPIC = "streaming/consumers/billing", "streaming/consumers/news"
CORE, ORDERING, *_ = SERVERS


@pytest.fixture(scope="module")
def grown(prod_with) -> Document:
    document: Document = prod_with(
        {
            "streaming.topics.further": ["orders"],
            "streaming.consumers": {
                "billing": {"topic": "orders", "to": "sqs"},
                "news": {"topic": "orders", "to": "sns"},
                "board": {"topic": "orders", "to": "core-server"},
            },
        }
    )
    return document


def test_only_servers_that_write_the_topic_and_the_one_that_reads_change(synthesized, grown):
    before = {each.address: each.body for each in resources(synthesized["prod"])}
    changed = {each.path for each in resources(grown) if before.get(each.address, each.body) != each.body}
    assert changed == {f"{server.path}/instance-profile/policy" for server in SERVERS}
    assert before.keys() < {each.address for each in resources(grown)}


@pytest.mark.parametrize(("path", "target"), [(QUEUE, "aws_sqs_queue"), (TOPIC, "aws_sns_topic")])
def test_a_pipe_sends_each_message_on_as_a_consumer_of_its_own(grown, path, target):
    pipe = resource(grown, "aws_pipes_pipe", f"{path}/pipe").body
    name = path.rsplit("/", 1)[1]
    kafka = pipe["source_parameters"]["managed_streaming_kafka_parameters"]
    assert (kafka["topic_name"], kafka["consumer_group_id"]) == ("orders", f"meals-prod-consumer-{name}")
    (made,) = [each for each in resources(grown, target) if each.path in (f"{path}/queue", f"{path}/topic")]
    assert pipe["target"] == made.reference("arn")
    assert pipe["target_parameters"] == {"input_template": "<$.value>"}
    assert pipe["kms_key_identifier"] == made.body["kms_master_key_id"]


def test_what_a_reader_fails_with_goes_to_the_dead_letter_queue(grown):
    queue = resource(grown, "aws_sqs_queue", f"{QUEUE}/queue").body
    failures = resource(grown, "aws_sqs_queue", f"{QUEUE}/failures").body
    arn = "arn:aws:sqs:us-east-1:333333333333:meals-prod-consumer-billing"
    assert json.loads(queue["redrive_policy"]) == {
        "deadLetterTargetArn": f"{arn}-failures",
        "maxReceiveCount": MAX_RECEIVE_COUNT,
    }
    assert (queue["name"], failures["name"]) == ("meals-prod-consumer-billing", "meals-prod-consumer-billing-failures")


def test_alarms_tell_of_a_failing_pipe_and_of_dead_letters(grown):
    alarms = {
        each.path.removeprefix("streaming/consumers/"): (each.body["metric_name"], each.body["dimensions"])
        for each in resources(grown, "aws_cloudwatch_metric_alarm")
    }
    assert alarms == {
        "billing/pipe-failed": ("ExecutionFailed", {"PipeName": "meals-prod-consumer-billing"}),
        "billing/dead-letters": (
            "ApproximateNumberOfMessagesVisible",
            {"QueueName": "meals-prod-consumer-billing-failures"},
        ),
        "news/pipe-failed": ("ExecutionFailed", {"PipeName": "meals-prod-consumer-news"}),
    }


@pytest.mark.parametrize(("path", "action"), [(QUEUE, "sqs:SendMessage"), (TOPIC, "sns:Publish")])
def test_a_pipe_may_read_its_topic_and_send_to_its_target_only(grown, path, action):
    found = statements(resource(grown, "aws_iam_role_policy", f"{path}/role/policy").body["policy"])
    assert found["Send"]["Action"] == [action]
    assert len(found["Send"]["Resource"]) == 1
    (read,) = found["ReadTopic"]["Resource"]
    assert read.endswith("/orders")
    (group,) = found["UseConsumerGroups"]["Resource"]
    assert group.endswith(f"/meals-prod-consumer-{path.rsplit('/', 1)[1]}")


def test_a_server_that_consumes_reads_the_topic_as_its_group(grown):
    core, ordering = (statements(role_policy(grown, server)) for server in (CORE, ORDERING))
    assert [each.rsplit("/", 1)[1] for each in core["ReadTopic"]["Resource"]] == ["orders"]
    assert [each.rsplit("/", 1)[1] for each in core["UseConsumerGroups"]["Resource"]] == ["meals-prod-consumer-board"]
    assert "ReadTopic" not in ordering
    environment = variables(user_data(grown, CORE))
    assert environment["KAFKA_CONSUMER_TOPIC_BOARD"] == "orders"
    assert environment["KAFKA_CONSUMER_GROUP_BOARD"] == "meals-prod-consumer-board"


def test_every_server_that_uses_the_stream_may_write_a_further_topic(grown):
    for server in SERVERS:
        written = statements(role_policy(grown, server))["WriteToStream"]["Resource"]
        assert {each.rsplit("/", 1)[1] for each in written} >= {"orders", "data-reporting"}
        assert variables(user_data(grown, server))["KAFKA_TOPIC_ORDERS"] == "orders"
