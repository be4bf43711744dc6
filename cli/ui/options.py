"""Arguments and options that several commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from cli.core.base.errors import UnknownEnvironment
from cli.core.base.project import OUTPUT, ROOT
from cli.core.base.target import Target
from cli.core.workspace.options import Options


class Group(click.Group):
    """A group whose help shows the whole first line of each command, and that suggests the command that was meant."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name. Raises `NoSuchCommand`, with the names that come near."""
        command = super().get_command(ctx, cmd_name)
        if command is None and not ctx.resilient_parsing:
            raise click.NoSuchCommand(cmd_name, possibilities=self.list_commands(ctx), ctx=ctx)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands; a line that is too long goes on below."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, command.help.splitlines()[0]) for name, command in commands if command and command.help]
            )


def complete_environments(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of the environment files, without loading any."""
    names = sorted(path.stem for path in (ROOT / "envs").glob("*.yaml"))
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


environments_argument = click.argument(
    "environments", nargs=-1, metavar="[ENV]...", shell_complete=complete_environments
)
"""Any number of environments; none means all."""

environment_argument = click.argument("environment", metavar="ENV", shell_complete=complete_environments)
"""One environment."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")

out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / OUTPUT,
    metavar="DIR",
    help=f"Directory to write to.  [default: {OUTPUT} in the checkout]",
)


def select_environments(names: Sequence[str], existing: Sequence[str]) -> tuple[str, ...]:
    """The environments named on the command line, all when none is, each once and in the order of ``existing``.

    Raises `UnknownEnvironment`.
    """
    for name in names:
        if name not in existing:
            raise UnknownEnvironment(name, existing)
    return tuple(name for name in existing if not names or name in names)


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


def override_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--override`, `--reason`, `--acknowledge` and `--yes`, of the commands that pass the gates of a promotion."""
    for option in (
        click.option("--yes", is_flag=True, help="Do not ask; for CI. It acknowledges nothing."),
        click.option(
            "--acknowledge",
            "acknowledged",
            default="",
            metavar="ID",
            help="Accept this difference between the plan and what was applied below.",
        ),
        click.option("--reason", metavar="TEXT", help="Why gates are overridden; recorded."),
        click.option(
            "--override",
            "overridden",
            multiple=True,
            metavar="GATE",
            help="Let the release through a gate that is shut; can be given several times. Recorded.",
        ),
    ):
        command = option(command)
    return command
