"""Addresses as numbers on one line: IPv4, then IPv6, then one number for each AWS service with a gateway endpoint.

What addresses S3 and DynamoDB have is not in the Terraform, only that they are public ones. Each service is a number of
its own, so that a route or a rule with its prefix list can be told from one with a network.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

from policies.reachability.intervals import NOTHING, Intervals

_V6 = 1 << 32
_SERVICES = _V6 + (1 << 128)

SERVICES: Mapping[str, int] = {"s3": _SERVICES, "dynamodb": _SERVICES + 1}
"""The services that have gateway endpoints (VPC user guide, "Gateway endpoints"), and their numbers."""

ALL_SERVICES = Intervals.of((number, number) for number in SERVICES.values())
ALL_V4 = Intervals.of([(0, _V6 - 1)])
ALL_V6 = Intervals.of([(_V6, _SERVICES - 1)])
ALL = ALL_V4 | ALL_V6 | ALL_SERVICES

V4_FAMILY = ALL_V4 | ALL_SERVICES
"""What IPv4 packets come from and go to."""


def network(text: str) -> Intervals:
    """The addresses of a CIDR or of a single address; host bits are ignored, as AWS does.

    Raises ValueError for what is no network.
    """
    found = ipaddress.ip_network(text.strip(), strict=False)
    start = _V6 if found.version == 6 else 0
    return Intervals.of([(start + int(found.network_address), start + int(found.broadcast_address))])


NAT64 = network("64:ff9b::/96")
"""Where IPv4 addresses are in IPv6 ones that a NAT gateway translates."""


def allowed(text: str) -> Intervals:
    """The addresses of a CIDR in a rule or route that lets traffic through: a public one may hold any service's."""
    found = network(text)
    return found | ALL_SERVICES if found & INTERNET & ALL_V4 else found


def denied(text: str) -> Intervals:
    """The addresses of a CIDR in an entry that stops traffic: only one with every public address has a service's."""
    found = network(text)
    return found | ALL_SERVICES if found >= INTERNET & ALL_V4 else found


def embedded(addresses: Intervals) -> Intervals:
    """The IPv4 addresses that IPv6 addresses of NAT64 stand for; of all public ones, those of services too.

    Source: VPC user guide, "DNS64 and NAT64" ("64:ff9b::/96").
    """
    within = addresses & NAT64
    found = Intervals.of((first - NAT64.first, last - NAT64.first) for first, last in within.spans)
    return found | ALL_SERVICES if found >= INTERNET & ALL_V4 else found


def service(name: str) -> Intervals:
    """The addresses of a service of `SERVICES`."""
    return Intervals.of([(SERVICES[name], SERVICES[name])])


def describe(addresses: Intervals, most: int = 4) -> str:
    """In words: `the internet`, `10.0.1.0/24, 10.0.3.0/24`, `s3`; of more than `most` networks only how many more."""
    rest = addresses
    words: list[str] = []
    if rest >= ALL:
        return "anywhere"
    for everything, name in ((ALL_V4, "any IPv4 address"), (ALL_V6, "any IPv6 address"), (INTERNET, "the internet")):
        if rest >= everything:
            words.append(name)
            rest = rest - everything - (ALL_SERVICES if everything is ALL_V4 else NOTHING)
    if rest >= INTERNET & ALL_V4:
        words.append("the internet over IPv4")
        rest = rest - (INTERNET & ALL_V4) - ALL_SERVICES
    words += [name for name, number in SERVICES.items() if number in rest]
    networks = [
        str(each)
        for first, last in (rest - ALL_SERVICES).spans
        for each in ipaddress.summarize_address_range(*_ends(first, last))
    ]
    words += networks[:most]
    if len(networks) > most:
        words.append(f"{len(networks) - most} more networks")
    return ", ".join(words) or "nowhere"


def address(number: int) -> str:
    """One address as people write it, or a service's name."""
    for name, each in SERVICES.items():
        if each == number:
            return name
    return str(_address(number))


def _ends(first: int, last: int) -> tuple[ipaddress.IPv4Address, ipaddress.IPv4Address]:
    return _address(first), _address(last)  # type: ignore[return-value]  # both of one family


def _address(number: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.IPv4Address(number) if number < _V6 else ipaddress.IPv6Address(number - _V6)


def _internet() -> Intervals:
    private = [network(each) for each in PRIVATE]
    return (ALL_V4 | network("2000::/3")) - Intervals.union(private)


PRIVATE = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/3",
)
"""IPv4 networks that no packet on the internet comes from: RFC 6890, 1918, 6598, 3927, 1112. Networks reserved for

documentation (RFC 5737) count as the internet, because people write them where they mean somebody's public address."""

INTERNET = _internet()
"""Every address that a client or server on the internet can have."""
