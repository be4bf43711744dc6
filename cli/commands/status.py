"""`infra status`: where releases stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from cli.core.base.target import Target
from cli.core.workspace.options import Options
from cli.ui.options import json_option, sandbox_option
from cli.ui.terminal import Progress, console, print_json

if TYPE_CHECKING:
    from envs.settings import Settings


@click.command()
@click.option("--drift", "is_drift", is_flag=True, help="Also look in AWS, or in the sandbox, for what drifted.")
@sandbox_option("What was applied in the sandbox.")
@json_option
def command(is_drift: bool, target: Target, as_json: bool) -> None:
    """Show the release of each environment, and the next step.

    The policy gate is run on what the checkout makes; drift is looked for only on demand, since that asks AWS about
    every resource.

    \b
    Examples:
      infra status
      infra status --drift --json
    """
    from cli.ui.stacks import reported
    from envs.load import load_all

    with reported(as_json=as_json):
        every = load_all()
        policies = _policies(every)
        rows = [_row(settings, every, policies, Options(target), is_drift=is_drift) for settings in every]
    if as_json:
        print_json(rows)
        return
    _print(rows)


def _row(
    settings: Settings, every: Sequence[Settings], policies: Mapping[str, str], options: Any, *, is_drift: bool
) -> dict[str, Any]:
    """What there is to know of an environment."""
    from cli.core.base.clock import utc_now
    from cli.core.promotion.log import promotion_log
    from cli.core.records.queries import applied_since
    from cli.core.workspace.workspace import records_of

    name, now, chain = settings.environment, utc_now(), promotion_log()
    records = records_of(name, options.target).read()
    applies = [each for each in records if each.data.get("stack") == name and each.data["deed"] == "apply"]
    done = [each for each in applies if each.data["result"] == "succeeded"]
    since = applied_since(records, name)
    frozen = chain.freeze(name, now)
    return {
        "environment": name,
        "application_version": settings.release.application_version,
        "applied_release": done[-1].data["release"]["id"] if done else None,
        "since": since.isoformat(timespec="minutes") if since else None,
        "last_apply": applies[-1].data["result"] if applies else None,
        "policies": policies[name],
        "drift": _drift(name, options) if is_drift and done else None,
        "frozen_until": frozen.until.isoformat(timespec="minutes") if frozen else None,
        "overrides": [dict(each) for each in chain.overrides(name, now)],
        "next": _next(settings, every, since),
    }


def _next(settings: Settings, every: Sequence[Settings], since: Any) -> dict[str, Any] | None:
    """What the next promotion would carry from an environment, and how long its soak still takes."""
    import datetime

    from cli.core.base.clock import utc_now
    from cli.core.diff.settings import differences
    from envs.promotion_chain import PROMOTION_CHAIN

    name = settings.environment
    if name not in PROMOTION_CHAIN[:-1]:
        return None
    target = PROMOTION_CHAIN[PROMOTION_CHAIN.index(name) + 1]
    above = next((each for each in every if each.environment == target), None)
    if above is None:
        return None
    found = differences(above.model_dump(mode="json"), settings.model_dump(mode="json"))
    carries = {
        each.setting.removeprefix("release."): [each.before, each.after] for each in found if each.owner == "release"
    }
    left = None
    if since is not None:
        ends = since + datetime.timedelta(hours=above.promotion.soak_hours)
        left = max(0.0, round((ends - utc_now()).total_seconds() / 3600, 1))
    return {"to": target, "carries": carries, "soak_hours_left": left, "approvals": above.promotion.approvals}


def _drift(name: str, options: Any) -> int:
    """How many resources drifted."""
    from cli.core.operations.drift import find_drift
    from cli.core.operations.open_stack import open_stack

    with open_stack(name, options, Progress(), is_ephemeral=True) as stack:
        return len(find_drift(stack.workspace, options).changes)


def _policies(every: Sequence[Settings]) -> Mapping[str, str]:
    """What the gate says of each environment."""
    import datetime
    import tempfile
    from pathlib import Path

    from cli.core.gate.gate import Gate
    from cli.core.gate.model import Selection
    from cli.core.gate.targets import synthesized
    from cli.core.synthesis.synthesize import synthesize

    progress = Progress()
    progress.step("checking")
    with Gate(Selection(), datetime.date.today()) as gate, tempfile.TemporaryDirectory(prefix="infra-status-") as aside:
        for settings in every:
            place = Path(aside, settings.environment)
            place.mkdir()
            synthesize(settings, place)
            gate.add(synthesized(settings.environment, place, place))
        outcome = gate.outcome()
    progress.clear()
    found = {each.target.name: each for each in outcome.results}
    return {
        settings.environment: "not judged"
        if outcome.problems or settings.environment not in found or found[settings.environment].problems
        else f"{len(found[settings.environment].findings)} findings"
        if found[settings.environment].findings
        else "pass"
        for settings in every
    }


def _print(rows: Sequence[Mapping[str, Any]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("environment", "application", "release", "since", "policies", "drift", "next promotion"):
        table.add_column(title)
    for row in rows:
        drift = "not looked at" if row["drift"] is None else str(row["drift"] or "none")
        table.add_row(
            row["environment"],
            row["application_version"],
            row["applied_release"] or "never applied",
            (row["since"] or "-")[:16].replace("T", " "),
            row["policies"],
            drift,
            _words(row["next"]),
        )
    console().print(table)
    for row in rows:
        if row["last_apply"] not in (None, "succeeded"):
            click.echo(f"{row['environment']}: the last apply ended as {row['last_apply']}; see infra history")
        if row["frozen_until"]:
            click.echo(f"{row['environment']}: frozen until {row['frozen_until'][:16].replace('T', ' ')} UTC")
        for each in row["overrides"]:
            click.echo(
                f"{row['environment']}: {each['gate']} overridden until {each['expires'][:10]}: {each['reason']}"
            )


def _words(step: Mapping[str, Any] | None) -> str:
    if step is None:
        return "-"
    if not step["carries"]:
        return f"nothing new for {step['to']}"
    soak = "" if not step["soak_hours_left"] else f", {step['soak_hours_left']} h of soak left"
    return f"to {step['to']}: {', '.join(step['carries'])}{soak}"
