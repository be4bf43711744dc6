"""After an apply that was cut off: what it left behind, and how it gets into the state.

terraform writes the state to S3 every 20 seconds and at its end (`TF_STATE_PERSIST_INTERVAL`). Killed, it leaves its
lock, and in AWS what it made since and wrote nowhere but in its log: the next plan would make it twice, or fail because
the name is taken. Cut off from AWS, it leaves the state in `errored.tfstate`. Records name all that applies made, with
the ids, so nothing is planned or applied after such an apply before `infra recover` has put that in order.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cli.core.base.errors import InfraError, Refusal
from cli.core.base.files import write_whole
from cli.core.operations.apply_record import finish_pending
from cli.core.operations.interrupted_apply import InterruptedApply, awaited, half_made, unrecorded
from cli.core.operations.provenance import current_commit, operator
from cli.core.records import Record
from cli.core.releases.release import release
from cli.core.terraform import imports
from cli.core.terraform.cli import ERRORED_STATE, LOCAL_STATE
from cli.core.terraform.failures import Lock, not_associated, not_there
from cli.core.workspace.workspace import Workspace


class ApplyUnfinished(Refusal):
    """An apply was cut off, and what it left behind is not put in order yet."""

    kind = "unfinished-apply"


class ApplyInterrupted(InfraError):
    """This very apply was cut off, and left something behind."""

    kind = "unfinished-apply"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was put in order."""

    lock: Lock | None
    """That was taken away."""
    is_state_pushed: bool
    is_state_restored: bool
    kept: tuple[str, ...]
    """Addresses of what was made half-way, and is completed and not replaced."""
    forgotten: tuple[str, ...]
    """Addresses of what is gone and was taken out of the state, for what was made after it."""
    adopted: Mapping[str, str]
    """What the next plan imports: by what, by address."""
    gone: tuple[str, ...]
    """Addresses of what was made and is there no longer."""
    begun: tuple[str, ...]
    """Addresses of what may be there, of which nobody knows the id."""
    second: Mapping[str, str]
    """What may be there twice: the one in the state, whose ids these are by address, and what was to replace it."""
    record: Record | None
    """None when there was nothing to do."""


def commands(workspace: Workspace) -> tuple[str, str]:
    """The command that puts a stack in order, and the one that goes on with it."""
    environment, option = workspace.environment, workspace.target.option
    if workspace.stack == environment:
        return f"infra recover {environment}{option}", f"infra plan {environment}{option}"
    return f"infra recover {environment} --bootstrap{option}", f"infra bootstrap {environment}{option}"


def require_recovered(workspace: Workspace) -> None:
    """Record what a run that died did, before anything is planned or applied. Raises `ApplyUnfinished`."""
    finish_pending(workspace, workspace.progress.note)
    interrupted = find_interrupted(workspace)
    if interrupted:
        raise ApplyUnfinished(interrupted.text(workspace.environment, commands(workspace)))


def find_interrupted(workspace: Workspace) -> InterruptedApply:
    """What is left behind and not put in order. Asks terraform only where the last deed did not succeed."""
    errored = workspace.directory / ERRORED_STATE
    if errored.is_file():
        return InterruptedApply(errored)
    if _is_damaged(workspace):
        return InterruptedApply(damaged_state=workspace.directory / LOCAL_STATE)
    found = unrecorded(workspace.records.read(), workspace.stack)
    if found is None:
        return InterruptedApply()
    workspace.init()
    at = workspace.terraform.position()
    return replace(found.beside(at), half=half_made(at))


def recover(
    workspace: Workspace,
    clock: Callable[[], datetime.datetime],
    confirm: Callable[[Lock], None],
    *,
    adopt: Mapping[str, str],
    forget: Collection[str],
) -> Recovered:
    """Put in order what an apply that was cut off left behind.

    A lock is taken away after ``confirm`` has returned. ``adopt`` names by what something else is imported, by address;
    ``forget`` what is neither imported nor kept from being replaced. Raises what terraform's errors come to.
    """
    finish_pending(workspace, workspace.progress.note)
    workspace.progress.step("terraform init")
    workspace.init()
    is_damaged = _is_damaged(workspace)
    if is_damaged:
        _restore(workspace)
    terraform = workspace.terraform
    holder = terraform.lock_holder()
    if holder is not None:
        confirm(holder)
        terraform.force_unlock(holder.id)
    errored = workspace.directory / ERRORED_STATE
    is_errored = errored.is_file()
    if is_errored:
        workspace.progress.step("writing the state")
        _push(workspace, errored)
    at = terraform.position()
    kept = tuple(sorted(at.tainted - set(forget)))
    for address in kept:
        terraform.untaint(address)
    found = find_interrupted(workspace).without(forget)
    known = at.addresses & {*found.made, *found.begun}
    forgotten = tuple(sorted(known & found.deleted))
    second = {address: at.ids[address] for address in sorted(known - found.deleted)}
    for address in forgotten:
        terraform.forget(address)
    earlier = awaited(workspace.records.read(), workspace.stack)
    wanted = {address: each for address, each in earlier.items() if address not in forget}
    wanted |= {**_imports(workspace, found.without(second)), **adopt}
    adopted, gone = _those_there(workspace, wanted)
    gone -= found.begun  # that was never made
    begun = tuple(sorted(found.begun - {*wanted, *second}))
    order = Recovered(
        holder, is_errored, is_damaged, kept, forgotten, adopted, tuple(sorted(gone)), begun, second, None
    )
    if is_errored or is_damaged or kept or found or adopt:
        return replace(order, record=workspace.records.append(_data(workspace, clock(), order)))
    return order


def discard_imports(workspace: Workspace) -> None:
    """Take the import blocks away: an apply has carried them out."""
    (workspace.directory / imports.FILE).unlink(missing_ok=True)


def _is_damaged(workspace: Workspace) -> bool:
    """Whether terraform was killed over the file with the state. One that is empty it takes for no state at all."""
    try:
        json.loads((workspace.directory / LOCAL_STATE).read_bytes())
    except FileNotFoundError:
        return False
    except ValueError:
        return True
    return False


def _restore(workspace: Workspace) -> None:
    """Put back the state of before the run that was killed over it; the records have what that run made."""
    file = workspace.directory / LOCAL_STATE
    try:
        before = file.with_name(f"{LOCAL_STATE}.backup").read_bytes()
    except FileNotFoundError:  # there was none
        file.unlink()
    else:
        write_whole(file, before, owner_only=True)


def _push(workspace: Workspace, errored: Path) -> None:
    """Write the state that terraform could not write, and take the file away, which holds secrets."""
    try:
        workspace.terraform.push_state(errored)
    except InfraError as error:
        raise ApplyUnfinished(
            f"the state in {errored} is not taken: {error}\n"
            "Nothing was changed. Where the state of the environment is newer and right, remove the file"
        ) from error
    errored.unlink()


def _imports(workspace: Workspace, found: InterruptedApply) -> dict[str, str]:
    """By what everything is imported of which that is known; without what is no longer in the Terraform."""
    bodies = json.loads(workspace.configuration.read_bytes()).get("resource") or {}
    where = {"account_id": workspace.settings.account_id, "region": workspace.settings.region}
    wanted = dict(found.adopted)
    for address, made_as in {**dict.fromkeys(sorted(found.begun)), **found.made}.items():
        type_, _, name = address.partition(".")
        body = (bodies.get(type_) or {}).get(name)
        if body is not None:
            by = imports.import_id(type_, made_as, {**where, **body})
            if by is not None:
                wanted[address] = by
    return wanted


def _those_there(workspace: Workspace, wanted: Mapping[str, str]) -> tuple[dict[str, str], frozenset[str]]:
    """Have terraform look whether everything is there, and leave import blocks of what is for the next plan.

    What is to be imported, and what is not there.
    """
    file = workspace.directory / imports.FILE
    file.unlink(missing_ok=True)
    if not wanted:
        return {}, frozenset()
    at, gone = workspace.terraform.position(), set[str]()
    remaining = {address: each for address, each in wanted.items() if address not in at.addresses}
    while remaining := _resolvable(remaining, at.addresses - at.tainted):
        write_whole(file, imports.blocks(remaining).encode())
        workspace.progress.step("looking at what was made")
        try:
            with workspace.temporary_plan() as tfplan:
                workspace.terraform.plan(tfplan)
            break
        except InfraError as error:
            file.unlink()
            lost, ids = not_associated(str(error)), {**wanted, **at.ids}
            missing = {each for each, by in remaining.items() if imports.resolved(by, ids) in lost}
            missing |= not_there(str(error)) & remaining.keys()
            if not missing:
                raise
            gone |= missing
            remaining = {address: each for address, each in remaining.items() if address not in missing}
    return remaining, frozenset(gone)


def _resolvable(wanted: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """Those that refer to nothing but what is in the state, and stays, or is imported too."""
    found = dict(wanted)
    while lost := [each for each, by in found.items() if not imports.references(by) <= {*known, *found}]:
        for each in lost:
            del found[each]
    return found


def _data(workspace: Workspace, now: datetime.datetime, order: Recovered) -> dict[str, Any]:
    """The record."""
    here, at, program = current_commit(), workspace.terraform.position(), str(workspace.terraform.program)
    before = [each for each in workspace.records.read() if each.data.get("stack") == workspace.stack]
    return {
        "deed": "recover",
        "environment": workspace.environment,
        "stack": workspace.stack,
        "realm": workspace.target,
        "who": operator(),
        "started": now.isoformat(timespec="seconds"),
        "finished": now.isoformat(timespec="seconds"),
        "result": "succeeded",
        "release": before[-1].data["release"] if before else release(workspace.settings, terraform=program).as_data(),
        "plan": {"changes": {}},
        "resources": {},
        "made_from": {"commit": here.id, "dirty": here.dirty},
        "state": {"lineage": at.lineage, "serial_before": at.serial, "serial_after": at.serial},
        "lock": str(order.lock) if order.lock else None,
        "state_pushed": order.is_state_pushed,
        "state_restored": order.is_state_restored,
        "kept": list(order.kept),
        "forgotten": list(order.forgotten),
        "adopted": dict(order.adopted),
        "gone": list(order.gone),
        "may_be_there": list(order.begun),
        "may_be_there_twice": dict(order.second),
    }
