"""The record of an apply: begun before terraform starts, ended when it is done, so that a run that died leaves one too.

While terraform works, `applying.json` in the private directory holds what is known of the deed, and terraform's own log
grows beside it. Whoever comes next and finds it, with the lock in hand, knows that its run died or could not write the
record; waits for terraform, which goes on by itself; and appends the record with what the log says came of it.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cli.core.base.errors import InfraError
from cli.core.base.files import write_whole
from cli.core.base.project import ROOT
from cli.core.base.target import Target
from cli.core.operations.provenance import operator
from cli.core.plans.model import Plan
from cli.core.plans.saved_plan import SavedPlan, discard_plan
from cli.core.records import Chain, Record
from cli.core.releases.release import release
from cli.core.sandbox.state_directory import StateDirectory
from cli.core.synthesis.publish import BOOTSTRAP
from cli.core.terraform.cli import APPLY_LOG, Applied, Position
from cli.core.terraform.events import diagnostic, logged
from cli.core.workspace.workspace import PLANS, Workspace

PENDING = "applying.json"
"""Name of the file, in the private directory, that there is while terraform works."""


class RecordNotWritten(InfraError):
    """What was done could not be recorded yet."""


class ApplyRecord:
    """An apply that goes on."""

    def __init__(
        self, data: dict[str, Any], pending: Path, records: Chain, clock: Callable[[], datetime.datetime]
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
    ) -> ApplyRecord:
        """Note that an apply begins, after `finish_pending`. Raises `OSError`, `BrokenChain`; then nothing was done."""
        workspace.records.read()  # a chain that is broken is not added to
        evidence = kept.evidence
        (workspace.store / APPLY_LOG).unlink(missing_ok=True)  # of an earlier deed
        data = {
            "deed": "destroy" if evidence.mode == "destroy" else "apply",
            "environment": workspace.environment,
            "stack": workspace.stack,
            "realm": workspace.target,
            "who": operator(),
            "started": clock().isoformat(timespec="seconds"),
            "release": release(workspace.settings, terraform=evidence.terraform).as_data(),
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

    def end(self, applied: Applied, position: Callable[[], Position], result: str = "") -> Record:
        """Append the record. A state that cannot be read any more is noted as such: the deed was done all the same.

        ``result`` is given where nobody saw the end. Raises `RecordNotWritten`; the next run then writes it.
        """
        try:
            at = position()
            after: dict[str, Any] = {"lineage": at.lineage, "serial_after": at.serial}
        except InfraError as error:
            after = {"serial_after": None, "unreadable": str(error).splitlines()[0]}
        result = result or ("interrupted" if applied.interrupted else "succeeded" if applied.succeeded else "failed")
        now = self._clock()
        data = {
            **self._data,
            "finished": now.isoformat(timespec="seconds"),
            "seconds": round((now - self._begun).total_seconds()),
            "result": result,
            "errors": [each.summary for each in applied.diagnostics if each.severity == "error"],
            "resources": {address: self._resources[address] for address in sorted(self._resources)},
            "outputs": self._outputs,
            "state": {**self._data["state"], **after},
        }
        try:
            record = self._records.append(data)
        except OSError as error:
            raise RecordNotWritten(
                f"the {data['deed']} of {data['stack']} ended as {result}, but its record cannot be written: "
                f"{error.filename}: {error.strerror}. What is known of it is kept in {self._pending.parent}; when "
                "there is room, the next infra plan writes the record"
            ) from error
        self._pending.unlink(missing_ok=True)
        return record


def finish_pending(workspace: Workspace, note: Callable[[str], None] = lambda _text: None) -> Record | None:
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
    told = tuple(found for each in events if (found := diagnostic(each)) is not None)
    begun = datetime.datetime.fromisoformat(data["started"])
    times = [str(each["@timestamp"]) for each in events if "@timestamp" in each]
    ended = datetime.datetime.fromisoformat(times[-1]) if times else begun
    deed = ApplyRecord(data, pending, workspace.records, lambda: max(begun, ended))
    for each in events:
        deed.note(each)
    is_failed = any(each.severity == "error" for each in told)
    is_done = any(each["type"] == "change_summary" and each["changes"]["operation"] != "plan" for each in events)
    discard_plan(workspace.saved)  # it is used up
    result = "failed" if is_failed else "succeeded" if is_done else "unknown"
    record = deed.end(Applied(0, False, told, ""), workspace.terraform.position, result)
    note(
        f"an earlier {data['deed']} of {data['stack']} was left without its record; terraform's log says that it ended "
        f"as {result} (record {record.sequence})"
    )
    return record


def under_way(environment: str, target: Target) -> tuple[Mapping[str, Any], ...]:
    """What is known of the deeds on an environment's stacks that have begun and have no record yet. Starts nothing."""
    base = StateDirectory.of(environment).directory if target is Target.SANDBOX else ROOT
    paths = (base / PLANS / stack / PENDING for stack in (f"{environment}{BOOTSTRAP}", environment))
    return tuple(json.loads(path.read_bytes()) for path in paths if path.is_file())


def _take_in(resource: dict[str, Any], kind: str, hook: Mapping[str, Any]) -> None:
    """What an event says about a resource: what began and has not ended, or what ended, and the id that AWS gave."""
    action = str(hook.get("action", ""))
    if kind == "apply_start":
        resource["begun"] = action
        resource.setdefault("result", "begun")
        return
    resource.pop("begun", None)
    resource["actions"].append(action)
    resource["seconds"] += int(hook.get("elapsed_seconds", 0))
    is_failed = kind == "apply_errored" or resource.get("result") == "failed"
    resource["result"] = "failed" if is_failed else "done"
    if kind == "apply_complete" and hook.get("id_value"):
        resource["id"] = str(hook["id_value"])
