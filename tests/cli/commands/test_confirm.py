"""Whoever changes production types its name."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from cli.core.base.errors import ExitCode
from cli.core.operations.apply import is_production
from cli.core.operations.refusals import NotConfirmed
from cli.ui.app import Application
from envs.load import load


def asked(typed: str, *, yes: bool = False) -> BaseException | None:
    """What comes of it when the operator types something."""
    command = click.Command("apply", callback=lambda: Application().confirm("prod", "3 to create.", yes=yes))
    return CliRunner().invoke(command, [], input=typed).exception


def test_the_name_confirms_and_nothing_else_does() -> None:
    assert asked("prod\n") is None
    assert asked("", yes=True) is None
    for typed in ("yes\n", "PROD\n", "\n", "dev\n"):
        assert isinstance(asked(typed), NotConfirmed)


def test_nobody_at_the_terminal_is_a_refusal() -> None:
    error = asked("")
    assert isinstance(error, NotConfirmed)
    assert "use --yes in CI" in str(error)
    assert (error.kind, error.exit_code) == ("not-confirmed", ExitCode.REFUSED)


@pytest.mark.parametrize(("environment", "asks"), [("dev", False), ("staging", True), ("prod", True)])
def test_production_and_what_is_protected_asks(environment: str, asks: bool) -> None:
    assert is_production(load(environment)) is asks


def test_the_end_of_the_chain_asks_even_without_protection() -> None:
    assert is_production(load("prod").model_copy(update={"stateful_protection": False}))
