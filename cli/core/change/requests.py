"""The permissions that a change gives or takes, in words: what is alike in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from cli.core.access import further
from cli.core.access.table import few, places
from cli.core.access.world import World, verbs_in
from cli.core.base.digests import json_digest
from cli.core.change.model import Certainty, Effect, Loosened
from policies.access.alike import signature
from policies.access.difference import AccessDifference
from policies.access.loosening import LooserStatement
from policies.access.model import PrincipalKind, Thing
from policies.access.read.principals import ANONYMOUS
from policies.library.terraform.addresses import without_indexes

_MOST = 4
"""The most actions that a line of a witness names."""


def requests(
    world: World, found: Iterable[AccessDifference], other: World, *, gained: bool, uncounted: Set[str]
) -> Iterator[Effect]:
    """A line for each caller and kind of permission; `world` is the one that has them. `uncounted` are the addresses,
    without indexes, of what nobody knows how many there are of, here or there."""
    known = {*other.model.things, *(each.principal.key for each in other.callers)}
    pairs: dict[tuple[str, str, bool, Certainty], list[AccessDifference]] = {}
    for each in found:
        ends = (each.caller.principal.key, each.thing.key)
        is_counted = uncounted.isdisjoint(map(without_indexes, ends))
        certainty = _certainty(each) if is_counted else Certainty.PERHAPS
        pairs.setdefault((*ends, each.is_more, certainty), []).append(each)
    groups: dict[tuple[str, str, str, bool, Certainty, bool], list[list[AccessDifference]]] = {}
    for (key, _, is_more, certainty), several in pairs.items():
        verbs = _verbs(several[0].thing, (each.action for each in several))
        where = places(list(dict.fromkeys(place for each in several for place in each.positions)))
        is_known = several[0].thing.key in known
        groups.setdefault((key, verbs, where, is_more, certainty, is_known), []).append(several)
    every = [each.name for each in world.things()]
    exact = statements(other, world) if groups else ""
    for (key, verbs, where, is_more, certainty, _), things in groups.items():
        name = things[0][0].caller.principal.name
        may = "may now" if gained else "may no longer"
        widely = (" more widely" if gained else " as widely") if is_more else ""
        text = f"{name} {may} {verbs} {few([each[0].thing.name for each in things], every)}{widely}"
        flat = [each for several in things for each in several]
        about = [repr((key, each.thing.key, each.action, each.is_more, each.example)) for each in flat]
        barriers = [_barriers(side.model.things.get(each[0].thing.key)) for each in things for side in (other, world)]
        yield Effect(
            text=text,
            kind="access",
            identity=(exact, *barriers, *sorted(about)),
            certainty=certainty,
            witness=tuple(_witness(flat, where)),
            is_new=not known >= {key, *(each.thing.key for each in flat)},
            who=name,
        )


def statements(before: World, after: World) -> str:
    """The digest of all statements of policies that are not on both sides, with what they rest on: whoever accepts what
    they let through accepts exactly these."""
    one, other = before.statements, after.statements
    return json_digest(
        [
            sorted(exactly(each) for decides, each in mine.items() if decides not in theirs)
            for mine, theirs in ((one, other), (other, one))
        ]
    )


def exactly(part: object) -> str:
    """What decides of a part as a digest, equal in each run."""
    return json_digest(_ordered(signature(part, {})))


def _ordered(found: object) -> object:
    """What decides of something as data in one order."""
    if isinstance(found, Set):
        return sorted(map(json_digest, map(_ordered, found)))
    if isinstance(found, tuple):
        return list(map(_ordered, found))
    return found if isinstance(found, bool | int | float | str | None) else repr(found)


def _barriers(thing: Thing | None) -> str:
    """What decides of a thing beside its policies."""
    return exactly(replace(thing, policies=())) if thing is not None else ""


_Barrier = tuple[str, tuple[str, ...], str]
"""What became wider, what stops it, and what could be done without that."""


def looser(world: World, found: Iterable[LooserStatement]) -> Iterator[Loosened]:
    """A line for each statement that became wider, and what still stops what it lets through."""
    by_caller: dict[tuple[_Barrier, str], dict[str, None]] = {}
    for each in found:
        may = "could perhaps" if each.is_perhaps else "could"
        verbs = _verbs(each.thing, each.actions) if each.thing is not None and each.actions else "do more with"
        name = each.caller.principal.name if each.caller is not None else "everyone"
        about = each.thing.name if each.thing is not None else "what is declared"
        by_caller.setdefault(((each.place, each.stopped_by, f"{may} {verbs}"), name), {})[about] = None
    groups: dict[tuple[_Barrier, tuple[str, ...]], list[str]] = {}
    for (key, name), named in by_caller.items():
        groups.setdefault((key, tuple(named)), []).append(name)
    callers = [each.principal.name for each in world.callers]
    every = [each.name for each in world.things()]
    for ((place, stopped_by, verbs), things), names in groups.items():
        is_everyone = ANONYMOUS in names and len(names) > 1
        who = f"everyone ({ANONYMOUS} and {len(names) - 1} more)" if is_everyone else few(names, callers)
        yield Loosened(place, f"{place}: {who} {verbs} {few(things, every)}", stopped_by)


def roles(before: World, after: World, verb: str) -> Iterator[Effect]:
    """Whom callers can become in `after` and could not in `before`, beside what their own permissions say. Services
    are left out, as in the table. Raises NotDecidable."""
    names, known = ({each.principal.name for each in world.callers} for world in (after, before))
    is_first = not before.model.things
    had = {(caller, becomes) for caller, becomes, _, _ in _paths(before)}
    exact = statements(before, after)
    for caller, becomes, is_certain, steps in _paths(after):
        if (caller, becomes) not in had:
            yield Effect(
                f"{caller} {verb} {becomes}",
                kind="role",
                identity=(exact, repr((caller, becomes))),
                certainty=Certainty.CERTAIN if is_certain else Certainty.ASSUMED,
                witness=steps,
                is_new=is_first or not known >= {caller, becomes} & names,
            )


def running(before: World, after: World, verb: str) -> Iterator[Effect]:
    """What runs as a role in `after` and did not in `before`: code gets all that the role may do."""
    had = {(key, role) for key, thing in before.model.things.items() for role in thing.runs_as}
    names = {each.principal.key: each.principal.name for each in after.callers}
    known = {*before.model.things, *(each.principal.key for each in before.callers)}
    for key, thing in sorted(after.model.things.items()):
        for role in thing.runs_as:
            if (key, role) not in had:
                yield Effect(
                    f"{thing.name} {verb} {names.get(role, role)}",
                    kind="role",
                    identity=(repr((key, role)),),
                    is_new=not known >= {key, role},
                )


def _paths(world: World) -> Iterator[tuple[str, str, bool, tuple[str, ...]]]:
    for caller in world.callers:
        if caller.principal.kind is not PrincipalKind.SERVICE and not caller.principal.is_unrestricted:
            for path in further.paths(world, caller):
                steps = tuple(map(further.step_text, path.steps))
                yield caller.principal.name, further.becomes(world, path), path.is_certain, steps


def _certainty(found: AccessDifference) -> Certainty:
    if found.is_perhaps:
        return Certainty.PERHAPS
    return Certainty.ASSUMED if found.is_assumed else Certainty.CERTAIN


def _verbs(thing: Thing, actions: Iterable[str]) -> str:
    """What is meant by some actions: `read and write`."""
    named = list(actions)
    verbs = verbs_in(thing, named) or named
    return " and ".join([", ".join(verbs[:-1]), verbs[-1]] if len(verbs) > 1 else verbs)


def _witness(found: list[AccessDifference], where: str) -> Iterator[str]:
    actions = list(dict.fromkeys(each.action for each in found))
    more = f" and {len(actions) - _MOST} more" if len(actions) > _MOST else ""
    yield f"{', '.join(actions[:_MOST])}{more}, from: {where}"
    yield f"{found[0].action} on {found[0].example}"
    yield from (f"  allowed by {each}" for each in found[0].statements)
