"""Amazon MSK, Kinesis and Data Firehose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from cli.core.cost.charges.scaling import scaled
from cli.core.cost.model import HOURS, Range, Unsaid, Use
from cli.core.cost.reading import Reader, Reading, Uses, by_usage, hourly, number_of
from policies.library.model import Block, Resource


def _cluster(reading: Reading, resource: Resource) -> Uses:
    brokers = resource.number("number_of_broker_nodes")
    nodes = resource.block("broker_node_group_info")
    if brokers is None or nodes is None:
        yield Unsaid("it says no number or type of brokers")
        return
    instance_type = nodes.text("instance_type")
    yield hourly("AmazonMSK", instance_type, brokers)
    schemes = sum(_private_schemes(nodes))
    if schemes:
        yield hourly("AmazonMSK", "private connectivity", schemes)
        yield by_usage("AmazonMSK", "private connectivity data", reading.used(resource, "connected_gb"))
    logs = [each for info in resource.blocks("logging_info") for each in info.blocks("broker_logs")]
    if any(to.flag("enabled") for each in logs for name in ("firehose", "s3") for to in each.blocks(name)):
        yield Unsaid("how many logs its brokers deliver to what is no log group")
    if instance_type.startswith("express."):
        yield by_usage("AmazonMSK", "express storage", reading.used(resource, "stored_gb"))
        yield by_usage("AmazonMSK", "express data in", reading.used(resource, "ingested_gb"))
        return
    if resource.text("storage_mode") == "TIERED":
        yield Unsaid("how much is in its tiered storage")
    storage = [
        ebs
        for info in nodes.blocks("storage_info")
        for ebs in info.blocks("ebs_storage_info")
        if ebs.has("volume_size")
    ]
    if not storage:
        yield Unsaid("it says no size of its volumes")
        return
    size = Decimal(storage[0].number("volume_size") or 0)
    sizes = scaled(reading, resource, Range(size, size), "kafka:broker-storage:VolumeSize")
    yield Use("AmazonMSK", "standard storage", sizes.times(brokers))
    for throughput in storage[0].blocks("provisioned_throughput"):
        if throughput.flag("enabled"):
            number = Decimal(throughput.number("volume_throughput") or 0) * brokers
            yield Use("AmazonMSK", "provisioned throughput", Range(number, number))


def _private_schemes(nodes: Block) -> Iterator[bool]:
    """The authentication schemes for clients in other VPCs; each costs by the hour (Amazon MSK pricing)."""
    for info in nodes.blocks("connectivity_info"):
        for vpc in info.blocks("vpc_connectivity"):
            for authentication in vpc.blocks("client_authentication"):
                yield authentication.flag("tls")
                for sasl in authentication.blocks("sasl"):
                    yield sasl.flag("iam")
                    yield sasl.flag("scram")


def _serverless(reading: Reading, resource: Resource) -> Uses:
    yield hourly("AmazonMSK", "serverless cluster")
    yield by_usage("AmazonMSK", "serverless partition", reading.used(resource, "partitions").times(HOURS))
    yield by_usage("AmazonMSK", "serverless storage", reading.used(resource, "stored_gb"))
    yield by_usage("AmazonMSK", "serverless data in", reading.used(resource, "ingested_gb"))
    yield by_usage("AmazonMSK", "serverless data out", reading.used(resource, "consumed_gb"))


def _connector(_: Reading, resource: Resource) -> Uses:
    for capacity in resource.blocks("capacity"):
        for block in capacity.blocks("provisioned_capacity"):
            units = Decimal((block.number("worker_count") or 1) * (block.number("mcu_count") or 1))
            yield hourly("AmazonMSK", "connect unit", Range(units, units))
        for block in capacity.blocks("autoscaling"):
            least, most = ((block.number(name) or 1) for name in ("min_worker_count", "max_worker_count"))
            units = Decimal(block.number("mcu_count") or 1)
            yield hourly("AmazonMSK", "connect unit", Range(units * least, units * most))


def _stream(reading: Reading, resource: Resource) -> Uses:
    if any(each.text("stream_mode") == "ON_DEMAND" for each in resource.blocks("stream_mode_details")):
        yield hourly("AmazonKinesis", "on-demand stream")
        yield by_usage("AmazonKinesis", "on-demand data in", reading.used(resource, "ingested_gb"))
        yield by_usage("AmazonKinesis", "on-demand data out", reading.used(resource, "retrieved_gb"))
    else:
        yield hourly("AmazonKinesis", "shard", resource.number("shard_count") or 1)
        yield by_usage("AmazonKinesis", "PUT payload unit", reading.used(resource, "put_units"))


def _delivery_stream(reading: Reading, resource: Resource) -> Uses:
    ingested = reading.used(resource, "ingested_gb")
    item = "data in from MSK" if resource.blocks("msk_source_configuration") else "data in"
    yield by_usage("AmazonKinesisFirehose", item, ingested)
    for destination in _destinations(resource):
        if any(_is_on(each) for each in destination.blocks("data_format_conversion_configuration")):
            yield by_usage("AmazonKinesisFirehose", "format conversion", ingested)
        if any(each.flag("enabled") for each in destination.blocks("dynamic_partitioning_configuration")):
            yield Unsaid("how many objects its dynamic partitioning makes")
        for vpc in destination.blocks("vpc_config"):
            yield hourly("AmazonKinesisFirehose", "delivery zone of a VPC", number_of(vpc, "subnet_ids"))
            yield by_usage("AmazonKinesisFirehose", "data into a VPC", ingested)


def _destinations(resource: Resource) -> Iterator[Block]:
    for name in ("extended_s3_configuration", "opensearch_configuration", "elasticsearch_configuration"):
        yield from resource.blocks(name)


def _is_on(block: Block) -> bool:
    """Whether a block that is enabled by itself is not switched off."""
    return not block.has("enabled") or block.flag("enabled")


STREAMING: Mapping[str, Reader] = {
    "aws_kinesis_firehose_delivery_stream": _delivery_stream,
    "aws_kinesis_stream": _stream,
    "aws_msk_cluster": _cluster,
    "aws_msk_serverless_cluster": _serverless,
    "aws_mskconnect_connector": _connector,
}
