"""Protocols and ports on one line."""

from __future__ import annotations

import pytest

from policies.library.ports import traffic as rule
from policies.reachability import traffic
from policies.reachability.intervals import NOTHING, Intervals


def test_protocols_are_apart() -> None:
    assert not traffic.TCP & traffic.UDP
    assert traffic.ALL >= traffic.TCP | traffic.UDP
    assert traffic.TCP.size == traffic.UDP.size == 65536
    assert traffic.ALL.size == 256 * 65536


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (("-1", 0, 0), traffic.ALL),
        (("tcp", 443, 443), traffic.tcp(443)),
        (("6", 80, 90), traffic.tcp(80, 90)),
        (("udp", None, None), traffic.UDP),
        (("icmp", 8, 0), traffic.ports("icmp", 0, 65535)),
        (("icmpv6", -1, -1), traffic.ports("icmpv6", 0, 65535)),
        (("50", 0, 0), traffic.ports("50", 0, 65535)),
    ],
)
def test_of(written: tuple[str, int | None, int | None], found: Intervals) -> None:
    assert traffic.of(rule(*written)) == found


def test_of_an_unknown_protocol() -> None:
    with pytest.raises(ValueError, match="carrier-pigeon"):
        traffic.ports("carrier-pigeon", 0, 0)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (NOTHING, ""),
        (traffic.ALL, "all traffic"),
        (traffic.tcp(443), "tcp 443"),
        (traffic.tcp(443) | traffic.tcp(8000, 8010), "tcp 443, 8000-8010"),
        (traffic.TCP | traffic.ports("udp", 53, 53), "every tcp port; udp 53"),
        (traffic.ports("icmp", 0, 65535), "icmp"),
        (traffic.ports("50", 0, 65535), "protocol 50"),
        (traffic.ALL - traffic.TCP, "protocol 0; icmp; protocol 2 and 252 more protocols"),
    ],
)
def test_describe(found: Intervals, words: str) -> None:
    assert traffic.describe(found) == words


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (("tcp", None), traffic.TCP),
        (("udp", "53"), traffic.ports("udp", 53, 53)),
        (("tcp", "8000-8010"), traffic.tcp(8000, 8010)),
        (("icmp", "8"), traffic.icmp(1, 8, None)),
        (("icmp", "0-255"), traffic.icmp(1, None, None)),
        (("icmpv6", "128-129"), traffic.icmp(58, 128, None) | traffic.icmp(58, 129, None)),
        (("50", None), traffic.ports("50", 0, 65535)),
    ],
)
def test_asked(question: tuple[str, str | None], found: Intervals) -> None:
    assert traffic.asked(*question) == found


@pytest.mark.parametrize(
    "question", [("tcp", "70000"), ("tcp", "-1"), ("icmp", "256"), ("256", None), ("tcp", "20-10")]
)
def test_asked_about_what_is_not(question: tuple[str, str | None]) -> None:
    with pytest.raises(ValueError, match=r"no p|invalid literal"):
        traffic.asked(*question)
