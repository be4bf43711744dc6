"""Drift: what is in AWS other than the state says. Nothing is changed, not even the state."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cli.core.base.errors import exit_code
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.base.text import count
from cli.core.operations.attachments import attachments
from cli.core.operations.open_stack import open_stack
from cli.core.operations.opened import opened
from cli.core.operations.preconditions import account_reads
from cli.core.plans.foreign import State, foreign, managed
from cli.core.plans.model import Access, Attribute, Change, Kind
from cli.core.plans.reader import construct_paths, read_plan, with_foreign, written_arguments
from cli.core.plans.report.text import arrow, place
from cli.core.records.queries import is_applied, of_stack
from cli.core.synthesis.publish import BOOTSTRAP
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace, bootstrap_state


@dataclass(frozen=True, slots=True)
class Drift:
    """What drifted in one stack."""

    environment: str
    stack: str
    opens: tuple[Access, ...] = ()
    """What drift opens, in words."""
    changes: tuple[Change, ...] = ()
    """All that drifted: first what others have added to resources."""
    added: Mapping[str, Sequence[Attribute]] | None = None
    """Of that, what others have added, by address."""
    gaps: tuple[str, ...] = ()
    """What was not looked at, and why."""
    resources: tuple[State, ...] = ()
    """The resources of the state, as they are in AWS."""
    problem: str = ""
    """Why the stack could not be compared; then nothing of the above is known."""
    is_failure: bool = False
    """Whether it should have been possible to compare it."""


def find_drift(workspace: Workspace, options: Options, known: Sequence[State] | None = ()) -> Drift:
    """Compare every resource of the state with AWS, and ask the account what hangs on them that nobody made.

    ``known`` are the resources of the environment's other stack, None where they could not be read. Raises terraform's
    failures.
    """
    environment, stack = workspace.environment, workspace.stack
    workspace.progress.step(f"{stack}: terraform init")
    workspace.init()
    workspace.progress.step(f"{stack}: comparing the state with AWS")
    with workspace.temporary_plan() as tfplan:
        workspace.terraform.plan(tfplan, mode="refresh-only", extra=options.arguments)
        content = json.loads(workspace.terraform.show(tfplan))
    document = json.loads(workspace.configuration.read_bytes())
    resources = tuple(managed(content).values())
    if not resources and _was_applied(workspace):
        problem = "its state has no resources, and the records say that it was applied"
        return Drift(environment, stack, problem=problem, is_failure=True)
    workspace.progress.step(f"{stack}: asking what else there is")
    # The records of a zone in one stack are in the other.
    asked = [each for each in resources if known is not None or each["type"] != "aws_route53_zone"]
    attached = attachments(asked, (*resources, *(known or ())), account_reads(workspace))
    gaps = (
        attached.gaps
        if len(asked) == len(resources)
        else (*attached.gaps, f"records of zones ({environment} has them)")
    )
    paths, written = construct_paths(document), written_arguments(document)
    read_back = foreign(content, written)
    added = {
        address: (*read_back.get(address, ()), *attached.found.get(address, ()))
        for address in {*read_back, *attached.found}
    }
    types = {resource["address"]: resource["type"] for resource in resources}
    changes = with_foreign(
        read_plan(content, document, environment=environment, stack=stack).drift, attached.found, types, paths
    )
    return Drift(
        environment=environment,
        stack=stack,
        opens=opened(content, document, added, paths, written),
        changes=changes,
        added=added,
        gaps=gaps,
        resources=resources,
    )


def drift_of_environments(names: Sequence[str], options: Options, progress: ProgressReporter) -> tuple[Drift, ...]:
    """The drift of the stack and of the bootstrap stack of each environment.

    One that cannot be compared keeps none of the others from being compared. When no stack could be compared, the first
    failure is raised.
    """
    drifts: list[Drift] = []
    failures: list[Exception] = []
    for name in names:
        own = _compared(name, options, progress, failures)
        drifts += [own, _bootstrap(name, options, progress, failures, own)]
    if failures and all(drift.problem for drift in drifts):
        raise failures[0]
    return tuple(drifts)


def _was_applied(workspace: Workspace) -> bool:
    """Whether the records say that the stack is there."""
    records = of_stack(workspace.records.read(), workspace.stack)
    return bool(records) and is_applied(records[-1])


def _compared(
    name: str,
    options: Options,
    progress: ProgressReporter,
    failures: list[Exception],
    *,
    is_bootstrap: bool = False,
    known: Sequence[State] | None = (),
) -> Drift:
    """The drift of a stack, or why there is none to be had; then the failure is appended."""
    try:
        with open_stack(name, options, progress, is_bootstrap=is_bootstrap) as stack:
            return find_drift(stack.workspace, options, known)
    except Exception as error:
        if exit_code(error) is None:
            raise
        failures.append(error)
        return Drift(name, f"{name}{BOOTSTRAP if is_bootstrap else ''}", problem=str(error), is_failure=True)


def _bootstrap(name: str, options: Options, progress: ProgressReporter, failures: list[Exception], own: Drift) -> Drift:
    """The drift of a bootstrap stack. Its state is a file, which other machines do not have."""
    state = bootstrap_state(name, options.target)
    if not state.is_file():
        where = "in this sandbox" if options.target is Target.SANDBOX else "on this machine"
        problem = f"infra bootstrap {name} did not run {where}, so its state is not here ({state.name})"
        return Drift(name, f"{name}{BOOTSTRAP}", problem=problem)
    known = None if own.problem else own.resources
    return _compared(name, options, progress, failures, is_bootstrap=True, known=known)


def drift_lines(drift: Drift) -> list[str]:
    """The drift of a stack in words: what opens access first, then each other resource, a line for each attribute."""
    if drift.problem:
        return [f"{drift.stack}: not compared: {drift.problem}"]
    number = len(drift.changes)
    lines = [f"{drift.stack}: {count(number, 'resource') if number else 'nothing'} drifted"]
    if drift.opens:
        lines += [
            "  opens access:",
            *(f"    {place(each.construct_path, each.address)}: {each.text}" for each in drift.opens),
        ]
    lines += [f"  {line}" for change in drift.changes for line in _change_lines(_without(change, drift.added or {}))]
    return [*lines, *(f"  not looked at: {gap}" for gap in drift.gaps)]


def summary(drifts: Sequence[Drift]) -> str:
    """One line about all stacks."""
    compared = [drift for drift in drifts if not drift.problem]
    drifted = [drift.stack for drift in compared if drift.changes]
    parts = [f"{count(len(compared), 'stack')} compared", f"{len(drifted)} drifted"]
    parts += [f"{len(opening)} with access opened"] if (opening := [each for each in compared if each.opens]) else []
    missing = [drift.stack for drift in drifts if drift.problem]
    return ", ".join([*parts, *([f"not compared: {', '.join(missing)}"] if missing else [])])


def _without(change: Change, added: Mapping[str, Sequence[Attribute]]) -> Change:
    """A change without what others added, which is said before."""
    others = added.get(change.address, ())
    return replace(change, attributes=tuple(each for each in change.attributes if each not in others))


def _change_lines(change: Change) -> list[str]:
    """What happened to a resource outside of terraform; nothing for what only others added to."""
    name = place(change.construct_path, change.address)
    if change.kind is Kind.DESTROY:
        return [f"{name} is gone"]
    if not change.attributes:
        return []
    return [f"{name} was changed", *(f"  {attribute.path}: {arrow(attribute)}" for attribute in change.attributes)]
