"""Names of nodes: short ones, the address where several would share one."""

from __future__ import annotations

from tests.support.hcl import resource
from tests.support.reading import ReadHcl


def test_names_are_labels_with_indexes_or_addresses(network: ReadHcl) -> None:
    found = network(
        resource("aws_instance.web", count=2) + resource("aws_instance.same") + resource("aws_db_instance.same")
    )
    assert {key: node.name for key, node in found.nodes.items()} == {
        "aws_instance.web[0]": "web[0]",
        "aws_instance.web[1]": "web[1]",
        "aws_instance.same": "aws_instance.same",
        "aws_db_instance.same": "aws_db_instance.same",
    }


def test_this_toolkits_own_names_are_for_its_labels_only(network: ReadHcl) -> None:
    found = network(resource("aws_mq_broker.messaging_broker_F6BDD6B2") + resource("aws_db_instance.messaging_broker"))
    assert {node.name for node in found.nodes.values()} == {"broker", "messaging_broker"}
