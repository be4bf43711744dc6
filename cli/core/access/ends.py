"""The names by which callers, things, actions and ways are asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Protocol, TypeVar

from cli.core.access.world import World, all_actions, applicable
from cli.core.base.addresses import without_indexes
from cli.core.base.errors import InfraError
from policies.access.model import Caller, Endpoint, Position, PrincipalKind, Requester, Thing
from policies.access.read.actions import actions as actions_of_service
from policies.access.read.asked import role_of, without_path
from policies.access.read.federation import ANYONE_WITH
from policies.access.read.principals import ANONYMOUS, STRANGERS
from policies.access.text import readable
from policies.access.verbs import VERBS, actions_of, verbs_of
from policies.library.model import Resource

ANYONE = "anyone"
"""Who is in no account that is known here: strangers with an account, and those without."""

_MOST = 30
"""The most names that a message lists."""

_WAYS = ("endpoint", "internet")
"""Ways that can be asked for wherever nobody has them too."""

_T = TypeVar("_T")


class NoSuchEnd(InfraError):
    """A name fits nothing here, or several things of which one must be meant."""


class _Named(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def resource(self) -> Resource | None: ...


def callers_named(world: World, text: str) -> tuple[Caller, ...]:
    """Who is meant. Raises NoSuchEnd.

    In this order: `*` for everybody, `anyone` for strangers, an account for all in it, a provider for whom it knows,
    a service for both whom it acts for, a name or Terraform address, an ARN (a session's for its role), a construct
    path, the name that AWS knows, what runs as a role.
    """
    if text == "*":
        return world.callers
    if text == ANYONE:
        return tuple(each for each in world.callers if _is_stranger(each.principal.key))
    several = tuple(each for each in world.callers if _is_of(each.principal, text))
    if several:
        return several
    by_key = {each.principal.key: each for each in world.callers}
    text = role_of(text)
    named = _named([each.principal for each in world.callers], text, lambda each: [each.arn, without_path(each.arn)])
    if named:
        return (by_key[_only(text, named).key],)
    running = _named([each for each in world.things() if each.runs_as], text, lambda _: [])
    roles = list(dict.fromkeys(role for thing in running for role in thing.runs_as if role in by_key))
    if not roles:
        raise NoSuchEnd(_unknown(text, "caller", [ANYONE, *(each.principal.name for each in world.callers)]))
    return tuple(by_key[role] for role in roles)


def things_named(world: World, text: str) -> tuple[Thing, ...]:
    """What is meant: `*` for everything, a name or Terraform address, an ARN, a construct path. Raises NoSuchEnd.

    A resource with what is a thing of its own beside it: a table with its stream, a cluster with its topics.
    """
    things = world.things()
    if text == "*":
        return tuple(things)
    named = _named(things, text, lambda each: each.all_arns)
    if not named:
        raise NoSuchEnd(_unknown(text, "thing", [each.name for each in things]))
    meant = _only(text, named)
    return (
        meant,
        *(each for each in things if each.key.startswith(f"{meant.key}.") and each.resource is meant.resource),
    )


def actions_named(things: Iterable[Thing], text: str | None) -> dict[str, tuple[str, ...]]:
    """The actions on each thing, by its key, that a verb or a pattern of actions means. Raises NoSuchEnd.

    None is every action that has a verb. Things to which nothing of it can be done are left out.
    """
    several = list(things)
    found = {each.key: _actions(each, text) for each in several}
    found = {key: actions for key, actions in found.items() if actions}
    if not found and text is not None:
        raise NoSuchEnd(
            f"nothing that is asked about has the action {text}. Allowed: {_actions_of(several)}; an action such as "
            "s3:GetObject, also with *"
        )
    return found


def through(world: World, callers: Iterable[Caller], text: str) -> tuple[Caller, ...]:
    """Callers where they stand as is named: by position, or an endpoint's service or path. Raises NoSuchEnd.

    Whoever cannot stand there is left with no position.
    """
    known = {position.name: position for caller in world.callers for position in caller.positions}
    chosen = {name for name, position in known.items() if _is_at(position, text)}
    endpoints = world.model.endpoints.values()
    if not chosen and text not in _WAYS and not any(_is_endpoint(each, text) for each in endpoints):
        names = [*_WAYS, *(each.service for each in endpoints), *known]
        raise NoSuchEnd(_unknown(text, "way", list(dict.fromkeys(names))).removesuffix("; * for everything"))
    return tuple(
        Caller(each.principal, tuple(position for position in each.positions if position.name in chosen))
        for each in callers
    )


def _is_stranger(key: str) -> bool:
    return key in (STRANGERS, ANONYMOUS) or key.startswith(ANYONE_WITH)


def _is_of(requester: Requester, text: str) -> bool:
    """Whether somebody is in an account, is known to an identity provider, or is a service."""
    if requester.kind is PrincipalKind.FEDERATED:
        return text in (requester.service, requester.service.rpartition("-provider/")[2])
    if requester.kind is PrincipalKind.SERVICE:
        return text == requester.service
    return bool(text) and text == requester.account


def _actions(thing: Thing, text: str | None) -> tuple[str, ...]:
    if text is None:
        return all_actions(thing)
    if text in VERBS:
        return applicable(thing, actions_of(thing.service, text))
    known = {**actions_of_service(thing.service), **(actions_of_service("sts") if thing.service == "iam" else {})}
    return applicable(thing, (each.name for each in known.values() if fnmatchcase(each.name.lower(), text.lower())))


def _is_at(position: Position, text: str) -> bool:
    if position.name in (text, f"the {text}"):
        return True
    return position.endpoint is not None and (text == "endpoint" or _is_endpoint(position.endpoint, text))


def _is_endpoint(endpoint: Endpoint, text: str) -> bool:
    is_on_path = endpoint.resource is not None and _is_on_path(endpoint.resource, text)
    return is_on_path or text in (endpoint.service, endpoint.name, endpoint.key)


def _named(ends: Sequence[_T], text: str, arns: Callable[[_T], Sequence[str]]) -> list[_T]:
    """What a text means, by the first kind of name that fits anything."""
    return next((found for found in _by_each_name(ends, text, arns) if found), [])


def _by_each_name(ends: Sequence[_T], text: str, arns: Callable[[_T], Sequence[str]]) -> Iterator[list[_T]]:
    named: Sequence[tuple[_T, _Named]] = [(each, each) for each in ends]  # type: ignore[misc]  # both kinds have these
    yield [end for end, each in named if each.name == text]
    yield [end for end, each in named if each.key == text]
    yield [end for end, each in named if without_indexes(each.key) == text]
    yield [end for end in ends if text in map(readable, arns(end))]
    yield [end for end, each in named if each.resource is not None and _is_on_path(each.resource, text)]
    yield [end for end in ends if any(re.split("[:/]", readable(arn))[-1] == text for arn in arns(end))]
    yield [end for end, each in named if f"{each.name}/".startswith(f"{text.strip('/')}/")]


def _is_on_path(resource: Resource, text: str) -> bool:
    """Whether a construct path, with the stack's name or without, is a text or continues it."""
    path = resource.construct_path
    wanted = text.strip("/")
    return path is not None and any(f"{each}/".startswith(f"{wanted}/") for each in (path, path.partition("/")[2]))


def _only(text: str, named: Sequence[_T]) -> _T:
    if len(named) > 1:
        names = [each.name for each in named]  # type: ignore[attr-defined]  # see _by_each_name
        raise NoSuchEnd(f"{text} may be any of {', '.join(names[:_MOST])}; name one of them")
    return named[0]


def _actions_of(things: Iterable[Thing]) -> str:
    """The verbs that mean something for some things."""
    meant = {verb for each in things for verb in verbs_of(each.service)}
    return ", ".join(verb for verb in VERBS if verb in meant)


def _unknown(text: str, kind: str, names: Sequence[str]) -> str:
    near = get_close_matches(text, names, n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    known = list(dict.fromkeys([*near, *names]))
    more = f" and {len(known) - _MOST} more" if len(known) > _MOST else ""
    return f"no {kind} here is called {text}.{hint} Allowed: {', '.join(known[:_MOST])}{more}; * for everything"
