"""What the record of an apply says of each resource, by terraform's events and errors."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from cli.core.operations.apply_record import PENDING, ApplyRecorder
from cli.core.records.model import STACK_RECORD, ResourceResult
from cli.core.records.store import Records
from cli.core.terraform.cli import Applied, Position
from cli.core.terraform.events import Diagnostic
from tests.support.records import APPLY

ROLE = "aws_iam_role.a"
REFUSED = (
    "creating IAM Role (a): operation error IAM: CreateRole, https response error StatusCode: 403, RequestID: 1, "
    "api error AccessDenied: no"
)
THERE = (
    "creating IAM Role (a): operation error IAM: CreateRole, https response error StatusCode: 409, RequestID: 1, "
    "EntityAlreadyExists: Role with name a already exists."
)
BROKEN = (
    "creating IAM Role (a): operation error IAM: CreateRole, exceeded maximum number of attempts, 3, https response "
    "error StatusCode: 503, RequestID: 1, api error ServiceUnavailable: later"
)


def event(kind: str, action: str = "create", **fields: Any) -> dict[str, Any]:
    """An event of terraform about the role."""
    return {"type": kind, "hook": {"resource": {"addr": ROLE}, "action": action, **fields}}


def recorded(directory: Path, *events: dict[str, Any], errors: tuple[Diagnostic, ...]) -> ResourceResult:
    """What the record of an apply with some events and errors says about the role."""
    data = {name: value for name, value in APPLY.items() if name not in ("finished", "seconds", "result", "resources")}
    records = Records(directory, STACK_RECORD)
    recorder = ApplyRecorder(data, directory / PENDING, records, lambda: datetime.datetime.now(datetime.UTC))
    for each in events:
        recorder.note(each)
    record = recorder.end(Applied(1, False, errors, ""), lambda: Position("l1", 2))
    return record.data.resources[ROLE]


@pytest.mark.parametrize(
    "error",
    [
        "Plugin did not respond",
        "Request cancelled",
        "rpc error: code = Unavailable desc = error reading from server: EOF",
        "operation error IAM: CreateRole, https response error StatusCode: 0, RequestID: , request send failed, EOF",
        "context deadline exceeded",
        "waiting for IAM Role (a) create: timeout while waiting for state to become 'OK'",
        f"waiting for IAM Role (a) create: {REFUSED}",
        f"reading IAM Role (a): {REFUSED}",
        f"creating IAM Role (a): exceeded maximum number of attempts, 25, {REFUSED}",
        THERE,
        BROKEN,
    ],
)
@pytest.mark.parametrize("address", [ROLE, ""])
def test_an_action_whose_end_nobody_knows_is_begun(tmp_path: Path, error: str, address: str) -> None:
    errors = (Diagnostic("error", error, "", address),)
    role = recorded(tmp_path, event("apply_start"), event("apply_errored", elapsed_seconds=3), errors=errors)
    assert role == ResourceResult(actions=(), seconds=3, result="begun", begun="create")


def test_an_action_that_failed_without_any_reason_is_begun(tmp_path: Path) -> None:
    assert recorded(tmp_path, event("apply_start"), event("apply_errored"), errors=()).begun == "create"


def test_an_action_that_aws_has_refused_is_not_begun(tmp_path: Path) -> None:
    errors = (Diagnostic("error", "refused", REFUSED, ROLE),)
    role = recorded(tmp_path, event("apply_start"), event("apply_errored"), errors=errors)
    assert role == ResourceResult(actions=(), result="failed")


def test_the_refusal_of_another_resource_says_nothing_of_this_one(tmp_path: Path) -> None:
    errors = (Diagnostic("error", "refused", REFUSED, "aws_iam_role.b"),)
    assert recorded(tmp_path, event("apply_start"), event("apply_errored"), errors=errors).begun == "create"


def test_a_deletion_that_aws_refuses_has_deleted_nothing(tmp_path: Path) -> None:
    errors = (Diagnostic("error", "refused", REFUSED, ROLE),)
    events = (event("apply_start", "delete"), event("apply_errored", "delete"))
    assert recorded(tmp_path, *events, errors=errors) == ResourceResult(actions=(), result="failed")


def test_a_replacement_whose_creation_is_open_was_deleted(tmp_path: Path) -> None:
    events = (
        event("apply_start", "delete"),
        event("apply_complete", "delete"),
        event("apply_start"),
        event("apply_errored"),
    )
    role = recorded(tmp_path, *events, errors=(Diagnostic("error", "Request cancelled", "", ROLE),))
    assert role == ResourceResult(actions=("delete",), result="begun", begun="create")
