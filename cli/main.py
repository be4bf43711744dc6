"""The command group, and the border where exceptions become messages and exit codes."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from cli.core.base.errors import ExitCode, NoCheckout
from cli.core.base.project import IS_CHECKOUT, package_version, version
from cli.ui.app import Application, Group, with_trace_options

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Everyday": {
        "env": "List environments and show their settings.",
        "synth": "Write the Terraform of environments.",
        "check": "Check environments, or other Terraform, against every policy.",
        "plan": "Plan an environment, and save the plan for infra apply.",
        "apply": "Apply the saved plan of an environment.",
        "output": "Show the outputs of an environment.",
    },
    "Proofs": {
        "reach": "Show who can reach whom over the network.",
        "access": "Show who may do what to which data.",
        "change": "Show what a change opens, closes and loosens.",
        "diagram": "Draw the network, with an arrow for each row of infra reach.",
        "inventory": "List the resources of an environment.",
        "cost": "Show what an environment costs in a month.",
        "report": "Write one HTML page about environments.",
        "diff": "Show how two environments differ.",
        "drift": "Show what changed in AWS outside Terraform.",
        "policies": "List the project's rules, and explain each.",
        "test": "Run the project's tests.",
    },
    "Lifecycle": {
        "bootstrap": "Create an environment's state bucket, secrets and public zone.",
        "artifact": "Put, list and verify the archives that servers start.",
        "history": "Show every apply and destroy of an environment.",
        "recover": "Repair the state after an interrupted apply.",
        "unlock": "Release the state lock of a run that died.",
        "destroy": "Destroy an environment and its data.",
        "sandbox": "Rehearse against a simulated AWS on this machine.",
    },
    "Promotion": {
        "status": "Show the release of each environment, and the next step.",
        "promote": "Promote a release to the next environment.",
        "rollback": "Return an environment to an earlier release.",
        "approve": "Approve a release for an environment.",
        "freeze": "Stop promotions to an environment for a time.",
        "thaw": "End a freeze early.",
        "promotions": "Show the log of promotions, rollbacks and freezes.",
        "release": "Show, list, compare and resolve releases.",
    },
    "Maintenance": {
        "new": "Add a server, consumer, channel, topic, environment or rule.",
        "doctor": "Show what is installed, or what an account lacks for an apply.",
        "debug": "Collect what a report of a fault needs.",
        "lock": "Write the provider lock file for every platform.",
        "records": "Share records on a branch, sign them, and describe their format.",
        "sbom": "List the packages of the toolkit, with versions and licences.",
        "move": "Record the new address of a resource that holds data.",
        "completion": "Print the script that completes commands in a shell.",
    },
}
"""The sections of `infra --help`: each command and the first line of its help, so that the list needs no import."""

COMMANDS = {name: summary for commands in SECTIONS.values() for name, summary in commands.items()}

WITHOUT_CHECKOUT = frozenset(
    {"access", "change", "check", "completion", "cost", "diagram", "inventory", "policies", "reach"}
)
"""The commands that also work where the package is installed, on the Terraform at a path. Others need environments."""

NEW_OBJECTS = 20_000
"""After how many new objects Python looks for garbage among them: models are many objects and little garbage. With
its default of 700 `infra change` takes 5 to 9 % longer, in as much memory."""

_EXIT_CODES = "\n".join(f"  {code:>3}  {code.meaning}" for code in ExitCode)


class _Interrupts:
    """Whether Ctrl-C was pressed: libraries make other errors of a ``KeyboardInterrupt``, as pydantic does.

    A program that was started in the background ignores Ctrl-C, and goes on doing so.
    """

    def __init__(self) -> None:
        self.has_come = False
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._raise)

    def _raise(self, _number: int, _frame: FrameType | None) -> NoReturn:
        self.has_come = True
        raise KeyboardInterrupt


class LazyGroup(Group):
    """A group that imports a command when it is needed, and ends with the documented exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names of the commands that work here, for help and completion."""
        return [name for name in COMMANDS if IS_CHECKOUT or name in WITHOUT_CHECKOUT]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command. Raises `NoCheckout`."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        if not IS_CHECKOUT and cmd_name not in WITHOUT_CHECKOUT:
            if ctx.resilient_parsing:  # a shell asks what may come next
                return None
            raise NoCheckout(f"infra {cmd_name} is about environments")
        command: click.Command = importlib.import_module(f"cli.commands.{cmd_name}").command
        return with_trace_options(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, without importing any."""
        here = self.list_commands(ctx)
        for section, commands in SECTIONS.items():
            rows = [(name, summary) for name, summary in commands.items() if name in here]
            if rows:
                with formatter.section(section):
                    formatter.write_dl(rows)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and exit with an `ExitCode`."""
        if sys.stderr is None:  # closed by the caller
            sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
        if sys.stdout is None:
            click.echo("infra: standard output is closed; to drop the output, send it to /dev/null", err=True)
            sys.exit(ExitCode.ERROR)
        application = Application()
        interrupts = _Interrupts()
        try:
            result = super().main(*args, **{**kwargs, "standalone_mode": False, "obj": application})
            sys.stdout.flush()
        except click.UsageError as error:
            error.show()
            sys.exit(ExitCode.USAGE)
        except click.ClickException as error:
            error.show()
            sys.exit(ExitCode.ERROR)
        except (click.Abort, KeyboardInterrupt):
            application.say("infra: interrupted", err=True)
            sys.exit(ExitCode.INTERRUPTED)
        except Exception as error:
            if interrupts.has_come:
                application.say("infra: interrupted", err=True)
                sys.exit(ExitCode.INTERRUPTED)
            code = application.fail(error)
            if code is None:
                raise
            sys.exit(code)
        sys.exit(result if isinstance(result, int) else ExitCode.OK)


def _print_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    """Print the versions that decide what is synthesized."""
    if not value or context.resilient_parsing:
        return
    from envs import cdk  # the help, which needs no settings, does not wait for it

    parts = ", ".join(f"{name} {package_version(name)}" for name in (*cdk.chosen().distributions, "checkov"))
    click.echo(f"infra {version()} ({parts})")
    context.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"\b\nExit codes:\n{_EXIT_CODES}",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print versions."
)
def toolkit() -> None:
    """AWS architecture as typed Python: synthesize it to Terraform, check it, plan it and promote it.

    Every command but test takes --verbose, which times its steps, and --debug, which also shows each program that is
    run, and where an error was raised.

    \b
    Examples:
      infra synth             all environments
      infra synth dev --json  one, with a summary for programs
      infra env show prod     every effective setting
      infra check             every policy, on all environments
    """


with_trace_options(toolkit)


def main() -> None:
    """Run the command line; the entry of the `infra` wrapper."""
    gc.set_threshold(NEW_OBJECTS, 10, 10)
    toolkit(prog_name="infra")


if __name__ == "__main__":
    main()
