"""`infra recover`: order after an apply that was cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.core.workspace.options import Options
from cli.ui.options import environment_argument, json_option, terraform_options, yes_option
from cli.ui.terminal import Progress, print_json

if TYPE_CHECKING:
    from cli.core.operations.recover import Recovered
    from cli.core.terraform.failures import Lock


@click.command()
@environment_argument
@click.option(
    "--adopt",
    "adopted",
    multiple=True,
    metavar="ADDRESS=ID",
    help="Take in this resource too, by the id that terraform import wants; can be given several times.",
)
@click.option(
    "--forget",
    "forgotten",
    multiple=True,
    metavar="ADDRESS",
    help="Do not see to this resource: it was removed by hand, or is to be replaced; can be given several times.",
)
@click.option("--bootstrap", "is_bootstrap", is_flag=True, help="Of the bootstrap stack.")
@yes_option
@json_option
@terraform_options
def command(
    environment: str,
    adopted: tuple[str, ...],
    forgotten: tuple[str, ...],
    is_bootstrap: bool,
    yes: bool,
    as_json: bool,
    options: Options,
) -> None:
    """Repair the state after an interrupted apply.

    Waits for a terraform that still runs; shows who holds the lock of the state and, after asking for the environment's
    name, takes it away; writes the state that terraform could not write, or puts back the one that it was killed over;
    keeps what was made half-way from being replaced; and has the next plan import what was made and is not in the
    state. Nothing in AWS is changed. What was done is recorded.

    \b
    Examples:
      infra recover dev
      infra recover dev --adopt aws_mq_broker.messaging_broker_0A1B2C3D=b-1234
    """
    from dataclasses import asdict

    from cli.core.base.clock import utc_now
    from cli.core.operations.open_stack import open_stack
    from cli.core.operations.recover import commands, recover
    from cli.ui.stacks import confirm, reported

    for each in adopted:
        if "=" not in each:
            raise click.UsageError(f"received --adopt {each}; allowed: ADDRESS=ID")
    with reported(as_json=as_json), open_stack(environment, options, Progress(), is_bootstrap=is_bootstrap) as stack:

        def ask(holder: Lock) -> None:
            stack.progress.clear()
            click.echo(f"{environment} is locked by {holder}", err=True)
            confirm(environment, "Take the lock away?", yes=yes)

        found = recover(
            stack.workspace,
            stack.progress,
            utc_now,
            ask,
            adopt=dict(each.split("=", 1) for each in adopted),
            forget=forgotten,
        )
        then = commands(stack.workspace)
    if as_json:
        print_json({**asdict(found), "record": found.record.sequence if found.record else None})
    else:
        click.echo("\n".join(_words(environment, found, then)))


def _words(environment: str, found: Recovered, then: tuple[str, str]) -> list[str]:
    """What was done, and what comes next."""
    if found.record is None:
        return [f"{environment}: {'the lock is taken away' if found.lock else 'nothing to put in order'}"]
    lines = ["the lock is taken away"] if found.lock else []
    lines += ["the state that could not be written is written"] if found.is_state_pushed else []
    lines += ["the state of before is put back"] if found.is_state_restored else []
    lines += [f"made half-way, the next plan completes {address}" for address in found.kept]
    lines += [f"the next plan imports {address}" for address in found.adopted]
    lines += [f"no longer there: {address}" for address in found.gone]
    lines += [f"no longer in the state, as it was deleted to be replaced: {address}" for address in found.forgotten]
    lines += [
        f"may be there twice, look in AWS and remove what is not {found.second[address]}: {address}"
        for address in found.second
    ]
    if found.begun:
        lines += [f"may be there, look in AWS: {address}" for address in found.begun]
        lines.append(f"those that are: {then[0]} --adopt ADDRESS=ID")
    return [*lines, f"in order, record {found.record.sequence}; next: {then[1]}"]
