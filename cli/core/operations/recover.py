"""Recovering from an interrupted apply: what it left behind, and how the state gets it.

terraform writes the state to S3 every 20 seconds and at its end (`TF_STATE_PERSIST_INTERVAL`). If it is killed, it
leaves its lock, and in AWS the resources of the last seconds, which only its log names: the next plan would create them
twice, or fail because a name is taken. If it loses AWS, it leaves the state in `errored.tfstate`. Records have the ids
of all that applies created, so nothing is planned or applied until `infra recover` has repaired the state.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from cli.core.base.errors import InfraError, Refusal
from cli.core.base.files import write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.base.target import Target
from cli.core.operations.apply_record import finish_pending, unfinished_applies
from cli.core.operations.interrupted_apply import InterruptedApply, awaited, half_made, recorded, unrecorded
from cli.core.operations.open_stack import open_stack
from cli.core.operations.provenance import current_commit, operator
from cli.core.operations.state_check import commands
from cli.core.records import Record
from cli.core.records.model import RecoverRecord, StackRecord
from cli.core.records.queries import lost_state
from cli.core.terraform import imports
from cli.core.terraform.cli import ERRORED_STATE, LOCAL_STATE, Position
from cli.core.terraform.failures import Lock, not_associated, not_there
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace


class ApplyUnfinished(Refusal, kind="unfinished-apply"):
    """An apply was interrupted, and its state is not repaired yet."""


class ApplyInterrupted(InfraError, kind="unfinished-apply"):
    """This apply was interrupted, and left something behind."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was repaired."""

    lock: Lock | None
    """The lock that was removed."""
    is_state_pushed: bool
    is_state_restored: bool
    kept: tuple[str, ...]
    """Addresses of resources whose creation failed half-way, and that are completed and not replaced."""
    forgotten: tuple[str, ...]
    """Addresses that were removed from the state: the old resource is gone, and a new one is adopted."""
    adopted: Mapping[str, str]
    """The import ids of what the next plan imports, by address."""
    gone: tuple[str, ...]
    """Addresses of resources that were created and no longer exist."""
    begun: tuple[str, ...]
    """Addresses of resources that may exist, with unknown ids."""
    second: Mapping[str, str]
    """Resources that may exist twice, with a replacement beside them: the ids of those in the state, by address."""
    record: Record[StackRecord] | None
    """None when there was nothing to do."""


def require_recovered(workspace: Workspace) -> None:
    """Record what a run that died did, before anything is planned or applied. Raises `ApplyUnfinished`."""
    finish_pending(workspace, workspace.progress.note)
    interrupted = find_interrupted(workspace)
    if interrupted:
        raise ApplyUnfinished(interrupted.text(workspace.environment, commands(workspace)))


def record_unfinished(environment: str, progress: ProgressReporter) -> None:
    """Write the records of the applies on AWS whose runs died in this checkout, after their terraform has ended.

    Raises what opening a stack raises, `BrokenChain` and `RecordNotWritten`.
    """
    for apply in unfinished_applies(environment, Target.AWS):
        with open_stack(environment, Options(), progress, is_bootstrap=apply.stack != environment) as stack:
            finish_pending(stack.workspace, progress.note)


def find_interrupted(workspace: Workspace) -> InterruptedApply:
    """What an apply left behind and nobody repaired. Asks terraform only when the last action did not succeed."""
    errored = workspace.directory / ERRORED_STATE
    if errored.is_file():
        return InterruptedApply(errored)
    if _is_damaged(workspace):
        return InterruptedApply(damaged_state=workspace.directory / LOCAL_STATE)
    interrupted = unrecorded(workspace.records.read(), workspace.stack)
    if interrupted is None:
        return InterruptedApply()
    workspace.init()
    position = workspace.terraform.position()
    return replace(interrupted.beside(position), half=half_made(position))


def recover(
    workspace: Workspace,
    clock: Callable[[], datetime.datetime],
    confirm: Callable[[Lock], None],
    *,
    adopt: Mapping[str, str],
    forget: Collection[str],
) -> Recovered:
    """Repair the state after an interrupted apply.

    A lock is removed after ``confirm`` has returned. ``adopt`` names by address the id of anything else to import;
    ``forget`` names what is neither imported nor kept from being replaced. Raises terraform's failures.
    """
    finish_pending(workspace, workspace.progress.note)
    workspace.progress.step("terraform init")
    workspace.init()
    is_restored = _restore_damaged_state(workspace)
    lock = _remove_lock(workspace, confirm)
    is_pushed = _push_errored_state(workspace)
    terraform = workspace.terraform
    position = terraform.position()
    kept = tuple(sorted(position.tainted - set(forget)))
    for address in kept:
        terraform.untaint(address)
    lost = _lost(workspace, position)
    interrupted = (lost if lost is not None else find_interrupted(workspace)).without(forget)
    in_state = position.addresses & {*interrupted.made, *interrupted.begun}
    forgotten = tuple(sorted(in_state & interrupted.deleted))
    for address in forgotten:
        terraform.forget(address)
    second = {address: position.ids[address] for address in sorted(in_state - interrupted.deleted)}
    awaiting = awaited(workspace.records.read(), workspace.stack)
    import_ids = {address: import_id for address, import_id in awaiting.items() if address not in forget}
    import_ids |= {**_import_ids(workspace, interrupted.without(second)), **adopt}
    for address in workspace.declared_imports():  # terraform refuses a second block
        import_ids.pop(address, None)
    adopted, gone = _adopt(workspace, import_ids)
    recovered = Recovered(
        lock=lock,
        is_state_pushed=is_pushed,
        is_state_restored=is_restored,
        kept=kept,
        forgotten=forgotten,
        adopted=adopted,
        gone=tuple(sorted(gone - interrupted.begun)),  # what was only begun was perhaps never created
        begun=tuple(sorted(interrupted.begun - {*import_ids, *second})),
        second=second,
        record=None,
    )
    if is_pushed or is_restored or kept or interrupted or adopt:
        return replace(recovered, record=workspace.records.append(_data(workspace, clock(), recovered)))
    return recovered


def _lost(workspace: Workspace, position: Position) -> InterruptedApply | None:
    """What the records have and a state that was lost has not; None for one that was not lost."""
    records = workspace.records.read()
    if not lost_state(records, workspace.stack, position.lineage, position.serial):
        return None
    return recorded(records, workspace.stack).beside(position)


def discard_imports(workspace: Workspace) -> None:
    """Remove the import blocks: an apply has carried them out."""
    (workspace.directory / imports.FILE).unlink(missing_ok=True)


def _is_damaged(workspace: Workspace) -> bool:
    """Whether terraform was killed while it wrote the state file. An empty file would pass for no state."""
    try:
        json.loads((workspace.directory / LOCAL_STATE).read_bytes())
    except FileNotFoundError:
        return False
    except ValueError:
        return True
    return False


def _restore_damaged_state(workspace: Workspace) -> bool:
    """Put back the state before the run that damaged it; the records have what that run created."""
    if not _is_damaged(workspace):
        return False
    file = workspace.directory / LOCAL_STATE
    try:
        backup = file.with_name(f"{LOCAL_STATE}.backup").read_bytes()
    except FileNotFoundError:  # there was none
        file.unlink()
    else:
        write_whole(file, backup, owner_only=True)
    return True


def _remove_lock(workspace: Workspace, confirm: Callable[[Lock], None]) -> Lock | None:
    """Remove the lock of the state, after ``confirm`` has returned."""
    lock = workspace.terraform.lock_holder()
    if lock is not None:
        confirm(lock)
        workspace.terraform.force_unlock(lock.id)
    return lock


def _push_errored_state(workspace: Workspace) -> bool:
    """Write the state that terraform could not write, and remove its file, which holds secrets."""
    errored = workspace.directory / ERRORED_STATE
    if not errored.is_file():
        return False
    workspace.progress.step("writing the state")
    try:
        workspace.terraform.push_state(errored)
    except InfraError as error:
        raise ApplyUnfinished(
            f"terraform refuses the state in {errored}: {error}\n"
            "Nothing was changed. If the state of the environment is newer and correct, remove the file"
        ) from error
    errored.unlink()
    return True


def _import_ids(workspace: Workspace, interrupted: InterruptedApply) -> dict[str, str]:
    """The import id of everything whose id is known and that the Terraform still has, by address."""
    bodies = json.loads(workspace.configuration.read_bytes()).get("resource") or {}
    settings = workspace.settings
    import_ids = dict(interrupted.adopted)
    for address, resource_id in {**dict.fromkeys(sorted(interrupted.begun)), **interrupted.made}.items():
        type_, _, name = address.partition(".")
        body = (bodies.get(type_) or {}).get(name)
        if body is not None:
            arguments = {"account_id": settings.account_id, "region": settings.region, **body}
            import_id = imports.import_id(type_, resource_id, arguments)
            if import_id is not None:
                import_ids[address] = import_id
    return import_ids


def _adopt(workspace: Workspace, import_ids: Mapping[str, str]) -> tuple[dict[str, str], frozenset[str]]:
    """Leave import blocks for the next plan, of everything that terraform finds in AWS.

    Returns what is imported, by address, and the addresses of what is not in AWS.
    """
    file = workspace.directory / imports.FILE
    file.unlink(missing_ok=True)
    if not import_ids:
        return {}, frozenset()
    position, gone = workspace.terraform.position(), set[str]()
    remaining = {address: import_id for address, import_id in import_ids.items() if address not in position.addresses}
    while remaining := _resolvable(remaining, position.addresses - position.tainted):
        write_whole(file, imports.blocks(remaining).encode())
        workspace.progress.step("looking for what was created")
        try:
            with workspace.temporary_plan() as tfplan:
                workspace.terraform.plan(tfplan)
            break
        except InfraError as error:
            file.unlink()
            missing = _missing(str(error), remaining, {**import_ids, **position.ids})
            if not missing:
                raise
            gone |= missing
            remaining = {address: import_id for address, import_id in remaining.items() if address not in missing}
    return remaining, frozenset(gone)


def _missing(text: str, remaining: Mapping[str, str], ids: Mapping[str, str]) -> set[str]:
    """The addresses that cannot be imported, by terraform's errors: nothing with their id is in AWS."""
    associations = not_associated(text)
    missing = {address for address, import_id in remaining.items() if imports.resolved(import_id, ids) in associations}
    return missing | (not_there(text) & remaining.keys())


def _resolvable(import_ids: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """The import ids that refer only to what is in the state, and stays there, or is imported too."""
    resolvable = dict(import_ids)
    while unresolved := [
        address
        for address, import_id in resolvable.items()
        if not imports.references(import_id) <= {*known, *resolvable}
    ]:
        for address in unresolved:
            del resolvable[address]
    return resolvable


def _data(workspace: Workspace, now: datetime.datetime, recovered: Recovered) -> RecoverRecord:
    """The record of the recovery."""
    commit, position = current_commit(), workspace.terraform.position()
    return RecoverRecord(
        kind="recover",
        environment=workspace.environment,
        stack=workspace.stack,
        target=workspace.target,
        by=operator(),
        at=now,
        commit=commit.id,
        dirty=commit.dirty,
        lineage=position.lineage,
        serial=position.serial,
        lock=str(recovered.lock) if recovered.lock else None,
        state_pushed=recovered.is_state_pushed,
        state_restored=recovered.is_state_restored,
        untainted=recovered.kept,
        forgotten=recovered.forgotten,
        adopted=recovered.adopted,
        gone=recovered.gone,
        may_exist=recovered.begun,
        may_exist_twice=recovered.second,
    )
