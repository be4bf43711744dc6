"""The preconditions of an environment, for `infra doctor ENV` and before a plan."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.profiles import profile_of
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.operations.open_stack import OpenStack
from cli.core.preconditions.catalog import preconditions_of
from cli.core.preconditions.checks import account, artifacts
from cli.core.preconditions.model import PreconditionResult, PreconditionState, Subject
from cli.core.preconditions.reader import AccountReader
from cli.core.preconditions.run import run
from cli.core.releases.rehearsed import settings_of
from cli.core.sandbox import rehearsal
from cli.core.synthesis.publish import CONFIGURATION
from cli.core.synthesis.synthesize import synthesize
from cli.core.terraform.failures import NoCredentials, wrong_account
from cli.core.workspace.workspace import Workspace, stack_name
from envs.errors import SettingsError
from envs.load import load_parents
from envs.settings import Settings

PLAN_TIME_LIMIT_SECONDS = 10.0
"""What a plan waits for answers. The rest is not known."""


class PreconditionsMissing(InfraError):
    """An apply could not succeed, or what it makes could not run."""

    exit_code = ExitCode.MISSING
    kind = "preconditions-missing"

    def __init__(self, environment: str, results: Sequence[PreconditionResult], target: Target) -> None:
        lines = "".join(
            f"  {result.name}: {result.found}\n    to do: {indented(result.remedy, 4)}\n" for result in results
        )
        super().__init__(
            f"nothing was planned, because {environment} lacks:\n{lines}"
            f"infra doctor {environment}{target.option} shows all preconditions; infra plan with --skip-preconditions "
            "REASON goes on without them"
        )
        self.results = tuple(results)

    def report(self, form: str) -> str:
        """What is missing, for programs."""
        if form != "json":
            return ""
        document = json.loads(super().report(form)) | {"missing": [as_data(result) for result in self.results]}
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def indented(remedy: str, spaces: int) -> str:
    """What to do, the lines after the first one indented."""
    first, *lines = remedy.splitlines()
    return "\n".join([first, *(f"{' ' * spaces}{line}" for line in lines)])


def as_data(result: PreconditionResult) -> dict[str, Any]:
    """A result for programs."""
    return result._asdict() | {"state": result.state.value}


def examine(name: str, target: Target, progress: ProgressReporter) -> tuple[PreconditionResult, ...]:
    """Ask the account of an environment, or its sandbox, for every precondition. Changes nothing in it.

    Raises `NoCredentials`, `UnknownEnvironment`, `SandboxError`, and what settings and constructs raise.
    """
    settings = settings_of(name, target)
    with tempfile.TemporaryDirectory(prefix="infra-") as directory:
        progress.step(f"synthesizing {name}")
        synthesize(settings, Path(directory))
        subject = _subject(settings, Path(directory))
    endpoint = None
    if target is Target.SANDBOX:
        progress.step("starting the sandbox")
        endpoint = rehearsal(settings.environment, settings.account_id).endpoint
    progress.step("asking for preconditions")
    return run(preconditions_of(subject), subject, _reads(settings, endpoint))


def is_fatal(results: Sequence[PreconditionResult]) -> bool:
    """Whether an apply could not succeed."""
    return any(result.is_fatal for result in results)


def require_preconditions(stack: OpenStack) -> str:
    """Ask for the preconditions that can stop an apply; a note for the report of the plan.

    Raises `PreconditionsMissing` and `WrongAccount`. Without credentials nothing is asked: terraform, which knows more
    sources of them, says what is wrong.
    """
    workspace = stack.workspace
    settings = workspace.settings
    subject = _subject(settings, stack.synthesized)
    if workspace.target is Target.SANDBOX:
        sandbox = rehearsal(settings.environment, settings.account_id)
        sandbox.put_archives(
            artifacts.bucket(subject),
            {
                artifacts.key(subject, server): artifacts.wanted_digest(subject, server)
                for server in artifacts.servers(subject)
            },
        )
    workspace.progress.step("asking for preconditions")
    asked = [precondition for precondition in preconditions_of(subject) if precondition.can_be_fatal]
    try:
        reads = account_reads(workspace)
        results = run(asked, subject, reads, time_limit_seconds=PLAN_TIME_LIMIT_SECONDS)
    except NoCredentials:
        return "preconditions were not asked for: no credentials"
    if any(result.name == account.NAME and result.is_fatal for result in results):
        raise wrong_account(settings.environment, account.ask(subject, reads))
    fatal = [result for result in results if result.is_fatal]
    if fatal:
        raise PreconditionsMissing(settings.environment, fatal, workspace.target)
    return _note(results, settings.environment, workspace.target)


def _note(results: Sequence[PreconditionResult], environment: str, target: Target) -> str:
    """How many preconditions hold, and what of them is open."""
    counts = Counter(result.state for result in results)
    parts = [f"{counts[state]} {state}" for state in PreconditionState if counts[state]]
    return f"preconditions: {', '.join(parts)} (infra doctor {environment}{target.option})"


def skipped_note(reason: str) -> str:
    """What the report of a plan says when nothing was asked."""
    return f"preconditions were skipped: {reason}"


def account_reads(workspace: Workspace) -> AccountReader:
    """What asks the account, or the sandbox, of a stack."""
    endpoint = workspace.terraform.environ["AWS_ENDPOINT_URL"] if workspace.target is Target.SANDBOX else None
    return _reads(workspace.settings, endpoint)


def _reads(settings: Settings, endpoint: str | None) -> AccountReader:
    profile = None if endpoint else profile_of(settings.environment, os.environ)
    return AccountReader(settings.account_id, settings.region, sandbox_endpoint=endpoint, profile=profile)


def _subject(settings: Settings, synthesized: Path) -> Subject:
    """What was synthesized, as data."""

    def document(*, is_bootstrap: bool) -> Mapping[str, Any]:
        path = synthesized / "stacks" / stack_name(settings, is_bootstrap=is_bootstrap) / CONFIGURATION
        content: Mapping[str, Any] = json.loads(path.read_bytes())
        return content

    return Subject(settings, document(is_bootstrap=False), document(is_bootstrap=True), _parents(settings))


def _parents(settings: Settings) -> tuple[Settings, ...] | SettingsError:
    """The environments whose domains are above this one's. What is wrong with their files stops no plan of it."""
    try:
        return load_parents(settings)
    except SettingsError as error:
        return error
