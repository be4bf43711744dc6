"""Protocols and ports as numbers on one line: protocol x 65536 + port. One without ports takes all of its span."""

from __future__ import annotations

from policies.library.ports import LAST, Traffic
from policies.reachability.intervals import Intervals

PORTS = LAST + 1
PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}
_NAMES = {number: name for name, number in PROTOCOLS.items()}

ALL = Intervals.of([(0, 256 * PORTS - 1)])

EPHEMERAL = (1024, LAST)
"""The ports from which clients usually open connections: VPC user guide, "Custom network ACLs", section "Ephemeral
ports"."""

CLIENT_PORTS = (1, LAST)
"""The ports from which a client can open connections: it may bind any (RFC 6056, section 3.2)."""


def ports(protocol: str, first: int, last: int) -> Intervals:
    """A range of ports of a protocol, by name or number. Raises ValueError for an unknown name."""
    number = PROTOCOLS[protocol] if protocol in PROTOCOLS else int(protocol)
    return Intervals.of([(number * PORTS + first, number * PORTS + last)])


def tcp(first: int, last: int | None = None) -> Intervals:
    """TCP ports."""
    return ports("tcp", first, first if last is None else last)


TCP = tcp(0, LAST)
UDP = ports("udp", 0, LAST)


def of(rule: Traffic) -> Intervals:
    """What a rule's protocol and ports are. Raises ValueError for a protocol that is none."""
    return ALL if rule.is_everything else ports(rule.protocol, rule.first, rule.last)


def describe(traffic: Intervals) -> str:
    """In words: `tcp 443, 8000-8010`, `udp 53`, `all traffic`."""
    if traffic >= ALL:
        return "all traffic"
    ranges_by_protocol: dict[str, list[str]] = {}
    for first, last in traffic.spans:
        for protocol in range(first // PORTS, last // PORTS + 1):
            start, end = max(first, protocol * PORTS) % PORTS, min(last, protocol * PORTS + LAST) % PORTS
            ranges_by_protocol.setdefault(_NAMES.get(protocol, f"protocol {protocol}"), []).append(_range(start, end))
    texts = [
        f"{name} {', '.join(ranges)}" if ranges != [""] else f"every {name} port" if name in ("tcp", "udp") else name
        for name, ranges in ranges_by_protocol.items()
    ]
    return "; ".join(texts) if len(texts) <= 4 else f"{'; '.join(texts[:3])} and {len(texts) - 3} more protocols"


def _range(first: int, last: int) -> str:
    if (first, last) == (0, LAST):
        return ""
    return str(first) if first == last else f"{first}-{last}"
