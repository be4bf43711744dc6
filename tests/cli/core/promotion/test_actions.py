"""What several applies did, as one: whatever terraform did to a resource, told in parts or at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.core.plans.model import Kind
from cli.core.promotion.actions import ResourceAction, ResourceActions, composed, of_record, undone
from cli.core.records import Record
from cli.core.records.model import ApplyRecord
from tests.support.records import APPLY, applied

BEGINS, ENDS = (Kind.CREATE, Kind.IMPORT), (Kind.DESTROY, Kind.FORGET)
ATTRIBUTES = st.frozensets(st.sampled_from(["ami", "tags", "user_data"]), min_size=1)
ADDRESSES = ["aws_a.x", "aws_a.y", "aws_a.z"]


def action(kind: Kind, *attributes: str, came_from: str = "") -> ResourceAction:
    """An action as a record has it."""
    known = kind in (Kind.UPDATE, Kind.REPLACE, Kind.MOVE)
    return ResourceAction(kind, "part/x", frozenset(attributes) if known else None, came_from)


def one(*actions: ResourceAction) -> str:
    """What actions on the same resource come to, as it is shown."""
    return str(composed([{"aws_a.x": each} for each in actions]).get("aws_a.x", "nothing"))


CREATE, DESTROY = action(Kind.CREATE), action(Kind.DESTROY)
UPDATE, REPLACE = action(Kind.UPDATE, "ami"), action(Kind.REPLACE, "ami")


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ((CREATE, UPDATE), "create"),
        ((CREATE, REPLACE), "create"),
        ((CREATE, DESTROY), "nothing"),
        ((CREATE, action(Kind.FORGET)), "nothing"),
        ((CREATE, CREATE), "create"),
        ((UPDATE, action(Kind.UPDATE, "tags")), "update: ami, tags"),
        ((UPDATE, action(Kind.REPLACE, "tags")), "replace: ami, tags"),
        ((REPLACE, action(Kind.UPDATE, "tags")), "replace: ami, tags"),
        ((UPDATE, DESTROY), "destroy"),
        ((UPDATE, action(Kind.FORGET)), "forget"),
        ((REPLACE, action(Kind.FORGET)), "destroy"),
        ((DESTROY, CREATE), "replace"),
        ((DESTROY, CREATE, UPDATE), "replace"),
        ((UPDATE, DESTROY, CREATE), "replace"),
        ((CREATE, DESTROY, CREATE), "create"),
        ((action(Kind.IMPORT), UPDATE), "import"),
        ((action(Kind.IMPORT), REPLACE), "create"),
    ],
)
def test_two_actions_on_a_resource_are_one(actions: tuple[ResourceAction, ...], expected: str) -> None:
    assert one(*actions) == expected


def test_a_resource_goes_by_its_last_address() -> None:
    move = {"aws_a.y": action(Kind.MOVE, came_from="aws_a.x")}
    assert composed([{"aws_a.x": CREATE}, move]) == {"aws_a.y": CREATE}
    both = composed([{"aws_a.x": UPDATE}, move])
    assert {address: str(each) for address, each in both.items()} == {"aws_a.y": "update: ami (was aws_a.x)"}
    assert composed([move, {"aws_a.x": action(Kind.MOVE, came_from="aws_a.y")}]) == {}


@st.composite
def histories(draw: st.DrawFn) -> list[ResourceActions]:
    """What terraform may do to a few resources, apply by apply: nothing is created twice or goes before it is there.

    A resource is moved or imported only to where none ever was, and moved only from where no other one was before;
    where one was forgotten none comes.
    """
    there = set(draw(st.sets(st.sampled_from(ADDRESSES))))
    used, used_again, forgotten = set(there), set[str](), set[str]()
    done: list[ResourceActions] = []
    for _ in range(draw(st.integers(0, 6))):
        actions: dict[str, ResourceAction] = {}
        was = set(there)
        for address in ADDRESSES:
            free = [each for each in ADDRESSES if each in was & there - used_again and each not in actions]
            kinds = (Kind.UPDATE, Kind.REPLACE, *ENDS) if address in was else (Kind.CREATE, Kind.MOVE, Kind.IMPORT)
            kind = draw(st.sampled_from([None, *kinds]))
            is_moved_away = address in was and address not in there
            if kind is None or address in forgotten or is_moved_away or (kind is Kind.MOVE and not free):
                continue
            if kind in (Kind.MOVE, Kind.IMPORT) and address in used:
                continue
            origin = draw(st.sampled_from(free)) if kind is Kind.MOVE else ""
            if origin and draw(st.booleans()):
                kind = Kind.UPDATE
            changed = draw(ATTRIBUTES) if kind in (Kind.UPDATE, Kind.REPLACE) else frozenset[str]()
            actions[address] = action(kind, *changed, came_from=origin)
            there -= {origin}
            there = there - {address} if kind in ENDS else there | {address}
            used_again |= {address} & used if kind is Kind.CREATE else set()
            used |= {address}
            forgotten |= {address} if kind is Kind.FORGET else set()
        done.append(actions)
    return done


@given(histories(), st.integers(0, 6), st.integers(0, 6))
def test_the_composition_is_associative(history: list[ResourceActions], one: int, other: int) -> None:
    first, second = sorted((one, other))
    parts = history[:first], history[first:second], history[second:]
    a, b, c = map(composed, parts)
    assert composed([composed([a, b]), c]) == composed([a, composed([b, c])]) == composed(history)


@given(histories())
def test_nothing_is_the_identity(history: list[ResourceActions]) -> None:
    done = composed(history)
    assert composed([{}, done]) == composed([done, {}]) == done
    assert composed([]) == {}


@given(histories())
def test_what_is_undone_twice_is_done(history: list[ResourceActions]) -> None:
    for each in history:
        kept = {address: one for address, one in each.items() if one.kind not in ENDS or not one.came_from}
        assert undone(undone(kept)) == kept


def test_undone_is_the_way_back() -> None:
    done = {
        "aws_a.x": CREATE,
        "aws_a.y": DESTROY,
        "aws_a.z": UPDATE,
        "aws_b.x": action(Kind.MOVE, came_from="aws_b.y"),
    }
    assert {address: str(each) for address, each in undone(done).items()} == {
        "aws_a.x": "destroy",
        "aws_a.y": "create",
        "aws_a.z": "update: ami",
        "aws_b.y": "move (was aws_b.x)",
    }


def record(result: str, changes: Mapping[str, Any], *tried: str) -> Record[ApplyRecord]:
    """A record of an apply."""
    resources = {address: {"actions": ["create"]} for address in tried}
    return applied(result=result, plan={**APPLY["plan"], "changes": changes}, resources=resources)


def test_of_an_apply_that_failed_counts_what_it_tried() -> None:
    changes = {
        "aws_a.x": {"kind": "create", "construct_path": "x", "attributes": ["name"]},
        "aws_a.y": {"kind": "create", "construct_path": "y", "attributes": ["name"]},
        "aws_a.z": {"kind": "move", "construct_path": "z", "attributes": [], "previous_address": "aws_a.q"},
    }
    assert of_record(record("succeeded", changes)).keys() == changes.keys()
    assert of_record(record("unknown", changes)).keys() == changes.keys()
    failed = of_record(record("failed", changes, "aws_a.x"))
    assert failed == {
        "aws_a.x": ResourceAction(Kind.CREATE, "x", None),
        "aws_a.z": ResourceAction(Kind.MOVE, "z", frozenset(), "aws_a.q"),
    }
