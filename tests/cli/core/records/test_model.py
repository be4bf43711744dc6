"""Records are typed, strict and versioned; those of version 1 are still read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cli.core.records import BrokenChain, Records
from cli.core.records.chain import Chain
from cli.core.records.model import ANY_RECORD, STACK_RECORD
from cli.core.records.schema import PATH, render
from cli.core.records.upgrade import upgraded
from tests.support.records import APPLY, FREEZE, PROMOTION, RECOVER, THAW, log_data, stack_record

EVERY = (APPLY, RECOVER, PROMOTION, FREEZE, THAW)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
SAME = ("deed", "environment", "stack", "lock", "forgotten", "adopted", "gone")
"""What a recovery has under the same names in version 1."""
ACTIONS = st.lists(st.sampled_from(["create", "update", "delete"]), max_size=2)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """The data of a record of any kind, with values of all sorts in what differs from record to record."""
    data: dict[str, Any] = json.loads(json.dumps(draw(st.sampled_from(EVERY))))
    data["environment"] = draw(TEXTS)
    addresses = draw(st.lists(TEXTS, max_size=3, unique=True))
    match data["kind"]:
        case "apply":
            data["kind"] = draw(st.sampled_from(["apply", "destroy"]))
            data["result"] = draw(st.sampled_from(["succeeded", "failed", "interrupted", "unknown"]))
            data["release"]["values"] = draw(st.dictionaries(TEXTS, TEXTS | st.booleans() | st.none()))
            data["resources"] = {
                address: {
                    "actions": draw(ACTIONS),
                    "seconds": draw(st.integers(0, 99)),
                    "result": draw(st.sampled_from(["done", "failed", "begun"])),
                    "begun": draw(st.sampled_from(["", "create"])),
                    "id": draw(TEXTS),
                }
                for address in addresses
            }
            data["plan"]["changes"] = {
                address: {
                    "kind": draw(st.sampled_from(["create", "replace", "move"])),
                    "construct_path": draw(TEXTS),
                    "attributes": draw(st.lists(TEXTS, max_size=2)),
                    "previous_address": draw(TEXTS),
                }
                for address in addresses
            }
            data["state"]["serial_after"] = draw(st.none() | st.integers(0))
        case "recover":
            data |= {"lock": draw(st.none() | TEXTS), "untainted": addresses, "gone": addresses[:1]}
            data["adopted"] = {address: draw(TEXTS) for address in addresses}
        case "promotion":
            data["kind"] = draw(st.sampled_from(["promotion", "rollback"]))
            data["evidence"] = draw(st.sampled_from([data["evidence"], None]))
            data["overrides"] = [
                {"check": check, "reason": draw(TEXTS), "expires": "2027-03-08T10:00:00Z"}
                for check in draw(st.lists(st.sampled_from(["soak", "unexplained"]), unique=True))
            ]
        case _:
            data["reason"] = draw(TEXTS)
    return data


def as_version_1(data: Mapping[str, Any]) -> dict[str, Any]:
    """What version 1 wrote for the same."""
    old = {"deed": data["kind"], **{name: value for name, value in data.items() if name not in ("version", "kind")}}
    match data["kind"]:
        case "freeze" | "thaw":
            return {**old, "by": data["by"]["git"]}
        case "recover":
            return {
                **{name: old[name] for name in SAME},
                "realm": data["target"],
                "who": data["by"],
                "started": data["at"],
                "finished": data["at"],
                "state_pushed": data["state_pushed"],
                "state_restored": data["state_restored"],
                "result": "succeeded",
                "release": {},
                "plan": {"changes": {}},
                "resources": {},
                "made_from": {"commit": data["commit"], "dirty": data["dirty"]},
                "kept": data["untainted"],
                "may_be_there": data["may_exist"],
                "may_be_there_twice": data["may_exist_twice"],
                "state": {
                    "lineage": data["lineage"],
                    "serial_before": data["serial"],
                    "serial_after": data["serial"],
                },
            }
        case "promotion" | "rollback":
            gates = {name: {"open": check["is_open"], "why": check["text"]} for name, check in data["checks"].items()}
            unexplained = data["unexplained"]
            old |= {"from": old.pop("source"), "realm": old.pop("target"), "gates": gates}
            old["evidence"] = data["evidence"] or {}
            old["residual"] = {
                "id": unexplained["id"],
                "resources": unexplained["changes"],
                "of_sizes": unexplained["explained"],
                "acknowledged": unexplained["acknowledged"],
            }
            old["overrides"] = [
                {"gate": override["check"].replace("unexplained", "residual"), **override}
                for override in data["overrides"]
            ]
            return {name: value for name, value in old.items() if name not in ("checks", "unexplained")}
        case _:
            old |= {"realm": old.pop("target"), "who": old.pop("by")}
            old["resources"] = {
                address: {name: value for name, value in resource.items() if value != ""}
                for address, resource in data["resources"].items()
            }
            return old


@given(records())
def test_a_record_is_read_as_it_was_written(data: dict[str, Any]) -> None:
    record = ANY_RECORD.validate_json(json.dumps(data))
    assert record.model_dump(mode="json") == data
    assert ANY_RECORD.validate_json(json.dumps(upgraded(record.model_dump(mode="json")))) == record


@given(records())
def test_a_record_of_version_1_is_read_as_version_2(data: dict[str, Any]) -> None:
    old = as_version_1(data)
    assert ANY_RECORD.validate_json(json.dumps(upgraded(old))) == ANY_RECORD.validate_json(json.dumps(data))


def test_the_digest_of_a_version_1_file_is_of_what_it_says(tmp_path: Path) -> None:
    old = Chain(tmp_path).append(as_version_1(APPLY))
    found = Records(tmp_path, STACK_RECORD)
    (first,) = found.read()
    assert (first.digest, first.data) == (old.digest, stack_record(1, APPLY).data)
    second = found.append(first.data)
    assert [record.sequence for record in found.read()] == [1, 2]
    assert (second.parents, second.data) == ((old.digest,), first.data)


@pytest.mark.parametrize("commit", ["--output=envs/prod.yaml", "HEAD", "0123456789abcdef\n"])
def test_a_commit_is_the_name_of_one_and_no_option_of_git(tmp_path: Path, commit: str) -> None:
    Chain(tmp_path).append({**APPLY, "made_from": {**APPLY["made_from"], "commit": commit}})
    with pytest.raises(BrokenChain, match="is not a record of version 1 or 2"):
        Records(tmp_path, STACK_RECORD).read()


@pytest.mark.parametrize(
    "change",
    [{"kind": "dance"}, {"version": 3}, {"seconds": "120"}, {"more": 1}, {"result": "perhaps"}, {"by": "Alice"}],
)
def test_anything_else_is_no_record(tmp_path: Path, change: dict[str, Any]) -> None:
    Chain(tmp_path).append({**APPLY, **change})
    with pytest.raises(BrokenChain, match=r"000001-\w+\.json: is not a record of version 1 or 2"):
        Records(tmp_path, STACK_RECORD).read()


def test_records_of_another_environment_are_no_evidence(tmp_path: Path) -> None:
    Chain(tmp_path).append({**APPLY, "environment": "staging"})
    assert len(Records(tmp_path, STACK_RECORD, "staging").read()) == 1
    with pytest.raises(BrokenChain, match=r"000001-\w+\.json: is a record of staging, among those of dev"):
        Records(tmp_path, STACK_RECORD, "dev").read()


def test_a_promotion_is_no_record_of_a_stack(tmp_path: Path) -> None:
    Chain(tmp_path).append(PROMOTION)
    with pytest.raises(BrokenChain, match=r"000001-\w+\.json: is not a record"):
        Records(tmp_path, STACK_RECORD).read()


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(log_data(FREEZE), "environment", "dev")  # noqa: B010  (mypy sees the plain assignment, too)


def test_the_schema_in_the_documents_is_current() -> None:
    assert PATH.read_text() == render(), "infra records schema --write"
