"""What an apply that was cut off left behind, as far as the records tell. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.engine.plans.stateful import is_stateful
from cli.engine.records import Record
from cli.engine.terraform.terraform import Position

_MOST = 10


@dataclass(frozen=True, slots=True)
class Left:
    """What an apply that was cut off left behind."""

    errored_state: Path | None = None
    """The state that terraform could not write where it belongs. What it lacks shows when it is there."""
    made: Mapping[str, str] = field(default_factory=dict)
    """What is in AWS and not in the state: ids by address."""
    begun: frozenset[str] = frozenset()
    """Addresses of what may be in AWS: terraform was making it when it was ended."""
    adopted: Mapping[str, str] = field(default_factory=dict)
    """What was to be imported when that was cut off: by what, by address."""
    half: frozenset[str] = frozenset()
    """Addresses of what holds data and was made half-way, so that terraform would replace it."""

    def __bool__(self) -> bool:
        return bool(self.errored_state or self.made or self.begun or self.adopted or self.half)

    def without(self, addresses: Collection[str]) -> Left:
        """Without what is in the state, or what somebody else sees to."""
        return Left(
            self.errored_state,
            {address: each for address, each in self.made.items() if address not in addresses},
            self.begun - set(addresses),
            {address: each for address, each in self.adopted.items() if address not in addresses},
            self.half,
        )

    def text(self, environment: str, then: tuple[str, str]) -> str:
        """In words, with what to do: the command that puts it in order, and the one that goes on."""
        parts = []
        if self.errored_state is not None:
            parts.append(f"\n  the state, which could not be written, is in {self.errored_state}")
        if self.made or self.adopted:
            ids = {**self.adopted, **self.made}
            parts.append(f"\n  made, and not in the state:{_listed([f'{each} ({ids[each]})' for each in ids])}")
        if self.begun:
            parts.append(f"\n  being made when it ended, so that it may be there:{_listed(self.begun)}")
        if self.half:
            parts.append(f"\n  made half-way, so that terraform would replace it:{_listed(self.half)}")
        return (
            f"an apply of {environment} was cut off:{''.join(parts)}\n"
            f"{then[0]} puts the state in order; then {then[1]} goes on"
        )


def unrecorded(records: Sequence[Record], stack: str) -> Left | None:
    """What the state may lack, by the records: what was done since the last deed that left it whole. None when the last
    one did, or when it was put in order since."""
    made: dict[str, str] = {}
    begun: set[str] = set()
    adopted: dict[str, str] = {}
    is_whole = True
    for data in (each.data for each in records if each.data.get("stack") == stack):
        if data["deed"] == "recover":
            made, begun, adopted, is_whole = {}, set(), data["adopted"], True
            continue
        is_whole = data["result"] == "succeeded"
        if is_whole:
            made, begun, adopted = {}, set(), {}
            continue
        for address, each in data["resources"].items():
            begun.discard(address)
            if each.get("begun") == "create":
                begun.add(address)
            elif "create" in each["actions"] and each.get("id"):
                made[address] = each["id"]
            elif "delete" in each["actions"]:
                made.pop(address, None)
    return None if is_whole else Left(None, made, frozenset(begun), adopted)


def awaited(records: Sequence[Record], stack: str) -> Mapping[str, str]:
    """What the next plan imports already, where putting in order is the last that was done: by what, by address."""
    last = [each.data for each in records if each.data.get("stack") == stack][-1:]
    return last[0]["adopted"] if last and last[0]["deed"] == "recover" else {}


def half_made(at: Position) -> frozenset[str]:
    """Addresses of what holds data and was made half-way."""
    return frozenset(address for address in at.tainted if is_stateful(address.partition(".")[0]))


def _listed(names: Collection[str]) -> str:
    """Names, a line each, what holds data first."""
    ordered = sorted(names, key=lambda name: (not is_stateful(name.partition(".")[0]), name))
    rest = [f"and {len(ordered) - _MOST} more"] if len(ordered) > _MOST else []
    return "".join(f"\n    {each}" for each in [*ordered[:_MOST], *rest])
