"""`infra doctor`: what is installed and what is missing."""

from __future__ import annotations

import os

import click
from rich.text import Text

from cli.core.base.errors import ExitCode
from cli.core.doctor import State, diagnose
from cli.ui.app import Application, pass_application
from cli.ui.options import json_flag
from cli.ui.tables import table

_STYLES = {State.OK: "green", State.MISSING: "yellow", State.BROKEN: "red"}


@click.command()
@json_flag
@pass_application
def command(application: Application) -> int:
    """Show what is installed and what is missing.

    Each missing part comes with how to get it. Nothing is asked over the network. Exit code 7 if synthesis lacks a
    part.

    \b
    Examples:
      infra doctor
      infra doctor --json
    """
    requirements = diagnose(os.environ)
    rows: list[list[str | Text]] = [
        [
            requirement.name,
            Text(requirement.seen.state, _STYLES[requirement.seen.state]),
            requirement.seen.found,
            requirement.needed_for,
        ]
        for requirement in requirements
    ]
    remedies = [
        f"\n{requirement.name}: {requirement.seen.remedy}" for requirement in requirements if requirement.seen.remedy
    ]
    application.show(
        [requirement._asdict() | {"seen": requirement.seen._asdict()} for requirement in requirements],
        "\n".join([table(["", "", "found", "needed for"], rows), *remedies]),
    )
    is_broken = any(requirement.required and requirement.seen.state is not State.OK for requirement in requirements)
    return ExitCode.MISSING if is_broken else ExitCode.OK
