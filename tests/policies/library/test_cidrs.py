"""What counts as the internet, in any spelling."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.library.cidrs import is_private, is_world_open, known_networks, networks
from policies.library.values import Unknown, UnknownValue

v4_networks = st.builds(
    lambda address, length: ipaddress.IPv4Network((address, length), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)


@pytest.mark.parametrize(
    "world",
    [
        ["0.0.0.0/0"],
        ["::/0"],
        [" 0.0.0.0/0 "],
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["0.0.0.0/1"],
        ["64.0.0.0/2", "10.0.0.0/8"],
        ["::/1", "8000::/1"],
        ["2000::/3"],
        ["0000:0000::/0"],
        ["1.2.3.4/0"],
        ["10.0.0.0/0"],
        ["192.168.0.1/0"],
        ["fd00::1/0"],
        ["0.0.0.0/0.0.0.0"],
        [f"{first}.0.0.0/8" for first in range(1, 224)],
        [f"{first}.0.0.0/8" for first in range(1, 120, 2)] + [f"{first}.0.0.0/8" for first in range(120, 200)],
    ],
    ids=lambda each: ",".join(each)[:40],
)
def test_world(world: list[str]) -> None:
    assert is_world_open(networks(world))


@pytest.mark.parametrize(
    "certain",
    [
        [],
        ["10.0.0.0/8"],
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        ["203.0.113.7"],
        ["3.0.0.0/8"],
        ["fc00::/7"],
        ["fd00::/8", "10.0.0.0/16"],
        ["2600:1f18::/32"],
        ["224.0.0.0/3"],
    ],
    ids=",".join,
)
def test_certain_callers(certain: list[str]) -> None:
    assert not is_world_open(networks(certain))


@given(v4_networks)
def test_halves_mean_what_the_whole_means(network: ipaddress.IPv4Network) -> None:
    halves = list(network.subnets()) if network.prefixlen < 32 else [network]
    assert is_world_open(halves) == is_world_open([network])


@given(st.lists(v4_networks, max_size=6), v4_networks)
def test_adding_a_network_never_closes(some: list[ipaddress.IPv4Network], more: ipaddress.IPv4Network) -> None:
    assert is_world_open([*some, more]) >= is_world_open(some)


@given(st.lists(v4_networks, max_size=6))
def test_order_and_repetition_do_not_matter(some: list[ipaddress.IPv4Network]) -> None:
    assert is_world_open([*reversed(some), *some]) == is_world_open(some)


@given(v4_networks)
def test_private_networks_are_never_the_world(network: ipaddress.IPv4Network) -> None:
    assert not (is_private(network) and is_world_open([network]))


@pytest.mark.parametrize("text", ["10.0.0.0/8", "169.254.169.254", "fe80::1", "127.0.0.1/32", "100.64.0.0/10"])
def test_private(text: str) -> None:
    assert all(is_private(network) for network in networks([text]))


def test_no_network_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"'sg-1' does not appear"):
        networks(["sg-1"])
    with pytest.raises(UnknownValue, match="no network"):
        known_networks(["sg-1"])


def test_an_unknown_network_is_unknown() -> None:
    with pytest.raises(UnknownValue, match=r"rule\.cidr_blocks = var\.cidr"):
        known_networks(["10.0.0.0/8", Unknown("var.cidr")], "rule.cidr_blocks")
