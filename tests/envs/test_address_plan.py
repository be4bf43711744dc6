"""The address plan: the default plan of the architecture, and its properties for every VPC that holds a replica."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envs.address_plan import max_replicas, subnet_cidrs, zone_of

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, int, int]:
    """A VPC's block, a prefix length of subnets, and a number of replicas that fits."""
    vpc_prefix = draw(st.integers(16, 26))
    prefix = draw(st.integers(vpc_prefix + 2, 28))
    start = draw(st.integers(0, (1 << vpc_prefix) - 1)) << (32 - vpc_prefix)
    vpc = str(IPv4Network((start, vpc_prefix)))
    return vpc, prefix, draw(st.integers(1, min(max_replicas(vpc, prefix), 60)))


@pytest.mark.parametrize(
    ("replica", "public", "private"),
    [
        (1, "10.0.1.0/24", "10.0.2.0/24"),
        (2, "10.0.3.0/24", "10.0.4.0/24"),
        (40, "10.0.79.0/24", "10.0.80.0/24"),
        (127, "10.0.253.0/24", "10.0.254.0/24"),
    ],
)
def test_the_default_plan_is_that_of_the_architecture(replica: int, public: str, private: str) -> None:
    assert subnet_cidrs("10.0.0.0/16", 24, replica) == (public, private)


@pytest.mark.parametrize(
    ("vpc", "prefix", "replicas"),
    [
        ("10.0.0.0/16", 24, 127),
        ("10.0.0.0/16", 18, 1),
        ("10.0.0.0/16", 17, 0),
        ("10.0.0.0/16", 16, 0),
        ("10.0.0.0/24", 16, 0),
    ],
)
def test_how_many_replicas_fit(vpc: str, prefix: int, replicas: int) -> None:
    assert max_replicas(vpc, prefix) == replicas


@given(plans())
def test_subnets_are_disjoint_and_inside_the_vpc(plan: tuple[str, int, int]) -> None:
    vpc, prefix, replicas = plan
    subnets = [IPv4Network(cidr) for replica in range(1, replicas + 1) for cidr in subnet_cidrs(vpc, prefix, replica)]
    assert all(subnet.subnet_of(IPv4Network(vpc)) and subnet.prefixlen == prefix for subnet in subnets)
    assert all(not one.overlaps(other) for one, other in pairwise(subnets))
    assert len(set(subnets)) == 2 * replicas


@given(plans())
def test_the_last_replica_that_fits_fits_and_the_next_does_not(plan: tuple[str, int, int]) -> None:
    vpc, prefix, _ = plan
    most = max_replicas(vpc, prefix)
    assert IPv4Network(subnet_cidrs(vpc, prefix, most).private).subnet_of(IPv4Network(vpc))
    with pytest.raises(ValueError, match=f"replica {most + 1} is not in .*: it holds 1 to {most}"):
        subnet_cidrs(vpc, prefix, most + 1)


def test_replicas_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="replica 0 is not in"):
        subnet_cidrs("10.0.0.0/16", 24, 0)
    with pytest.raises(ValueError, match="counted from 1"):
        zone_of(ZONES, 0)


@given(st.integers(1, 500))
def test_zones_wrap(replica: int) -> None:
    assert zone_of(ZONES, replica) == ZONES[(replica - 1) % 3]
    assert zone_of(ZONES, replica + 3) == zone_of(ZONES, replica)
