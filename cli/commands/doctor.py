"""`infra doctor`: what is installed and what is missing, here and in an environment's account."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click
from rich.text import Text

from cli.core.base.errors import ExitCode
from cli.core.base.target import Target
from cli.core.doctor import State, diagnose
from cli.ui.app import Application, pass_application
from cli.ui.options import complete_environments, json_flag, sandbox_option
from cli.ui.tables import table

_STYLES = {State.OK: "green", State.MISSING: "yellow", State.BROKEN: "red"}
_STATE_STYLES = {"ok": "green", "missing": "yellow"}


@click.command()
@click.argument("environment", metavar="[ENV]", required=False, shell_complete=complete_environments)
@sandbox_option("Ask the sandbox of ENV instead of AWS.")
@json_flag
@pass_application
def command(application: Application, environment: str | None, target: Target) -> int:
    """Show what is installed, or what an account lacks for an apply.

    Without ENV: the parts of the toolkit. Nothing is asked over the network. Exit code 7 if synthesis lacks a part.

    With ENV: the preconditions of an apply, asked of the account of the environment, which is only read: account, state
    bucket, secrets, artifacts, delegation, zones, quotas and more. Each is ok, missing, not allowed to ask, or not
    known. Values of secrets are never shown. Exit code 7 if an apply could not succeed.

    \b
    Examples:
      infra doctor
      infra doctor dev
      infra doctor dev --sandbox --json
    """
    if environment is None:
        if target is Target.SANDBOX:
            raise click.UsageError("--sandbox needs an environment, such as: infra doctor dev --sandbox")
        return _show_parts(application)
    return _show_preconditions(application, environment, target)


def _show_parts(application: Application) -> int:
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


def _show_preconditions(application: Application, environment: str, target: Target) -> int:
    from cli.core.operations import preconditions  # 0.5 s: boto3, which `infra doctor` alone does without

    results = preconditions.examine(environment, target, application.progress)
    is_fatal = preconditions.is_fatal(results)
    rows: list[Sequence[str | Text]] = [
        [result.name, Text(result.state, _style(result.state, is_fatal=result.is_fatal)), result.found]
        for result in results
    ]
    explained = [
        f"\n{result.name}{_weight(result.is_fatal)}\n  why    {result.why}\n"
        f"  to do  {preconditions.indented(result.remedy, 9)}"
        for result in results
        if result.remedy
    ]
    application.show(
        {
            "environment": environment,
            "target": target,
            "fatal": is_fatal,
            "preconditions": [preconditions.as_data(result) for result in results],
        },
        "\n".join([table(["", "", "found"], rows), *explained]),
    )
    return ExitCode.MISSING if is_fatal else ExitCode.OK


def _weight(is_fatal: bool) -> str:
    return ", without which an apply fails" if is_fatal else ""


def _style(state: str, *, is_fatal: bool) -> str:
    return "red" if is_fatal else _STATE_STYLES.get(state, "dim")
