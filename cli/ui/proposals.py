"""Showing a proposal of a promotion or a rollback, asking about it, and writing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import click

from cli.core.base.clock import utc_now
from cli.core.base.errors import Refusal
from cli.core.base.target import Target
from cli.core.base.text import count
from cli.core.operations.overrides import overrides_of
from cli.core.operations.plan_policy import open_gate
from cli.core.promotion import report, service
from cli.core.promotion.checks import CHECKS
from cli.core.promotion.proposal import Decision, Proposal
from cli.core.promotion.source import Context
from cli.core.releases.refusals import BranchRefused
from cli.core.workspace.options import Options
from cli.ui.app import Application
from cli.ui.options import format_options, terraform_options

FORMATS = {"table": report.as_table, "json": report.as_json, "markdown": report.as_markdown}


class Answers(TypedDict):
    """The options of `infra promote` and `infra rollback`."""

    dry_run: bool
    branch: str | None
    overridden: tuple[str, ...]
    reason: str | None
    acknowledged: str
    yes: bool
    options: Options


def proposal_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that `Answers` holds."""
    for option in (
        terraform_options,
        click.option("--yes", is_flag=True, help="Do not ask; for CI. It acknowledges nothing."),
        click.option(
            "--acknowledge",
            "acknowledged",
            default="",
            metavar="ID",
            help="Accept the unexplained changes of this id.",
        ),
        click.option("--reason", metavar="TEXT", help="Why gates are overridden; recorded."),
        click.option(
            "--override",
            "overridden",
            multiple=True,
            metavar="GATE",
            help="Let the release through a closed gate; can be given several times. Recorded.",
        ),
        format_options(list(FORMATS)),
        click.option("--branch", metavar="NAME", help="Commit on a new branch, with the report as the message."),
        click.option("--dry-run", is_flag=True, help="Write nothing."),
    ):
        command = option(command)
    return command


def carry_out(
    application: Application, environment: str, propose: Callable[[Context], Proposal | None], answers: Answers
) -> None:
    """Make a proposal for an environment, show it, ask about it, and write it."""
    decision = Decision(
        overrides_of(answers["overridden"], answers["reason"], CHECKS), answers["acknowledged"], answers["branch"]
    )
    if decision.branch and answers["options"].target is Target.SANDBOX:
        raise BranchRefused("--branch: a rehearsal writes nothing that git keeps; leave it out, or leave out --sandbox")
    with open_gate(utc_now().date()) as gate:
        proposal = propose(Context(gate, answers["options"], application.progress, utc_now()))
    if proposal is not None:
        _finish(application, proposal, decision, answers)
        return
    application.show(
        {"version": report.VERSION, "result": "already there", "to": environment},
        f"{environment} has this release already: nothing to do",
    )


def _finish(application: Application, proposal: Proposal, decision: Decision, answers: Answers) -> None:
    """Show a proposal and, unless it is refused or a dry run, write it."""
    is_dry = answers["dry_run"]
    needs_acknowledgement = proposal.needs_acknowledgement(decision.overrides)

    def show(result: str) -> None:
        application.write(FORMATS[application.format](proposal, decision.overrides, result=result))

    try:
        service.require_open(proposal, decision)
        if needs_acknowledgement and not (is_dry or answers["acknowledged"] or answers["yes"]):
            if application.format == "table":
                show("")
            decision = acknowledge(proposal, decision)
        if not is_dry:
            service.require_acknowledged(proposal, decision)
    except Refusal as refusal:
        result = "Refused: nothing was written."
        if application.is_json:
            refusal.details = report.as_data(proposal, decision.overrides, result=result)
        else:
            show(result)
        raise
    if is_dry:
        needs = f" Needs --acknowledge {proposal.comparison.id}." if needs_acknowledgement else ""
        show(f"Dry run: nothing was written.{needs}")
        return
    record = service.write(proposal, decision, utc_now())
    name = proposal.step.target
    if proposal.planned_on is Target.SANDBOX:
        wrote = f"The sandbox of {name} has the release (record {record.sequence}); envs/{name}.yaml stays as it is"
        show(f"{wrote}. Next: infra plan {name} --sandbox, infra apply {name} --sandbox.")
        return
    show(f"Wrote envs/{name}.yaml and record {record.sequence}. Next: infra plan {name}, infra apply {name}.")


def acknowledge(proposal: Proposal, decision: Decision) -> Decision:
    """Ask whether the unexplained changes are intended; the decision with the answer."""
    changes = count(len(proposal.comparison.unexplained), "unexplained change")
    try:
        is_intended = click.confirm(f"{changes}, as listed. Go on?", err=True)
    except click.Abort:  # nobody is there to answer
        is_intended = False
    return decision.acknowledging(proposal) if is_intended else decision
