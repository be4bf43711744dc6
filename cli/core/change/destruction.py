"""What holds data and is destroyed by a change, or may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from cli.core.change.model import Destruction
from cli.core.change.replacement import Replaced
from cli.core.change.replacement_facts import is_known
from cli.core.change.snapshot import Snapshot
from policies.library.gaps import Gap, GapKind
from policies.library.terraform.addresses import without_indexes
from policies.library.values import written


def destroyed(
    before: Snapshot, after: Snapshot, replaced: Iterable[Replaced], holds_data: Callable[[str], bool]
) -> Iterator[Destruction]:
    """What holds data before, and afterwards is gone or replaced for certain, or may be gone; `holds_data` says it of a
    type. What may be replaced is not told again.

    It may be gone where nobody knows how many of it there are, or whether its type holds data, or what is in a module.
    What Terraform forgets stays in AWS.
    """
    past, now = (_types(side) for side in (before, after))
    gone = {address: type_ for address, type_ in past.items() if address not in now and not after.is_forgotten(address)}
    uncounted = _uncounted(before, after, (address for address, type_ in past.items() if holds_data(type_)))
    yield from (
        Destruction(address)
        for address, type_ in gone.items()
        if holds_data(type_) and without_indexes(address) not in uncounted
    )
    certain = (each.resource for each in replaced if each.is_certain)
    yield from (Destruction(each.address) for each in certain if holds_data(each.type))
    yield from (Destruction(*each) for each in uncounted.items())
    unknown = (each for each in gone.items() if not holds_data(each[1]) and not is_known(each[1]))
    yield from (Destruction(address, f"what {type_} holds is not known") for address, type_ in unknown)
    yield from (Destruction(address, "what is in it is not known") for address in _other_modules(before, after))


def _uncounted(before: Snapshot, after: Snapshot, addresses: Iterable[str]) -> Mapping[str, str]:
    """Of which of some resources nobody knows how many there are, before or afterwards, and not for the same reason,
    without indexes; each with what decides that."""
    past, now = before.uncounted(), after.uncounted()
    names = {without_indexes(each): None for each in addresses if not after.is_forgotten(each)}
    return {
        name: f"how many there are is not known: {now.get(name) or past[name]}"
        for name in names
        if past.get(name) != now.get(name)
    }


def _types(side: Snapshot) -> Mapping[str, str]:
    return {address: each.type for stack in side.stacks for address, each in stack.resources.items()}


def _other_modules(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """The modules that are not here, and come from elsewhere or are given something else afterwards, or are gone."""
    past, now = (
        {(gap.where, gap.source, gap.version, written(gap.arguments)): gap.where for gap in _modules(side)}
        for side in (before, after)
    )
    yield from (where for each, where in past.items() if each not in now and not after.is_forgotten(where))


def _modules(side: Snapshot) -> Iterator[Gap]:
    yield from (gap for stack in side.stacks for gap in stack.gaps if gap.kind is GapKind.MODULE)
