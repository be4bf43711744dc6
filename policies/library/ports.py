"""Ports and protocols as security groups and network ACLs write them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

LAST = 65535

UNPRIVILEGED = 1024
"""The first port that clients take for replies. Source: VPC user guide, "Custom network ACLs", "Ephemeral ports"."""

_ALL_PROTOCOLS = frozenset({"-1", "all"})
_TCP = frozenset({"6", "tcp"})
_UDP = frozenset({"17", "udp"})
_NUMBERS = {"icmp": "1", "tcp": "6", "udp": "17", "gre": "47", "esp": "50", "ah": "51", "icmpv6": "58", "sctp": "132"}


@dataclass(frozen=True)
class Traffic:
    """A protocol and its ports. For protocols without ports, and for all protocols, the ports are all of them."""

    protocol: str
    """`tcp`, `udp`, `all`, or another protocol's number."""
    first: int
    last: int

    def reaches(self, port: int, protocol: str = "tcp") -> bool:
        """Whether a port of tcp (or another protocol) is among it."""
        return self.protocol in ("all", protocol) and self.first <= port <= self.last

    def reached(self, ports: Collection[int], protocol: str = "tcp") -> tuple[int, ...]:
        """Those of some ports that are among it, in ascending order."""
        return tuple(sorted(port for port in set(ports) if self.reaches(port, protocol)))

    @property
    def is_for_replies(self) -> bool:
        """Whether a range can be meant for the replies to what servers ask: no port below 1024, and wide."""
        return self.first >= UNPRIVILEGED and self.last - self.first >= UNPRIVILEGED

    @property
    def is_every_port(self) -> bool:
        """Whether it is every port of tcp or udp, or everything; port 0 is none that is used."""
        return self.protocol in ("all", "tcp", "udp") and self.first <= 1 and self.last == LAST

    @property
    def is_https(self) -> bool:
        """Whether it is port 443 of tcp and nothing else."""
        return (self.protocol, self.first, self.last) == ("tcp", 443, 443)

    @property
    def is_everything(self) -> bool:
        """Whether it is every port of every protocol."""
        return self.protocol == "all"

    def __str__(self) -> str:
        if self.protocol == "all":
            return "all traffic"
        if self.protocol not in ("tcp", "udp"):
            return f"protocol {self.protocol}"
        if (self.first, self.last) == (0, LAST):
            return f"every {self.protocol} port"
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.protocol} {ports}"


def traffic(protocol: str, first: int | None, last: int | None) -> Traffic:
    """What a rule with a protocol (name or number, -1 for all) and a port range is about.

    Only tcp and udp have ports here; AWS ignores the range for all protocols and reads it as type and code for ICMP. A
    range without an end, and -1, mean every port; a range whose ends are swapped is read as meant.
    Source: EC2 API reference, IpPermission and NetworkAclEntry.
    """
    name = protocol.strip().lower()
    if name in _ALL_PROTOCOLS:
        return Traffic("all", 0, LAST)
    if name in _TCP or name in _UDP:
        name = "tcp" if name in _TCP else "udp"
        if first is None or last is None or first == -1 or last == -1:
            return Traffic(name, 0, LAST)
        return Traffic(name, max(0, min(first, last)), min(LAST, max(first, last)))
    return Traffic(_NUMBERS.get(name, name), 0, LAST)
