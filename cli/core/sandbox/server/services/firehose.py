"""Amazon Data Firehose: private connections to MSK."""

from __future__ import annotations

from typing import Any

from moto.firehose.models import firehose_backends

from cli.core.sandbox.server import lingering
from cli.core.sandbox.server.lingering import Lingering
from cli.core.sandbox.server.service import Call, Parameters, Result, Service


class Firehose(Service):
    """Delivery streams are moto's."""

    name = "firehose"

    def after_create_delivery_stream(self, call: Call, given: Parameters) -> Result:
        """Connect to the brokers, where the source is a cluster; creation fails while its policy is not in force."""
        source = given.get("MSKSourceConfiguration")
        if source is None:
            return None
        cluster_arn = source["MSKClusterARN"]
        stream: Any = firehose_backends[call.account_id][call.region].delivery_streams[given["DeliveryStreamName"]]
        cluster = lingering.clusters(call).get(cluster_arn)
        if cluster and cluster.lets_firehose_connect:
            lingering.add(call, Lingering(stream.delivery_stream_arn, frozenset([cluster_arn])))
        else:
            stream.delivery_stream_status = "CREATING_FAILED"
            stream.failure_description = {
                "Type": "CREATE_PRIVATE_LINK_FAILED",
                "Details": "AWS Firehose is not authorized to perform kafka:CreateVpcConnection "
                f"on resource {cluster_arn}",
            }
        return None

    def delete_delivery_stream(self, call: Call, given: Parameters) -> Result:
        """Remove the connection in a while; the rest is moto's."""
        streams = firehose_backends[call.account_id][call.region].delivery_streams
        if given["DeliveryStreamName"] in streams:
            lingering.release(call, streams[given["DeliveryStreamName"]].delivery_stream_arn)
        return None
