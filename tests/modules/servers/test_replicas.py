"""One more subnet replica changes the groups' subnets in place, and nothing else of servers and event store."""

import pytest

from envs.load import load
from tests.support.helpers import Document, resources
from tests.support.servers import SERVERS, scaling_group, subnets

PARTS = ("servers/", "event-store/", "purchase-gateway/")


@pytest.fixture(scope="module")
def grown(prod_with) -> Document:
    document: Document = prod_with({"network.replicas": load("prod").network.replicas + 1})
    return document


def described(document: Document, part: str) -> dict[str, object]:
    return {
        each.address: {key: value for key, value in each.body.items() if key != "vpc_zone_identifier"}
        for each in resources(document, under=part)
    }


@pytest.mark.parametrize("part", PARTS)
def test_nothing_else_changes(synthesized, grown, part):
    before = described(synthesized["prod"], part)
    assert before
    assert described(grown, part) == before


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.name)
def test_the_group_spans_the_new_subnet_too(synthesized, grown, server):
    before = set(scaling_group(synthesized["prod"], server)["vpc_zone_identifier"])
    after = set(scaling_group(grown, server)["vpc_zone_identifier"])
    assert before < after == subnets(grown, server.tier)
