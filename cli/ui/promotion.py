"""What `infra promote` and `infra rollback` do with what was worked out: judge, ask, write, commit, and say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from cli.core.base.clock import utc_now
from cli.core.base.environments import load_settings
from cli.ui import evidence, promoting

if TYPE_CHECKING:
    from cli.core.promotion.proposal import Proposal
    from cli.core.workspace.options import Options
    from envs.settings import Settings


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    options: Options
    format: str
    overridden: tuple[str, ...]
    reason: str | None
    acknowledged: str
    is_dry: bool
    branch: str | None
    yes: bool


def promote(source: str, target: str, request: Request) -> str:
    """Promote, and return the report. Raises `Refused` and what its parts raise."""
    from cli.core.operations.plan_policy import open_gate

    overrides = promoting.overrides_of(request.overridden, request.reason)
    below, above = load_settings(source), load_settings(target)
    promoting.require_step(source, target)
    if below.release == above.release:
        return _already(target, request, below)
    with open_gate(utc_now().date()) as policy_gate:
        found = evidence.below(source, above, policy_gate, request.options)
        proposal = promoting.propose(found, source, above, policy_gate, request.options)
    return _finish(proposal, overrides, request)


def roll_back(environment: str, release: str | None, request: Request) -> str:
    """Go back to an older release, and return the report. Raises `Refused` and what its parts raise."""
    from cli.core.operations.plan_policy import open_gate

    overrides = promoting.overrides_of(request.overridden, request.reason)
    settings = load_settings(environment)
    with open_gate(utc_now().date()) as policy_gate:
        found = evidence.older(environment, release, policy_gate, request.options)
        if found.release.values == settings.release.model_dump(mode="json"):
            return _already(environment, request, settings)
        proposal = promoting.propose(found, environment, settings, policy_gate, request.options)
    return _finish(proposal, overrides, request)


def _finish(proposal: Proposal, overrides: Mapping[str, str], request: Request) -> str:
    from cli.core.promotion import report as written
    from cli.core.promotion.refusals import Refused

    render = {"table": written.as_table, "json": written.as_json, "markdown": written.as_markdown}[request.format]
    target = proposal.step.target
    try:
        promoting.require_open(proposal, overrides)
        will_ask = proposal.residual.unlike and not (request.is_dry or request.acknowledged or request.yes)
        if will_ask and request.format == "table":
            click.echo(written.as_table(proposal, overrides, result=""), nl=False)
        is_acknowledged = not request.is_dry and promoting.require_acknowledged(
            proposal, request.acknowledged, yes=request.yes, overrides=overrides
        )
    except Refused:
        if request.format != "json":
            click.echo(render(proposal, overrides, result="Refused: nothing was written."), nl=False)
        raise
    if request.is_dry:
        needs = f"; needs --acknowledge {proposal.residual.id}" if proposal.residual.unlike else ""
        return render(proposal, overrides, result=f"A dry run: nothing was written{needs}.")
    body = written.as_markdown(proposal, overrides, result="")
    with promoting.on_branch(request.branch, target, body):
        record = promoting.write(proposal, overrides, acknowledged=is_acknowledged)
    result = f"Wrote envs/{target}.yaml and record {record.sequence}. Next: infra plan {target}, infra apply {target}."
    return render(proposal, overrides, result=result)


def _already(environment: str, request: Request, settings: Settings) -> str:
    """What to say when the release is there."""
    if request.format == "json":
        return json.dumps({"result": "already there", "to": environment}, indent=2) + "\n"
    version = settings.release.application_version
    return f"{environment} has that release already (application {version}): nothing to do.\n"
