"""Statements of policies in words: "Allow role a to read objects of bucket b, only through endpoint e".

An action has words of its own only where they say exactly what it does; others stand as they are. Sources: Service
Authorization Reference, the actions of each service; IAM user guide, "AWS global condition context keys".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import TypeAlias

from policies.library.coverage import text_of
from policies.library.documents import Condition, Principal, Statement
from policies.library.values import Value

Namer: TypeAlias = Callable[[Value], str]
"""What a value is called: an ARN, an id or a reference as people call what it means."""

_MOST = 6
"""Actions, resources or values that are listed before the rest is counted."""

_ACTIONS: Mapping[str, tuple[str, str]] = {
    "*": ("do everything", "with"),
    "athena:startqueryexecution": ("start queries", "in"),
    "cloudwatch:putmetricdata": ("write metrics", "to"),
    "dynamodb:batchgetitem": ("read items in batches", "of"),
    "dynamodb:batchwriteitem": ("write and delete items in batches", "of"),
    "dynamodb:deleteitem": ("delete items", "of"),
    "dynamodb:getitem": ("read items", "of"),
    "dynamodb:putitem": ("write items", "of"),
    "dynamodb:query": ("query", "in"),
    "dynamodb:scan": ("scan", "in"),
    "dynamodb:updateitem": ("change items", "of"),
    "ecr:batchgetimage": ("pull images", "of"),
    "iam:passrole": ("pass on", ""),
    "kinesis:getrecords": ("read records", "of"),
    "kinesis:putrecord": ("write records", "to"),
    "kms:creategrant": ("make grants", "for"),
    "kms:decrypt": ("decrypt", "with"),
    "kms:encrypt": ("encrypt", "with"),
    "kms:generatedatakey": ("make data keys", "with"),
    "kms:*": ("do everything", "with"),
    "lambda:invokefunction": ("call", ""),
    "logs:createloggroup": ("create", ""),
    "logs:createlogstream": ("make log streams", "in"),
    "logs:putlogevents": ("write logs", "to"),
    "s3:*": ("do everything", "with"),
    "s3:deletebucket": ("delete", ""),
    "s3:deleteobject": ("delete objects", "of"),
    "s3:getbucketlocation": ("see the Region", "of"),
    "s3:getobject": ("read objects", "of"),
    "s3:listbucket": ("list", ""),
    "s3:putobject": ("write objects", "to"),
    "secretsmanager:getsecretvalue": ("read", ""),
    "secretsmanager:putsecretvalue": ("write", ""),
    "sns:publish": ("publish", "to"),
    "sns:subscribe": ("subscribe", "to"),
    "sqs:deletemessage": ("delete messages", "of"),
    "sqs:receivemessage": ("receive messages", "of"),
    "sqs:sendmessage": ("send messages", "to"),
    "ssm:getparameter": ("read", ""),
    "sts:assumerole": ("assume", ""),
    "sts:assumerolewithwebidentity": ("assume, signed in at an identity provider,", ""),
}
"""What an action does to what, and the preposition before it; actions in lower case."""

_ONLY: Mapping[str, str] = {
    "aws:principalaccount": "only for callers of account {}",
    "aws:principalarn": "only for {}",
    "aws:principalorgid": "only for callers of organization {}",
    "aws:resourceaccount": "only on what belongs to account {}",
    "aws:sourceaccount": "only on behalf of account {}",
    "aws:sourcearn": "only on behalf of {}",
    "aws:sourceip": "only from {}",
    "aws:sourcevpc": "only from {}",
    "aws:sourcevpce": "only through {}",
    "aws:vpcsourceip": "only from {} inside a VPC",
    "kms:viaservice": "only through service {}",
    "sts:externalid": "only with external id {}",
}
"""What a condition asks for, by its key. Of a refusal the same is what it refuses."""

_POSITIVE = frozenset({"stringequals", "stringlike", "arnequals", "arnlike", "ipaddress", "stringequalsignorecase"})
_NEGATIVE = frozenset(
    {"stringnotequals", "stringnotlike", "arnnotequals", "arnnotlike", "notipaddress", "stringnotequalsignorecase"}
)


def sentence(statement: Statement, name: Namer, *, holder: str, target: str = "") -> str:
    """A statement in words. ``holder`` is who has a policy that names nobody, ``target`` what a policy is about that
    names nothing, or everything."""
    who = _who(statement, name) or holder
    conditions = "".join(f", {condition_words(each, name, allows=statement.allows)}" for each in statement.conditions)
    verb = "Allow" if statement.allows else "Deny"
    return f"{verb} {who} to {_what(statement, name, target)}{conditions}"


def arn_name(text: str, accounts: Container[str], regions: Container[str]) -> str:
    """What an ARN means: `bucket b`, `queue q of account 2`. Accounts and Regions are named but for one's own."""
    parts = text.split(":", 5)
    if len(parts) < 6 or not text.startswith("arn:"):
        return "everything" if text == "*" else text
    _, _, service, region, account, rest = parts
    if service == "iam" and rest == "root":
        return f"account {account}"
    if service == "s3" and not account:
        return _bucket_name(rest)
    found = re.match(r"([\w-]+)[/:](.+)", rest)
    kind, name = (found[1], found[2]) if found else (_KINDS.get(service, service), rest)
    if not found and name == "*":
        return f"everything of {service}"
    name = _SUFFIX.sub("", name) or name
    whose = "" if account in accounts or not account else f" of account {account}"
    where = "" if region in regions or not region else f" in {region}"
    label = f"every {_spaced(kind)}" if name == "*" else f"{_spaced(kind)} {name}"
    return f"{label}{whose}{where}"


_KINDS = {"s3": "bucket", "sns": "topic", "sqs": "queue"}
"""What services have whose ARNs do not say it."""

_SUFFIX = re.compile(r"(?::\*|:log-stream:\*|-\?{6})$")
"""Ends of ARNs that say no more: all streams of a log group, the random characters of a secret."""


def _bucket_name(rest: str) -> str:
    bucket, _, path = rest.partition("/")
    if path in ("", "*"):
        return "every bucket" if bucket == "*" else f"bucket {bucket}"
    return f"{path} in bucket {bucket}"


def _spaced(kind: str) -> str:
    return kind.replace("-", " ")


def listed(texts: Iterable[str], is_inverted: bool = False) -> str:
    """A few texts, and how many more there are."""
    items = list(dict.fromkeys(texts))
    more = [f"{len(items) - _MOST} more"] if len(items) > _MOST else []
    text = _joined([*items[:_MOST], *more])
    return f"everything but {text}" if is_inverted else text


def _joined(items: Sequence[str]) -> str:
    return " and ".join([*([", ".join(items[:-1])] if len(items) > 1 else []), *items[-1:]])


def _who(statement: Statement, name: Namer) -> str:
    if not statement.principals:
        return ""
    text = listed(_principal(each, name) for each in statement.principals)
    return f"everyone but {text}" if statement.inverts_principals else text


def _principal(principal: Principal, name: Namer) -> str:
    if principal.kind in ("*", "AWS") and text_of(principal.value) == "*":
        return "everyone"
    text = text_of(principal.value)
    if principal.kind == "AWS" and re.fullmatch(r"\d{12}", text):
        return f"account {text}"
    return name(principal.value)


def _what(statement: Statement, name: Namer, target: str) -> str:
    """`read objects of bucket b`; where the actions need several prepositions, `on`."""
    where = listed(map(name, statement.resources), statement.inverts_resources)
    if target and (not where or [*map(text_of, statement.resources)] == ["*"]):
        where = target
    if statement.inverts_actions:
        return f"do {listed(map(text_of, statement.actions), True)}" + (f" on {where}" if where else "")
    known = [_ACTIONS.get(text_of(action).lower()) for action in statement.actions]
    phrases = [
        text_of(action) if words is None else words[0] for action, words in zip(statement.actions, known, strict=True)
    ]
    prepositions = {"on" if words is None else words[1] for words in known}
    if len(prepositions) > 1:  # `read objects of bucket b`, but `read and write objects on bucket b`
        phrases = [
            f"{phrase} ({text_of(action)})" if words is not None and not words[1] else phrase
            for phrase, action, words in zip(phrases, statement.actions, known, strict=True)
        ]
    preposition = prepositions.pop() if len(prepositions) == 1 else "on"
    on = f"{preposition} {where}".strip() if where else ""
    return f"{listed(phrases)} {on}".strip()


def condition_words(condition: Condition, name: Namer, *, allows: bool) -> str:
    """A condition in words; one that is not known here as it is written."""
    values = listed(map(name, condition.values))
    if (condition.operator, condition.key) == ("bool", "aws:securetransport"):
        is_tls = {text_of(value) for value in condition.values} == {"true"}
        return ("only " if allows else "") + ("over TLS" if is_tls else "without TLS")
    words = _ONLY.get(condition.key)
    if words is None or condition.quantifier or condition.operator not in _POSITIVE | _NEGATIVE:
        return f"if {condition.label} is {values}"
    text = words.format(_alternatives(values))
    if condition.operator in _NEGATIVE:
        text = text.replace("only ", "not " if allows else "but not ", 1)
    elif not allows:
        text = text.removeprefix("only ")
    return f"{text} (or without that key)" if condition.if_exists else text


def _alternatives(values: str) -> str:
    return values.replace(" and ", " or ")
