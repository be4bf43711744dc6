"""Raising the number of subnet replicas only adds: nothing moves, nothing is renamed, nothing is replaced."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from envs.load import load
from envs.settings import Settings
from policies.reachability.difference import NetworkView, opened
from policies.reachability.read import read as read_network
from tests.support.helpers import Document, resources, strings
from tests.support.rules import read

IN_PLACE = {
    ("aws_autoscaling_group", "vpc_zone_identifier"),
    ("aws_lb", "subnets"),
    ("aws_vpc_endpoint", "subnet_ids"),
}
"""What takes up the subnets of a new replica: sets that AWS changes in place (the provider's schema: no ForceNew)."""


def synthesize(replicas: int, environment: str = "prod") -> Document:
    """The Terraform of an environment with a number of replicas."""
    from main import synthesize

    values = load(environment).model_dump()
    values["network"]["replicas"] = replicas
    with TemporaryDirectory() as directory:
        synthesize([Settings.model_validate(values)], Path(directory))
        document: Document = json.loads((Path(directory) / "stacks" / environment / "cdk.tf.json").read_bytes())
        return document


def bodies(document: Document) -> dict[str, Mapping[str, Any]]:
    """The resources by address."""
    return {each.address: each.body for each in resources(document)}


def network_of(document: Document) -> NetworkView:
    """Who reaches whom in a document."""
    with TemporaryDirectory() as directory:
        return NetworkView(read_network(read(document, Path(directory))))


def assert_only_adds(before: Document, after: Document) -> None:
    """Fail unless every resource of ``before`` is in ``after`` and the same, but for sets that grow in place.

    The brokers of Amazon MQ and MSK cannot move: where their subnets differ, Terraform must be told to ignore it.
    """
    then, now = bodies(before), bodies(after)
    assert then.keys() - now.keys() == set()
    for address, old in then.items():
        new = now[address]
        assert old.keys() == new.keys(), address
        kind = address.partition(".")[0]
        for argument, value in old.items():
            if (kind, argument) in IN_PLACE:
                assert new[argument][: len(value)] == value, f"{address}: {argument}"
            elif (kind, argument) == ("aws_mq_broker", "subnet_ids"):
                assert new[argument] == value or argument in new["lifecycle"]["ignore_changes"]
            elif (kind, argument) == ("aws_msk_cluster", "broker_node_group_info"):
                assert {**new[argument], "client_subnets": None} == {**value, "client_subnets": None}
                ignored = "broker_node_group_info[0].client_subnets" in new["lifecycle"]["ignore_changes"]
                assert new[argument] == value or ignored
            elif (kind, argument) == ("aws_iam_role_policy", "policy"):  # names subnets too
                assert set(strings(json.loads(value))) <= set(strings(json.loads(new[argument]))), address
            else:
                assert new[argument] == value, f"{address}: {argument}"
    for section in ("data", "locals", "output", "provider", "terraform"):
        assert before.get(section) == after.get(section), section


@settings(max_examples=4)
@given(st.integers(min_value=2, max_value=126))
@example(1)
@example(2)
@example(3)
def test_one_more_replica_only_adds(replicas: int) -> None:
    before, after = synthesize(replicas), synthesize(replicas + 1)
    assert_only_adds(before, after)
    added = bodies(after).keys() - bodies(before).keys()
    assert len(added) == len(bodies(after)) - len(bodies(before)) > 0
    if replicas <= 3:  # after the first, which has one zone only, all others are alike
        assert opened(network_of(before), network_of(after)) == opened(network_of(after), network_of(before)) == ()


def test_forty_replicas() -> None:
    found = synthesize(40)
    subnets = {each.path: each.body["cidr_block"] for each in resources(found, "aws_subnet")}
    assert len(subnets) == 80
    assert subnets["network/replica-40/public-subnet"] == "10.0.79.0/24"
    assert subnets["network/replica-40/private-subnet"] == "10.0.80.0/24"


def test_as_many_replicas_as_the_vpc_holds() -> None:
    assert len(resources(synthesize(127), "aws_subnet")) == 254


def test_a_load_balancer_and_an_endpoint_take_one_subnet_of_each_zone() -> None:
    """AWS refuses a second subnet of the same availability zone there."""
    found = synthesize(7)
    zone = {f"${{{each.address}.id}}": each.body["availability_zone"] for each in resources(found, "aws_subnet")}
    for kind, argument in (("aws_lb", "subnets"), ("aws_vpc_endpoint", "subnet_ids")):
        for each in resources(found, kind):
            zones = [zone[subnet] for subnet in each.body.get(argument, [])]
            assert len(set(zones)) == len(zones), each.path
