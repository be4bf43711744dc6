"""What a change does: two snapshots compared by who can connect and who may do what."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from cli.core.access.world import NotDecidable, all_actions
from cli.core.base.digests import json_digest
from cli.core.change.claims import network_claims, permission_claims
from cli.core.change.connections import Ends, barriers, connections
from cli.core.change.destruction import destroyed
from cli.core.change.elsewhere import elsewhere, judged
from cli.core.change.model import TEXT_OF, Certainty, ChangeProof, Effect, Replacement
from cli.core.change.replacement import Replaced, replaced
from cli.core.change.replacement_facts import is_known
from cli.core.change.requests import looser, requests, roles, running
from cli.core.change.snapshot import Snapshot, together
from cli.core.cost.change import NOTHING_MORE, cost_change
from cli.core.cost.estimate import estimate
from cli.core.cost.usage import quantities
from policies.access.alike import signature
from policies.access.atoms import TooManyAtoms
from policies.access.difference import allowed_now
from policies.access.escalation_difference import escalates_alike
from policies.access.loosening import LooserStatement, loosened_statements
from policies.library.gaps import GapKind
from policies.library.model import Configuration, Resource
from policies.library.terraform.addresses import without_indexes
from policies.library.values import written
from policies.reachability.barriers import BarrierDifference, loosened
from policies.reachability.difference import opened, same_ends
from policies.reachability.names import ANY, resolvable


def compare(
    before: Snapshot,
    after: Snapshot,
    holds_data: Callable[[str], bool],
    replaces: Callable[[Configuration, Configuration], Iterable[Replaced]] = replaced,
) -> ChangeProof:
    """What opens and what closes from one snapshot to another; `holds_data` says it of a type, and `replaces` what of
    one stack is made anew in another.

    What is not decidable is told as what may open: nothing is proved of it.
    """
    moves = before.moves_to(after)
    before = before.as_moved(moves)
    changed = tuple(_changed(before, after, moves))
    wider: Sequence[BarrierDifference] = ()
    opens: list[Effect] = []
    closes: list[Effect] = []
    if changed and signature(before.network.network, {}) != signature(after.network.network, {}):
        wider = loosened(before.network, after.network)
        same = same_ends(before.network, after.network)
        uncounted = {each for side in (before, after) for each in side.uncounted()}
        now, past = (Ends(set(some), frozenset(uncounted)) for some in (same.values(), same))
        opens += connections(after.network, opened(before.network, after.network), now)
        closes += connections(before.network, opened(after.network, before.network), past)
    if changed:
        opens += _names(before, after)
        closes += _names(after, before)
    given, taken, wider_statements = _permissions(before, after)
    between = {(each.caller.principal.key, each.thing.key) for each in wider_statements if each.caller and each.thing}
    if any(map(after.is_forgotten, _gone(before, after))):
        closes, taken = ([replace(each, certainty=Certainty.PERHAPS) for each in some] for some in (closes, taken))
    claims, holding = permission_claims(before, after, between) if given or taken or between else ([], 0)
    about_network, holding_network = network_claims(before, after, wider, differs=bool(opens or closes))
    gaps = tuple(_gaps(before, after)) if changed else ()
    pairs = zip(before.stacks, after.stacks, strict=False)
    anew = [each for pair in pairs for each in replaces(*pair)] if changed else []
    not_decided = any(each.kind == "undecided" for each in given)
    return ChangeProof(
        before=before.name,
        after=after.name,
        opens=(*opens, *given),
        closes=(*closes, *taken),
        loosened=(
            *barriers(after.network, wider),
            *(looser(after.world, wider_statements) if wider_statements else ()),
        ),
        claims=(*about_network, *claims),
        holding=holding + holding_network,
        destroys=tuple(destroyed(before, after, anew, holds_data)) if changed else (),
        replaced=tuple(_replacement(each, holds_data) for each in anew),
        changed=changed,
        cost=_cost(before, after) if changed else "",
        gaps=gaps,
        unread=_unread(before, after, gaps) if gaps or not_decided else "",
        inputs=(_digest(before), _digest(after)),
        environment=after.terms.environment,
    )


def _replacement(each: Replaced, holds_data: Callable[[str], bool]) -> Replacement:
    return Replacement(
        each.resource.address,
        _name(each.resource.address, each.resource),
        each.arguments,
        is_certain=each.is_certain,
        follows=each.follows,
        holds_data=holds_data(each.resource.type) or not is_known(each.resource.type),
        prevents_destroy=each.resource.lifecycle.prevents_destroy,
    )


def _unread(before: Snapshot, after: Snapshot, gaps: Sequence[str]) -> str:
    """The digest of what differs of what gaps are about."""
    named = {each.partition(": ")[0] for each in gaps}
    past, now = (_of_all(side) for side in (before, after))
    about = [each for each in _differing(past, now) if not named or {each, without_indexes(each)} & named]
    texts = sorted(
        name for side in (before, after) for name in side.files.items() if name[0].partition(" ")[2] in named
    )
    return json_digest([[[each, repr(past.get(each)), repr(now.get(each))] for each in about], texts])


def _digest(side: Snapshot) -> str:
    """The digest of all that a side is."""
    parts = [[address, repr(part)] for stack in side.written for address, part in stack]
    return json_digest([parts, sorted(side.locals), sorted(side.files.values())])


_OPENING = (GapKind.MODULE, GapKind.FILE, GapKind.TOOL, GapKind.VALUES)
"""What is not here, and may open something by itself, or have closed something."""


def _gaps(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """What is not proved to open nothing: what is not here, on either side, and what differs in whom it lets in and is
    not read."""
    missing = [gap for side in (after, before) for each in side.stacks for gap in each.gaps if gap.kind in _OPENING]
    yield from dict.fromkeys(gap.text for gap in missing)
    yield from (f"{each}: sets variables, and is not read" for each in _variables(before, after))
    differing = _differing_addresses(before, after)
    numbers = {address: number for side in (before, after) for address, number in side.uncounted().items()}
    ends = {node.resource.address for side in (before, after) for node in side.network.network.nodes.values()}
    try:
        unread = [each.resource.address for each in after.world.model.gaps if each.resource is not None]
        ends |= {key for side in (before, after) for key in side.world.model.things}
    except (NotDecidable, TooManyAtoms):
        return  # which is told as what may open
    yield from (f"{each}: whom it lets in is not read" for each in dict.fromkeys(unread) if each in differing)
    yield from _uncompared(before, after)
    for address in dict.fromkeys(map(without_indexes, sorted(ends & differing))):
        if address in numbers:
            yield f"{address}: how many there are is not known ({numbers[address]})"


def _variables(before: Snapshot, after: Snapshot) -> list[str]:
    """The files that set variables, and are not read, of which the text is not the same."""
    gaps = (gap for side in (before, after) for stack in side.stacks for gap in stack.gaps)
    unread = {gap.where for gap in gaps if gap.kind is GapKind.VARIABLES}
    return sorted(unread & _files(before, after))


def _files(before: Snapshot, after: Snapshot) -> set[str]:
    """The names of files that are not the same."""
    return {name.partition(" ")[2] for name, _ in before.files.items() ^ after.files.items()}


def _uncompared(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """The policies that differ and are of no caller here: of what they allow, what is not declared is not compared.
    Raises NotDecidable."""
    of_callers = judged(before, after)
    past, now = (
        {address: written(each.get("policy")) for stack in side.stacks for address, each in stack.resources.items()}
        for side in (before, after)
    )
    for address in _differing(past, now):
        if (address.startswith("aws_iam_") or ".aws_iam_" in address) and address not in of_callers:
            yield f"{address}: what it allows with what is not declared here is not compared"


def _permissions(before: Snapshot, after: Snapshot) -> tuple[list[Effect], list[Effect], Sequence[LooserStatement]]:
    """What people may do now, what no longer, and what became wider though nobody may do more by it."""
    try:
        before, after = together(before.named_as(after), after)
        past, now = before.world, after.world
        more = allowed_now(before.access, after.access, all_actions)
        less = allowed_now(after.access, before.access, all_actions)
        uncounted = frozenset(each for side in (before, after) for each in side.uncounted())
        given = list(requests(now, more, past, gained=True, uncounted=uncounted))
        taken = list(requests(past, less, now, gained=False, uncounted=uncounted))
        if (given or taken) and not escalates_alike(before.access, after.access):
            given += roles(past, now, "can become")
            taken += roles(now, past, "can no longer become")
        opened = {(each.caller.principal.key, each.thing.key, each.action) for each in more}
        wider = loosened_statements(before.access, after.access, all_actions, opened)
        given += running(past, now, "now runs as")
        taken += running(now, past, "no longer runs as")
        given += elsewhere(before, after, all_actions, "may now")
        taken += elsewhere(after, before, all_actions, "may no longer")
    except (NotDecidable, TooManyAtoms) as error:
        text = f"who may do what is not decided: {error}"
        return [Effect(text, "undecided", (text,), Certainty.PERHAPS)], [], []
    return given, taken, wider


def _names(before: Snapshot, after: Snapshot) -> Iterator[Effect]:
    """The names that servers can resolve afterwards, and could not before."""
    past, now = (resolvable(each.stacks[0]) for each in (before, after))
    fresh = sorted(now - past) if ANY not in past else []
    if fresh:
        text = f"servers can resolve {', '.join(fresh)}"
        yield Effect(text, "name", tuple(fresh), is_new=not before.stacks[0].resources)


_NOTHING: tuple[Configuration, tuple[tuple[str, Hashable], ...]] = (Configuration({}), ())


def _changed(before: Snapshot, after: Snapshot, moves: Mapping[str, str]) -> Iterator[str]:
    """The names of all that is not the same: resources, providers, local values, and what is not here. Where files
    differ in nothing of that, these."""
    found: dict[str, None] = {}
    sides = (before, after)
    for past, now in zip_longest(*(zip(each.stacks, each.written, strict=True) for each in sides), fillvalue=_NOTHING):
        resources = {**past[0].resources, **now[0].resources}
        found |= dict.fromkeys(_name(each, resources.get(each)) for each in _differing(dict(past[1]), dict(now[1])))
    found |= dict.fromkeys(_differing(before.locals, after.locals))
    if found:
        yield from found
        return
    yield from (f"{new} (moved from {old})" for old, new in sorted(moves.items()))
    yield from (f"{TEXT_OF}{name}" for name in sorted(_files(before, after) - {""}) if not moves)


def _name(address: str, resource: Resource | None) -> str:
    """What people call something that differs: the construct path without the stack, else its address."""
    path = resource.construct_path if resource is not None else None
    return path.partition("/")[2] if path else address


def _differing(past: Mapping[str, Hashable], now: Mapping[str, Hashable]) -> list[str]:
    return [key for key in sorted(past.keys() | now.keys()) if past.get(key) != now.get(key)]


def _cost(before: Snapshot, after: Snapshot) -> str:
    """What a change costs in a month, as `infra cost` has it; nothing where no resource differs, or all costs alike."""
    if not _differing_addresses(before, after):
        return ""
    numbers = quantities()
    past, now = (estimate(side.stacks, numbers) for side in (before, after))
    text = cost_change(past, now)
    return "" if text == NOTHING_MORE else text


def _differing_addresses(before: Snapshot, after: Snapshot) -> frozenset[str]:
    """The addresses of all that is not the same, and of what is not here."""
    return frozenset(_differing(*(_of_all(side) for side in (before, after))))


def _of_all(side: Snapshot) -> Mapping[str, Hashable]:
    """What is written of all stacks of a side."""
    return dict(each for stack in side.written for each in stack)


def _gone(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """The addresses of what is in none of the stacks any more."""
    there = {address for each in after.stacks for address in each.resources}
    yield from (address for stack in before.stacks for address in stack.resources if address not in there)
