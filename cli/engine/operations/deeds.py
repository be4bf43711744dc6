"""The record of an apply: begun before terraform starts, ended when it is done, so that a run that died leaves one too.

While terraform works, `applying.json` in the private directory holds what is known of the deed. Whoever comes next and
finds it, with the lock in hand, knows that its run died, and appends it to the records with the result `unknown`.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cli.engine.errors import InfraError
from cli.engine.operations.evidence import who
from cli.engine.operations.workspace import Workspace
from cli.engine.plans.model import Plan
from cli.engine.plans.saved import Saved, write_private
from cli.engine.records import Chain, Record
from cli.engine.releases.release import release
from cli.engine.terraform.terraform import Applied, Position

_PENDING = "applying.json"


class Deed:
    """An apply that goes on."""

    def __init__(
        self, data: dict[str, Any], pending: Path, records: Chain, clock: Callable[[], datetime.datetime]
    ) -> None:
        self._data = data
        self._pending = pending
        self._records = records
        self._clock = clock
        self._begun = clock()
        self._resources: dict[str, dict[str, Any]] = {}
        self._outputs: list[str] = []

    @classmethod
    def begin(
        cls,
        workspace: Workspace,
        kept: Saved,
        plan: Plan,
        policies: str,
        clock: Callable[[], datetime.datetime],
        *,
        allowed: tuple[str, ...],
    ) -> Deed:
        """Note that an apply begins. Raises `OSError` and `BrokenChain` before anything is done."""
        finish_pending(workspace)
        workspace.records.read()  # a chain that is broken is not added to
        evidence = kept.evidence
        data = {
            "deed": "destroy" if evidence.mode == "destroy" else "apply",
            "environment": workspace.environment,
            "stack": workspace.stack,
            "realm": workspace.realm,
            "who": who(),
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
        pending = workspace.store / _PENDING
        write_private(pending, json.dumps(data, indent=2).encode() + b"\n")
        return cls(data, pending, workspace.records, clock)

    def note(self, event: Mapping[str, Any]) -> None:
        """Take in an event of the apply: what happened to a resource, how long it took, which outputs there are."""
        kind = event.get("type")
        if kind in ("apply_complete", "apply_errored"):
            hook = event["hook"]
            address = str(hook["resource"]["addr"])
            if not address.startswith("data."):
                done = self._resources.setdefault(address, {"actions": [], "seconds": 0, "result": "done"})
                done["actions"].append(hook.get("action", ""))
                done["seconds"] += int(hook.get("elapsed_seconds", 0))
                done["result"] = "failed" if kind == "apply_errored" else done["result"]
        elif kind == "outputs":
            self._outputs = sorted(event.get("outputs") or {})

    def end(self, applied: Applied, position: Callable[[], Position]) -> Record:
        """Append the record. A state that cannot be read any more is noted as such: the deed was done all the same."""
        try:
            at = position()
            after: dict[str, Any] = {"lineage": at.lineage, "serial_after": at.serial}
        except InfraError as error:
            after = {"serial_after": None, "unreadable": str(error).splitlines()[0]}
        result = "interrupted" if applied.interrupted else "succeeded" if applied.succeeded else "failed"
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
        record = self._records.append(data)
        self._pending.unlink(missing_ok=True)
        return record


def finish_pending(workspace: Workspace) -> Record | None:
    """Append the record of an apply whose run died, if there is one. Called with the workspace's lock held."""
    pending = workspace.store / _PENDING
    try:
        data = json.loads(pending.read_bytes())
    except FileNotFoundError:
        return None
    record = workspace.records.append({**data, "result": "unknown"})
    pending.unlink()
    return record
