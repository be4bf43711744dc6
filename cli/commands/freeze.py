"""`infra freeze`: an environment takes no promotions for a while."""

from __future__ import annotations

import click

from cli.ui.options import environment_argument, json_option


@click.command()
@environment_argument
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    required=True,
    help="When it ends, UTC: a day, which is not part of it, or a minute.",
)
@click.option("--reason", required=True, metavar="TEXT", help="Why; recorded.")
@click.option("--allow", "allowed", default="", metavar="RELEASE", help="Let this one release, a hotfix, through.")
@json_option
def command(environment: str, until: object, reason: str, allowed: str, as_json: bool) -> None:
    """Stop promotions to an environment for a time.

    \b
    Examples:
      infra freeze prod --until 2027-01-04 --reason "holidays"
      infra freeze prod --until 2027-01-04 --reason "holidays" --allow 3f2a9c41d07b
    """
    import datetime

    from cli.core.base.clock import utc_now
    from cli.core.base.environments import load_settings
    from cli.core.operations.provenance import operator
    from cli.core.promotion.log import promotion_log
    from cli.ui.stacks import reported
    from cli.ui.terminal import print_json

    load_settings(environment)
    assert isinstance(until, datetime.datetime)
    ends, now = until.replace(tzinfo=datetime.UTC), utc_now()
    if ends <= now:
        raise click.UsageError(f"--until {ends:%Y-%m-%d %H:%M} UTC has passed; it is {now:%Y-%m-%d %H:%M}")
    if not reason.strip():
        raise click.UsageError('a freeze needs a reason: --reason "..."')
    by = operator()
    data = {
        "deed": "freeze",
        "environment": environment,
        "at": now.isoformat(timespec="seconds"),
        "until": ends.isoformat(timespec="seconds"),
        "reason": reason.strip(),
        "by": by["git"] or by["user"],
        "allowed_release": allowed,
    }
    chain = promotion_log()
    with reported(as_json=as_json), chain.held():
        record = chain.append(data)
    if as_json:
        print_json({"sequence": record.sequence, **record.data})
        return
    but = f", but for release {allowed}" if allowed else ""
    click.echo(f"{environment} is frozen until {ends:%Y-%m-%d %H:%M} UTC{but} (record {record.sequence})")
