"""What an apply that was cut off left behind, from the records alone."""

from __future__ import annotations

from typing import Any

from cli.core.operations.interrupted_apply import InterruptedApply, awaited, half_made, recorded, unrecorded
from cli.core.records import Record
from cli.core.records.model import StackRecord
from cli.core.terraform.cli import Position
from tests.support.records import APPLY, RECOVER, stack_record

ROLE, POOL, TABLE = "aws_iam_role.a", "aws_cognito_user_pool.b", "aws_dynamodb_table.c"
MADE = {"actions": ["create"], "result": "done", "id": "1"}
BEGUN = {"actions": [], "result": "begun", "begun": "create"}
BEGUN_AFTER = {"begun": "create"}


def records(*data: dict[str, Any]) -> list[Record[StackRecord]]:
    """Records of the stack dev."""
    return [stack_record(at, RECOVER if "adopted" in each else APPLY, **each) for at, each in enumerate(data, start=1)]


def apply(result: str, kind: str = "create", **resources: Any) -> dict[str, Any]:
    """An apply, with what it was to do, and what it did to resources by the names above."""
    found = {{"role": ROLE, "pool": POOL, "table": TABLE}[name]: each for name, each in resources.items()}
    plan = {**APPLY["plan"], "changes": {address: {"kind": kind} for address in found}}
    return {"result": result, "resources": found, "plan": plan}


def recover(**adopted: str) -> dict[str, Any]:
    """A recovery, with what it left to be imported."""
    return {"adopted": {ROLE: adopted["role"]}}


def test_after_an_apply_that_succeeded_nothing_is_left() -> None:
    assert unrecorded([], "dev") is None
    assert unrecorded(records(apply("failed", role=MADE), apply("succeeded", pool=MADE)), "dev") is None


def test_what_was_made_and_what_was_begun_since() -> None:
    found = records(apply("succeeded", table=MADE), apply("unknown", role=MADE), apply("failed", pool=BEGUN))
    assert unrecorded(found, "dev") == InterruptedApply(None, None, {ROLE: "1"}, frozenset({POOL}), {})
    assert unrecorded(found, "dev-bootstrap") is None


def test_a_pause_that_was_cut_off_leaves_nothing_in_aws() -> None:
    plan = {**APPLY["plan"], "changes": {"terraform_data.pause": {"kind": "create"}}}
    found = records({"result": "unknown", "resources": {"terraform_data.pause": BEGUN}, "plan": plan})
    assert not unrecorded(found, "dev")


def test_what_went_again_and_what_ended_later_is_not_left() -> None:
    gone = {"actions": ["delete"], "result": "done"}
    found = records(apply("failed", role=MADE, pool=BEGUN), apply("failed", role=gone, pool=MADE))
    assert unrecorded(found, "dev") == InterruptedApply(None, None, {POOL: "1"}, frozenset(), {})


def test_a_second_interrupted_apply_is_awaited_again() -> None:
    found = records(apply("failed", role=BEGUN), recover(role="name"))
    assert unrecorded(found, "dev") is None
    assert awaited(found, "dev") == {ROLE: "name"}
    found = records(apply("failed", role=BEGUN), recover(role="name"), apply("failed", pool=BEGUN))
    assert unrecorded(found, "dev") == InterruptedApply(None, None, {}, frozenset({POOL}), {ROLE: "name"})
    assert awaited(found, "dev") == {}


def test_what_is_in_the_state_is_not_left() -> None:
    found = InterruptedApply(made={ROLE: "2", TABLE: "3"}, begun=frozenset({POOL}), adopted={ROLE: "1"})
    assert found.beside(Position("", 1, {TABLE: "3", POOL: "4"})) == InterruptedApply(
        made={ROLE: "2"}, adopted={ROLE: "1"}
    )
    assert not found.beside(Position("", 1, {ROLE: "2", TABLE: "3", POOL: "4"}))


def test_the_state_may_know_what_was_deleted_to_be_replaced() -> None:
    deleted = {"actions": ["delete"], "result": "done"}
    cut = apply("unknown", "replace", role={**MADE, "actions": ["delete", "create"]}, pool={**deleted, **BEGUN_AFTER})
    left = unrecorded(records(cut), "dev")
    assert left is not None
    assert (left.made, left.begun, left.deleted) == ({ROLE: "1"}, frozenset({POOL}), frozenset({ROLE, POOL}))
    assert left.beside(Position("", 1, {ROLE: "0", POOL: "0"})) == left
    assert left.beside(Position("", 1, {ROLE: "1"})).made == {}


def test_what_is_made_before_the_old_one_goes_may_be_there_twice() -> None:
    left = unrecorded(records(apply("unknown", "replace", role=MADE, pool=BEGUN)), "dev")
    assert left is not None
    assert (left.begun, left.deleted, left.second) == (frozenset({POOL}), frozenset(), frozenset({ROLE, POOL}))
    assert left.beside(Position("", 1, {ROLE: "0", POOL: "0"})) == left


def test_half_created_are_stateful_and_create_before_destroy_resources() -> None:
    tainted = frozenset({ROLE, TABLE, POOL, "aws_subnet.d"})
    assert half_made(Position("", 1, {}, tainted, frozenset({"aws_subnet.d"}))) == {TABLE, POOL, "aws_subnet.d"}


def test_what_is_there_anyway_is_not_left() -> None:
    found = records({**apply("unknown"), "resources": {"aws_default_security_group.a": BEGUN}})
    assert not unrecorded(found, "dev")


def test_what_holds_data_is_named_first() -> None:
    left = InterruptedApply(None, None, {ROLE: "role", TABLE: "table"}, frozenset({POOL}))
    assert left.without({TABLE}).made == {ROLE: "role"}
    assert left.text("dev", ("infra recover dev", "infra plan dev")).splitlines() == [
        "an apply of dev was cut off:",
        "  made, and not in the state:",
        f"    {TABLE} (table)",
        f"    {ROLE} (role)",
        "  may exist in AWS, and not in the state:",
        f"    {POOL}",
        "infra recover dev puts the state in order; then infra plan dev goes on",
    ]


def test_of_a_state_that_was_lost_the_records_have_all() -> None:
    gone = {"actions": ["delete"], "result": "done"}
    found = records(
        apply("succeeded", role={**MADE, "id": "old"}),
        {**apply("succeeded", role=gone), "kind": "destroy"},
        apply("succeeded", role=MADE, table=MADE),
        recover(role="adopted"),
        apply("succeeded", table=gone),
        apply("succeeded", "import", pool={"actions": []}),
    )
    left = recorded(found, "dev")
    assert left == InterruptedApply(None, None, {ROLE: "1"}, frozenset({POOL}), {ROLE: "adopted"})
    assert unrecorded(found, "dev") is None


def test_what_has_moved_is_known_by_its_new_address() -> None:
    moved = {"kind": "move", "previous_address": ROLE}
    later = {"result": "succeeded", "resources": {}, "plan": {**APPLY["plan"], "changes": {POOL: moved}}}
    assert recorded(records(apply("succeeded", role=MADE), later), "dev").made == {POOL: "1"}
