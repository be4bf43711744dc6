"""The record of an apply: begun before terraform starts, ended when it is done, so that a run that died leaves one too.

While terraform works, `applying.json` in the private directory holds what is known of it, and terraform's own log
grows beside it. Whoever comes next and finds it, with the lock in hand, knows that its run died or could not write the
record; waits for terraform, which goes on by itself; and appends the record with what the log says came of it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.core.base.errors import InfraError
from cli.core.base.files import write_whole
from cli.core.base.project import ROOT
from cli.core.base.target import Target
from cli.core.operations.provenance import operator
from cli.core.plans.model import Plan
from cli.core.plans.saved_plan import SavedPlan, discard_plan
from cli.core.records import Record, Records
from cli.core.records.model import VERSION, ApplyRecord, Operator, Override, Result, StackRecord
from cli.core.records.upgrade import upgraded
from cli.core.releases.release import release
from cli.core.sandbox.state_directory import StateDirectory
from cli.core.synthesis.publish import BOOTSTRAP
from cli.core.terraform.cli import APPLY_LOG, Applied, Position
from cli.core.terraform.events import diagnostic, logged
from cli.core.terraform.failures import was_refused
from cli.core.workspace.workspace import PLANS, Workspace

PENDING = "applying.json"
"""Name of the file, in the private directory, that there is while terraform works."""


class RecordNotWritten(InfraError):
    """The record of an apply could not be written yet."""


class ApplyRecorder:
    """Records an apply while it runs."""

    def __init__(
        self, data: dict[str, Any], pending: Path, records: Records[StackRecord], clock: Callable[[], datetime.datetime]
    ) -> None:
        self._data = data
        self._pending = pending
        self._records = records
        self._clock = clock
        self._begun = datetime.datetime.fromisoformat(data["started"])
        self._resources: dict[str, dict[str, Any]] = {}
        self._outputs: list[str] = []

    @classmethod
    def begin(
        cls,
        workspace: Workspace,
        kept: SavedPlan,
        plan: Plan,
        policies: str,
        clock: Callable[[], datetime.datetime],
        *,
        allowed: tuple[str, ...],
        overrides: tuple[Override, ...],
    ) -> ApplyRecorder:
        """Note that an apply begins, after `finish_pending`. Raises `OSError`, `BrokenChain`; then nothing was done."""
        workspace.records.read()  # a chain that is broken is not added to
        evidence = kept.evidence
        (workspace.store / APPLY_LOG).unlink(missing_ok=True)  # of an earlier apply
        data = {
            "version": VERSION,
            "kind": "destroy" if evidence.mode == "destroy" else "apply",
            "environment": workspace.environment,
            "stack": workspace.stack,
            "target": workspace.target,
            "by": operator().model_dump(),
            "started": clock().isoformat(timespec="seconds"),
            "release": release(workspace.settings, terraform=evidence.terraform).as_data().model_dump(),
            "plan": {
                "sha256": kept.sha256,
                "semantics": evidence.semantics,
                "created": evidence.created.isoformat(timespec="seconds"),
                "counts": {str(kind): number for kind, number in plan.counts().items()},
                "changes": {
                    each.address: {
                        "kind": str(each.kind),
                        "construct_path": each.construct_path,
                        "attributes": sorted({attribute.path for attribute in each.attributes}),
                        "previous_address": each.previous_address,
                    }
                    for each in plan.changes
                },
                "arguments": list(evidence.arguments),
                "allowed_stateful_losses": list(allowed),
            },
            "made_from": {
                "commit": evidence.commit,
                "dirty": evidence.dirty,
                "settings": evidence.settings,
                "synthesis": evidence.synthesis,
                "policies": policies,
                "account_id": evidence.account_id,
                "terraform": evidence.terraform,
                "providers": dict(evidence.providers),
                "lock_file": evidence.lock_file,
            },
            "state": {"lineage": evidence.lineage, "serial_before": evidence.serial},
            "overrides": [each.model_dump(mode="json") for each in overrides],
        }
        pending = workspace.store / PENDING
        write_whole(pending, json.dumps(data, indent=2).encode() + b"\n", owner_only=True)
        return cls(data, pending, workspace.records, clock)

    def note(self, event: Mapping[str, Any]) -> None:
        """Take in an event of the apply: what happened to a resource, how long it took, which outputs there are."""
        kind = event.get("type")
        if kind in ("apply_start", "apply_complete", "apply_errored"):
            hook = event["hook"]
            address = str(hook["resource"]["addr"])
            if not address.startswith("data."):
                _take_in(self._resources.setdefault(address, {"actions": [], "seconds": 0}), str(kind), hook)
        elif kind == "outputs":
            self._outputs = sorted(event.get("outputs") or {})

    def end(
        self, applied: Applied, position: Callable[[], Position], result: Result | None = None
    ) -> Record[ApplyRecord]:
        """Append the record. A state that cannot be read is noted as such: the apply was done all the same.

        ``result`` is given where nobody saw the end. Raises `RecordNotWritten`; the next run then writes it.
        """
        try:
            at = position()
            after: dict[str, Any] = {"lineage": at.lineage, "serial_after": at.serial}
        except InfraError as error:
            after = {"serial_after": None, "unreadable": str(error).splitlines()[0]}
        result = result or _result(applied)
        now = self._clock()
        for address, resource in self._resources.items():
            _leave_open(resource, [each.text for each in applied.diagnostics if each.address == address])
        begun = upgraded({**self._data, "resources": self._resources})
        data = {
            **begun,
            "finished": now.isoformat(timespec="seconds"),
            "seconds": round((now - self._begun).total_seconds()),
            "result": result,
            "errors": [each.summary for each in applied.diagnostics if each.severity == "error"],
            "resources": dict(sorted(self._resources.items())),
            "outputs": self._outputs,
            "state": {**self._data["state"], **after},
        }
        parsed = self._records.parse(data)
        assert isinstance(parsed, ApplyRecord)
        try:
            record = self._records.append(parsed)
        except OSError as error:
            raise RecordNotWritten(
                f"the {parsed.kind} of {parsed.stack} ended as {result}, but its record cannot be written: "
                f"{error.filename}: {error.strerror}. What is known of it is kept in {self._pending.parent}; when "
                "there is room, the next infra plan writes the record"
            ) from error
        self._pending.unlink(missing_ok=True)
        return Record(record.sequence, record.digest, record.parents, parsed)


def _result(applied: Applied) -> Result:
    if applied.interrupted:
        return Result.INTERRUPTED
    return Result.SUCCEEDED if applied.succeeded else Result.FAILED


def finish_pending(
    workspace: Workspace, note: Callable[[str], None] = lambda _text: None
) -> Record[ApplyRecord] | None:
    """Append the record of an apply whose run died, if there is one, when terraform has ended, as its log tells.

    Called with the workspace's lock held. ``note`` is told what was found, and for what is waited. Raises
    `BrokenChain`, `RecordNotWritten`.
    """
    pending = workspace.store / PENDING
    if not pending.exists():
        return None
    workspace.terraform.wait_for_earlier(note)
    data = json.loads(pending.read_bytes())
    events = list(logged(workspace.store / APPLY_LOG))
    diagnostics = tuple(found for each in events if (found := diagnostic(each)) is not None)
    begun = datetime.datetime.fromisoformat(data["started"])
    times = [str(each["@timestamp"]) for each in events if "@timestamp" in each]
    ended = datetime.datetime.fromisoformat(times[-1]) if times else begun
    recorder = ApplyRecorder(data, pending, workspace.records, lambda: max(begun, ended))
    for each in events:
        recorder.note(each)
    is_failed = any(each.severity == "error" for each in diagnostics)
    is_done = any(each["type"] == "change_summary" and each["changes"]["operation"] != "plan" for each in events)
    discard_plan(workspace.saved)  # it is used up
    result = Result.FAILED if is_failed else Result.SUCCEEDED if is_done else Result.UNKNOWN
    record = recorder.end(Applied(0, False, diagnostics, ""), workspace.terraform.position, result)
    note(
        f"an earlier {record.data.kind} of {record.data.stack} had no record; terraform's log says that it ended as "
        f"{result} (record {record.sequence})"
    )
    return record


@dataclass(frozen=True)
class UnfinishedApply:
    """An apply that has begun and has no record yet: it is running, or its run died."""

    kind: str
    stack: str
    by: Operator
    started: datetime.datetime


def unfinished_applies(environment: str, target: Target) -> tuple[UnfinishedApply, ...]:
    """The unfinished applies of an environment's stacks. Starts nothing."""
    base = StateDirectory.of(environment).directory if target is Target.SANDBOX else ROOT
    paths = (base / PLANS / stack / PENDING for stack in (f"{environment}{BOOTSTRAP}", environment))
    pending = (upgraded({"resources": {}, **json.loads(path.read_bytes())}) for path in paths if path.is_file())
    return tuple(
        UnfinishedApply(
            data["kind"], data["stack"], Operator(**data["by"]), datetime.datetime.fromisoformat(data["started"])
        )
        for data in pending
    )


def _leave_open(resource: dict[str, Any], errors: Sequence[str]) -> None:
    """Note an action that failed as begun, unless AWS has answered that it was not done."""
    if resource.get("failed") and not any(map(was_refused, errors)):
        resource |= {"begun": resource["failed"], "result": "begun"}
    resource.pop("failed", None)


def _take_in(resource: dict[str, Any], kind: str, hook: Mapping[str, Any]) -> None:
    """What an event says about a resource: what began and has not ended, or what ended, and the id that AWS gave."""
    action = str(hook.get("action", ""))
    if kind == "apply_start":
        resource["begun"] = action
        resource.setdefault("result", "begun")
        return
    resource.pop("begun", None)
    if kind == "apply_errored":
        resource["failed"] = action
    else:
        resource["actions"].append(action)
    resource["seconds"] += int(hook.get("elapsed_seconds", 0))
    is_failed = kind == "apply_errored" or resource.get("result") == "failed"
    resource["result"] = "failed" if is_failed else "done"
    if kind == "apply_complete" and hook.get("id_value"):
        resource["id"] = str(hook["id_value"])
