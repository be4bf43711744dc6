"""A saved plan, with everything that it was made from, so that any change since then shows.

    <directory>/tfplan        terraform's, the only thing that is applied
    <directory>/plan.json     the same as `terraform show -json` has it
    <directory>/cdk.tf.json   the Terraform that it was made from
    <directory>/sidecar.json  `Evidence`, and digests of it and of these

Plans hold secrets in plain text, so only their owner may enter the directory. A new one is
completed beside it and then takes its place. The sidecar is written last: a plan without one was never finished.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cli.core.base.digests import file_digest, json_digest, short_id
from cli.core.base.errors import ExitCode, Refusal
from cli.core.base.files import owner_only_directory, write_whole
from cli.core.plans.model import Plan
from cli.core.plans.reader import read_plan

LIFETIME = datetime.timedelta(hours=12)
"""How long a plan may be applied: a working day."""

_SIDECAR = "sidecar.json"


class NoPlan(Refusal, kind="plan-missing", exit_code=ExitCode.STALE):
    """There is no saved plan."""


class PlanChanged(Refusal, kind="plan-changed", exit_code=ExitCode.STALE):
    """The saved plan is not what it was when it was saved."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a plan was made from."""

    environment: str
    stack: str
    mode: str
    """`normal` or `destroy`."""
    settings: str
    """Digest of the environment's settings."""
    synthesis: str
    """Digest of what was synthesized for the stack."""
    policies: str
    """Digest of the rules and of what they were told to accept."""
    commit: str
    """Of git; empty outside of a repository."""
    dirty: bool
    """Whether there were changes that were not committed."""
    account_id: str
    terraform: str
    """Program and version."""
    lock_file: str
    """Digest of terraform's dependency lock file."""
    providers: Mapping[str, str]
    """Version of each provider, by name."""
    lineage: str
    """Of the state."""
    serial: int
    semantics: str
    """Digest of what the plan does, see `Plan.digest`."""
    content: str
    """Digest of all that the plan says of resources and outputs, values that are not shown included."""
    arguments: tuple[str, ...]
    """What was passed on to terraform."""
    created: datetime.datetime
    expires: datetime.datetime

    @property
    def id(self) -> str:
        """Identifies what is planned, so that somebody can approve it and another run apply it: the same changes by the
        same Terraform, program and providers."""
        made_by = [self.content, self.synthesis, self.terraform, self.lock_file, *self.arguments]
        return short_id(json_digest([self.environment, self.stack, self.mode, self.semantics, *made_by]))


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A saved plan that is as it was saved."""

    directory: Path
    evidence: Evidence
    sha256: str
    """Of `tfplan`."""

    @property
    def plan_file(self) -> Path:
        """What terraform applies."""
        return self.directory / "tfplan"

    @property
    def json_file(self) -> Path:
        """The plan as JSON."""
        return self.directory / "plan.json"

    def plan_json(self) -> Mapping[str, Any]:
        """The plan as terraform shows it."""
        plan_json: Mapping[str, Any] = json.loads(self.json_file.read_bytes())
        return plan_json

    def document(self) -> Mapping[str, Any]:
        """The Terraform that it was made from."""
        document: Mapping[str, Any] = json.loads((self.directory / "cdk.tf.json").read_bytes())
        return document

    def read(self) -> Plan:
        """What the plan does."""
        evidence = self.evidence
        return read_plan(self.plan_json(), self.document(), environment=evidence.environment, stack=evidence.stack)


def discard_plan(directory: Path) -> None:
    """Remove a saved plan, the sidecar first."""
    (directory / _SIDECAR).unlink(missing_ok=True)
    shutil.rmtree(directory, ignore_errors=True)


def save_plan(directory: Path, tfplan: Path, plan_json: bytes, document: bytes, *, evidence: Evidence) -> SavedPlan:
    """Save a plan in place of the one before. ``tfplan`` is moved. Raises `OSError`; then the one before stays."""
    new = directory.with_name(f"{directory.name}.new")
    discard_plan(new)
    owner_only_directory(new)
    try:
        tfplan.chmod(0o600)
        os.replace(tfplan, new / "tfplan")
        write_whole(new / "plan.json", plan_json, owner_only=True)
        write_whole(new / "cdk.tf.json", document, owner_only=True)
        digests = _digests(new, _as_json(evidence))
        sidecar = {"digests": digests, "evidence": _as_json(evidence)}
        write_whole(new / _SIDECAR, json.dumps(sidecar, indent=2).encode() + b"\n", owner_only=True)
        discard_plan(directory)
        os.replace(new, directory)
    except BaseException:
        discard_plan(new)
        raise
    return SavedPlan(directory, evidence, digests["tfplan"])


def load_plan(directory: Path, environment: str) -> SavedPlan:
    """The saved plan. Raises `NoPlan`, `PlanChanged`."""
    path = directory / _SIDECAR
    if not path.is_file():
        raise NoPlan(f"there is no saved plan of {environment}: run infra plan {environment}")
    try:
        sidecar = json.loads(path.read_bytes())
        evidence = _from_json(sidecar["evidence"])
        saved_digests, digests = sidecar["digests"], _digests(directory, sidecar["evidence"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise PlanChanged(
            f"the saved plan of {environment} cannot be read ({type(error).__name__}: {error}): make a new one with "
            f"infra plan {environment}"
        ) from error
    changed = [name for name in digests if saved_digests.get(name) != digests[name]]
    if changed:
        raise PlanChanged(
            f"the saved plan of {environment} was changed after it was saved ({', '.join(changed)}): make a new one "
            f"with infra plan {environment}"
        )
    return SavedPlan(directory, evidence, digests["tfplan"])


def _digests(directory: Path, evidence: Mapping[str, Any]) -> dict[str, str]:
    files = {name: file_digest(directory / name) for name in ("tfplan", "plan.json", "cdk.tf.json")}
    return {**files, "evidence": json_digest(evidence)}


def _as_json(evidence: Evidence) -> dict[str, Any]:
    times = {"created": evidence.created.isoformat(), "expires": evidence.expires.isoformat()}
    return asdict(evidence) | times | {"arguments": list(evidence.arguments)}


def _from_json(data: Mapping[str, Any]) -> Evidence:
    times = {name: datetime.datetime.fromisoformat(data[name]) for name in ("created", "expires")}
    return Evidence(**{**data, **times, "arguments": tuple(data["arguments"])})
