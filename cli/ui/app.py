"""What a command shows, and in which form."""

from __future__ import annotations

import json
import logging
from functools import partial
from pathlib import Path
from typing import Any

import click

from cli.core.base.errors import ExitCode, InfraError, exit_code
from cli.core.base.secrets import without_secrets
from cli.core.base.trace import TRACE
from cli.core.operations.refusals import NotConfirmed
from cli.ui.progress import Progress


class Application:
    """One run of the command line, on ``ctx.obj``: results on stdout, everything else on stderr."""

    def __init__(self) -> None:
        self.format = "table"
        """The form of the result: `table`, `json`, or another one that the command knows."""
        self.progress = Progress()

    def trace(self, level: int) -> None:
        """Show on stderr what was noted at this level of `logging` or above, without what looks like a secret."""
        handler = _Shown(self)
        TRACE.setLevel(level)
        TRACE.addHandler(handler)
        TRACE.propagate = False

    @property
    def is_json(self) -> bool:
        """Whether the result is for programs."""
        return self.format == "json"

    def say(self, text: str, *, err: bool = False) -> None:
        """Print a line, or several. ``err`` is for what is not the result."""
        self.progress.clear()
        click.echo(text, err=err)

    def write(self, document: str) -> None:
        """Print a document that ends with its own line break."""
        self.progress.clear()
        click.echo(document, nl=False)

    def json(self, data: Any) -> None:
        """Print data for programs: keys in the order given, one document."""
        self.say(json.dumps(data, indent=2, ensure_ascii=False))

    def show(self, data: Any, text: str) -> None:
        """Print a result: as ``data`` for programs, as ``text`` for people."""
        if self.is_json:
            self.json(data)
        else:
            self.say(text)

    def status(self, text: str) -> None:
        """Show what the command is doing."""
        self.progress.step(text)

    def confirm(self, environment: str, question: str, *, yes: bool) -> None:
        """Ask the operator to type the environment's name. Raises `NotConfirmed`."""
        if yes:
            return
        self.progress.clear()
        try:
            typed = click.prompt(f"{question} Type {environment} to go on", default="", show_default=False, err=True)
        except click.Abort:
            raise NotConfirmed(f"nobody confirmed it: type {environment} when asked, or use --yes in CI") from None
        if typed != environment:
            raise NotConfirmed(f"received {typed!r}, not {environment}: nothing was done")

    def fail(self, error: Exception) -> ExitCode | None:
        """Print why a command ends. None, and nothing printed, for a mistake of the toolkit itself."""
        code = exit_code(error)
        if code is not None:
            if isinstance(error, InfraError):
                report = error.report(self.format)
                if report:
                    self.write(report)
            self.say(f"infra: {error_text(error)}", err=True)
            TRACE.debug("where it ended:", exc_info=error)
        return code


class _Shown(logging.Handler):
    """Shows what is noted."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self._application = application

    def emit(self, record: logging.LogRecord) -> None:
        """Print it without what looks like a secret."""
        self._application.say(without_secrets(self.format(record)), err=True)


pass_application = click.make_pass_decorator(Application, ensure=True)


def with_trace_options(command: click.Command) -> click.Command:
    """The command, with `--verbose` and `--debug`, which the help of `infra` names once for all of them.

    One that hands on options that it does not know keeps its own.
    """
    if not command.context_settings.get("ignore_unknown_options") and not any(
        each.name == "debug" for each in command.params
    ):
        for name, level in (("--verbose", logging.INFO), ("--debug", logging.DEBUG)):
            command.params.append(
                click.Option([name], is_flag=True, expose_value=False, hidden=True, callback=partial(_trace, level))
            )
    return command


def _trace(level: int, context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Application).trace(level)


class Group(click.Group):
    """A group whose help shows the whole first line of each command, and that suggests the command that was meant."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name. Raises `NoSuchCommand`, with the names that come near."""
        command = super().get_command(ctx, cmd_name)
        if command is None and not ctx.resilient_parsing:
            raise click.NoSuchCommand(cmd_name, possibilities=self.list_commands(ctx), ctx=ctx)
        return with_trace_options(command) if command else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands; a line that is too long goes on below."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.help.splitlines()[0]) for name, command in commands if command and command.help]
            )


def shown_path(path: Path) -> Path:
    """A path, relative to the working directory when it is below it."""
    absolute = path.absolute()
    return absolute.relative_to(Path.cwd()) if absolute.is_relative_to(Path.cwd()) else absolute


def error_text(error: Exception) -> str:
    """The message for the user. An error of the system is its file and reason; one of syntax is its place and line."""
    if isinstance(error, OSError) and error.strerror is not None:
        return error.strerror if error.filename is None else f"{error.filename}: {error.strerror}"
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}\n  {(error.text or '').strip()}".rstrip()
    return str(error)
