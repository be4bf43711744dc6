"""Protocols and port ranges as AWS reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.library.ports import LAST, traffic

ports = st.integers(0, LAST)


@given(ports, ports, ports)
def test_a_range_reaches_what_lies_in_it(first: int, last: int, port: int) -> None:
    low, high = sorted((first, last))
    assert traffic("tcp", first, last).reaches(port) == (low <= port <= high)


@given(st.sampled_from(["-1", "all", " ALL "]), st.none() | ports, st.none() | ports, ports)
def test_all_protocols_ignore_the_range(protocol: str, first: int | None, last: int | None, port: int) -> None:
    found = traffic(protocol, first, last)
    assert found.is_everything
    assert found.reaches(port)
    assert found.reaches(port, "udp")


@pytest.mark.parametrize(("first", "last"), [(None, None), (-1, -1), (0, LAST), (0, None)])
def test_every_port(first: int | None, last: int | None) -> None:
    found = traffic("6", first, last)
    assert found.reached([0, 80, LAST]) == (0, 80, LAST)
    assert not found.is_everything
    assert str(found) == "every tcp port"


def test_protocols_keep_apart() -> None:
    assert traffic("17", 53, 53).reached([53], "udp") == (53,)
    assert traffic("udp", 53, 53).reached([53]) == ()
    assert traffic("icmp", -1, -1).reached([80]) == ()
    assert traffic("icmp", 8, 0) == traffic("1", -1, -1)


def test_words() -> None:
    assert str(traffic("tcp", 443, 443)) == "tcp 443"
    assert str(traffic("udp", 100, 50)) == "udp 50-100"
    assert str(traffic("-1", None, None)) == "all traffic"
    assert str(traffic("icmp", None, None)) == "protocol 1"


@pytest.mark.parametrize(
    ("protocol", "first", "last", "every_port", "for_replies"),
    [
        ("-1", None, None, True, False),
        ("tcp", 0, 65535, True, False),
        ("udp", 1, 65535, True, False),
        ("icmp", -1, -1, False, False),
        ("tcp", 1024, 65535, False, True),
        ("tcp", 32768, 60999, False, True),
        ("tcp", 3389, 3390, False, False),
        ("tcp", 1000, 65535, False, False),
    ],
)
def test_ranges_for_everything_and_for_replies(
    protocol: str, first: int | None, last: int | None, every_port: bool, for_replies: bool
) -> None:
    found = traffic(protocol, first, last)
    assert (found.is_every_port, found.is_for_replies) == (every_port, for_replies)
