"""A second opinion on single requests: AWS's evaluation logic for one request, written from AWS's pages.

It shares nothing with `policies`: documents are JSON, a request is what AWS sees, with every value. Sources: IAM user
guide, "Policy evaluation logic", "Cross-account policy evaluation logic", "Condition operators", "Creating a condition
with multiple keys or values", "IAM policy elements: Variables and tags"; KMS developer guide, "Determining access to
KMS keys".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

Document = Sequence[Mapping[str, Any]]
"""Statements."""


@dataclass(frozen=True)
class Who:
    """Who makes a request."""

    kind: str
    """`role`, `user`, `service`, `anonymous`."""
    arn: str = ""
    account: str = ""


@dataclass(frozen=True)
class AskedOfAws:
    """A request: `context` has each key in lower case with its values; a key without values is absent."""

    who: Who
    action: str
    resource: str
    context: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class InForce:
    """The policies of a request."""

    owner: str
    """The account of the resource."""
    identity: Document = ()
    resource: Document = ()
    needs_resource: bool = False
    """A trust policy, or a key policy: an identity policy alone grants nothing."""
    boundary: Document | None = None
    sessions: Sequence[Document] = field(default=())
    scps: Sequence[Document] = field(default=())
    endpoint: Document | None = None


def is_allowed(asked: AskedOfAws, policies: InForce) -> bool:
    """AWS's decision."""
    who = asked.who
    has_account = who.kind in ("role", "user")
    own = [policies.identity, *policies.sessions] if has_account else []
    own += [policies.boundary] if has_account and policies.boundary is not None else []
    own += policies.scps if has_account else []
    around = [policies.endpoint] if policies.endpoint is not None else []
    # 1. an explicit deny in any policy
    if any(_applies(each, asked) for document in own for each in document if each["Effect"] == "Deny"):
        return False
    shared = [*policies.resource, *(each for document in around for each in document)]
    if any(each["Effect"] == "Deny" and names(each, who) and _applies(each, asked) for each in shared):
        return False
    # 2. what must allow whoever it is
    if any(not any(_is_grant(each, asked) and names(each, who) for each in document) for document in around):
        return False
    if has_account and any(not _grants(document, asked) for document in policies.scps):
        return False
    # 3. the resource's policy, by how it names who asks
    named = {names(each, who) for each in policies.resource if _is_grant(each, asked)}
    if not has_account:  # KMS takes no request without credentials
        return "directly" in named and not (who.kind == "anonymous" and policies.needs_resource)
    by_identity = _grants(policies.identity, asked)
    limits = [*policies.sessions, *([policies.boundary] if policies.boundary is not None else [])]
    within_limits = all(_grants(document, asked) for document in limits)
    if who.account != policies.owner:
        return bool(named - {""}) and by_identity and within_limits
    if "directly" in named:
        return True
    if "as role" in named and within_limits:
        return True
    if policies.needs_resource and "as account" not in named:
        return False
    return by_identity and within_limits


def _grants(document: Document, asked: AskedOfAws) -> bool:
    return any(_is_grant(each, asked) for each in document)


def _is_grant(statement: Mapping[str, Any], asked: AskedOfAws) -> bool:
    return statement["Effect"] == "Allow" and _applies(statement, asked)


def names(statement: Mapping[str, Any], who: Who) -> str:
    """`directly`, `as role`, `as account`, or empty if it is not about them."""
    principal = statement["Principal"]
    if principal == "*":
        return "directly"
    found = ""
    for kind, those in principal.items():
        for name in listed(those):
            if name == "*":
                return "directly"
            if kind == "Service" and who.kind == "service" and name == who.arn:
                return "directly"
            if kind == "AWS" and who.account and name == who.arn:
                return "as role" if who.kind == "role" else "directly"
            if kind == "AWS" and who.account and name in (who.account, f"arn:aws:iam::{who.account}:root"):
                found = "as account"
    return found


def _applies(statement: Mapping[str, Any], asked: AskedOfAws) -> bool:
    try:
        return (
            _covers(statement, "Action", asked.action.lower(), str.lower)
            and _covers(statement, "Resource", asked.resource, lambda text: _filled(text, asked.context))
            and all(
                _holds(operator, key.lower(), listed(values), asked.context)
                for operator, keys in statement.get("Condition", {}).items()
                for key, values in keys.items()
            )
        )
    except LookupError:
        return False  # a variable without a value makes the statement void


def _covers(statement: Mapping[str, Any], element: str, text: str, read: Callable[[str], str]) -> bool:
    is_not = element not in statement
    patterns = list(map(read, listed(statement[f"Not{element}" if is_not else element])))
    return any(matches_glob(each, text) for each in patterns) is not is_not


def _holds(operator: str, key: str, values: Sequence[str], context: Mapping[str, Sequence[str]]) -> bool:
    quantifier, _, base = operator.rpartition(":")
    has = list(context.get(key, ()))
    if base == "Null":
        return any((each == "true") is not bool(has) for each in values)
    if base.endswith("IfExists") and not has:
        return True
    base = base.removesuffix("IfExists")
    is_negated = "Not" in base
    compare = _COMPARISONS[base.replace("Not", "", 1)]
    filled = [_filled(each, context, wild=base.endswith("Like") or base.startswith("Arn")) for each in values]

    def matches(value: str) -> bool:
        return any(compare(each, value) for each in filled) is not is_negated

    if quantifier == "ForAllValues":
        return all(map(matches, has))
    if quantifier == "ForAnyValue":
        return any(map(matches, has))
    return matches(has[0]) if has else is_negated


def _filled(text: str, context: Mapping[str, Sequence[str]], wild: bool = True) -> str:
    """A text with its variables replaced; the result is a pattern. Raises LookupError for one without a value."""
    if not wild:
        text = re.sub(r"(?<!\{)([*?])", r"${\1}", text)

    def value(match: re.Match[str]) -> str:
        name, default = match[1], match[2]
        held = context.get(name.lower(), ())
        if not held and default is None:
            raise LookupError(name)
        return re.sub(r"[*?]", r"${\g<0>}", held[0] if held else default)

    return re.sub(r"\$\{([a-zA-Z][^},]*)(?:, '([^']*)')?\}", value, text)


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


@lru_cache(maxsize=100_000)
def matches_glob(pattern: str, text: str) -> bool:
    pieces = re.findall(r"\$\{[*?$]\}|.", pattern, re.DOTALL)
    wild = {"*": ".*", "?": "."}
    regular = "".join(wild.get(each) or re.escape(each[2] if len(each) > 1 else each) for each in pieces)
    return re.fullmatch(regular, text, re.DOTALL) is not None


def matches_arn(pattern: str, text: str) -> bool:
    if pattern == "*":
        return True
    patterns, parts = pattern.split(":", 5), text.split(":", 5)
    return len(patterns) == len(parts) == 6 and all(map(matches_glob, patterns, parts))


def moment(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _within(network: str, address: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)


_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": matches_glob,
    "StringEqualsIgnoreCase": lambda pattern, text: matches_glob(pattern.lower(), text.lower()),
    "StringLike": matches_glob,
    "ArnEquals": matches_arn,
    "ArnLike": matches_arn,
    "Bool": lambda pattern, text: pattern.lower() == text.lower(),
    "BinaryEquals": lambda pattern, text: pattern == text,
    "IpAddress": _within,
    "NumericEquals": lambda limit, text: float(text) == float(limit),
    "NumericLessThan": lambda limit, text: float(text) < float(limit),
    "NumericLessThanEquals": lambda limit, text: float(text) <= float(limit),
    "NumericGreaterThan": lambda limit, text: float(text) > float(limit),
    "NumericGreaterThanEquals": lambda limit, text: float(text) >= float(limit),
    "DateEquals": lambda limit, text: moment(text) == moment(limit),
    "DateLessThan": lambda limit, text: moment(text) < moment(limit),
    "DateLessThanEquals": lambda limit, text: moment(text) <= moment(limit),
    "DateGreaterThan": lambda limit, text: moment(text) > moment(limit),
    "DateGreaterThanEquals": lambda limit, text: moment(text) >= moment(limit),
}
