"""`infra recover`: the state after an interrupted apply."""

from __future__ import annotations

from dataclasses import asdict

import click

from cli.core.base.clock import utc_now
from cli.core.operations.bootstrap_copy import keep_state
from cli.core.operations.open_stack import open_stack
from cli.core.operations.recover import Recovered, recover
from cli.core.operations.state_check import commands
from cli.core.terraform.failures import Lock
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag, terraform_options, yes_option


@click.command()
@environment_argument
@click.option(
    "--adopt",
    "adopted",
    multiple=True,
    metavar="ADDRESS=ID",
    help="Import this resource too, by the id that terraform import expects. Repeat for more resources.",
)
@click.option(
    "--forget",
    "forgotten",
    multiple=True,
    metavar="ADDRESS",
    help="Ignore this resource: it was removed by hand, or will be replaced. Repeat for more resources.",
)
@click.option("--bootstrap", "is_bootstrap", is_flag=True, help="Recover the bootstrap stack.")
@yes_option
@json_flag
@terraform_options
@pass_application
def command(
    application: Application,
    environment: str,
    adopted: tuple[str, ...],
    forgotten: tuple[str, ...],
    is_bootstrap: bool,
    yes: bool,
    options: Options,
) -> None:
    """Repair the state after an interrupted apply.

    For an apply that was killed, or that lost its connection to AWS. The command waits for a terraform that still runs;
    shows who holds the lock of the state and, after asking for the environment's name, releases it; writes the state
    that terraform could not write, or restores the one before; protects half-created resources from replacement; and
    lets the next plan import resources that exist and are not in the state. Nothing in AWS is changed. The repair is
    recorded.

    \b
    Examples:
      infra recover dev
      infra recover dev --adopt aws_mq_broker.messaging_broker_0A1B2C3D=b-1234
    """
    for each in adopted:
        if "=" not in each:
            raise click.UsageError(f"received --adopt {each}; allowed: ADDRESS=ID")

    def ask(holder: Lock) -> None:
        application.say(f"{environment} is locked by {holder}", err=True)
        application.confirm(environment, "Take the lock away?", yes=yes)

    with open_stack(environment, options, application.progress, is_bootstrap=is_bootstrap) as stack:
        recovered = recover(
            stack.workspace,
            utc_now,
            ask,
            adopt=dict(each.split("=", 1) for each in adopted),
            forget=forgotten,
        )
        if is_bootstrap:
            keep_state(stack.workspace)
        next_commands = commands(stack.workspace)
    application.show(
        {**asdict(recovered), "record": recovered.record.sequence if recovered.record else None},
        "\n".join(_text(environment, recovered, next_commands)),
    )


def _text(environment: str, recovered: Recovered, next_commands: tuple[str, str]) -> list[str]:
    """What was done, and what comes next."""
    if recovered.record is None:
        return [f"{environment}: {'the lock is taken away' if recovered.lock else 'nothing to put in order'}"]
    lines = ["the lock is taken away"] if recovered.lock else []
    lines += ["the state that could not be written is written"] if recovered.is_state_pushed else []
    lines += ["the state of before is put back"] if recovered.is_state_restored else []
    lines += [f"made half-way, the next plan completes {address}" for address in recovered.kept]
    lines += [f"the next plan imports {address}" for address in recovered.adopted]
    lines += [f"no longer there: {address}" for address in recovered.gone]
    lines += [f"no longer in the state, as it was deleted to be replaced: {address}" for address in recovered.forgotten]
    lines += [
        f"may be there twice, look in AWS and remove what is not {recovered.second[address]}: {address}"
        for address in recovered.second
    ]
    if recovered.begun:
        lines += [f"may be there, look in AWS: {address}" for address in recovered.begun]
        lines.append(f"those that are: {next_commands[0]} --adopt ADDRESS=ID")
    return [*lines, f"in order, record {recovered.record.sequence}; next: {next_commands[1]}"]
