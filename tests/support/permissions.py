"""What creating, reading, updating and deleting the resources of a stack asks of IAM, by a table of operations.

The table says per type of resource which operations Terraform's provider calls, and which ARNs its resources have.
Which kinds of resources an action is about, and which actions it needs besides, is in AWS's Service Authorization
Reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

from ruamel.yaml import YAML

from tests.support.helpers import ROOT, Document
from tests.support.iam import Kind, Request, arn_patterns, is_action, is_like, kinds, takes_resource

_DATA = ROOT / "tests" / "modules" / "delivery"

Phase = Literal["create", "read", "update", "delete"]
PHASES: tuple[Phase, ...] = ("create", "read", "update", "delete")

GLOBAL_SERVICES = {"iam", "route53"}
"""Services whose requests are made in us-east-1 (AWS global condition keys, `aws:RequestedRegion`)."""

_REFERENCE = re.compile(r"\b(data\.)?(aws_[a-z0-9_]+)\.([A-Za-z][\w-]*)")
_WHOLE = re.compile(r"\$\{(data\.)?(aws_[a-z0-9_]+)\.([A-Za-z][\w-]*)\.(\w+)\}")
_OF_SERVICE_LINKED_ROLES = {"iam:AttachRolePolicy", "iam:PutRolePolicy"}
"""Where other actions depend on these, a service-linked role is meant."""

_WITH_ROLES = {"iam:CreateServiceLinkedRole", "iam:PassRole"}
"""Actions about roles that the table names by their services."""

_WITHIN_BOUNDARY = {"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"}
"""Actions that say which boundary the role has, or gets."""

_TEXT_OF_POLICIES = {"assume_role_policy", "policy", "policy_document", "depends_on", "lifecycle", "provisioner", "//"}
"""Arguments whose references concern what is allowed later, or the order, and not the operation itself."""


@dataclass(frozen=True, slots=True)
class Row:
    """One type of resource in the table."""

    type: str
    create: Sequence[str] = ()
    read: Sequence[str] = ()
    update: Sequence[str] = ()
    delete: Sequence[str] = ()
    arns: Sequence[str] = ()
    """Its own ARNs without `arn:aws:`; names in braces are arguments, `{region}`, `{account}` or `{id}`."""
    services: Mapping[str, str] = field(default_factory=dict)
    """The service to which it passes a role, by the type of the role's resource."""
    service_linked: Sequence[str] = ()
    """The services whose service-linked role AWS makes when the first such resource is created."""
    keys: Sequence[str] = ()
    """What its service does with the caller's permissions on the KMS keys that it refers to."""
    through: Sequence[str] = ()
    """Types whose own references count as references of this resource."""

    def operations(self, phase: Phase) -> Sequence[str]:
        """The operations of a phase. What creates, updates or deletes also reads."""
        found: Sequence[str] = getattr(self, phase)
        return found


class Table:
    """The rows by type, and the names of operations that IAM spells otherwise."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._actions: Mapping[str, str | Sequence[str]] = content["actions"]
        self._services: Mapping[str, str] = content["services"]
        self.not_asked: Mapping[str, str] = content["not_asked"]
        """Dependent actions of the reference that concern none of these resources, with the reason."""
        self.either: Sequence[str] = content["either"]
        """Actions about one of the kinds that the reference lists as required, not about all of them."""
        self.reasons: Mapping[str, str] = content["reasons"]
        """Why something is granted that no operation asks for, by statement and part of it."""
        self.rows = {kind: Row(kind, **row) for kind, row in content["resources"].items()}

    def lacks(self, operations: Mapping[str, Iterable[str]]) -> Mapping[str, list[str]]:
        """The operations by type that no row has."""
        known = {kind: {each for phase in PHASES for each in row.operations(phase)} for kind, row in self.rows.items()}
        missing = {kind: sorted(set(found) - known.get(kind, set())) for kind, found in operations.items()}
        return {kind: found for kind, found in missing.items() if found}

    def actions(self, operation: str) -> list[str]:
        """The actions that an operation needs."""
        service, name = operation.split(":")
        found = self._actions.get(operation, f"{self._services.get(service, service)}:{name}")
        return [found] if isinstance(found, str) else list(found)


def written() -> dict[str, Any]:
    """What permissions.yaml says."""
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(_DATA / "permissions.yaml")
    return content


def recorded() -> dict[str, dict[Phase, list[str]]]:
    """The operations that were recorded, by type of resource and phase."""
    found: dict[str, dict[Phase, list[str]]] = json.loads((_DATA / "operations.json").read_bytes())
    return found


@cache
def table() -> Table:
    """The recorded operations and those of permissions.yaml, together."""
    content = written()
    for kind, phases in recorded().items():
        row = content["resources"].setdefault(kind, {})
        for phase, operations in phases.items():
            row[phase] = [*operations, *(each for each in row.get(phase, ()) if each not in operations)]
    return Table(content)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to IAM, and what makes it."""

    request: Request
    operation: str
    phase: Phase
    address: str

    def __str__(self) -> str:
        given = {key: value for key, value in self.request.context.items() if key != "aws:RequestedRegion"}
        conditions = "".join(f", {key} {value}" for key, value in sorted(given.items()))
        return (
            f"{self.request.action} on {self.request.resource}{conditions}: "
            f"for {self.operation}, to {self.phase} {self.address}"
        )


def type_of(address: str) -> str:
    """The type of the resource at an address, `data.` before that of a data source."""
    return address.rpartition(".")[0]


class Unanswered(Exception):
    """The table does not say what is needed to ask IAM."""


class Stack:
    """A synthesized stack, with the ARNs that AWS would give to its resources."""

    def __init__(self, document: Document, table: Table) -> None:
        self._document = document
        self._table = table
        providers = document["provider"]["aws"]
        self.account: str = providers[0]["allowed_account_ids"][0]
        self._regions: dict[str | None, str] = {
            f"aws.{each['alias']}" if "alias" in each else None: each["region"] for each in providers
        }
        self._found: dict[str, Sequence[str]] = {}

    def addresses(self) -> Iterator[str]:
        """Every resource and data source."""
        for mode, start in (("resource", ""), ("data", "data.")):
            for type_, named in self._document.get(mode, {}).items():
                if type_.startswith("aws_"):
                    yield from (f"{start}{type_}.{name}" for name in named)

    def asked(self) -> Iterator[Asked]:
        """What IAM is asked while all of the stack is created, read, updated and deleted.

        Raises ``Unanswered`` when the table lacks a type or an ARN.
        """
        for address in self.addresses():
            row = self._row(address)
            for phase in PHASES:
                for operation in row.operations(phase):
                    for action in self._table.actions(operation):
                        yield from self._of_action(address, phase, operation, action)
            for operation in row.operations("create")[:1]:
                yield from self._passing(address, operation)

    def _passing(self, address: str, operation: str) -> Iterator[Asked]:
        """What is asked besides the operation that makes a resource, whether the reference lists it or not."""
        row = self._row(address)
        besides = ["iam:CreateServiceLinkedRole"] if row.service_linked else []
        besides += ["iam:PassRole"] if any(self._roles_of(address)) else []
        besides += [f"kms:{name}" for name in row.keys]
        keys = [arn for arn in self._known(address) if ":key/" in arn]
        for action in besides:
            yield from self._with_conditions(address, "create", operation, action, keys)

    def policy(self, text: str) -> str:
        """A policy document of the stack with ARNs in place of references."""
        return _in_braces(text, self._value)

    def key_of(self, alias: str) -> str:
        """The ARN of the key that an alias names."""
        (body,) = (each for each in self._document["resource"]["aws_kms_alias"].values() if each["name"] == alias)
        match = _WHOLE.fullmatch(body["target_key_id"])
        assert match is not None
        return self._arns(f"{match[2]}.{match[3]}")[0]

    @cached_property
    def trusted_services(self) -> Mapping[str, set[str]]:
        """The services that each role trusts, by its ARN."""
        found: dict[str, set[str]] = {}
        for name, body in self._document["resource"].get("aws_iam_role", {}).items():
            statements = json.loads(body["assume_role_policy"])["Statement"]
            services = {service for each in statements for service in each["Principal"].get("Service", ())}
            found[self._arns(f"aws_iam_role.{name}")[0]] = services
        for name, body in self._document["resource"].get("aws_iam_service_linked_role", {}).items():
            found[self._arns(f"aws_iam_service_linked_role.{name}")[0]] = {body["aws_service_name"]}
        return found

    def _region(self, address: str) -> str:
        """The region in which a resource is made, by its provider."""
        return self._regions[self._body(address).get("provider")]

    def _row(self, address: str) -> Row:
        type_ = type_of(address)
        if type_ not in self._table.rows:
            raise Unanswered(
                f"{address}: tests/modules/delivery/permissions.yaml has no row for {type_}. Add what the provider "
                "calls to create, read, update and delete it, and its ARN"
            )
        return self._table.rows[type_]

    def _body(self, address: str) -> Mapping[str, Any]:
        mode = "data" if address.startswith("data.") else "resource"
        type_, name = address.removeprefix("data.").split(".")
        body: Mapping[str, Any] = self._document.get(mode, {}).get(type_, {}).get(name, {})
        return body

    def _of_action(
        self, address: str, phase: Phase, operation: str, action: str, *, seen: frozenset[str] = frozenset()
    ) -> Iterator[Asked]:
        """The requests of an action, and of those that it needs besides, each action once."""
        if not is_action(action):
            raise Unanswered(
                f"{address}: AWS has no action {action}, for {operation}; add it to `actions` of the table"
            )
        if action in seen or (seen and action in self._table.not_asked):
            return
        if seen and action in _WITH_ROLES:
            yield from self._with_conditions(address, phase, operation, action, [])
            return
        about = self._about(address, action)
        if None in about.values():
            if seen and action.startswith("kms:"):  # with a key of AWS's own
                return
            missing = next(kind.name for kind, arns in about.items() if arns is None)
            raise Unanswered(
                f"{address}: {action}, for {operation}, is about a {missing}, and the row of {type_of(address)} "
                "gives no ARN of one"
            )
        resources = self._resources(address, action, about.values(), is_dependent=bool(seen))
        yield from self._with_conditions(address, phase, operation, action, resources)
        besides = {
            dependent: None
            for kind, arns in about.items()
            if arns or not kind.name
            for dependent in kind.dependent_actions
        }
        for dependent in besides:
            yield from self._of_action(address, phase, operation, dependent, seen=seen | {action})

    def _about(self, address: str, action: str) -> Mapping[Kind, Sequence[str] | None]:
        """The kinds of resources of an action with their ARNs; None where one is required and none is known."""
        known = self._known(address)
        found = {kind: _of_kind(kind, action, known) for kind in kinds(action)}
        is_answered = action in self._table.either and any(found.values())
        return {kind: arns if arns or not kind.is_required or is_answered else None for kind, arns in found.items()}

    def _resources(
        self, address: str, action: str, arns: Iterable[Sequence[str] | None], *, is_dependent: bool
    ) -> Sequence[str]:
        """The resources that an action is asked on: each ARN once, or `*`."""
        resources = list(dict.fromkeys(arn for of_kind in arns for arn in of_kind or ()))
        if is_dependent and action in _OF_SERVICE_LINKED_ROLES:
            resources = [arn for arn in resources if ":role/aws-service-role/" in arn]
        if not resources and takes_resource(action):  # of a kind that the reference does not list yet
            start = f"arn:aws:{action.partition(':')[0]}:"
            resources = [arn for arn in self._arns(address) if arn.startswith(start)][:1]
        return resources or ["*"]

    def _with_conditions(
        self, address: str, phase: Phase, operation: str, action: str, resources: Sequence[str]
    ) -> Iterator[Asked]:
        """The requests of an action on resources, with the condition keys that AWS would send."""
        service, region = action.partition(":")[0], self._region(address)
        base = {"aws:RequestedRegion": "us-east-1" if service in GLOBAL_SERVICES else region}
        if action == "iam:PassRole":
            found = {arn: {"iam:PassedToService": to} for arn, to in self._passed(address)}
        elif action == "iam:CreateServiceLinkedRole":
            found = {
                f"arn:aws:iam::{self.account}:role/aws-service-role/{linked}/AWSServiceRole": {
                    "iam:AWSServiceName": linked
                }
                for linked in self._service_linked(address)
            }
        elif action in _WITHIN_BOUNDARY:
            found = dict.fromkeys(resources, self._boundary(address))
        elif service == "kms" and not operation.startswith("kms:"):
            through = {"kms:ViaService": f"{operation.partition(':')[0]}.{region}.amazonaws.com"}
            if action == "kms:CreateGrant":
                through["kms:GrantIsForAWSResource"] = "true"
            found = dict.fromkeys(resources, through)
        elif action == "ec2:CreateTags":  # not of images and snapshots, which nobody makes
            found = {resource: {} for resource in resources if not resource.startswith(f"arn:aws:ec2:{region}::")}
        else:
            found = {resource: {} for resource in resources}
        for resource, context in found.items():
            yield Asked(Request(action, resource, {**base, **context}), operation, phase, address)

    def _boundary(self, address: str) -> dict[str, str]:
        """The boundary of a role, or of the role that a resource is about, as a condition key."""
        bodies = (self._body(each) for each in (address, *self._references(address)))
        boundary = next((body["permissions_boundary"] for body in bodies if "permissions_boundary" in body), None)
        return {"iam:PermissionsBoundary": boundary} if boundary else {}

    def _service_linked(self, address: str) -> Sequence[str]:
        """The services whose service-linked role is made with a resource, or that it is itself."""
        own = self._body(address).get("aws_service_name")
        return [own] if own else self._row(address).service_linked

    def _passed(self, address: str) -> Iterator[tuple[str, str]]:
        """The roles that a resource passes on, by their ARNs, and the services that get them."""
        services = self._row(address).services
        for role in self._roles_of(address):
            if type_of(role) not in services:
                raise Unanswered(f"{address} names {role}: its row does not say to which service it passes the role")
            yield self._arns(role)[0], services[type_of(role)]

    def _roles_of(self, address: str) -> Iterator[str]:
        """The roles that a resource passes on: those that it names, or what it goes through does."""
        texts = set(_arguments(self._body(address)))
        for reference in self._references(address):
            if type_of(reference) in ("aws_iam_role", "aws_iam_service_linked_role") and (
                type_of(reference) in self._row(address).services or f"${{{reference}.arn}}" in texts
            ):
                yield reference

    def _known(self, address: str) -> Sequence[str]:
        """The ARNs that an operation on a resource can be about: its own and those of what it refers to."""
        if address not in self._found:
            around = [address, *self._references(address)]
            self._found[address] = [arn for each in around for arn in self._arns(each)]
        return self._found[address]

    def _references(self, address: str) -> list[str]:
        """The resources that a resource refers to, each once; not those in policies and not those of order only."""
        found: dict[str, None] = {}
        for text in _arguments(self._body(address)):
            for data, type_, name in _REFERENCE.findall(text):
                found[f"{data}{type_}.{name}"] = None
        for reference in list(found):
            if type_of(reference) in self._row(address).through:
                found.update(dict.fromkeys(self._references(reference)))
        return list(found)

    def _arns(self, address: str) -> list[str]:
        """The ARNs of a resource."""
        return [
            re.sub(r"\{([\w.]+)\}", lambda match: self._part(address, match[1]), pattern)
            for pattern in (each if each.startswith("{") else f"arn:aws:{each}" for each in self._row(address).arns)
        ]

    def _part(self, address: str, name: str) -> str:
        """What stands for a name in braces in the ARN of a resource."""
        body = self._body(address)
        argument, _, rest = name.partition(".")
        value = body.get(argument)
        while rest and isinstance(value, Mapping):
            argument, _, rest = rest.partition(".")
            value = value.get(argument)
        if value is None:
            own = {"region": self._region(address), "account": self.account, "id": f"id-of-{address}"}
            if name == "parameter_account":  # AWS's own parameters are in no account
                return "" if str(body["name"]).startswith("/aws/") else self.account
            if name not in own:
                raise Unanswered(f"{address}: its ARN needs the argument {name}, which is not set")
            return own[name]
        if rest:
            match = _WHOLE.fullmatch(str(value))
            if match is None:
                raise Unanswered(f"{address}: its ARN needs {name}, and {argument} refers to no resource")
            return self._part(f"{match[1] or ''}{match[2]}.{match[3]}", rest)
        return _in_braces(str(value), self._value)

    def _value(self, data: str, type_: str, name: str, attribute: str) -> str:
        """An attribute: as it is set, or as AWS would choose it."""
        address = f"{data}{type_}.{name}"
        body = self._body(address)
        if isinstance(body.get(attribute), str):
            return _in_braces(body[attribute], self._value)
        if attribute == "arn":
            return self._arns(address)[0]
        if attribute == "id" and type_ == "aws_s3_bucket":
            return _in_braces(body["bucket"], self._value)
        return f"id-of-{address}"


def _arguments(value: object) -> Iterator[str]:
    """The texts in the arguments of a resource."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in _TEXT_OF_POLICIES:
                yield from _arguments(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _arguments(part)


def _in_braces(text: str, value: Callable[[str, str, str, str], str]) -> str:
    """A text with a value in place of each reference."""
    return _WHOLE.sub(lambda match: value(match[1] or "", match[2], match[3], match[4]), text)


def _of_kind(kind: Kind, action: str, known: Iterable[str]) -> list[str]:
    """The ARNs that are of a kind of resource of an action."""
    if not kind.name:
        return []
    patterns = _patterns(f"{action.partition(':')[0]}:{kind.name}")
    return [arn for arn in known if any(is_like(arn, pattern) for pattern in patterns)]


@cache
def _patterns(kind: str) -> Sequence[str]:
    """The forms of the ARNs of a kind. One whose service varies, as of backups of anything, is none."""
    found = (re.sub(r"^arn:\*:", "arn:aws:", pattern) for pattern in arn_patterns(kind))
    return [pattern for pattern in found if not pattern.startswith("arn:aws:*")]
