"""Amazon MQ: the order of a broker's endpoints."""

from __future__ import annotations

from moto.mq.models import mq_backends

from cli.core.sandbox.server.service import Call, Parameters, Result, Service


class MQ(Service):
    """Brokers are moto's, which lists the URL that clients connect to first."""

    name = "mq"

    def after_create_broker(self, call: Call, given: Parameters) -> Result:
        """List the URL of RabbitMQ's Prometheus metrics first, and those of ActiveMQ in another order."""
        brokers = mq_backends[call.account_id][call.region].brokers.values()
        (broker,) = [broker for broker in brokers if broker.name == given["BrokerName"]]
        for instance in broker.instances:
            endpoints = instance["endpoints"]
            if given["EngineType"].upper() == "RABBITMQ":
                instance["endpoints"] = ["https://mockmq/metrics", *endpoints]
            else:
                instance["endpoints"] = endpoints[::-1]
        return None
