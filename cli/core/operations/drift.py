"""Drift: what is in AWS other than the state says. Nothing is changed, not even the state."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cli.core.base.errors import exit_code
from cli.core.base.progress import ProgressReporter
from cli.core.operations.attachments import attachments
from cli.core.operations.bootstrap_copy import missing_state
from cli.core.operations.open_stack import open_stack
from cli.core.operations.opened import opened
from cli.core.operations.preconditions import account_reads
from cli.core.plans.foreign import State, foreign, managed
from cli.core.plans.model import Access, Attribute, Change
from cli.core.plans.reader import construct_paths, read_plan, with_foreign, written_arguments
from cli.core.records.model import ApplyRecord, Result
from cli.core.records.queries import of_stack
from cli.core.synthesis.publish import BOOTSTRAP
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Drift:
    """What drifted in one stack."""

    environment: str
    stack: str
    opens: tuple[Access, ...] = ()
    """What drift opens, in words."""
    changes: tuple[Change, ...] = ()
    """All that drifted: first what others have added to resources."""
    added: Mapping[str, Sequence[Attribute]] = field(default_factory=dict)
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
    gaps = attached.gaps
    if len(asked) < len(resources):
        gaps += (f"records of zones ({environment}, which has them, was not compared)",)
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
        opens=opened(content, document, added=added, paths=paths, written=written),
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
    failures: list[Exception] = []

    def compare(name: str, known: Sequence[State] | None = (), *, is_bootstrap: bool = False) -> Drift:
        try:
            with open_stack(name, options, progress, is_bootstrap=is_bootstrap) as stack:
                return find_drift(stack.workspace, options, known)
        except Exception as error:
            if exit_code(error) is None:
                raise
            failures.append(error)
            return Drift(name, f"{name}{BOOTSTRAP if is_bootstrap else ''}", problem=str(error), is_failure=True)

    drifts: list[Drift] = []
    for name in names:
        own = compare(name)
        drifts.append(own)
        missing = missing_state(name, options.target, progress)
        if missing:
            drifts.append(Drift(name, f"{name}{BOOTSTRAP}", problem=missing))
        else:
            drifts.append(compare(name, None if own.problem else own.resources, is_bootstrap=True))
    if failures and all(drift.problem for drift in drifts):
        raise failures[0]
    return tuple(drifts)


def _was_applied(workspace: Workspace) -> bool:
    """Whether the records say that the stack is there."""
    done = (
        record.data.kind
        for record in reversed(of_stack(workspace.records.read(), workspace.stack))
        if isinstance(record.data, ApplyRecord) and record.data.result is Result.SUCCEEDED
    )
    return next(done, "") == "apply"
