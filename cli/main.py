"""The command group, and the border where exceptions become messages and exit codes."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from cli.core.base.errors import ExitCode, exit_code

COMMANDS = (
    "apply",
    "approve",
    "bootstrap",
    "check",
    "destroy",
    "diff",
    "doctor",
    "drift",
    "env",
    "freeze",
    "history",
    "lock",
    "move",
    "output",
    "plan",
    "policies",
    "promote",
    "promotions",
    "reach",
    "recover",
    "release",
    "rollback",
    "sandbox",
    "status",
    "synth",
    "test",
    "thaw",
    "unlock",
)
"""Every command; each is `command` in the file of its name in `cli/commands`."""

_EXIT_CODES = "\n".join(f"  {code:>3}  {code.meaning}" for code in ExitCode)


class Toolkit(click.Group):
    """A group that imports a command's file when the command is needed, and ends with the documented exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names of the commands, for help and completion."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"cli.commands.{cmd_name}").command
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and exit with an `ExitCode`."""
        try:
            result = super().main(*args, **{**kwargs, "standalone_mode": False})
            sys.stdout.flush()
        except click.UsageError as error:
            error.show()
            sys.exit(ExitCode.USAGE)
        except click.ClickException as error:
            error.show()
            sys.exit(ExitCode.ERROR)
        except (click.Abort, KeyboardInterrupt):
            _say("interrupted")
            sys.exit(ExitCode.INTERRUPTED)
        except Exception as error:
            code = exit_code(error)
            if code is None:
                raise
            _say(_text(error))
            sys.exit(code)
        sys.exit(result if isinstance(result, int) else ExitCode.OK)


def _text(error: Exception) -> str:
    """What to tell the user; an error of the system is told as file and reason."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _say(text: str) -> None:
    """Print a message that ends the command."""
    click.echo(f"infra: {text}", err=True)


def _print_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    """Print the versions that decide what is synthesized."""
    if not value or context.resilient_parsing:
        return
    from cli.core.base.project import package_version, version

    parts = ", ".join(f"{name} {package_version(name)}" for name in ("cdktf", "cdktf-cdktf-provider-aws", "checkov"))
    click.echo(f"infra {version()} ({parts})")
    context.exit()


@click.group(
    cls=Toolkit,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"\b\nExit codes:\n{_EXIT_CODES}",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print versions."
)
def toolkit() -> None:
    """AWS architecture as typed Python: synthesize it to Terraform, check it, and know what is missing.

    \b
    Examples:
      infra synth             all environments
      infra synth dev --json  one, with a summary for programs
      infra env show prod     every effective setting
      infra check             every policy, on all environments
    """


def main() -> None:
    """Run the command line; the entry of the `infra` wrapper."""
    toolkit(prog_name="infra")


if __name__ == "__main__":
    main()
