"""`infra thaw`: a freeze ends."""

from __future__ import annotations

import click

from cli.ui.options import environment_argument, json_option


@click.command()
@environment_argument
@click.option("--reason", default="", metavar="TEXT", help="Why; recorded.")
@json_option
def command(environment: str, reason: str, as_json: bool) -> None:
    """End a freeze early.

    \b
    Example:
      infra thaw prod
    """
    from cli.core.base.clock import utc_now
    from cli.core.base.environments import load_settings
    from cli.core.operations.provenance import operator
    from cli.core.promotion.log import promotion_log
    from cli.ui.stacks import reported
    from cli.ui.terminal import print_json

    load_settings(environment)
    chain = promotion_log()
    with reported(as_json=as_json), chain.held():
        now = utc_now()
        if chain.freeze(environment, now) is None:
            record = None
        else:
            by = operator()
            record = chain.append(
                {
                    "deed": "thaw",
                    "environment": environment,
                    "at": now.isoformat(timespec="seconds"),
                    "reason": reason,
                    "by": by["git"] or by["user"],
                }
            )
    if as_json:
        print_json({"environment": environment, "thawed": record is not None})
        return
    click.echo(f"{environment} is thawed (record {record.sequence})" if record else f"{environment} is not frozen")
