"""Findings of built-in rules on resources that count or for_each do not make.

checkov works out fewer expressions than the project's own evaluator, and judges a resource as if it were made once
where it cannot tell how often. Where the evaluator knows that it is not made, there is nothing to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.checkov.scan import Scan
from policies.library.terraform.addresses import without_indexes

_CALL = re.compile(r"module\.[^.]+\.")


class AbsentResources:
    """The resources that a root module declares and does not make.

    Empty where several root modules were scanned at once, since a finding does not say which one it is about, and where
    a file is not understood, since what it holds may make them.
    """

    def __init__(self, scan: Scan) -> None:
        configurations = tuple(scan.configurations.values())
        is_known = len(configurations) == 1 and not scan.unreadable
        self._empty = set(map(without_indexes, configurations[0].empty)) if is_known else set()
        self._made = set(map(without_indexes, configurations[0].resources)) if self._empty else set()

    def __contains__(self, address: str) -> bool:
        plain = without_indexes(address)
        return plain not in self._made and not self._empty.isdisjoint(_enclosing(plain))


def _enclosing(address: str) -> Iterator[str]:
    """A resource's address, and those of the module calls around it."""
    yield address
    end = 0
    while call := _CALL.match(address, end):
        end = call.end()
        yield address[: end - 1]
