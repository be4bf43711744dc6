"""Protocols and ports as numbers on one line: protocol x 65536 + port. One without ports takes all of its span."""

from __future__ import annotations

from policies.library.ports import LAST, Traffic
from policies.reachability.intervals import Intervals

PORTS = LAST + 1
PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}
_ICMP = (PROTOCOLS["icmp"], PROTOCOLS["icmpv6"])
_CODES = 256
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


def icmp(protocol: int, type_: int | None, code: int | None) -> Intervals:
    """Messages of ICMP, or ICMPv6, of a type and code; of all where they are not given, or -1.

    Source: EC2 API reference, IcmpTypeCode and IpPermission. Type and code take the place of the port.
    """
    if type_ is None or type_ < 0:
        return ports(str(protocol), 0, LAST)
    if code is None or code < 0:
        return ports(str(protocol), type_ * _CODES, type_ * _CODES + _CODES - 1)
    return ports(str(protocol), type_ * _CODES + code, type_ * _CODES + code)


def asked(protocol: str, port: str | None) -> Intervals:
    """All of a protocol, or what people ask about by a port or a range of ports, of ICMP by types.

    Raises ValueError for what is no protocol, port or type.
    """
    everything = ports(protocol, 0, LAST)
    if not everything <= ALL:
        raise ValueError(f"there is no protocol {protocol}")
    if port is None:
        return everything
    first, _, last = port.partition("-")
    step = _CODES if everything.first // PORTS in _ICMP else 1
    start, end = int(first) * step, int(last or first) * step + step - 1
    if not 0 <= start <= end <= LAST:
        raise ValueError(f"there is no port or type {port}")
    return ports(protocol, start, end)


def describe(traffic: Intervals) -> str:
    """In words: `tcp 443, 8000-8010`, `udp 53`, `all traffic`."""
    if traffic >= ALL:
        return "all traffic"
    ranges_by_protocol: dict[str, list[str]] = {}
    for first, last in traffic.spans:
        for protocol in range(first // PORTS, last // PORTS + 1):
            start, end = max(first, protocol * PORTS) % PORTS, min(last, protocol * PORTS + LAST) % PORTS
            words = _types(start, end) if protocol in _ICMP else _range(start, end)
            ranges_by_protocol.setdefault(_NAMES.get(protocol, f"protocol {protocol}"), []).append(words)
    texts = [
        f"{name} {', '.join(ranges)}" if ranges != [""] else f"every {name} port" if name in ("tcp", "udp") else name
        for name, ranges in ranges_by_protocol.items()
    ]
    return "; ".join(texts) if len(texts) <= 4 else f"{'; '.join(texts[:3])} and {len(texts) - 3} more protocols"


def _types(first: int, last: int) -> str:
    if (first, last) == (0, LAST):
        return ""
    if (first // _CODES, last // _CODES, first % _CODES, last % _CODES) == (first // _CODES, first // _CODES, 0, 255):
        return f"type {first // _CODES}"
    start, end = (f"type {each // _CODES} code {each % _CODES}" for each in (first, last))
    return start if first == last else f"{start} to {end}"


def _range(first: int, last: int) -> str:
    if (first, last) == (0, LAST):
        return ""
    return str(first) if first == last else f"{first}-{last}"
