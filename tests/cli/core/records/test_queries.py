"""Which records of an environment stand between the release that another one has and the one that comes."""

from __future__ import annotations

from typing import Any

import pytest

from cli.core.records import Record
from cli.core.records.queries import applied_release, done_since


def release(name: str) -> dict[str, Any]:
    """`1` and `1a` are the same values, made with other code."""
    return {"id": name, "values": name[0]}


def records(*done: str) -> list[Record]:
    """Applies of dev of some releases; what ends in `!` failed, what begins with `-` is a destroy."""
    return [
        Record(
            sequence,
            "",
            "",
            {
                "stack": "dev",
                "deed": "destroy" if each.startswith("-") else "apply",
                "result": "failed" if each.endswith("!") else "succeeded",
                "release": release(each.strip("-!")),
            },
        )
        for sequence, each in enumerate(done, start=1)
    ]


@pytest.mark.parametrize(
    ("done", "had", "expected"),
    [
        (["1"], "", [1]),
        (["1!", "1", "2"], "", [1, 2, 3]),
        (["1", "2"], "1", [2]),
        (["1", "2!", "2", "3"], "1", [2, 3, 4]),
        (["1", "2", "1", "3"], "1", [4]),
        (["1", "2"], "2", []),
        (["1!", "2"], "1", [2]),
        (["1", "-1", "2"], "1", [2, 3]),
        (["1", "2a", "3", "4"], "2b", [3, 4]),
        (["1a", "1", "3"], "1a", [2, 3]),
        (["1", "2", "3"], "9", [3]),
        ([], "9", []),
    ],
)
def test_what_was_done_since(done: list[str], had: str, expected: list[int]) -> None:
    found = done_since(records(*done), "dev", release(had) if had else None)
    assert [each.sequence for each in found] == expected


def test_another_stack_does_not_count() -> None:
    assert done_since(records("1", "2"), "dev-bootstrap", None) == ()
    assert applied_release(records("1"), "dev-bootstrap") is None


def test_the_release_is_that_of_the_last_apply_that_succeeded() -> None:
    assert applied_release(records("1", "2", "3!"), "dev") == release("2")
    assert applied_release(records("1!"), "dev") is None
