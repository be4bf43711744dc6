"""Every way in which one statement of a policy can let more through, and which of them the access claims see.

A loosening drops a condition of a statement that allows, widens its principals, actions or resources to all, or takes
a statement away that denies. What is generated is complete by construction: it goes through the statements that are
there. All are judged at once: for each there is a copy of who has the policy, or of what it is attached to, beside the
others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest
from checkov.common.models.enums import CheckResult
from checkov.terraform.checks.resource.aws import (
    IAMStarActionPolicyDocument,
    IAMStarResourcePolicyDocument,
    IAMWriteAccess,
)

from policies.access.claims import judge
from policies.access.claims.models import claims
from policies.access.claims.rules import judged_here
from policies.access.claims.system import AccessSystem
from policies.access.model import (
    AccessModel,
    Caller,
    Endpoint,
    Policy,
    PolicyKind,
    PolicyStatement,
    Position,
    Requester,
    Thing,
)
from policies.access.read import read
from policies.access.read.callers import callers
from policies.library.documents import Principal
from policies.library.model import Configuration, Resource
from policies.library.rule import Rule
from policies.library.values import Partial, Unknown, UnknownValue, Value
from policies.reachability.read import read as read_network

BUILTINS = tuple(
    module.check
    for module in (
        IAMStarActionPolicyDocument,
        IAMStarResourcePolicyDocument,
        IAMWriteAccess,
    )
)
"""Checks of identity policies that the gate runs too."""

_MARKS = ("\ue010", "\ue011")
_MARK = re.compile(r"\(loosening (\d+)\)")


@dataclass(frozen=True)
class AccessLoosening:
    """One change of one statement."""

    statement: PolicyStatement
    """As it is written."""
    kind: PolicyKind
    change: str
    """What was loosened."""
    loosened: PolicyStatement | None
    """The statement after it; None if it is taken away."""

    @property
    def place(self) -> str:
        """The construct path of what declares it, and the Sid or number of the statement."""
        origin = self.statement.origin
        path = origin.resource.construct_path if origin.resource is not None else None
        return f"{path or origin.part} {self.statement.sid or origin.statement}"

    @property
    def name(self) -> str:
        """How tests call it."""
        return f"{self.place}: {self.change}"

    @property
    def key(self) -> tuple[str, str, int | None, str]:
        """The statement and the change."""
        return (*_origin(self.statement), self.change)

    def applied(self, policy: Policy) -> Policy:
        """A policy with the statement changed, if it has it."""
        statements = [self.loosened if _origin(each) == _origin(self.statement) else each for each in policy.statements]
        return replace(policy, statements=tuple(each for each in statements if each is not None))


def _origin(statement: PolicyStatement) -> tuple[str, str, int | None]:
    origin = statement.origin
    return origin.resource.address if origin.resource is not None else "", origin.part, origin.statement


def loosenings(policy: Policy) -> Iterator[AccessLoosening]:
    """All loosenings of a policy that is written here, not by AWS. What is as loose already is none."""
    for one in policy.statements:
        if one.origin.resource is None or one.origin.resource.type == "aws_iam_service_linked_role":
            continue
        if not one.allows:
            yield AccessLoosening(one, policy.kind, "without it", None)
            continue
        for each in one.conditions:
            rest = tuple(other for other in one.conditions if other is not each)
            yield AccessLoosening(one, policy.kind, f"without {each.label}", replace(one, conditions=rest))
        if one.principals and not any(each.value == "*" for each in one.principals):
            anyone = replace(one, principals=(Principal("*", "*"),), inverts_principals=False)
            yield AccessLoosening(one, policy.kind, "every principal", anyone)
        if one.actions != ("*",):
            yield AccessLoosening(one, policy.kind, "every action", replace(one, actions=("*",), inverts_actions=False))
        if one.resources and one.resources != ("*",):
            everything = replace(one, resources=("*",), inverts_resources=False)
            yield AccessLoosening(one, policy.kind, "every resource", everything)


@dataclass
class Loosened:
    """All loosenings of an environment, and those that break a claim."""

    configuration: Configuration
    all: list[AccessLoosening] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)
    """By the number of a loosening the claim that it breaks."""


class _Copies:
    """A model with a copy for each loosening."""

    def __init__(self, configuration: Configuration) -> None:
        self.model = judged_here(read(configuration))
        self.found = Loosened(configuration)
        self.callers = list(callers(self.model, read_network(configuration)))
        self.loosened: list[Caller] = []
        self.things: dict[str, Thing] = {}
        self.principals: dict[str, Requester] = {}
        self.copies: dict[str, list[str]] = {}
        self._numbers: dict[tuple[str, str, int | None, str], int] = {}
        for caller in self.callers:
            for number, policies in self._changed(caller.principal.identity):
                self._add(caller, number, policies, caller.positions)
        for key, thing in self.model.things.items():
            for number, policies in self._changed(thing.policies):
                self._thing(key, number, policies)
        for endpoint in self.model.endpoints.values():
            for number, policies in self._changed(endpoint.policies):
                self._at(replace(endpoint, policies=policies), number)

    def _changed(self, policies: tuple[Policy, ...]) -> Iterator[tuple[int, tuple[Policy, ...]]]:
        """Some policies with each loosening of a statement, wherever it stands in them: it may be attached twice."""
        done = set()
        for policy in policies:
            for each in loosenings(policy):
                if each.key not in done:
                    done.add(each.key)
                    yield self._number(each), tuple(each.applied(one) for one in policies)

    def _number(self, loosening: AccessLoosening) -> int:
        if loosening.key not in self._numbers:
            self._numbers[loosening.key] = len(self.found.all)
            self.found.all.append(loosening)
        return self._numbers[loosening.key]

    def _add(self, caller: Caller, number: int, identity: tuple[Policy, ...], positions: tuple[Position, ...]) -> None:
        principal = caller.principal
        key, name = _marked(principal.key, number), _marked(principal.name, number)
        copy = replace(principal, key=key, name=name, identity=identity)
        self.principals[copy.key] = copy
        self.loosened.append(Caller(copy, positions))
        self.copies.setdefault(principal.key, []).append(copy.key)

    def _thing(self, key: str, number: int, policies: tuple[Policy, ...]) -> None:
        copy = self._copy(replace(self.model.things[key], policies=policies), number)
        for other in self.model.things.values():
            if key in other.encryption_keys:
                self._copy(replace(other, encryption_keys=(copy,)), number)
            if other.behind == key:
                self._copy(replace(other, behind=copy), number)

    def _copy(self, thing: Thing, number: int) -> str:
        key = _marked(thing.key, number)
        self.things[key] = replace(thing, key=key, name=_marked(thing.name, number))
        self.copies.setdefault(thing.key, []).append(key)
        return key

    def _at(self, endpoint: Endpoint, number: int) -> None:
        """Copies of those who stand at an endpoint, at one with other policies."""
        for caller in self.callers:
            positions = tuple(
                replace(each, endpoint=endpoint) if each.endpoint and each.endpoint.key == endpoint.key else each
                for each in caller.positions
            )
            if positions != caller.positions:
                self._add(caller, number, caller.principal.identity, positions)

    def judged(self) -> Loosened:
        """The loosenings, with those that break a claim: each copy beside what is not loosened."""
        principals = dict(sorted({**self.model.principals, **self.principals}.items()))
        self._judge(replace(self.model, principals=principals), self.loosened)
        things = dict(sorted({**self.model.things, **self.things}.items()))
        self._judge(replace(self.model, things=things), self.callers)
        return self.found

    def _judge(self, model: AccessModel, everybody: list[Caller]) -> None:
        system = AccessSystem.of(claims(), self.found.configuration, model, everybody)
        for name, keys in system.by_name.items():
            system.by_name[name] = (*keys, *(copy for key in keys for copy in self.copies.get(key, ())))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(judge, "witness", lambda *_: None)
            patch.setattr(judge, "refusals", lambda *_: ())
            for name, claim in claims().claims.items():
                for violation in judge.violations(system, claim):
                    for number in _MARK.findall(violation.found):
                        self.found.broken.setdefault(int(number), name)


def loosened(configuration: Configuration) -> Loosened:
    """Every loosening of an environment's stacks, read as one, and which claim sees it."""
    return _Copies(configuration).judged()


def _marked(text: str, number: int) -> str:
    return f"{text} (loosening {number})"


def is_found_by_builtins(loosening: AccessLoosening) -> bool:
    """Whether one of checkov's checks of identity policies fails after a loosening and not before it."""
    resource = loosening.statement.origin.resource
    assert resource is not None
    if resource.type not in ("aws_iam_policy", "aws_iam_role_policy"):
        return False
    before, after = _policy(resource, loosening), _policy(resource, loosening)
    _change(after, (loosening.statement.origin.statement or 1) - 1, loosening.change.split())
    return any(
        _fails(each, json.dumps(after)) and not _fails(each, json.dumps(before)) for each in range(len(BUILTINS))
    )


@cache
def _fails(number: int, policy: str) -> bool:
    check = BUILTINS[number]
    check.entity_type, check.entity_path = "aws_iam_role_policy", policy
    return check.scan_resource_conf({"policy": [json.loads(policy)]}) is CheckResult.FAILED


def is_found_by_rules(configuration: Configuration, loosening: AccessLoosening, rules: Iterable[Rule]) -> bool:
    """Whether a rule about single documents finds more after a loosening: at what declares it, or what it names."""
    resource = loosening.statement.origin.resource
    assert resource is not None
    changed = replace(resource, attributes={**resource.attributes, **_document(resource, loosening)})
    after = replace(configuration, resources={**configuration.resources, resource.address: changed})
    named = configuration.resolve(tuple(resource.attributes.values()))
    return any(
        old.type in rule.applies_to and not _findings(rule, new, after) <= _findings(rule, old, configuration)
        for rule in rules
        for old, new in ((resource, changed), *((each, each) for each in named))
    )


def _findings(rule: Rule, subject: Resource, configuration: Configuration) -> set[str]:
    try:
        return {each.found for each in rule.evaluate(subject, configuration)}
    except UnknownValue as unknown:
        return {str(unknown)}


def _policy(resource: Resource, loosening: AccessLoosening) -> dict[str, Any]:
    """The document, with what is not known between two marks."""
    parts = _parts(resource.get(loosening.statement.origin.part))
    marked = (each if isinstance(each, str) else f"{_MARKS[0]}{index}{_MARKS[1]}" for index, each in enumerate(parts))
    return json.loads("".join(marked))  # type: ignore[no-any-return]


def _parts(value: Value) -> tuple[str | Unknown, ...]:
    return value.parts if isinstance(value, Partial) else (str(value),)


def _document(resource: Resource, loosening: AccessLoosening) -> dict[str, Value]:
    """The attribute with the policy, its statement changed."""
    part, number = loosening.statement.origin.part, loosening.statement.origin.statement
    assert number is not None
    parts, policy = _parts(resource.get(part)), _policy(resource, loosening)
    _change(policy, number - 1, loosening.change.split())
    pieces = re.split(f"{_MARKS[0]}(\\d+){_MARKS[1]}", json.dumps(policy, ensure_ascii=False))
    if len(pieces) == 1:
        return {part: pieces[0]}
    known = [parts[int(each)] if index % 2 else each for index, each in enumerate(pieces)]
    return {part: Partial("the policy", parts=tuple(known))}


def _change(policy: dict[str, Any], index: int, change: list[str]) -> None:
    statement = policy["Statement"][index]
    match change:
        case "without", "it":
            policy["Statement"].pop(index)
        case "without", operator, key:
            del statement["Condition"][operator][key]
        case _, "principal":
            statement["Principal"] = "*"
        case _, what:
            statement[what.title()] = "*"
