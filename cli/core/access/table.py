"""The table: who may do what to which thing, and from where, with what is alike in one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.core.access.world import World, is_account_itself, positions_of, verbs_in
from policies.access.answers import AccessAnswer
from policies.access.model import EVERY_INTERFACE, Caller, Position, Requester, Thing
from policies.access.read.callers import ELSEWHERE, FOR_CALLER, INTERNET, SERVICE
from policies.reachability.network import Assumption

ANYWHERE = "anywhere"
"""Over the internet, and so from any place."""

OWN_NETWORK = "its own network"
"""Where the interfaces of a cluster are reached."""

_MOST = 6
"""The most names that a row shows; the JSON has all of them."""


@dataclass(frozen=True)
class AccessRow:
    """Callers that may do the same to things, from the same places."""

    callers: tuple[str, ...]
    verbs: str
    things: tuple[str, ...]
    places: str


@dataclass(frozen=True)
class Allowed:
    """What one caller may do to one thing."""

    answer: AccessAnswer
    positions: tuple[Position, ...]


def allowed(world: World, callers: Iterable[Caller], asked: Mapping[str, tuple[str, ...]]) -> list[Allowed]:
    """Everything that is allowed, of some callers about things and actions. Raises NotDecidable."""
    decisions = world.decisions
    ordered = {each.key: asked[each.key] for each in world.things() if each.key in asked}
    answers = decisions.answers(callers, ordered)
    return [Allowed(answer, tuple(positions_of(decisions, answer))) for answer in answers]


def rows(found: Sequence[Allowed]) -> list[AccessRow]:
    """What is allowed in as few rows as joining things, then callers, gives, in the order of callers."""
    by_caller: dict[tuple[str, str, str], list[str]] = {}
    for each in found:
        name, thing = each.answer.caller.principal.name, each.answer.thing
        key = (name, verbs(each.answer), places(each.positions))
        by_caller.setdefault(key, []).append(thing.name)
    by_things: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for (name, words, place), things in by_caller.items():
        by_things.setdefault((words, tuple(things), place), []).append(name)
    return [AccessRow(tuple(callers), words, things, place) for (words, things, place), callers in by_things.items()]


def lines(world: World, found: Sequence[Allowed]) -> list[tuple[str, str]]:
    """The rows as lines under the callers that they are about."""
    callers = [each.principal.name for each in world.callers]
    things = [each.name for each in world.things()]
    return [
        (few(row.callers, callers), f"{row.verbs} from {row.places}: {few(row.things, things)}") for row in rows(found)
    ]


def verbs(answer: AccessAnswer) -> str:
    """What is allowed, in verbs if there are any for it; what rests on an assumption says so."""
    allowed, sure = verbs_in(answer.thing, answer.allowed), verbs_in(answer.thing, answer.certain)
    if not allowed:
        allowed, sure = list(answer.allowed), list(answer.certain)
    return ", ".join(each if each in sure else f"{each} (assumed)" for each in allowed)


def places(positions: Sequence[Position]) -> str:
    """From where, in few words: the internet stands for every other place."""
    endpoints = dict.fromkeys(each.endpoint.name for each in positions if each.endpoint is not None)
    if INTERNET in positions:
        return ANYWHERE
    words = list(endpoints)
    others = [each for each in positions if each.endpoint is None]
    words += [OWN_NETWORK] if any(each.to not in ("", EVERY_INTERFACE) for each in others) else []
    words += [each.name for each in others if each.assumption is not None and not each.to]
    words += [each.name for each in (ELSEWHERE, SERVICE, FOR_CALLER) if each in positions]
    return ", ".join(words)


def few(names: Sequence[str], every: Iterable[str] = ()) -> str:
    """Names in one text: `logs/*` for all that begin so, if they are several; of very many the first."""
    families: dict[str, set[str]] = {}
    for name in every:
        families.setdefault(_family(name), set()).add(name)
    meant = set(names)
    words: dict[str, None] = {}
    for name in names:
        family = families.get(_family(name), set())
        words[f"{_family(name)}*" if len(family) > 2 and family <= meant and _family(name) else name] = None
    shown = list(words)
    return ", ".join([*shown[:_MOST], *([f"and {len(shown) - _MOST} more"] if len(shown) > _MOST else [])])


def data(world: World, found: Sequence[Allowed]) -> Mapping[str, Any]:
    """What is allowed for programs."""
    return {
        "access": [
            {
                "caller": each.answer.caller.principal.name,
                "thing": each.answer.thing.name,
                "address": each.answer.thing.key,
                "actions": list(each.answer.allowed),
                "assumed": [action for action in each.answer.allowed if action not in each.answer.certain],
                "from": [position.name for position in each.positions],
            }
            for each in found
        ],
        "assumptions": assumptions(world, found),
    }


def assumptions(world: World, found: Sequence[Allowed]) -> list[str]:
    """What was taken for what the configuration does not determine, of what is shown and of all."""
    about = [one for each in found for one in _about(each.answer.caller.principal, each.answer.thing)]
    several = (*world.model.gaps, *world.model.assumptions, *about)
    return list(
        dict.fromkeys(f"{each.text} ({each.resource.address})" if each.resource else each.text for each in several)
    )


def _about(principal: Requester, thing: Thing) -> Iterator[Assumption]:
    yield from (each for each in (principal.presence, thing.presence) if each is not None)
    yield from (*principal.assumptions, *thing.unknown_keys)


def is_listed(caller: Caller) -> bool:
    """Whether the table has a caller unless they are asked for: not those who may do all that nothing denies."""
    return not is_account_itself(caller.principal)


def _family(name: str) -> str:
    return name.rpartition("/")[0] + "/" if "/" in name else ""
