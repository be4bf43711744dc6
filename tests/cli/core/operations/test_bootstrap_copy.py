"""The state of a bootstrap stack and its copy: each run begins with the newer one, and none is written over another."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.operations import bootstrap_copy as module
from cli.core.operations.bootstrap_copy import OtherState, fetch_state, hold_state, keep_state, missing_state
from cli.core.operations.refusals import StateLost
from cli.core.records.model import Operator
from cli.core.terraform.failures import StateLocked
from envs.load import load
from tests.support.records import APPLY, stack_record

STACK = "dev-bootstrap"
BOB = Operator(user="bob", host="elsewhere", git="Bob")


def state(serial: int, lineage: str = "one") -> bytes:
    """All that is read of a state. It is readable in one that OpenTofu has encrypted too (its `EncryptState`)."""
    return json.dumps({"lineage": lineage, "serial": serial}).encode()


@dataclass
class Bucket:
    """The part of S3 that is asked."""

    content: bytes | None = None
    version: int = 0
    is_there: bool = True
    error: str = ""
    keys: list[str] = field(default_factory=list)
    holder: bytes | None = None

    def refuse(self, code: str, operation: str) -> ClientError:
        return ClientError({"Error": {"Code": code, "Message": code}}, operation)

    def get_object(self, *, Bucket: str, Key: str, ExpectedBucketOwner: str) -> dict[str, Any]:  # noqa: N803
        if Key.endswith(".apply"):
            if self.holder is None:
                raise self.refuse("NoSuchKey", "GetObject")
            return {"Body": io.BytesIO(self.holder)}
        self.keys.append(f"{ExpectedBucketOwner} {Bucket} {Key}")
        code = self.error or ("" if self.is_there else "NoSuchBucket") or ("" if self.content else "NoSuchKey")
        if code or self.content is None:
            raise self.refuse(code, "GetObject")
        return {"Body": io.BytesIO(self.content), "ETag": f'"{self.version}"'}

    def delete_object(self, *, Key: str, **_: str) -> None:  # noqa: N803
        assert Key == "dev-bootstrap/terraform.tfstate.apply"
        self.holder = None

    def put_object(self, *, Body: bytes, Key: str, **arguments: str) -> None:  # noqa: N803
        if Key.endswith(".apply"):
            if self.holder is not None:
                raise self.refuse("PreconditionFailed", "PutObject")
            self.holder = Body
            return
        expected = {"IfMatch": f'"{self.version}"'} if self.content else {"IfNoneMatch": "*"}
        if not expected.items() <= arguments.items():
            raise self.refuse("PreconditionFailed", "PutObject")
        self.content, self.version = Body, self.version + 1


class Here(SimpleNamespace):
    """The workspace of the stack on one machine."""

    @property
    def file(self) -> Path:
        return Path(self.directory, "terraform.tfstate")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """The bucket of states, which every machine has."""
    found = Bucket()
    account = SimpleNamespace(settings=load("dev"), client=lambda _service: found)
    monkeypatch.setattr(module, "open_account", lambda *_: account)
    return found


@pytest.fixture
def here(tmp_path: Path) -> Any:
    """This machine, on which nothing was done."""
    return machine(tmp_path / "here")


def machine(directory: Path, *records: Any) -> Any:
    directory.mkdir()
    return Here(
        settings=load("dev"),
        environment="dev",
        stack=STACK,
        target=Target.AWS,
        directory=directory,
        state_directory=directory,
        records=SimpleNamespace(read=lambda: records),
        progress=ProgressReporter(),
    )


def test_another_machine_goes_on_where_this_one_ended(bucket: Bucket, here: Any, tmp_path: Path) -> None:
    there = machine(tmp_path / "there")
    here.file.write_bytes(state(3))
    keep_state(here)
    fetch_state(there)
    assert there.file.read_bytes() == state(3)
    assert there.file.stat().st_mode & 0o077 == 0
    there.file.write_bytes(state(4))
    keep_state(there)
    fetch_state(here)
    assert here.file.read_bytes() == state(4)
    assert set(bucket.keys) == {f"111111111111 {load('dev').state_bucket} dev-bootstrap/terraform.tfstate"}


def test_an_apply_that_put_no_state_there_keeps_other_machines_away(
    bucket: Bucket, here: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = machine(tmp_path / "there")
    here.file.write_bytes(state(3))
    there.file.write_bytes(state(2))
    hold_state(here)
    hold_state(here)  # the same machine goes on
    with monkeypatch.context() as patch:
        patch.setattr(module, "operator", lambda: BOB)
        keep_state(there)  # a run without changes
        with pytest.raises(StateLocked, match=r"has begun an apply on .*, and its state is not in the bucket yet"):
            hold_state(there)
    keep_state(here)
    with monkeypatch.context() as patch:
        patch.setattr(module, "operator", lambda: BOB)
        fetch_state(there)
        hold_state(there)
    assert there.file.read_bytes() == state(3)
    with pytest.raises(StateLocked, match="Bob has begun an apply on elsewhere"):
        hold_state(here)


def test_the_newer_one_of_the_two_stays(bucket: Bucket, here: Any) -> None:
    bucket.content = state(3)
    here.file.write_bytes(state(4))
    fetch_state(here)
    assert here.file.read_bytes() == state(4), "of a run that was killed before it put a copy there"
    keep_state(here)
    assert bucket.content == state(4)


def test_before_the_first_run_there_is_neither_state_nor_bucket(bucket: Bucket, here: Any) -> None:
    bucket.is_there = False
    fetch_state(here)
    hold_state(here)
    keep_state(here)
    assert not here.file.exists()
    here.file.write_bytes(state(1))
    keep_state(here)
    assert bucket.content is None, "an apply that failed before it made the bucket"


def test_a_bucket_without_a_copy_is_of_a_run_elsewhere(bucket: Bucket, here: Any, tmp_path: Path) -> None:
    with pytest.raises(StateLost, match="so infra bootstrap dev ran somewhere"):
        fetch_state(here)
    known = machine(tmp_path / "known", stack_record(1, APPLY, stack=STACK))
    fetch_state(known)
    assert not known.file.exists(), "infra recover knows more of it"


@pytest.mark.parametrize("lineage", ["one", "other"])
def test_two_states_are_never_written_over_each_other(bucket: Bucket, here: Any, lineage: str) -> None:
    bucket.content = theirs = state(5, lineage)
    here.file.write_bytes(state(5))
    here.file.write_bytes(state(5) + b" ")  # another one of the same serial
    with pytest.raises(OtherState):
        keep_state(here)
    if lineage == "other":
        with pytest.raises(OtherState, match=r"has two states: .* of another lineage \(other\)"):
            fetch_state(here)
    assert (here.file.read_bytes(), bucket.content) == (state(5) + b" ", theirs)


def test_of_two_runs_at_once_the_second_is_told(bucket: Bucket, here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    here.file.write_bytes(state(5))
    seen = module.StateCopy(True, state(4), '"0"')
    monkeypatch.setattr(module, "copy_of", lambda *_: seen)
    bucket.content, bucket.version = state(6), 1
    with pytest.raises(OtherState, match="somebody else has changed it meanwhile"):
        keep_state(here)
    assert bucket.content == state(6)


def test_a_state_that_was_cut_off_is_left_to_recover(bucket: Bucket, here: Any) -> None:
    bucket.content = state(5)
    here.file.write_bytes(b"")
    fetch_state(here)
    assert here.file.read_bytes() == b""


@pytest.mark.parametrize(
    ("content", "error", "why"),
    [
        (None, "", "and there is no copy in its bucket"),
        (None, "AccessDenied", "and the copy in its bucket cannot be read: AWS refused a request"),
        (state(1), "", ""),
    ],
)
def test_drift_says_why_there_is_no_state(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, error: str, why: str
) -> None:
    monkeypatch.setattr(module, "bootstrap_state", lambda *_: tmp_path / "terraform.tfstate")
    bucket.content, bucket.error = content, error
    found = missing_state("dev", Target.AWS, ProgressReporter())
    assert found.startswith("infra bootstrap dev did not run on this machine" if why else "")
    assert why in found
    assert bool(found) == bool(why)
