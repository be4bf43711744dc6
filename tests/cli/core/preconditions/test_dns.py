"""Name servers are read from a resolver's answer, whatever it sends."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cli.core.preconditions.dns import NoAnswer, name_servers, parse, query

NAME = b"\x03dev\x05meals\x07example\x00"


def answer(message: bytes, *servers: bytes, code: int = 0) -> bytes:
    """What a resolver sends for a query; names of the answer point to the question's."""
    header = struct.pack("!2s5H", message[:2], 0x8180 | code, 1, len(servers), 0, 0)
    records = b"".join(b"\xc0\x0c" + struct.pack("!2HIH", 2, 1, 60, len(server)) + server for server in servers)
    return header + message[12:] + records


@contextmanager
def resolver(*servers: bytes, code: int = 0) -> Iterator[int]:
    """A resolver on loopback that answers once; its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(10)

        def serve() -> None:
            message, sender = listening.recvfrom(512)
            listening.sendto(answer(message, *servers, code=code), sender)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_name_servers_are_sorted_and_in_lower_case() -> None:
    with resolver(b"\x04NS-2\x03aws\x00", b"\x04ns-1\xc0\x16") as port:
        servers = name_servers("dev.meals.example", resolvers=("127.0.0.1",), port=port)
    assert servers == ("ns-1.example", "ns-2.aws")


def test_a_name_that_does_not_exist_has_no_name_servers() -> None:
    with resolver(code=3) as port:
        assert name_servers("dev.meals.example", resolvers=("127.0.0.1",), port=port) == ()


def test_a_resolver_that_fails_is_no_answer() -> None:
    with resolver(code=2) as port, pytest.raises(NoAnswer, match="error 2"):
        name_servers("dev.meals.example", resolvers=("127.0.0.1",), port=port)


def test_without_a_resolver_there_is_no_answer() -> None:
    with pytest.raises(NoAnswer, match="none is configured"):
        name_servers("dev.meals.example", resolvers=())


def test_the_query_asks_for_name_servers() -> None:
    assert query("dev.meals.example.", 7)[12:] == NAME + b"\x00\x02\x00\x01"


@pytest.mark.parametrize(
    "message",
    [
        b"",
        answer(query("dev.meals.example", 8)),
        query("dev.meals.example", 7),
        answer(query("dev.meals.example", 7), b"\xc0\xff"),
        answer(query("dev.meals.example", 7), b"\x04ns-1\x00")[:-3],
    ],
    ids=["empty", "other-identifier", "a-question", "points-forward", "cut-off"],
)
def test_what_is_no_answer_is_refused(message: bytes) -> None:
    with pytest.raises((ValueError, IndexError, struct.error)):
        parse(message, 7)
