"""What `infra new` says where the system refuses to write."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from cli.commands import new
from cli.core.base.errors import InfraError
from cli.core.new.refusals import NotWritten
from cli.ui.app import Application


@pytest.mark.parametrize("reason", ["No space left on device", "Permission denied"])
def test_a_refusal_to_write_says_that_nothing_was_written(reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(1, reason, "envs/dev.yaml")

    monkeypatch.setattr(new, "new_topic", refuse)
    error = CliRunner().invoke(new.command, ["topic", "orders"], obj=Application()).exception
    assert isinstance(error, InfraError)
    assert (str(error), error.kind, error.exit_code) == (
        f"envs/dev.yaml: {reason}; nothing was written",
        NotWritten.kind,
        1,
    )
