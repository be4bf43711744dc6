"""The JSON that the data source aws_iam_policy_document makes. Source: its documentation in the AWS provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from policies.library.json_text import from_json
from policies.library.terraform.conversions import Fault, items, mapping
from policies.library.terraform.functions.encodings import jsonencode
from policies.library.terraform.instance import Instance
from policies.library.values import Unknown, UnknownValue, Value

TYPE = "data.aws_iam_policy_document"
_LISTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def policy_json(document: Instance, read: Callable[[Value], Value]) -> Value:
    """The text of a document, with unknown parts, which may be statements. `read` makes text of what it builds on.

    Raises Fault or UnknownValue if nobody knows what an unknown statement overrides.
    """
    sources = list(_others(document, ("source_json", "source_policy_documents"), read))
    own = [each if isinstance(each, Unknown) else _known_statement(mapping(each)) for each in _own(document)]
    overriding = [own, *_others(document, ("override_json", "override_policy_documents"), read)]
    statements: dict[object, Value] = {}
    for layer in (*sources, *overriding):
        for statement in layer:
            if isinstance(statement, Unknown):
                if layer in overriding and any(isinstance(key, str) for key in statements):
                    raise statement.failure()
                statements[id(statement)] = statement
                continue
            sid = mapping(statement).get("Sid")
            statements[sid if isinstance(sid, str) and sid else id(statement)] = statement
    version = document.value("version")
    return jsonencode(
        {"Version": "2012-10-17" if version is None else version, "Statement": tuple(statements.values())}
    )


def _others(document: Instance, names: tuple[str, ...], read: Callable[[Value], Value]) -> Iterator[tuple[Value, ...]]:
    for name in names:
        for each in _listed(document.value(name)):
            if isinstance(each, Unknown) or each not in (None, ""):
                yield _listed(mapping(from_json(read(each))).get("Statement"))


def _own(document: Instance) -> tuple[Value, ...]:
    value = document.value("statement")
    return (value,) if isinstance(value, Unknown) else _listed(value)


def _known_statement(block: Mapping[str, Value]) -> Value:
    """A statement, or what is unknown of it if that decides what it is."""
    try:
        return _statement(block)
    except UnknownValue as unknown:
        return Unknown(unknown.expression, reason=unknown.reason)


def _listed(value: Value) -> tuple[Value, ...]:
    if value is None:
        return ()
    if isinstance(value, Unknown):
        raise value.failure()
    return value if isinstance(value, tuple) else (value,)


def _statement(block: Mapping[str, Value]) -> Value:
    """A statement as JSON has it: what is not set is left out, and a list of one is the one."""
    statement: dict[str, Value] = {"Effect": "Allow" if block.get("effect") is None else block["effect"]}
    if block.get("sid") is not None:
        statement["Sid"] = block["sid"]
    for name, key in _LISTS.items():
        if block.get(name) is not None:
            statement[key] = _single(block[name])
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals = [mapping(each) for each in _listed(block.get(name))]
        if principals:
            statement[key] = _principals(principals)
    conditions: dict[str, Value] = {}
    for each in _listed(block.get("condition")):
        condition = mapping(each)
        operator, key = _text(condition["test"]), _text(condition["variable"])
        keys = mapping(conditions.get(operator, {}))
        values = condition["values"]
        if key in keys:  # one block more adds to the values
            values = (*_listed(keys[key]), *_listed(values))
        conditions[operator] = {**keys, key: _single(values)}
    if conditions:
        statement["Condition"] = conditions
    return statement


def _principals(principals: list[Mapping[str, Value]]) -> Value:
    found: dict[str, tuple[Value, ...]] = {}
    for each in principals:
        kind = _text(each["type"])
        found[kind] = (*found.get(kind, ()), *items(each["identifiers"]))
    if set(found) == {"*"}:
        return "*"
    return {kind: _single(values) for kind, values in found.items()}


def _text(value: Value) -> str:
    if isinstance(value, Unknown):
        raise value.failure()
    if isinstance(value, str):
        return value
    raise Fault("a name that is no text")


def _single(value: Value) -> Value:
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value
