"""CloudWatch: logs, metrics, alarms and dashboards."""

from __future__ import annotations

from collections.abc import Mapping

from cli.core.cost.model import Unsaid
from cli.core.cost.reading import Reader, Reading, Uses, always, by_usage, monthly
from policies.library.model import Resource
from policies.library.values import written

_GROUP = "aws_cloudwatch_log_group"

_INGESTION = {"STANDARD": "log ingestion", "INFREQUENT_ACCESS": "infrequent-access log ingestion"}

_HIGH_RESOLUTION_SECONDS = (10, 20, 30)
"""Periods that make an alarm one of high resolution (Amazon CloudWatch User Guide, "Alarm periods")."""


def _log_group(reading: Reading, resource: Resource) -> Uses:
    item = _INGESTION.get(resource.text("log_group_class") or "STANDARD", "log ingestion of a delivery group")
    yield by_usage("AmazonCloudWatch", item, reading.used(resource, "ingested_gb"))
    yield by_usage("AmazonCloudWatch", "log storage", reading.used(resource, "stored_gb"))


def _flow_log(reading: Reading, resource: Resource) -> Uses:
    if resource.text("log_destination_type", "cloud-watch-logs") != "cloud-watch-logs":
        yield by_usage("AmazonCloudWatch", "log delivery to S3", reading.used(resource, "delivered_gb"))


def delivered_logs(reading: Reading, resource: Resource, destination: str) -> Uses:
    """The logs that a service sends, which cost nothing by themselves: a log group counts what it takes in, and what
    is sent elsewhere costs by its delivery (Amazon CloudWatch pricing, "Vended logs")."""
    targets = reading.configuration.resolve(resource.get(destination))
    if not targets or any(each.type != _GROUP for each in targets):
        yield Unsaid("how many logs it delivers to what is no log group of this configuration")


def logs_of_its_own(reading: Reading, prefix: str) -> Uses:
    """The logs that a service sends to a group of its own, which it makes if nobody does: an `aws_cloudwatch_log_group`
    whose name begins so counts them."""
    if not any(prefix in str(written(each.get("name"))) for each in reading.configuration.of_type(_GROUP)):
        yield Unsaid(f"how many logs it sends to CloudWatch; no log group {prefix}... is in this configuration")


def _alarm(_: Reading, resource: Resource) -> Uses:
    queries = resource.blocks("metric_query")
    metrics_of = [metric for query in queries for metric in query.blocks("metric")]
    is_high = any(each.number("period") in _HIGH_RESOLUTION_SECONDS for each in (resource, *queries, *metrics_of))
    if any(each.text("expression").upper().startswith("SELECT") for each in queries):
        yield Unsaid("how many metrics its query analyses")
        return
    metrics = len(metrics_of)
    yield monthly("AmazonCloudWatch", "high-resolution alarm" if is_high else "alarm", metrics or 1)


def _metric_stream(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AmazonCloudWatch", "metric stream update", reading.used(resource, "updates"))


def _metric_filter(_: Reading, resource: Resource) -> Uses:
    """A filter makes custom metrics (Amazon CloudWatch pricing); with dimensions one for each of their values."""
    for transformation in resource.blocks("metric_transformation"):
        if transformation.has("dimensions"):
            yield Unsaid("how many metrics its dimensions make")
        else:
            yield monthly("AmazonCloudWatch", "metric")


OBSERVABILITY: Mapping[str, Reader] = {
    "aws_cloudwatch_composite_alarm": always(monthly("AmazonCloudWatch", "composite alarm")),
    "aws_cloudwatch_dashboard": always(monthly("AmazonCloudWatch", "dashboard")),
    _GROUP: _log_group,
    "aws_cloudwatch_log_metric_filter": _metric_filter,
    "aws_cloudwatch_metric_alarm": _alarm,
    "aws_cloudwatch_metric_stream": _metric_stream,
    "aws_flow_log": _flow_log,
}
