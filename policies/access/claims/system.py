"""The names of the claims, found in a configuration: which callers and things they stand for there.

An environment is two stacks, judged as one where both are there. Where one is judged by itself, what the other one
declares is known by its ARN alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from envs import load
from envs.settings import Settings
from policies.access.candidates import Candidates
from policies.access.claims.models import (
    ELSEWHERE,
    EVERYBODY,
    EVERYTHING,
    INTRUDERS,
    OUTSIDE,
    ROLES,
    AccessClaims,
    AccessPart,
    Named,
    Stack,
)
from policies.access.claims.outsiders import INTRUDER, elsewhere, intruder
from policies.access.decision import Decisions
from policies.access.model import AccessModel, Caller, PrincipalKind, Requester, Thing
from policies.access.read.thing_types import THING_TYPES
from policies.access.text import assigned
from policies.access.verbs import VERBS, actions_of
from policies.library.model import Configuration

_ALL_VERBS = "anything"


@dataclass(frozen=True, eq=False)
class AccessSystem:
    """A model with the names of the claims. Use `of`."""

    claims: AccessClaims
    model: AccessModel
    callers: tuple[Caller, ...]
    stacks: frozenset[Stack]
    """Those that are there."""
    by_name: dict[str, tuple[str, ...]]
    """Keys of callers and things by the names of parts; none where a part is not there."""
    begin: str
    """What all names of the environment begin with; empty if nothing tells."""
    settings: Mapping[str, Any] | Settings | None = None
    """The environment's settings; None for those that this checkout has of the environment."""

    @classmethod
    def of(
        cls,
        claims: AccessClaims,
        configuration: Configuration,
        model: AccessModel,
        callers: Iterable[Caller],
        settings: Mapping[str, Any] | Settings | None = None,
    ) -> AccessSystem:
        """The system that a configuration is, with what the other stack declares as things that are known by ARN."""
        stacks = stacks_of(configuration, claims)
        begin = begin_of(claims, configuration)
        by_name: dict[str, tuple[str, ...]] = {}
        things = dict(model.things)
        for name, at in {**claims.callers, **claims.things}.items():
            found = [each.address for each in configuration.of_type(at.type) if at.pattern.matches(each)]
            by_name[name] = tuple(f"{address}.{at.part}" if at.part else address for address in found)
            if not found and at.arn and begin and at.stack not in stacks:
                stand_in = _known_by_arn(name, at, begin, model)
                things[stand_in.key] = stand_in
                by_name[name] = (stand_in.key,)
        callers = tuple(callers)
        inside = intruder(model, callers)
        roles = _other_roles(model)
        others = {each.key: each for each in elsewhere(model, begin)}
        by_name[ELSEWHERE] = tuple(others)
        model = replace(
            model,
            things={**dict(sorted({**things, roles.key: roles}.items())), **others},
            principals={**model.principals, INTRUDER: inside.principal},
        )
        return cls(claims, model, (*callers, inside), stacks, by_name, begin, settings)

    @cached_property
    def decisions(self) -> Decisions:
        """What decides all that the claims ask about. Raises TooManyAtoms."""
        return Decisions(
            self.model, self.callers, sorted({each for several in self._asked.values() for each in several})
        )

    def is_candidate(self, caller: Caller, thing: Thing) -> bool:
        """Whether anything that the claims ask about may be granted; of most callers and things nothing is."""
        key = caller.principal.key
        if key not in self._candidates_of:
            found = self._candidates.of(caller.principal, self.decisions.own_grants(caller.principal))
            self._candidates_of[key] = frozenset(each.key for each in found)
        return thing.key in self._candidates_of[key]

    @cached_property
    def _asked(self) -> Mapping[str, tuple[str, ...]]:
        """The actions that claims ask about, by the keys of things."""
        found: dict[str, dict[str, None]] = {}
        for claim in self.claims.claims.values():
            for row in (*claim.over, *claim.rows):
                for key in self.things(row.target):
                    found.setdefault(key, {}).update(dict.fromkeys(self.actions(self.model.things[key], row.can)))
        return {key: tuple(actions) for key, actions in found.items()}

    @cached_property
    def _candidates(self) -> Candidates:
        return self.decisions.candidates(self._asked)

    @cached_property
    def _candidates_of(self) -> dict[str, frozenset[str]]:
        """What is known of them."""
        return {}

    @cached_property
    def _who(self) -> dict[tuple[str, ...], list[Caller]]:
        """The callers by names that were asked for."""
        return {}

    @cached_property
    def _actions(self) -> dict[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[str, ...]]:
        """The actions by services, types of resources and words that were asked for."""
        return {}

    def who(self, names: Collection[str]) -> list[Caller]:
        """The callers that some names stand for; administrators of the own account are never meant."""
        members = tuple(names)
        if members not in self._who:
            meant = set(self.claims.members(members))
            self._who[members] = [
                each for each in self.callers if any(self._is(each.principal, name) for name in meant)
            ]
        return self._who[members]

    def things(self, names: Collection[str]) -> list[str]:
        """The keys of the things that some names stand for."""
        keys: dict[str, None] = {}
        for name in self.claims.members(tuple(names)):
            if name == EVERYTHING:
                keys |= dict.fromkeys(key for key in self.model.things if key not in self.by_name[ELSEWHERE])
            elif name == ROLES:
                keys |= dict.fromkeys(key for key, each in self.model.things.items() if each.type == "aws_iam_role")
            else:
                keys |= dict.fromkeys(key for key in self.by_name.get(name, ()) if key in self.model.things)
        return list(keys)

    def actions(self, thing: Thing, words: Iterable[str]) -> tuple[str, ...]:
        """The actions on a thing that verbs or names of actions mean."""
        key = (thing.service, tuple(thing.arns), tuple(words))
        if key not in self._actions:
            self._actions[key] = tuple(self._meant(thing, key[-1]))
        return self._actions[key]

    def _meant(self, thing: Thing, words: Iterable[str]) -> Iterator[str]:
        found: dict[str, None] = {}
        for word in words:
            if word == _ALL_VERBS:
                found |= dict.fromkeys(each for verb in VERBS for each in actions_of(thing.service, verb))
            elif word in VERBS:
                found |= dict.fromkeys(actions_of(thing.service, word))
            elif word.partition(":")[0] == thing.service or (thing.service == "iam" and word.startswith("sts:")):
                found[word] = None
        types = self.model.resource_types
        yield from (each for each in found if set(types.get(each.lower(), thing.arns)) & set(thing.arns))

    def missing(self) -> Iterator[str]:
        """What is wrong with each part of these stacks that is not there."""
        for name, at in sorted({**self.claims.callers, **self.claims.things}.items()):
            if at.stack in self.stacks and not at.optional and not self.by_name[name]:
                yield f"there is no {name}: no {at.type} at {at.path}"

    def unknown(self) -> Iterator[str]:
        """The keys of roles, and of things that hold data, that no name of the claims stands for."""
        named = {key for keys in self.by_name.values() for key in keys}
        for key, thing in self.model.things.items():
            if key not in named and thing.resource is not None and thing.resource.type in _MUST_BE_NAMED:
                yield key

    def _is(self, principal: Requester, name: str) -> bool:
        is_own = principal.account and self.model.accounts[principal.account].name == "this account"
        if principal.is_unrestricted and is_own:
            return False
        if name == EVERYBODY:
            return True
        if name == INTRUDERS:
            return principal.key == INTRUDER
        if name == OUTSIDE:
            return not is_own and principal.kind not in (PrincipalKind.SERVICE, PrincipalKind.FEDERATED)
        if name == ROLES:
            return principal.kind is PrincipalKind.ROLE and principal.resource is not None
        if name in self.claims.others:
            return self._is_other(principal, self.claims.others[name])
        return principal.key in self.by_name.get(name, ())

    def _is_other(self, principal: Requester, named: Named) -> bool:
        if named.begins:
            return principal.name.startswith(named.begins)
        return bool(principal.arn) and principal.arn == self._setting(named.setting)

    def _setting(self, path: str) -> str:
        """A text of the environment's settings; empty if this checkout has no such environment, or it has none.

        Raises SettingsError for settings that are not valid.
        """
        value: object = self._settings if self.settings is None else self.settings
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else getattr(value, step, None)
        return value if isinstance(value, str) else ""

    @cached_property
    def _settings(self) -> Settings | None:
        names = [each for each in load.environments() if self.begin.endswith(f"-{each}")]
        return load.load(max(names, key=len)) if names else None


_MUST_BE_NAMED = frozenset(
    {
        "aws_backup_vault",
        "aws_dynamodb_table",
        "aws_iam_role",
        "aws_kms_key",
        "aws_msk_cluster",
        "aws_s3_bucket",
        "aws_secretsmanager_secret",
        "aws_sns_topic",
        "aws_sqs_queue",
    }
)
"""Types of which each must be a part in the claims: roles, and what holds or protects data."""


def stacks_of(configuration: Configuration, claims: AccessClaims) -> frozenset[Stack]:
    """Which stacks of this toolkit a configuration is; if it is none, the claims are not about it.

    Parts that need not be there do not make it one.
    """
    return frozenset(
        at.stack
        for at in (*claims.callers.values(), *claims.things.values())
        if not at.optional and any(at.pattern.matches(each) for each in configuration.of_type(at.type))
    )


def begin_of(claims: AccessClaims, configuration: Configuration) -> str:
    """What all names of an environment begin with; empty if the configuration does not tell."""
    for prefix in claims.names:
        for each in configuration.of_type(prefix.type):
            value = each.get(prefix.attribute)
            if prefix.pattern.matches(each) and isinstance(value, str) and value.endswith(prefix.ends):
                return value.removesuffix(prefix.ends)
    return ""


def _other_roles(model: AccessModel) -> Thing:
    """The roles of the account that no stack declares: whoever may change or pass any role may do it to these."""
    account = next(key for key, each in model.accounts.items() if each.name == "this account")
    return Thing(
        key="any other role of the account",
        name="any other role of the account",
        type="aws_iam_role",
        service="iam",
        arns={"role": (f"arn:aws:iam::{model.accounts[account].id}:role/{assigned('other role')}",)},
        account=account,
    )


def _known_by_arn(name: str, at: AccessPart, begin: str, model: AccessModel) -> Thing:
    """What another stack declares: nothing is known of it but its ARN."""
    kind = next(each for each in THING_TYPES[at.type] if each.part == at.part)
    account = next(key for key, each in model.accounts.items() if each.name == "this account")
    path = begin.replace("-", "/")
    arn = at.arn.format(name=begin, path=path, account=model.accounts[account].id)
    return Thing(
        key=f"{name}, of the other stack",
        name=name,
        type=at.type,
        service=kind.service,
        arns={type_: tuple(form.replace("{}", arn) for form in forms) for type_, forms in kind.resources.items()},
        account=account,
    )
