"""Amazon MQ, SNS, SQS and EventBridge."""

from __future__ import annotations

from collections.abc import Mapping

from cli.core.cost.charges.observability import logs_of_its_own
from cli.core.cost.model import Unsaid
from cli.core.cost.reading import Reader, Reading, Uses, by_usage, hourly
from policies.library.model import Resource

_DEPLOYMENTS = {
    "SINGLE_INSTANCE": ("", 1),
    "ACTIVE_STANDBY_MULTI_AZ": (" active/standby", 2),
    "CLUSTER_MULTI_AZ": (" cluster", 3),
}
"""What AWS calls a deployment in its prices, which are those of all of it, and how many broker instances it has
(Amazon MQ Developer Guide, "Broker architecture")."""

_DELIVERIES = {
    "email": "email delivery",
    "email-json": "email delivery",
    "http": "HTTP delivery",
    "https": "HTTP delivery",
    "application": "mobile push delivery",
    "firehose": "Firehose delivery",
}

_FREE_DELIVERIES = ("lambda", "sqs")
"""Deliveries to these are not charged (Amazon SNS pricing)."""


def _broker(reading: Reading, resource: Resource) -> Uses:
    mode = resource.text("deployment_mode", "SINGLE_INSTANCE")
    if mode not in _DEPLOYMENTS:
        yield Unsaid(f"how many instances a deployment of mode {mode} has")
        return
    deployment, count = _DEPLOYMENTS[mode]
    yield hourly("AmazonMQ", f"{resource.text('host_instance_type')}{deployment}")
    if resource.blocks("logs"):
        yield from logs_of_its_own(reading, "/aws/amazonmq/")
    is_on_efs = resource.text("engine_type").lower() == "activemq" and resource.text("storage_type", "efs") == "efs"
    stored = reading.used(resource, "stored_gb")
    if is_on_efs:  # the instances share it
        yield by_usage("AmazonMQ", "EFS storage", stored)
    else:
        yield by_usage("AmazonMQ", "EBS storage", stored.times(count))


def _topic(reading: Reading, resource: Resource) -> Uses:
    item = "FIFO publish" if resource.flag("fifo_topic") else "publish"
    yield by_usage("AmazonSNS", item, reading.used(resource, "requests"))


def _subscription(reading: Reading, resource: Resource) -> Uses:
    protocol = resource.text("protocol")
    topics = reading.configuration.resolve(resource.get("topic_arn"))
    if any(each.flag("fifo_topic") for each in topics if each.type == "aws_sns_topic"):
        yield Unsaid("the table has no price of a delivery of a FIFO topic")
        return
    if protocol in _FREE_DELIVERIES:
        return
    if protocol not in _DELIVERIES:
        yield Unsaid(f"the table has no price of a delivery by {protocol}")
        return
    yield by_usage("AmazonSNS", _DELIVERIES[protocol], reading.used(resource, "deliveries"))


def _queue(reading: Reading, resource: Resource) -> Uses:
    item = "FIFO request" if resource.flag("fifo_queue") else "request"
    yield by_usage("AWSQueueService", item, reading.used(resource, "requests"))


def _pipe(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AWSEvents", "pipe request", reading.used(resource, "requests"))


def _schedule(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AWSEvents", "schedule invocation", reading.used(resource, "invocations"))


def _bus(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AWSEvents", "custom event", reading.used(resource, "events"))


MESSAGING: Mapping[str, Reader] = {
    "aws_cloudwatch_event_bus": _bus,
    "aws_mq_broker": _broker,
    "aws_pipes_pipe": _pipe,
    "aws_scheduler_schedule": _schedule,
    "aws_sns_topic": _topic,
    "aws_sns_topic_subscription": _subscription,
    "aws_sqs_queue": _queue,
}
