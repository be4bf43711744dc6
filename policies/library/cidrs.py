"""Networks: which lists of CIDRs mean the internet, in any spelling; IPv4, IPv6 and bare addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TypeAlias

from policies.library.values import Unknown, Value, WrongValue

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

LARGEST_PREFIX_V4 = 7
"""IPv4 networks of /7 or larger hold public addresses whatever they are: the largest private one is 10.0.0.0/8."""

LARGEST_PREFIX_V6 = 16
"""Shorter IPv6 prefixes than this belong to no one: registries hold /12 at most, and private ones are in fc00::/7."""

_PRIVATE_V4 = tuple(
    ipaddress.IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # RFC 6890, "this network"
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast and reserved
    )
)
"""Not the internet: RFC 1918, 6598, 3927, 2544, 5737, 1112."""

_PRIVATE_V6 = tuple(
    ipaddress.IPv6Network(each) for each in ("::/128", "::1/128", "2001:db8::/32", "fc00::/7", "fe80::/10")
)
"""Not the internet: RFC 4193, 4291, 3849."""

WORLD_SHARE = 0.5
"""From this share of the public IPv4 addresses on, a list means the internet: 0.0.0.0/1 alone does."""


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks that texts name; host bits are ignored, as AWS does. Raises ValueError for what is no network."""
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in texts)


def known_networks(values: Iterable[Value], place: str = "") -> tuple[Network, ...]:
    """The networks that attribute values name. Raises UnknownValue, WrongValue for what is no network."""
    known: list[Network] = []
    for value in values:
        if isinstance(value, Unknown):
            raise value.failure(place)
        try:
            known.extend(networks([str(value)]))
        except ValueError:
            raise WrongValue(repr(value), place, "which is no network") from None
    return tuple(known)


def is_world_open(parts: Iterable[Network]) -> bool:
    """Whether networks together are the internet or so much of it that no one can have meant certain callers.

    That is one network of /7 or larger (IPv6: shorter than /16) once neighbours are joined, such as 0.0.0.0/1 and
    128.0.0.0/1, or any number of networks that together hold half of the public IPv4 addresses.
    """
    all_ = list(parts)
    v4 = list(ipaddress.collapse_addresses(each for each in all_ if isinstance(each, ipaddress.IPv4Network)))
    v6 = list(ipaddress.collapse_addresses(each for each in all_ if isinstance(each, ipaddress.IPv6Network)))
    if any(each.prefixlen <= LARGEST_PREFIX_V4 and public_size_v4([each]) for each in v4):
        return True
    if any(each.prefixlen < LARGEST_PREFIX_V6 and not is_private(each) for each in v6):
        return True
    return public_size_v4(v4) >= WORLD_SHARE * _PUBLIC_V4


def is_private(network: Network) -> bool:
    """Whether no address of a network is on the internet."""
    if isinstance(network, ipaddress.IPv4Network):
        return public_size_v4([network]) == 0
    return any(network.subnet_of(each) for each in _PRIVATE_V6)


def public_size_v4(found: Iterable[ipaddress.IPv4Network]) -> int:
    """How many addresses of networks that do not overlap are on the internet."""
    return sum(each.num_addresses - sum(_overlap(each, private) for private in _PRIVATE_V4) for each in found)


def _overlap(one: ipaddress.IPv4Network, other: ipaddress.IPv4Network) -> int:
    return min(one.num_addresses, other.num_addresses) if one.overlaps(other) else 0


_PUBLIC_V4 = public_size_v4([ipaddress.IPv4Network("0.0.0.0/0")])
