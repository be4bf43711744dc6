"""The order of records: each after those that it follows, and the earlier one first where neither knew of the other."""

from __future__ import annotations

import itertools

from cli.core.records import Record
from cli.core.records.model import LogRecord
from cli.core.records.store import in_order
from tests.support.records import THAW, log_data, log_record


def at(minute: int, sequence: int, *parents: Record[LogRecord]) -> Record[LogRecord]:
    """A record of a minute; its reason tells it apart."""
    return log_record(sequence, log_data(THAW, at=f"2027-03-01T10:{minute:02}:00Z"), *parents)


def test_records_of_two_branches_stand_in_the_order_of_their_times() -> None:
    first = at(0, 1)
    here, there = at(5, 2, first), at(3, 3, first)
    later = at(4, 4, there)
    both = at(1, 5, here, later)  # a clock that is wrong does not put it before what it follows
    for records in itertools.permutations([first, here, there, later, both]):
        assert in_order(records) == (first, there, later, here, both)
