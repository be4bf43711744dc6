"""Arguments and options that several commands share."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from cli.core.base.project import OUTPUT, ROOT
from cli.core.base.target import Target
from cli.core.workspace.options import Options
from cli.ui.app import Application
from envs.environment_files import environment_files as files_of


class NamedPath(click.Path):
    """A path, but not an empty one: that is a variable without a value, and not the working directory."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path. Raises BadParameter."""
        if not os.fspath(value):
            self.fail("received an empty path; allowed: the path of a file or directory", param, ctx)
        return super().convert(value, param, ctx)


class FileToWrite(NamedPath):
    """A file that can be written where it is, so that nothing is worked out for nothing."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path. Raises BadParameter."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not os.access(path.parent, os.W_OK):
            self.fail(
                f"received {path}; allowed: a file in a directory that is there and can be written to", param, ctx
            )
        return path


def environment_files() -> list[str]:
    """Names of the environment files, without loading any."""
    return [path.stem for path in files_of(ROOT / "envs")]


def is_path(place: str) -> bool:
    """Whether an argument that names an environment or a path names a path."""
    return bool(place) and place not in environment_files() and (os.sep in place or Path(place).exists())


def complete_environments(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The environments that begin with what is typed."""
    return [CompletionItem(name) for name in environment_files() if name.startswith(incomplete)]


def complete_places(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The environments that begin with what is typed; without any, the files that the shell knows.

    In this order: click's script for bash forgets what came before files.
    """
    return [CompletionItem(incomplete, type="file"), *complete_environments(context, parameter, incomplete)]


environments_argument = click.argument(
    "environments", nargs=-1, metavar="[ENV]...", shell_complete=complete_environments
)
"""Any number of environments; none means all."""

environment_argument = click.argument("environment", metavar="ENV", shell_complete=complete_environments)
"""One environment."""


def _set_json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        _set_form(context, "json")


def _set_format(context: click.Context, parameter: click.Parameter, value: str) -> None:
    if context.get_parameter_source(parameter.name or "") is not ParameterSource.DEFAULT:
        _set_form(context, value)


def _set_form(context: click.Context, form: str) -> None:
    """The form of the result, of which a command line names one at most. Raises UsageError."""
    named = context.meta.setdefault(f"{__name__}.form", form)
    if named != form:
        raise click.UsageError(f"received --json and --format {({named, form} - {'json'}).pop()}; allowed: one of them")
    context.ensure_object(Application).format = form


json_flag = click.option(
    "--json", is_flag=True, expose_value=False, callback=_set_json, help="Print JSON, for programs."
)
"""`--json`: the application prints its result as JSON."""


def format_options(formats: Sequence[str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--format` with these formats, and `--json`: the form in which the application prints its result."""
    format_option = click.option(
        "--format",
        type=click.Choice(formats),
        default="table",
        show_default=True,
        expose_value=False,
        callback=_set_format,
        help="How to print the result.",
    )
    return lambda command: format_option(json_flag(command))


out_option = click.option(
    "--out",
    type=NamedPath(file_okay=False, path_type=Path),
    default=ROOT / OUTPUT,
    metavar="DIR",
    help=f"Directory to write to.  [default: {OUTPUT} in the checkout]",
)


def sandbox_option(help: str, parameter: str = "target") -> Callable[..., Any]:
    """`--sandbox`; the command receives the `Target` as ``parameter``."""
    return click.option(
        "--sandbox",
        parameter,
        is_flag=True,
        callback=lambda _context, _parameter, value: Target.SANDBOX if value else Target.AWS,
        help=help,
    )


def terraform_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--sandbox`, `--lock-timeout` and `--parallelism`, of every command that runs terraform on a stack.

    The command receives them as ``options``.
    """

    @functools.wraps(command)
    def with_options(
        *args: Any, sandbox: Target, lock_timeout_seconds: int, parallelism: int | None, **kwargs: Any
    ) -> Any:
        return command(*args, options=Options(sandbox, lock_timeout_seconds, parallelism), **kwargs)

    for option in (
        click.option(
            "--parallelism",
            type=click.IntRange(1),
            metavar="N",
            help="Operations at a time.  [default: terraform's, 10; in the sandbox 30]",
        ),
        click.option(
            "--lock-timeout",
            "lock_timeout_seconds",
            type=click.IntRange(0),
            default=0,
            metavar="SECONDS",
            help="How long to wait for the lock of the state.  [default: not at all]",
        ),
        sandbox_option("Rehearse against the sandbox on this machine instead of AWS.", "sandbox"),
    ):
        with_options = option(with_options)
    return with_options


yes_option = click.option("--yes", is_flag=True, help="Do not ask; for CI.")
