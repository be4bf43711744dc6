"""`infra status`: the release of each environment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click

from cli.core.base.clock import utc_now
from cli.core.base.target import Target
from cli.core.promotion.status import EnvironmentStatus, environment_statuses
from cli.core.promotion.status_report import drift_text, next_text, notes, release_text
from cli.core.workspace.options import Options
from cli.ui.app import Application, pass_application
from cli.ui.options import json_flag, sandbox_option
from cli.ui.tables import table


@click.command()
@click.option("--drift", "with_drift", is_flag=True, help="Also look for drift in AWS, or in the sandbox.")
@sandbox_option("What was applied in the sandbox.")
@json_flag
@pass_application
def command(application: Application, with_drift: bool, target: Target) -> None:
    """Show the release of each environment, and the next step.

    It also names each domain that the settings of its parent domain's environment do not delegate. The policies are
    checked on what the checkout makes. Drift is looked for only on demand, since that asks AWS about
    every resource.

    \b
    Examples:
      infra status
      infra status --drift --json
    """
    statuses = environment_statuses(Options(target), application.progress, utc_now(), with_drift=with_drift)
    application.show([_as_data(status) for status in statuses], "\n".join(_lines(statuses)))


def _as_data(status: EnvironmentStatus) -> dict[str, Any]:
    """The state of an environment, for programs."""
    return {
        **vars(status),
        "since": status.since and status.since.isoformat(timespec="minutes"),
        "destroyed": status.destroyed and status.destroyed.isoformat(timespec="minutes"),
        "frozen_until": status.frozen_until and status.frozen_until.isoformat(timespec="minutes"),
        "objections": [asdict(each) for each in status.objections],
        "overrides": [override.model_dump(mode="json") for override in status.overrides],
        "next": status.next and vars(status.next),
        "missing_delegation": status.missing_delegation and asdict(status.missing_delegation),
    }


def _lines(statuses: Sequence[EnvironmentStatus]) -> Iterator[str]:
    yield table(
        ("environment", "application", "release", "since", "policies", "drift", "next promotion"),
        (
            (
                status.environment,
                status.application_version,
                release_text(status),
                f"{status.since:%Y-%m-%d %H:%M}" if status.since else "-",
                status.policies,
                drift_text(status),
                next_text(status.next),
            )
            for status in statuses
        ),
    )
    for status in statuses:
        yield from (f"{status.environment}: {note}" for note in notes(status))
