"""The record of a run that was killed is written before records are published."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.operations import recover
from cli.core.operations.apply_record import UnfinishedApply
from cli.core.records.model import Operator
from cli.core.workspace.options import Options

BY = Operator(user="ann", host="https://github.com/o/r/actions/runs/1/attempts/1", git="")


@pytest.mark.parametrize("stacks", [(), ("dev",), ("dev-bootstrap", "dev")])
def test_each_unfinished_apply_on_aws_gets_its_record(monkeypatch: pytest.MonkeyPatch, stacks: tuple[str, ...]) -> None:
    finished = []

    def unfinished(environment: str, target: Target) -> tuple[UnfinishedApply, ...]:
        assert (environment, target) == ("dev", Target.AWS)
        return tuple(UnfinishedApply("apply", stack, BY, datetime.datetime.now(datetime.UTC)) for stack in stacks)

    @contextlib.contextmanager
    def open_stack(name: str, options: Options, _progress: Any, *, is_bootstrap: bool) -> Iterator[Any]:
        assert options.target is Target.AWS
        yield SimpleNamespace(workspace=f"{name}-bootstrap" if is_bootstrap else name)

    def finish_pending(workspace: Any, _note: Callable[[str], None]) -> None:
        finished.append(workspace)

    monkeypatch.setattr(recover, "unfinished_applies", unfinished)
    monkeypatch.setattr(recover, "open_stack", open_stack)
    monkeypatch.setattr(recover, "finish_pending", finish_pending)
    recover.record_unfinished("dev", ProgressReporter())
    assert finished == list(stacks)
