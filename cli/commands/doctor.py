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
    findings = diagnose(os.environ)
    rows: list[list[str | Text]] = [
        [finding.name, Text(finding.seen.state, _STYLES[finding.seen.state]), finding.seen.found, finding.needed_for]
        for finding in findings
    ]
    remedies = [f"\n{finding.name}: {finding.seen.remedy}" for finding in findings if finding.seen.remedy]
    application.show(
        [finding._asdict() | {"seen": finding.seen._asdict()} for finding in findings],
        "\n".join([table(["", "", "found", "needed for"], rows), *remedies]),
    )
    is_broken = any(finding.required and finding.seen.state is not State.OK for finding in findings)
    return ExitCode.MISSING if is_broken else ExitCode.OK
