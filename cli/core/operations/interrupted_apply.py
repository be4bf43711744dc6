"""What an apply that was cut off left behind, as far as the records tell. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cli.core.plans.model import Kind
from cli.core.plans.stateful import is_stateful
from cli.core.records import Record
from cli.core.records.model import ApplyRecord, RecoverRecord, Result, StackRecord
from cli.core.records.queries import of_stack, since_destroy
from cli.core.terraform import imports
from cli.core.terraform.cli import Position

_MOST = 10


@dataclass(frozen=True, slots=True)
class InterruptedApply:
    """What an apply that was cut off left behind."""

    errored_state: Path | None = None
    """The state that terraform could not write where it belongs. What it lacks shows when it is there."""
    damaged_state: Path | None = None
    """The file with the state, when terraform was ended while it wrote it. What it lacks shows when it is restored."""
    made: Mapping[str, str] = field(default_factory=dict)
    """What is in AWS and not in the state: ids by address."""
    begun: frozenset[str] = frozenset()
    """Addresses of what may be in AWS: its creation began, and no answer of AWS says how it ended."""
    adopted: Mapping[str, str] = field(default_factory=dict)
    """What was to be imported when that was cut off: by what, by address."""
    half: frozenset[str] = frozenset()
    """Addresses of what was made half-way and must not be replaced, see `half_made`."""
    deleted: frozenset[str] = frozenset()
    """Addresses of what was deleted before that was made, so that the state may know what is gone."""
    second: frozenset[str] = frozenset()
    """Addresses of what was to be replaced: what is made may be a second one beside the one in the state."""

    def __bool__(self) -> bool:
        return bool(self.errored_state or self.damaged_state or self.made or self.begun or self.adopted or self.half)

    def beside(self, at: Position) -> InterruptedApply:
        """Without what is in a state. Of what was to be replaced the state may know the one before."""
        replaced = self.deleted | self.second
        there = {each for each, id_ in at.ids.items() if each not in replaced or id_ == self.made.get(each)}
        return self.without(there)

    def without(self, addresses: Collection[str]) -> InterruptedApply:
        """Without what somebody else sees to."""
        return replace(
            self,
            made={address: each for address, each in self.made.items() if address not in addresses},
            begun=self.begun - set(addresses),
            adopted={address: each for address, each in self.adopted.items() if address not in addresses},
        )

    def text(self, environment: str, then: tuple[str, str]) -> str:
        """In words, with what to do: the command that puts it in order, and the one that goes on."""
        parts = []
        if self.errored_state is not None:
            parts.append(f"\n  the state, which could not be written, is in {self.errored_state}")
        if self.damaged_state is not None:
            parts.append(f"\n  the state was being written when it ended, and is not whole: {self.damaged_state}")
        if self.made or self.adopted:
            ids = {**self.adopted, **self.made}
            parts.append(f"\n  made, and not in the state:{_listed([f'{each} ({ids[each]})' for each in ids])}")
        if self.begun:
            parts.append(f"\n  may exist in AWS, and not in the state:{_listed(self.begun)}")
        if self.half:
            parts.append(f"\n  made half-way, so that terraform would replace it:{_listed(self.half)}")
        return (
            f"an apply of {environment} was cut off:{''.join(parts)}\n"
            f"{then[0]} puts the state in order; then {then[1]} goes on"
        )


def unrecorded(records: Sequence[Record[StackRecord]], stack: str) -> InterruptedApply | None:
    """What the state may lack, by the records since the last one that left it whole. None when the last one did, or
    when it was recovered since."""
    since: _Since | None = None
    adopted: Mapping[str, str] = {}
    for record in of_stack(records, stack):
        data = record.data
        if isinstance(data, RecoverRecord):
            since, adopted = None, data.adopted
        elif data.result is Result.SUCCEEDED:
            since, adopted = None, {}
        else:
            since = since or _Since()
            since.take_in(data)
    return None if since is None else since.left(adopted)


def recorded(records: Sequence[Record[StackRecord]], stack: str) -> InterruptedApply:
    """All that there is by the records since the last destroy: what a state lacks that was lost.

    What was imported, and by what the records do not say, may be there.
    """
    since, adopted = _Since(), dict[str, str]()
    for record in since_destroy(records, stack):
        data = record.data
        if isinstance(data, RecoverRecord):
            adopted |= data.adopted
            continue
        since.take_in(data)
        since.begun |= {
            address
            for address, change in data.plan.changes.items()
            if change.kind is Kind.IMPORT and address not in adopted
        }
        for address, resource in data.resources.items():
            if "delete" in resource.actions:
                adopted.pop(address, None)
    return since.left(adopted)


@dataclass
class _Since:
    """What was done since the state was whole."""

    made: dict[str, str] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    second: set[str] = field(default_factory=set)

    def take_in(self, data: ApplyRecord) -> None:
        """Take in what an apply did."""
        for address, planned in data.plan.changes.items():
            if planned.previous_address in self.made:
                self.made[address] = self.made.pop(planned.previous_address)
        for address, resource in data.resources.items():
            if address.partition(".")[0] in imports.NOT_NEEDED:
                continue
            for addresses in (self.begun, self.deleted, self.second):
                addresses.discard(address)
            is_deleted = "delete" in resource.actions
            if resource.begun == "create":
                self.begun.add(address)
            elif "create" in resource.actions and resource.id:
                self.made[address] = resource.id
            elif is_deleted:
                self.made.pop(address, None)
                continue
            change = data.plan.changes.get(address)
            if change is not None and change.kind is Kind.REPLACE:
                (self.deleted if is_deleted else self.second).add(address)

    def left(self, adopted: Mapping[str, str]) -> InterruptedApply:
        """What is left of it, beside what was to be imported."""
        return InterruptedApply(
            made=self.made,
            begun=frozenset(self.begun),
            adopted=adopted,
            deleted=frozenset(self.deleted),
            second=frozenset(self.second),
        )


def awaited(records: Sequence[Record[StackRecord]], stack: str) -> Mapping[str, str]:
    """What the next plan imports already, if the last operation was a recovery: the import id by address."""
    last = [record.data for record in of_stack(records, stack)][-1:]
    return last[0].adopted if last and isinstance(last[0], RecoverRecord) else {}


def half_made(at: Position) -> frozenset[str]:
    """Addresses of what was made half-way, so that terraform would replace it, and must not: for it holds data, or
    because the new one would be made first, with a name or addresses that the old one still has."""
    return frozenset(each for each in at.tainted if is_stateful(each.partition(".")[0]) or each in at.made_first)


def _listed(names: Collection[str]) -> str:
    """Names, a line each, what holds data first."""
    ordered = sorted(names, key=lambda name: (not is_stateful(name.partition(".")[0]), name))
    rest = [f"and {len(ordered) - _MOST} more"] if len(ordered) > _MOST else []
    return "".join(f"\n    {each}" for each in [*ordered[:_MOST], *rest])
