"""The command line itself: help, versions, exit codes, pipes."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.core.base.errors import ExitCode, InfraError
from cli.main import COMMANDS, LazyGroup, toolkit
from envs.errors import Problem, SettingsError
from modules.runtime.bindings import BindingsError
from modules.runtime.errors import ConstructError
from tests.support.helpers import ROOT, infra, infra_command, infra_environment
from tests.support.programs import run_program


def commands(group: click.Group, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command's name, subcommands included."""
    found: list[tuple[str, ...]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append((*prefix, name))
        if isinstance(command, click.Group):
            found += commands(command, (*prefix, name))
    return found


def test_every_command_file_is_a_command() -> None:
    files = {path.stem for path in (ROOT / "cli" / "commands").glob("*.py")} - {"__init__"}
    assert set(COMMANDS) == files


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_is_the_first_line_of_the_help(name: str) -> None:
    command = toolkit.get_command(click.Context(toolkit), name)
    assert command is not None
    assert (command.help or "").splitlines()[0] == COMMANDS[name]


GROUPS = {("artifact",), ("debug",), ("env",), ("new",), ("records",), ("release",), ("sandbox",)}
"""What only has commands: the examples are with those."""


@pytest.mark.parametrize("name", [name for name in commands(toolkit) if name not in GROUPS], ids=" ".join)
def test_each_command_has_json_and_an_example(name: tuple[str, ...]) -> None:
    command: click.Command = toolkit
    for part in name:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), part)
        assert found is not None
        command = found
    text = command.get_help(click.Context(command))
    assert re.search(rf"Examples?:\n +infra {' '.join(name)}", text)
    assert "--json" in text


def test_help_lists_the_commands_and_the_exit_codes() -> None:
    output = CliRunner().invoke(toolkit, ["--help"], terminal_width=80).output
    for name, summary in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(summary)}$", output, re.MULTILINE)
    for code in ExitCode:
        assert f"{int(code):>3}  {code.meaning}" in output


def test_exit_codes_are_documented() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    assert re.findall(r"^\| (\d+) \| (.+) \|$", text, re.MULTILINE) == [
        (str(int(code)), code.meaning) for code in ExitCode
    ]


def test_help_loads_nothing_heavy() -> None:
    """Not even the commands themselves."""
    code = "import sys, cli.main; cli.main.toolkit(['--help'], standalone_mode=False)"
    code = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); {code}"
    done = run_program([sys.executable, "-c", code], cwd=ROOT, env=infra_environment())
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "click" in loaded
    assert loaded.isdisjoint({"boto3", "cdktf", "checkov", "hypothesis", "jsii", "moto", "pydantic", "ruamel", "rich"})
    assert not [name for name in done.stderr.split() if name.startswith("cli.commands.")]


def test_version_names_what_decides_the_output() -> None:
    output = CliRunner().invoke(toolkit, ["--version"]).output
    assert re.fullmatch(
        r"infra \d+\.\d+\.\d+ \(cdktf 0\.21\.0, cdktf-cdktf-provider-aws 21\.22\.1, checkov 3\.3\.30\)\n", output
    )


@pytest.mark.parametrize(
    "arguments", [["--nope"], ["nope"], ["synth", "--nope"], ["env", "show"], ["env", "nope"]], ids=" ".join
)
def test_a_command_line_that_is_not_understood(arguments: list[str]) -> None:
    result = CliRunner().invoke(toolkit, arguments)
    assert result.exit_code == 64
    assert "Error: " in result.output


def test_a_mistyped_command_is_suggested() -> None:
    assert "Did you mean 'synth'?" in CliRunner().invoke(toolkit, ["synht"]).output
    assert "Did you mean 'list'?" in CliRunner().invoke(toolkit, ["env", "lst"]).output


def test_no_arguments_show_the_help() -> None:
    result = CliRunner().invoke(toolkit, [])
    assert "Usage: infra" in result.output.replace("toolkit", "infra")
    assert result.exit_code == 64


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (InfraError("it broke"), 1, "infra: it broke\n"),
        (OSError(28, "No space left on device", "/x"), 1, "infra: /x: No space left on device\n"),
        (KeyboardInterrupt(), 130, "\ninfra: interrupted\n"),
        (BindingsError("no Node"), 7, "infra: no Node\n"),
        (
            ConstructError(
                "cidr_block is 5, allowed: str",
                construct_path="dev/network/vpc",
                argument="cidr_block",
                received="5",
                allowed="str",
                source_file="modules/network/vpc.py",
                source_line=7,
                source_text="Vpc(self)",
            ),
            6,
            "infra: dev/network/vpc: cidr_block is 5, allowed: str\n  modules/network/vpc.py:7: Vpc(self)\n",
        ),
        (
            SettingsError([Problem("envs/dev.yaml", 3, 5, "network.replicas", "0", "1 to 126")]),
            5,
            "infra: envs/dev.yaml:3:5: network.replicas: received 0; allowed: 1 to 126\n",
        ),
        (
            SyntaxError("invalid syntax", ("modules/a.py", 3, 5, "    def\n")),
            1,
            "infra: modules/a.py:3: invalid syntax\n  def\n",
        ),
    ],
    ids=["own", "system", "interrupt", "bindings", "construct", "settings", "syntax"],
)
def test_errors_become_messages_and_exit_codes(error: BaseException, code: int, text: str) -> None:
    def fail() -> None:
        raise error

    group = LazyGroup("infra", callback=fail, invoke_without_command=True)
    result = CliRunner().invoke(group, [])
    assert (result.exit_code, result.output) == (code, text)


def test_an_interrupt_that_a_library_made_another_error_of_is_one() -> None:
    def fail() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(60)
        except KeyboardInterrupt as error:
            raise ValueError from error

    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        result = CliRunner().invoke(LazyGroup("infra", callback=fail, invoke_without_command=True), [])
    finally:
        signal.signal(signal.SIGINT, before)
    assert (result.exit_code, result.output) == (130, "infra: interrupted\n")


def test_an_error_of_the_toolkit_itself_is_not_hidden() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    result = CliRunner().invoke(LazyGroup("infra", callback=fail, invoke_without_command=True), [])
    assert isinstance(result.exception, ZeroDivisionError)


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    command = infra_command("env", "schema")
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, env=infra_environment(), check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_closed_stream_is_no_traceback(closed: str) -> None:
    command = ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *infra_command("env", "list")]
    done = run_program(command, env=infra_environment())
    if closed == "1":
        assert (done.returncode, done.stderr) == (
            1,
            "infra: standard output is closed; to drop the output, send it to /dev/null\n",
        )
    else:
        assert (done.returncode, done.stdout[:11]) == (0, "environment")


def test_completion_knows_commands_and_environments() -> None:
    variables = {"_INFRA_COMPLETE": "bash_complete", "COMP_WORDS": "infra synth d", "COMP_CWORD": "2"}
    assert infra(variables=variables).stdout == "plain,dev\n"


def test_the_directory_of_the_caller_decides_no_import(tmp_path: Path) -> None:
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "__init__.py").write_text("raise SystemExit('wrong cli')")
    done = run_program([sys.executable, "-I", "-m", "cli.main", "--version"], cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
