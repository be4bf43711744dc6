"""Addresses of both families, and of services, on one line."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.reachability import addresses
from policies.reachability.addresses import ALL_SERVICES, ALL_V4, ALL_V6, INTERNET, address, describe, network, service
from policies.reachability.intervals import NOTHING, Intervals

v4_networks = st.builds(
    lambda number, length: ipaddress.IPv4Network((number, length), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)
v6_networks = st.builds(
    lambda number, length: ipaddress.IPv6Network((number, length), strict=False),
    st.integers(0, 2**128 - 1),
    st.integers(0, 128),
)
networks = v4_networks | v6_networks


@given(networks, networks)
def test_networks_are_sets(one: ipaddress.IPv4Network, two: ipaddress.IPv4Network) -> None:
    overlap = one.version == two.version and one.overlaps(two)
    assert bool(network(str(one)) & network(str(two))) == overlap
    assert network(str(one)).size == one.num_addresses


@given(networks)
def test_describe_and_address_say_it_as_people_write_it(one: ipaddress.IPv4Network) -> None:
    found = network(str(one))
    assert address(found.first) == str(one.network_address)
    if one.prefixlen:
        assert describe(found) == str(one)


def test_families_and_services_are_apart() -> None:
    assert not ALL_V4 & ALL_V6
    assert not (ALL_V4 | ALL_V6) & ALL_SERVICES
    assert service("s3") | service("dynamodb") == ALL_SERVICES
    assert addresses.ALL == ALL_V4 | ALL_V6 | ALL_SERVICES
    assert address(service("s3").first) == "s3"


def test_host_bits_and_single_addresses() -> None:
    assert network("10.0.0.7/24") == network("10.0.0.0/24")
    assert network("10.0.0.7").size == 1
    assert network(" 10.0.0.0/24 ") == network("10.0.0.0/24")
    with pytest.raises(ValueError, match="does not appear"):
        network("vpc-1")


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"])
def test_private_networks_are_not_the_internet(cidr: str) -> None:
    assert not network(cidr) & INTERNET


@pytest.mark.parametrize("cidr", ["8.8.8.8", "172.32.0.0/16", "100.128.0.0/16", "203.0.113.0/24", "2600::/16"])
def test_the_internet(cidr: str) -> None:
    assert network(cidr) <= INTERNET


def test_unique_local_and_link_local_ipv6_is_not_the_internet() -> None:
    assert not (network("fc00::/7") | network("fe80::/10")) & INTERNET


@pytest.mark.parametrize(
    ("cidr", "is_allowed", "is_denied"),
    [("0.0.0.0/0", True, True), ("52.0.0.0/8", True, False), ("10.0.0.0/8", False, False), ("::/0", False, False)],
)
def test_what_a_rule_says_of_services(cidr: str, is_allowed: bool, is_denied: bool) -> None:
    """A service has some public addresses: a rule that allows some of them may allow it; only all deny it."""
    assert (addresses.allowed(cidr) >= ALL_SERVICES) is is_allowed
    assert (addresses.denied(cidr) >= ALL_SERVICES) is is_denied
    assert addresses.allowed(cidr) - ALL_SERVICES == network(cidr)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (NOTHING, "nowhere"),
        (addresses.ALL, "anywhere"),
        (INTERNET, "the internet"),
        (ALL_V4 | ALL_SERVICES, "any IPv4 address"),
        (ALL_V6, "any IPv6 address"),
        (INTERNET & ALL_V4, "the internet over IPv4"),
        (service("s3"), "s3"),
        (network("10.0.1.0/24") | network("10.0.3.0/24"), "10.0.1.0/24, 10.0.3.0/24"),
        (network("10.0.0.1") | service("dynamodb"), "dynamodb, 10.0.0.1/32"),
    ],
)
def test_describe(found: Intervals, words: str) -> None:
    assert describe(found) == words


def test_describe_many() -> None:
    found = Intervals.union(network(f"10.0.{2 * number}.0/24") for number in range(6))
    assert describe(found) == "10.0.0.0/24, 10.0.2.0/24, 10.0.4.0/24, 10.0.6.0/24, 2 more networks"
