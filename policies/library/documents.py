"""IAM policy documents, however they are written. Grammar: IAM user guide, "Grammar of the IAM JSON policy language".

`document` reads JSON text with or without unknown parts, values already decoded, and aws_iam_policy_document data
sources with the documents they build on. What is asked of a statement raises UnknownValue where unknown parts decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from policies.library.json_text import from_json
from policies.library.model import Block, Configuration, Resource
from policies.library.values import Partial, Reference, Unknown, UnknownValue, Value, WrongValue, label_of

POLICY_ATTRIBUTES = (
    "access_policy",
    "assume_role_policy",
    "inline_policy",
    "policy",
    "policy_document",
    "resource_policy",
)
"""Attributes that hold a policy document as JSON; `inline_policy` holds blocks with a `policy`."""

_WITH_VARIABLES = "2012-10-17"
"""The version of policies that have variables. Source: IAM user guide, "IAM JSON policy elements: Version"."""

_T = TypeVar("_T")

_MARK = "\ue000"
"""A character that stands in no policy, for what is unknown."""

JSON_ATTRIBUTES = frozenset({"json", "minified_json", ""})
"""The attributes of aws_iam_policy_document that hold the document; a plan may leave the name out."""

_ANYONE = re.compile(r"\*|arn:[\w*-]+:(?:iam|sts)::(?:\*(?::.*)?|root)")
"""Everyone, every account, or an account that is left out, which AWS refuses; what is meant is clear."""


@dataclass(frozen=True, eq=False)
class Condition:
    """One key of one operator; all conditions of a statement must hold, for any of the values."""

    operator: str
    """The base operator in lower case: `bool`, `stringequals`, `arnlike`."""
    key: str
    """In lower case, as keys are not case-sensitive: `aws:securetransport`."""
    values: tuple[Value, ...]
    if_exists: bool
    """It holds also when the request lacks the key."""
    quantifier: str
    """`forallvalues`, `foranyvalue` or empty."""
    label: str
    """Operator and key as they are written: `Bool aws:SecureTransport`."""

    def texts(self) -> tuple[str, ...]:
        """The values as text. Raises UnknownValue."""
        return tuple(_text(value) for value in self.values)


@dataclass(frozen=True, eq=False)
class Principal:
    """`kind` is AWS, Service, Federated, CanonicalUser, or * for anyone; `value` the identifier."""

    kind: str
    value: Value


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement. With `inverts_x` the list is of the Not form: it names what the statement does not cover."""

    sid: str
    effect: str
    principals: tuple[Principal, ...]
    inverts_principals: bool
    actions: tuple[Value, ...]
    inverts_actions: bool
    resources: tuple[Value, ...]
    inverts_resources: bool
    conditions: tuple[Condition, ...]

    @property
    def allows(self) -> bool:
        """Whether it grants."""
        return self.effect == "Allow"

    @property
    def denies(self) -> bool:
        """Whether it refuses."""
        return self.effect == "Deny"

    def is_for_everyone(self) -> bool:
        """Whether it is about any caller: `*`, in any of its forms, or all but some. Raises UnknownValue."""
        if self.inverts_principals:
            return self.allows  # a refusal that spares some is not for everyone; a grant to all but some is public
        aws = [each.value for each in self.principals if each.kind in ("*", "AWS")]
        return any_holds(aws, _is_anyone)

    def covers_action(self, action: str) -> bool:
        """Whether it is about an action such as `sns:Publish`, by wildcards too. Raises UnknownValue."""
        return any_holds(self.actions, lambda value: _matches(_text(value), action)) is not self.inverts_actions

    def covers_every_action(self, service: str) -> bool:
        """Whether it is about all actions of a service such as `sns`. Raises UnknownValue."""
        if self.inverts_actions:
            return not any_holds(self.actions, lambda value: _matches_service(_text(value), service))
        return any_holds(self.actions, lambda value: _text(value).lower() in ("*", f"{service}:*"))

    def covers_resource(self, target: Resource, configuration: Configuration) -> bool:
        """Whether it is about a resource: by `*`, by reference, or by an ARN with its name. Raises UnknownValue."""
        covered = any_holds(self.resources, lambda value: names_resource(value, target, configuration))
        return covered is not self.inverts_resources

    def condition(self, *keys: str) -> tuple[Condition, ...]:
        """The conditions on some keys, written in lower case."""
        return tuple(each for each in self.conditions if each.key in keys)


@dataclass(frozen=True, eq=False)
class Document:
    """A policy document."""

    statements: tuple[Statement, ...]
    """Those that are known, in order."""
    unknown: tuple[UnknownValue, ...] = ()
    """Why there may be more."""
    has_variables: bool = True
    """Whether `${...}` in it is a variable: in version 2012-10-17, not in the one that counts where none is written."""

    @property
    def grants(self) -> Iterator[Statement]:
        """The statements that allow. Raises UnknownValue after the last known one if there may be more."""
        yield from (each for each in self.statements if each.allows)
        self._require_all()

    @property
    def refusals(self) -> Iterator[Statement]:
        """The statements that deny. Raises UnknownValue after the last known one if there may be more."""
        yield from (each for each in self.statements if each.denies)
        self._require_all()

    def _require_all(self) -> None:
        for unknown in self.unknown:
            raise unknown


def document(value: Value, configuration: Configuration) -> Document:
    """The document that an attribute holds; one that is not set has no statements.

    Raises UnknownValue if nothing is known of it, or if it is no policy document.
    """
    found = _document(value, configuration)
    if found.unknown and not found.statements:
        raise found.unknown[0]
    return found


def _document(value: Value, configuration: Configuration) -> Document:
    while isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if value is None or (isinstance(value, str) and not value):
        return Document(())
    if isinstance(value, Reference):
        return _referenced(value, configuration)
    if isinstance(value, Mapping):
        return _decoded(value)
    return _decoded(from_json(value))


def names_resource(value: Value, target: Resource, configuration: Configuration) -> bool:
    """Whether an entry of a statement's Resource means `target`, or includes it. Raises UnknownValue."""
    if isinstance(value, str) and value == "*":
        return True
    if target in configuration.resolve(value):
        return True
    if isinstance(value, Reference):
        if value.address in configuration.resources:
            return False
        raise value.failure()
    parts = _arn_parts(value)
    if len(parts) < 6:
        return False
    names = [target.get(each) for each in ("bucket", "name", "broker_name", "cluster_name") if target.has(each)]
    if any(isinstance(name, Unknown) for name in names) or any(isinstance(part, Unknown) for part in parts[5:]):
        raise UnknownValue(str(value) if isinstance(value, str) else "an ARN with unknown parts")
    pattern = ":".join(str(part) for part in parts[5:])
    return any(_matches(pattern.split("/")[0], str(name)) or _matches(pattern, str(name)) for name in names)


def covers_paths(refusal: Statement, grant: Statement) -> bool:
    """Whether a refusal in the policy of a REST API is about all that a grant is about. Raises UnknownValue.

    Only what follows the API's id counts, as a policy is about its own API. Every call has a stage, a method and a
    path, so `*`, `execute-api:/*` and `execute-api:/*/*/*` are all of them. Source: API Gateway developer guide,
    "Resource format of permissions for executing API in API Gateway".
    """
    if refusal.inverts_resources:
        return False
    refused = tuple(map(_path, refusal.resources))

    def is_refused(path: str) -> bool:
        return any_holds(refused, lambda pattern: _includes(pattern, path))

    return all(map(is_refused, ("*",) if grant.inverts_resources else map(_path, grant.resources)))


def _path(value: Value) -> str:
    """What a resource of a REST API names after the id of the API, with a mark at either end of what is unknown."""
    text = "".join(map(_marked, value.parts if isinstance(value, Partial) else (value,)))
    head, slash, path = text.partition("/")
    if not slash:
        return "*" if head.endswith("*") else head
    return "*" if set(path) <= set("*/") and path.count("/") < 3 else path


def _marked(part: Value) -> str:
    return f"{_MARK}{part.expression.replace('/', _MARK)}{_MARK}" if isinstance(part, Unknown) else _text(part)


def _includes(pattern: str, path: str) -> bool:
    """Whether all that a path with * and ? matches is matched by a pattern. Raises UnknownValue."""
    if pattern == path or pattern == "*":
        return True
    if _MARK in pattern + path:
        raise UnknownValue(f"a path of an API in {(pattern if _MARK in pattern else path).replace(_MARK, '')}")
    return "?" not in pattern and _matches(pattern, path)


def _arn_parts(value: Value) -> list[str | Unknown]:
    """The parts of an ARN between colons; the unknown ones are Unknown as a whole."""
    if isinstance(value, str):
        return list(value.split(":", 5))
    if not isinstance(value, Partial):
        if isinstance(value, Unknown):
            raise value.failure()
        return []
    text = "".join(part if isinstance(part, str) else _MARK for part in value.parts)
    unknown = Unknown(value.expression)
    return [unknown if _MARK in part else part for part in text.split(":", 5)]


def _decoded(value: Value) -> Document:
    if not isinstance(value, Mapping):
        raise WrongValue(repr(value), reason="a policy that is not a JSON object")
    version = value.get("Version")
    has_variables = isinstance(version, Unknown) or version == _WITH_VARIABLES
    return replace(_read(_listed(value.get("Statement")), _statement), has_variables=has_variables)


def _read(values: Iterable[Value], read: Callable[[Value], Statement]) -> Document:
    """The statements that `read` makes of values, and why it makes none of some."""
    statements: list[Statement] = []
    unknown: list[UnknownValue] = []
    for value in values:
        try:
            statements.append(read(value))
        except WrongValue:
            raise
        except UnknownValue as each:
            unknown.append(each)
    return Document(tuple(statements), tuple(unknown))


def _statement(value: Value) -> Statement:
    if isinstance(value, Unknown):
        raise value.failure()
    if not isinstance(value, Mapping):
        raise WrongValue(repr(value), reason="a statement that is not a JSON object")
    principal = value.get("Principal", value.get("NotPrincipal"))
    return Statement(
        sid=_text(value.get("Sid") or "") if not isinstance(value.get("Sid"), Unknown) else "",
        effect=_text(value.get("Effect") or ""),
        principals=tuple(_principals(principal)),
        inverts_principals="NotPrincipal" in value,
        actions=_listed(value.get("Action", value.get("NotAction"))),
        inverts_actions="NotAction" in value,
        resources=_listed(value.get("Resource", value.get("NotResource"))),
        inverts_resources="NotResource" in value,
        conditions=tuple(_conditions(value.get("Condition"))),
    )


def _principals(value: Value) -> Iterator[Principal]:
    if isinstance(value, Mapping):
        for kind, identifiers in value.items():
            for identifier in _listed(identifiers):
                yield Principal(kind, identifier)
    elif value is not None:
        for each in _listed(value):
            yield Principal("*", each)


def _conditions(value: Value) -> Iterator[Condition]:
    if isinstance(value, Unknown):
        raise value.failure()
    if isinstance(value, Mapping):
        for operator, keys in value.items():
            if isinstance(keys, Unknown):
                raise keys.failure()
            if isinstance(keys, Mapping):
                for key, values in keys.items():
                    yield _condition(operator, key, _listed(values))


def _condition(operator: str, key: str, values: tuple[Value, ...]) -> Condition:
    quantifier, _, base = operator.lower().rpartition(":")
    if_exists = base.endswith("ifexists")
    name = base.removesuffix("ifexists")
    return Condition(name, key.lower(), values, if_exists, quantifier=quantifier, label=f"{operator} {key}")


def _key(value: Value) -> str:
    """A condition key; of one with an unknown provider, such as `"${local.issuer}:sub"`, the claim is known."""
    if isinstance(value, Partial):
        return "".join(part if isinstance(part, str) else "?" for part in value.parts)
    return _text(value)


def _referenced(reference: Reference, configuration: Configuration) -> Document:
    source = configuration.resources.get(reference.address)
    if source is None or source.type != "data.aws_iam_policy_document" or reference.attribute not in JSON_ATTRIBUTES:
        raise reference.failure()
    return _generated(source, configuration, frozenset())


def _generated(source: Resource, configuration: Configuration, seen: frozenset[str]) -> Document:
    """The statements of an aws_iam_policy_document: sources first, overridden by its own, overridden by overrides.

    What overrides has the Sid of what it overrides; sources have no Sid twice, so that an unknown statement of one
    leaves the others as they are.
    """
    if source.address in seen:
        raise UnknownValue(f"{source.address}, which builds on itself")

    def layers(*names: str) -> list[Document]:
        values = [each for name in names for each in source.values(name)]
        return [_layer(each, configuration, seen | {source.address}) for each in values]

    sources = layers("source_json", "source_policy_documents")
    own = _read(source.values("statement"), lambda value: _block_statement(value, source))
    overriding = [own, *layers("override_json", "override_policy_documents")]
    statements: dict[object, Statement] = {}
    for layer in (*sources, *overriding):
        if layer.unknown and layer in overriding:
            statements = {key: each for key, each in statements.items() if not each.sid}
        for statement in layer.statements:
            statements[statement.sid or id(statement)] = statement
    return Document(
        tuple(statements.values()), tuple(each for layer in (*sources, *overriding) for each in layer.unknown)
    )


def _layer(value: Value, configuration: Configuration, seen: frozenset[str]) -> Document:
    if isinstance(value, Reference):
        source = configuration.resources.get(value.address)
        if source is not None and source.type == "data.aws_iam_policy_document":
            return _generated(source, configuration, seen)
    return _document(value, configuration)


def _block_statement(value: Value, source: Resource) -> Statement:
    if not isinstance(value, Mapping):
        raise UnknownValue(label_of(value), f"{source.place}.statement")
    block = Block(value, f"{source.place}.statement")
    inverts_principals = block.has("not_principals")
    principals = block.blocks("not_principals") if inverts_principals else block.blocks("principals")
    return Statement(
        sid=block.text("sid") if not isinstance(block.get("sid"), Unknown) else "",
        effect=block.text("effect", default="Allow"),
        principals=tuple(
            Principal(each.text("type"), identifier) for each in principals for identifier in each.values("identifiers")
        ),
        inverts_principals=inverts_principals,
        actions=block.values("not_actions") if block.has("not_actions") else block.values("actions"),
        inverts_actions=block.has("not_actions"),
        resources=block.values("not_resources") if block.has("not_resources") else block.values("resources"),
        inverts_resources=block.has("not_resources"),
        conditions=tuple(_block_conditions(block)),
    )


def _block_conditions(block: Block) -> Iterator[Condition]:
    """The conditions of a statement: the provider makes one of those with the same test and variable."""
    found: dict[tuple[str, str], tuple[Value, ...]] = {}
    for each in block.blocks("condition"):
        name = (each.text("test"), _key(each.get("variable")))
        found[name] = (*found.get(name, ()), *each.values("values"))
    for (operator, key), values in found.items():
        yield _condition(operator, key, values)


def _listed(value: Value) -> tuple[Value, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _text(value: Value) -> str:
    if isinstance(value, Unknown):
        raise value.failure()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _is_anyone(principal: Value) -> bool:
    """Whether a principal is `*`, or a name in every account. Raises UnknownValue.

    An ARN or account id that is not known yet is neither.
    """
    if isinstance(principal, Reference) and principal.attribute.endswith(("arn", "id")):
        return False
    if isinstance(principal, Partial) and any(isinstance(part, str) and part.strip("*") for part in principal.parts):
        return False
    return _ANYONE.fullmatch(_text(principal)) is not None


def any_holds(values: Iterable[_T], holds: Callable[[_T], bool]) -> bool:
    """Whether something holds for one of some values. Raises UnknownValue if that depends on an unknown one."""
    unknown: UnknownValue | None = None
    for value in values:
        try:
            if holds(value):
                return True
        except UnknownValue as each:
            unknown = unknown or each
    if unknown is not None:
        raise unknown
    return False


def holding(values: Iterable[_T], holds: Callable[[_T], bool]) -> Iterator[_T]:
    """The values for which something holds. Raises UnknownValue after the last if there may be more of them."""
    unknown: UnknownValue | None = None
    rest = iter(values)
    while True:
        try:
            value = next(rest)
            is_one = holds(value)
        except StopIteration:
            break
        except UnknownValue as each:
            unknown = unknown or each
            continue
        if is_one:
            yield value
    if unknown is not None:
        raise unknown


@lru_cache(maxsize=4096)
def _pattern(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(escaped, re.IGNORECASE | re.DOTALL)


def _matches(pattern: str, text: str) -> bool:
    """Whether a pattern with * and ? matches, in any case."""
    return _pattern(pattern).fullmatch(text) is not None


def _matches_service(action: str, service: str) -> bool:
    return _matches(action.partition(":")[0], service)
