"""Policy documents of IAM compared statement by statement, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cli.core.base.digests import json_digest

_MOST = 6
"""Actions or resources that are listed before the rest is counted."""


def added_statements(before: Iterable[Any], after: Iterable[Any], is_kept: bool) -> Iterator[str]:
    """What is allowed newly, and what is no longer denied, by statements that are not the same.

    ``is_kept`` is False where the resource goes: then it allows nothing, but its denials are gone as well.
    """
    old = {json_digest(_comparable(each)): each for document in before for each in statements(document)}
    new = {json_digest(_comparable(each)): each for document in after for each in statements(document)}
    for key, statement in new.items():
        if statement.get("Effect") == "Allow" and key not in old and is_kept:
            yield in_words(statement)
    for key, statement in old.items():
        if statement.get("Effect") == "Deny" and key not in new:
            yield f"no longer: {in_words(statement)}"


def allows(text: Any) -> tuple[str, ...] | None:
    """What a policy document allows as it is written in Terraform, with references in it; None if it is no document."""
    try:
        document = json.loads(text)
    except (TypeError, ValueError):
        return None
    return tuple(in_words(each) for each in statements(document) if each.get("Effect") == "Allow")


def statements(document: Any) -> list[Mapping[str, Any]]:
    """The statements of a document."""
    found = document.get("Statement") if isinstance(document, Mapping) else None
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, Mapping)]


def in_words(statement: Mapping[str, Any]) -> str:
    """`arn:aws:iam::1:role/a may s3:GetObject on arn:aws:s3:::b/*, if Bool aws:SecureTransport is true`."""
    verb = "may" if statement.get("Effect") == "Allow" else "must not"
    actions = _listed(statement.get("Action")) or f"all but {_listed(statement.get('NotAction'))}"
    resources = _listed(statement.get("Resource"))
    if not resources and "NotResource" in statement:
        resources = f"all but {_listed(statement['NotResource'])}"
    on = f" on {resources}" if resources else ""
    return f"{_principal(statement)}{verb} {actions}{on}{_conditions(statement.get('Condition'))}"


def _principal(statement: Mapping[str, Any]) -> str:
    """Who; empty in a policy of an identity, which is about itself."""
    for name, start in (("Principal", ""), ("NotPrincipal", "all but ")):
        who = statement.get(name)
        if who is not None:
            names = who.values() if isinstance(who, Mapping) else [who]
            return f"{start}{', '.join(_listed(each) for each in names)} "
    return ""


def _conditions(conditions: Any) -> str:
    if not isinstance(conditions, Mapping):
        return ""
    found = [
        f"{operator} {key} is {_listed(values)}"
        for operator, keys in sorted(conditions.items())
        if isinstance(keys, Mapping)
        for key, values in sorted(keys.items())
    ]
    return f", if {' and '.join(found)}" if found else ""


def _listed(value: Any) -> str:
    values = value if isinstance(value, list) else [] if value is None else [value]
    shown = [each if isinstance(each, str) else json.dumps(each) for each in values[:_MOST]]
    rest = [f"{len(values) - _MOST} more"] if len(values) > _MOST else []
    return ", ".join([*shown, *rest])


def _comparable(value: Any) -> Any:
    """A statement without what does not matter: its Sid, the order of lists, one value instead of a list of one."""
    if isinstance(value, Mapping):
        return {name: _comparable(each) for name, each in value.items() if name != "Sid"}
    values = value if isinstance(value, list) else [value]
    return sorted(json.dumps(each, sort_keys=True) for each in values)
