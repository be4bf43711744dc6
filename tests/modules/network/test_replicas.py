"""Another replica only adds: nothing that is there changes its id, its address or its place."""

import ipaddress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from envs.address_plan import max_replicas
from envs.settings.network import Network

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d")


@st.composite
def networks(draw):
    """Settings with any number of replicas that leaves room for one more, and the same settings with one more."""
    vpc_length = draw(st.integers(16, 22))
    subnet_length = draw(st.integers(vpc_length + 3, 27))
    vpc = ipaddress.ip_network((int(ipaddress.ip_address("10.0.0.0")), vpc_length))
    replicas = draw(st.integers(1, max_replicas(str(vpc), subnet_length) - 1))
    values = {
        "vpc_cidr": str(vpc),
        "subnet_prefix_length": subnet_length,
        "zones": ZONES[: draw(st.integers(1, len(ZONES)))],
    }
    return Network(replicas=replicas, **values), Network(replicas=replicas + 1, **values)


def plan(settings):
    return {k: (*settings.subnet_cidrs(k), settings.zone_of(k)) for k in settings.replica_numbers}


@given(networks())
def test_one_more_replica_moves_no_other(pair):
    before, after = map(plan, pair)
    assert before.items() <= after.items()


@given(networks())
def test_subnets_never_overlap_and_stay_in_the_vpc(pair):
    settings = pair[1]
    blocks = sorted(ipaddress.IPv4Network(cidr) for k in settings.replica_numbers for cidr in settings.subnet_cidrs(k))
    assert all(not one.overlaps(other) for one, other in pairwise(blocks))
    assert all(block.subnet_of(ipaddress.IPv4Network(settings.vpc_cidr)) for block in blocks)


@given(networks())
def test_zones_in_use_keep_their_order(pair):
    before, after = (settings.zones_in_use for settings in pair)
    assert after[: len(before)] == before


@pytest.mark.parametrize("replicas", [1, 2, 3, 6])
def test_synthesized_network_only_grows(network_with, replicas):
    before, after = (network_with(replicas=count) for count in (replicas, replicas + 1))
    old, new = before.all(), after.all()
    assert old.keys() <= new.keys()
    changed = {before.path(body) for address, body in old.items() if new[address] != body}
    assert all(path.startswith("network/interface-endpoints/") for path in changed)


@pytest.mark.parametrize("replicas", [1, 2, 3, 6])
def test_interface_endpoints_only_gain_subnets(network_with, replicas):
    before, after = (network_with(replicas=count) for count in (replicas, replicas + 1))
    for address, endpoint in before.of("aws_vpc_endpoint").items():
        grown = after.of("aws_vpc_endpoint")[address]
        subnets = endpoint.get("subnet_ids", [])
        assert grown.get("subnet_ids", [])[: len(subnets)] == subnets
        assert {key: grown[key] for key in grown if key != "subnet_ids"} == {
            key: endpoint[key] for key in endpoint if key != "subnet_ids"
        }


@pytest.mark.parametrize("replicas", [1, 2, 3, 6])
def test_what_is_added_belongs_to_the_new_replica(network_with, replicas):
    before, after = (network_with(replicas=count) for count in (replicas, replicas + 1))
    added = {after.path(body) for address, body in after.all().items() if address not in before.all()}
    new = replicas + 1
    assert added == {
        f"network/replica-{new}/public-subnet",
        f"network/replica-{new}/private-subnet",
        f"network/routes/public-subnet-of-replica-{new}",
        f"network/routes/private-subnet-of-replica-{new}",
        f"network/nacls/public/replica-{new}",
        f"network/nacls/private/replica-{new}",
    }


def test_a_replica_that_is_taken_away_is_left_before_it_goes(network_with):
    """Otherwise Terraform first tries to delete subnets in use, which AWS refuses."""
    subnets = network_with(replicas=2).of("aws_subnet").values()
    assert [each["lifecycle"]["create_before_destroy"] for each in subnets] == [True] * 4


def test_forty_replicas_have_eighty_subnets(network_with):
    assert len(network_with(replicas=40).of("aws_subnet")) == 80


def test_forty_replicas_still_have_one_endpoint_subnet_per_zone(network_with):
    network = network_with(replicas=40)
    for endpoint in network.of("aws_vpc_endpoint").values():
        if endpoint["vpc_endpoint_type"] == "Interface":
            zones = [network.at(network.target(subnet))["availability_zone"] for subnet in endpoint["subnet_ids"]]
            assert sorted(zones) == sorted(network.settings.network.zones)


def test_the_default_plan_holds_127_replicas():
    assert Network(zones=("us-east-1a",), replicas=127).subnet_cidrs(127) == ("10.0.253.0/24", "10.0.254.0/24")
    with pytest.raises(ValidationError):
        Network(zones=("us-east-1a",), replicas=128)
