"""Asking the system's resolver for the name servers of a domain, with the standard library alone.

One query over UDP (RFC 1035, sections 4.1 and 4.2.1). The resolver does the rest; a delegation is small enough for it.
"""

from __future__ import annotations

import secrets
import socket
import struct
from ipaddress import ip_address
from pathlib import Path

RESOLVERS = Path("/etc/resolv.conf")
PORT = 53

_NS = 2
_IN = 1
_TIMEOUT_SECONDS = 2.0
_LONGEST = 4096
_NO_SUCH_NAME = 3


class NoAnswer(Exception):
    """No resolver answers."""


def name_servers(domain: str, *, resolvers: tuple[str, ...] | None = None, port: int = PORT) -> tuple[str, ...]:
    """The name servers of a domain, sorted, in lower case, without the last dot; none when it is not delegated.

    Raises `NoAnswer`.
    """
    problems = []
    for resolver in resolvers if resolvers is not None else system_resolvers():
        try:
            return parse(_exchange(resolver, port, query(domain, identifier := secrets.randbelow(65536))), identifier)
        except (OSError, ValueError, struct.error, IndexError) as error:
            problems.append(f"{resolver}: {str(error) or type(error).__name__}")
    raise NoAnswer(f"no resolver answers for {domain} ({'; '.join(problems) or 'none is configured'})")


def system_resolvers() -> tuple[str, ...]:
    """The addresses in the system's `resolv.conf`."""
    try:
        lines = RESOLVERS.read_text().splitlines()
    except OSError:
        return ()
    return tuple(words[1] for line in lines if len(words := line.split()) > 1 and words[0] == "nameserver")


def query(domain: str, identifier: int) -> bytes:
    """A query for the name servers of a domain, recursion desired."""
    name = b"".join(bytes([len(label)]) + label.encode() for label in domain.rstrip(".").split("."))
    return struct.pack("!3H6x", identifier, 0x0100, 1) + name + b"\0" + struct.pack("!2H", _NS, _IN)


def parse(message: bytes, identifier: int) -> tuple[str, ...]:
    """The name servers in an answer. Raises `ValueError` when it is none, or says that the resolver failed."""
    received, flags, questions, answers = struct.unpack("!4H", message[:8])
    code = flags & 0x000F
    if received != identifier or not flags & 0x8000:
        raise ValueError("an answer to another question")
    if code not in (0, _NO_SUCH_NAME):
        raise ValueError(f"the resolver answers with error {code}")
    position = 12
    for _ in range(questions):
        position = _name(message, position)[1] + 4
    servers = set()
    for _ in range(answers):
        _, position = _name(message, position)
        type_, _, _, length = struct.unpack("!2HIH", message[position : position + 10])
        position += 10
        if type_ == _NS:
            servers.add(_name(message, position)[0].lower())
        position += length
    return tuple(sorted(servers))


def _exchange(resolver: str, port: int, message: bytes) -> bytes:
    family = socket.AF_INET6 if ip_address(resolver.split("%")[0]).version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as connection:
        connection.settimeout(_TIMEOUT_SECONDS)
        connection.connect((resolver, port))
        connection.send(message)
        return connection.recv(_LONGEST)


def _name(message: bytes, position: int) -> tuple[str, int]:
    """The name at a position, and where the rest begins. A pointer leads back to an earlier name (section 4.1.4)."""
    labels: list[str] = []
    end = 0
    while length := message[position]:
        if length & 0xC0 == 0xC0:
            target = struct.unpack("!H", message[position : position + 2])[0] & 0x3FFF
            if target >= position:
                raise ValueError("a name that points forward")
            end = end or position + 2
            position = target
        else:
            labels.append(message[position + 1 : position + 1 + length].decode("ascii", "replace"))
            position += 1 + length
    return ".".join(labels), end or position + 1
