"""`infra promotions`: the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from cli.ui.options import complete_environments, json_option


@click.command()
@click.argument("environment", required=False, metavar="[ENV]", shell_complete=complete_environments)
@json_option
def command(environment: str | None, as_json: bool) -> None:
    """Show the log of promotions, rollbacks and freezes.

    Every record names the digest of the one before it. A record that was changed or is missing is an error that says
    which.

    \b
    Examples:
      infra promotions
      infra promotions prod --json
    """
    from cli.core.base.environments import load_settings
    from cli.core.promotion.log import promotion_log
    from cli.ui.stacks import reported
    from cli.ui.terminal import print_json

    if environment is not None:
        load_settings(environment)
    with reported(as_json=as_json):
        records = promotion_log().records(environment)
    if as_json:
        print_json([{"sequence": each.sequence, "digest": each.digest, **each.data} for each in records])
        return
    if not records:
        click.echo("nothing was promoted yet")
    for each in records:
        click.echo(f"{each.sequence:>4}  {each.data['at'][:16].replace('T', ' ')}  {_said(each.data)}")


def _said(data: Mapping[str, Any]) -> str:
    """What a record is about, in a line."""
    by = data["by"] if isinstance(data["by"], str) else data["by"]["git"] or data["by"]["user"]
    match data["deed"]:
        case "freeze":
            return (
                f"freeze of {data['environment']} until {data['until'][:16].replace('T', ' ')}: {data['reason']}, {by}"
            )
        case "thaw":
            return f"thaw of {data['environment']}, {by}"
        case deed:
            release = data["release"]
            what = f"{deed} to {data['environment']}: release {release['id']}"
            what += f" (application {release['values']['application_version']})"
            overrides = ", ".join(each["gate"] for each in data["overrides"])
            return f"{what}, {by}{f', overridden: {overrides}' if overrides else ''}"
