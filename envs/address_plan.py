"""The address plan of the subnet replicas, as arithmetic on CIDR blocks. Pure; it touches no network.

The VPC's block is cut into subnets of one size, counted from 0. Replica ``k`` (counted from 1) owns the
public subnet number ``2k - 1`` and the private subnet number ``2k``; number 0 stays free. In 10.0.0.0/16 cut
at /24 this is 10.0.1.0/24 and 10.0.2.0/24 for replica 1, 10.0.3.0/24 and 10.0.4.0/24 for replica 2, and so
on. A replica's addresses depend on its own number only, so another replica never moves an existing one.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import NamedTuple


class SubnetPair(NamedTuple):
    """The two CIDR blocks of one replica, such as ``10.0.1.0/24`` and ``10.0.2.0/24``."""

    public: str
    private: str


def max_replicas(vpc_cidr: str, subnet_prefix_length: int) -> int:
    """How many replicas fit: 127 for a /16 cut at /24, 0 when not even one pair does."""
    free_bits = subnet_prefix_length - IPv4Network(vpc_cidr).prefixlen
    return ((1 << free_bits) - 1) // 2 if free_bits > 0 else 0


def subnet_cidrs(vpc_cidr: str, subnet_prefix_length: int, replica: int) -> SubnetPair:
    """The public and private CIDR block of a replica, counted from 1.

    Raises ``ValueError`` when the replica's number is below 1 or the VPC's block does not hold it.
    """
    most = max_replicas(vpc_cidr, subnet_prefix_length)
    if not 1 <= replica <= most:
        raise ValueError(f"replica {replica} is not in {vpc_cidr} cut at /{subnet_prefix_length}: it holds 1 to {most}")
    return SubnetPair(
        _subnet(vpc_cidr, subnet_prefix_length, 2 * replica - 1),
        _subnet(vpc_cidr, subnet_prefix_length, 2 * replica),
    )


def zone_of(zones: Sequence[str], replica: int) -> str:
    """The availability zone of a replica, counted from 1: the zones in their order, wrapping."""
    if replica < 1 or not zones:
        raise ValueError(f"replica {replica} has no zone in {list(zones)}: replicas are counted from 1")
    return zones[(replica - 1) % len(zones)]


def _subnet(vpc_cidr: str, prefix_length: int, index: int) -> str:
    start = int(IPv4Network(vpc_cidr).network_address) + (index << (32 - prefix_length))
    return str(IPv4Network((start, prefix_length)))
