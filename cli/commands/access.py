"""`infra access`: who may do what to which data."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from cli.core.access import further
from cli.core.access import question as questions
from cli.core.access import table as access_table
from cli.core.access.ends import actions_named, callers_named, things_named, through
from cli.core.access.world import World, worlds_at
from cli.core.base.environments import load_settings
from cli.core.base.errors import ExitCode
from cli.core.base.project import ROOT
from cli.core.synthesis.synthesize import synthesize_each
from cli.ui.app import Application, pass_application
from cli.ui.options import complete_places, environment_files, json_flag
from cli.ui.tables import blocks, wrapped
from policies.access.model import Caller


@click.command()
@click.argument("place", metavar="ENV|PATH", shell_complete=complete_places)
@click.option("--from", "caller", metavar="NAME", help="Who makes the request.")
@click.option("--to", "thing", metavar="NAME", help="What it is about.")
@click.option(
    "--can",
    "action",
    metavar="VERB|ACTION",
    help="What is done: read, write, delete, copy, share, use, assume; an action.",
)
@click.option("--via", "via", metavar="NAME", help="From where: endpoint, the service of one, internet.")
@click.option("--expect", type=click.Choice(("yes", "no")), help="Exit code 3 if the answer is the other one.")
@json_flag
@pass_application
def command(
    application: Application,
    place: str,
    caller: str | None,
    thing: str | None,
    action: str | None,
    via: str | None,
    expect: str | None,
) -> int:
    """Show who may do what to which data.

    The answer comes from the Terraform, before anything is deployed, over all policies that take part in a request:
    of roles, of resources and keys, of VPC endpoints, permissions boundaries and trust policies. Conditions on the
    network hold only for who can be there, as infra reach proves. ENV is synthesized with its bootstrap stack to a
    temporary directory; PATH is as for infra reach. Without --from and --to, or with one of them, the command lists
    what is allowed. With both, it answers yes, with one request and every statement that lets it through, or no, with
    what stops it. The exit code is 0 for both answers; with --expect it is 3 for the other answer.

    VERB stands for the actions of a service that read, write or delete data, copy it elsewhere, share it (change who
    may do that), use a key, or assume a role (also by changing it); an action such as s3:GetObject is taken too.

    NAME is a name from the list, a Terraform address, a construct path or an ARN; anyone stands for strangers, with an
    account of AWS and without, and * for everything.

    \b
    Examples:
      infra access prod
      infra access prod --to event-store/table --can read
      infra access prod --from servers/core-server
      infra access ../other/terraform --from anyone --to aws_s3_bucket.web --can write --expect no
    """
    if expect is not None and (caller is None or thing is None):
        raise click.UsageError("--expect is about one answer: give --from and --to as well")
    world = _world(application, place, caller or "")
    callers = callers_named(world, caller) if caller else tuple(filter(access_table.is_listed, world.callers))
    things = things_named(world, thing) if thing else world.things()
    asked = actions_named(things, action)
    if thing and not asked:
        raise click.UsageError(
            f"no verb stands for an action on {thing}: name one, such as --can {things[0].service}:*"
        )
    world = world.asking(each for actions in asked.values() for each in actions)
    if via:
        callers = through(world, callers, via)
    if caller is None or thing is None:
        becoming = callers if thing is None else ()
        _show_table(application, world, access_table.allowed(world, callers, asked), becoming)
        return ExitCode.OK
    reply = questions.ask(world, callers, asked)
    if application.is_json:
        application.json(questions.data(world, reply, asked))
    else:
        application.say("\n".join(wrapped(questions.report(world, reply, asked).splitlines())))
    return ExitCode.OK if expect in (None, "yes" if reply else "no") else ExitCode.FINDINGS


def _world(application: Application, place: str, caller: str) -> World:
    """What decides requests in an environment or at a path, with somebody who is asked about."""
    if place not in environment_files() and (os.sep in place or Path(place).exists()):
        return worlds_at([Path(place)], caller=caller)
    with tempfile.TemporaryDirectory(prefix="infra-access-") as directory:
        ((_, out),) = synthesize_each([load_settings(place)], Path(directory), application.progress)
        stacks = [out / "stacks" / place, out / "stacks" / f"{place}-bootstrap"]
        return worlds_at(stacks, ROOT / "envs" / "organization", caller=caller)


def _show_table(
    application: Application, world: World, found: list[access_table.Allowed], becoming: Sequence[Caller]
) -> None:
    if application.is_json:
        application.json({**access_table.data(world, found), "further": further.data(world, becoming)})
        return
    lines = list(blocks(access_table.lines(world, found))) or ["nothing that is asked about is allowed"]
    steps = list(further.rows(world, becoming))
    if steps:
        lines += ["", *blocks((caller, f"can become {becomes}: {by}") for caller, becomes, by in steps)]
    last = "not listed: the account's root user and administrators, who may do all that no policy denies them"
    lines += wrapped([*(f"assumed: {each}" for each in access_table.assumptions(world, found)), last])
    application.say("\n".join(lines))
