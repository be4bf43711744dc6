"""HCL as Terraform JSON, and as the plans that Terraform would make of it; only as far as the cases need it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from policies.library.documents import JSON_ATTRIBUTES, Document, Principal, Statement, document
from policies.library.model import Configuration, Resource
from policies.library.terraform.parse import parse_body
from policies.library.terraform.syntax import Body, Literal, Node, Object, Source, Template, Tuple
from policies.library.values import Linked, Partial, Reference, Unknown, UnknownValue, Value, references


def as_json(text: str) -> dict[str, Any]:
    """A file of HCL as a document of Terraform JSON."""
    return _json_body(parse_body(text))


def _json_body(body: Body) -> dict[str, Any]:
    found: dict[str, Any] = {name: _json_value(node) for name, node in body.attributes.items()}
    for block in body.blocks:
        at = found
        for label in (block.type, *block.labels)[:-1]:
            at = at.setdefault(label, {})
        if block.labels:
            at[block.labels[-1]] = _json_body(block.body)
        else:
            at.setdefault(block.type, []).append(_json_body(block.body))
    return found


def _json_value(node: Node) -> Any:
    if isinstance(node, Literal):
        return node.value.replace("${", "$${") if isinstance(node.value, str) else node.value
    assert isinstance(node, Source)
    inner = node.node
    if isinstance(inner, Tuple):
        return [_json_value(item) for item in inner.items]
    if isinstance(inner, Object) and all(isinstance(key, Literal) for key, _ in inner.items):
        return {str(key.value): _json_value(value) for key, value in inner.items if isinstance(key, Literal)}
    if isinstance(inner, Template) and node.text.startswith("<<"):
        return "".join(node.text.splitlines(keepends=True)[1:-1])
    return f"${{{node.text}}}"


def as_plan(configuration: Configuration, applied: bool) -> dict[str, Any]:
    """The plan of a configuration without modules: of a first run, or of one after everything has been applied."""
    planned, changes = [], []
    declared: dict[str, Any] = {}
    for address, resource in sorted(configuration.resources.items()):
        mode, type_ = ("data", resource.type[5:]) if resource.type.startswith("data.") else ("managed", resource.type)
        writer = _Writer(configuration, applied, address)
        known, unknown, expressions = writer.value(resource.attributes)
        if applied:
            known |= {"arn": known.get("arn") or arn(resource), "id": known.get("id") or identity(resource)}
        named = {"address": address, "mode": mode, "type": type_, "name": resource.name}
        planned.append({**named, "values": known})
        changes.append(
            {**named, "change": {"actions": ["create"], "before": None, "after": known, "after_unknown": unknown}}
        )
        own = f"{resource.type}.{resource.name}"
        declared.setdefault(own, {**named, "address": own, "expressions": expressions})
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": list(declared.values())}},
    }


def arn(resource: Resource) -> str:
    """An ARN as AWS would give it, as far as documents compare it."""
    service = resource.type.removeprefix("aws_").split("_")[0]
    name = next(
        (resource.get(each) for each in ("bucket", "name") if isinstance(resource.get(each), str)), resource.name
    )
    if service == "s3":
        return f"arn:aws:s3:::{name}"
    return f"arn:aws:{service}:us-east-1:111122223333:{name}"


def identity(resource: Resource) -> str:
    """An id that is unique in the plan; gateways have the prefixes that AWS gives them."""
    prefix = {"aws_internet_gateway": "igw-", "aws_vpn_gateway": "vgw-", "aws_vpc_endpoint": "vpce-"}.get(
        resource.type, ""
    )
    return f"{prefix}{resource.address}"


class _Writer:
    def __init__(self, configuration: Configuration, applied: bool, address: str) -> None:
        self.configuration = configuration
        self.applied = applied
        self.index = "".join(re.findall(r"\[.*\]$", address))

    def value(self, value: Value) -> tuple[Any, Any, Any]:
        """A value as a plan has it: what is known, what is unknown, and the expression of the configuration."""
        if isinstance(value, Unknown):
            known = self.known(value) if self.applied else None
            return known, known is None, {"references": self.names(value)}
        if isinstance(value, Linked):
            return str(value), False, {"references": self.names(value)}
        if isinstance(value, tuple):
            parts = [self.value(item) for item in value]
            items, holes = [part[0] for part in parts], [part[1] for part in parts]
            if value and all(isinstance(item, Mapping) for item in value):
                return items, holes, [part[2] for part in parts]
            names = self.names(value)
            return items, holes, {"references": names} if names else {"constant_value": items}
        if isinstance(value, Mapping):
            parts_of = {name: self.value(item) for name, item in value.items()}
            return (
                {name: part[0] for name, part in parts_of.items() if part[1] is not True},
                {name: part[1] for name, part in parts_of.items() if part[1]},
                {name: part[2] for name, part in parts_of.items()},
            )
        return value, False, {"constant_value": value}

    def names(self, value: Value) -> list[str]:
        """What an expression refers to, the way Terraform lists it: each attribute and the resource it is of."""
        found: list[str] = []
        for each in references(value):
            if self.index and each.address.endswith(self.index):  # written with each.key or count.index
                found += [each.address.removesuffix(self.index), "each.key" if '"' in self.index else "count.index"]
            else:
                found += [each.expression, each.address]
        if not found and isinstance(value, Unknown):  # a plan knows its variables: something else must be unknown
            return ["terraform_data.unknown.output", "terraform_data.unknown"]
        return list(dict.fromkeys(found))

    def known(self, value: Unknown) -> str | None:
        """What an unknown value will be once applied; None for variables, which no plan leaves open."""
        if isinstance(value, Partial):
            parts = [part if isinstance(part, str) else self.known(part) for part in value.parts]
            return None if None in parts else "".join(part for part in parts if part is not None)
        if not isinstance(value, Reference):
            return None
        resource = self.configuration.resources.get(value.address)
        if resource is None:
            return f"elsewhere-{value.address}"
        if resource.type == "data.aws_iam_policy_document" and value.attribute in JSON_ATTRIBUTES:
            try:
                return self.rendered(document(value, self.configuration))
            except UnknownValue:
                return None
        if value.attribute in ("arn", "execution_arn"):
            return arn(resource)
        return identity(resource) if value.attribute == "id" else f"{value.attribute}-of-{value.address}"

    def rendered(self, policy: Document) -> str | None:
        """A policy document as JSON."""
        statements = [self.statement(each) for each in policy.statements]
        if any(each is None for each in statements):
            return None
        return json.dumps({"Version": "2012-10-17", "Statement": statements})

    def statement(self, statement: Statement) -> dict[str, Any] | None:
        """A statement as JSON."""
        conditions: dict[str, dict[str, Any]] = {}
        for each in statement.conditions:
            operator = f"{each.quantifier}:{each.operator}" if each.quantifier else each.operator
            operator += "IfExists" if each.if_exists else ""
            conditions.setdefault(operator, {})[each.key] = self.value(each.values)[0]
        known: dict[str, Any] = {"Sid": statement.sid, "Effect": statement.effect, "Condition": conditions}
        known["NotAction" if statement.inverts_actions else "Action"] = self.value(statement.actions)[0]
        known["NotResource" if statement.inverts_resources else "Resource"] = self.value(statement.resources)[0]
        if statement.principals:
            name = "NotPrincipal" if statement.inverts_principals else "Principal"
            known[name] = self.principals(statement.principals)
        return known

    def principals(self, principals: tuple[Principal, ...]) -> Any:
        """Principals as JSON."""
        if any(each.kind == "*" for each in principals):
            return "*"
        found: dict[str, list[Any]] = {}
        for each in principals:
            found.setdefault(each.kind, []).append(self.value(each.value)[0])
        return found
