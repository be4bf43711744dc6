"""Modules that are called and were not scanned, and what could not be judged because of that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cli.core.gate.inventory import Call, Inventory
from cli.core.gate.model import Problem, Target
from cli.core.gate.protocol import Record, Scan

_NAMED = re.compile(r"\bmodule\.([\w-]+)")


def not_followed(target: Target, scan: Scan, inventory: Inventory) -> tuple[Call, ...]:
    """The calls of modules in which checkov has looked at nothing."""
    followed = set(scan.modules)
    return tuple(
        call
        for call in inventory.calls
        if (str(call.file), call.name) not in followed and not _is_judged(target, call, scan)
    )


def problems(calls: Sequence[Call], dependents: Sequence[Record]) -> Iterator[Problem]:
    """One problem per module: that nothing in it was checked, and what that leaves undecided."""
    for call in calls:
        used = sorted(
            f"{record.address} ({record.rule})"
            for record in dependents
            if any(_names(expression, {call.name}) for expression in record.unknown)
        )
        text = f"{call.file}: module.{call.name}: {_reason(call)}, so nothing in it was checked"
        if used:
            text += f", and what it decides is unknown: {', '.join(used)}"
        yield Problem("module-not-scanned", f"{text}; check a plan, which has it", str(call.file))


def dependents(records: Iterable[Record], calls: Sequence[Call]) -> list[Record]:
    """The findings that say nothing but that values from these modules are unknown."""
    names = {call.name for call in calls}
    return [
        record
        for record in records
        if record.unknown and all(_names(expression, names) for expression in record.unknown)
    ]


def _names(expression: str, modules: set[str]) -> bool:
    """Whether an expression names one of some modules."""
    return not modules.isdisjoint(_NAMED.findall(expression))


def _reason(call: Call) -> str:
    """Why a module was not followed."""
    if not call.source.startswith((".", "/")):
        return f"checkov has not found its source {call.source!r}"
    if not call.directory.is_dir():
        return f"its source {call.source!r} does not exist"
    return f"checkov has not followed its source {call.source!r}"


def _is_judged(target: Target, call: Call, scan: Scan) -> bool:
    """Whether a call in JSON, which checkov does not follow, was followed by our rules."""
    ends = f"module.{call.name}"
    is_missing = any(address == ends or address.endswith(f".{ends}") for address in scan.missing)
    return target.framework == "terraform_json" and not is_missing
