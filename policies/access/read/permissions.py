"""Statements that are written as arguments of resources, not as documents: permissions of functions, layers and buses.

Sources: Lambda API reference, "AddPermission", "AddLayerVersionPermission"; Lambda developer guide, "Control access to
Lambda function URLs"; EventBridge API reference, "PutPermission". For a URL without authorization the provider adds the
permission for everyone by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.access.model import Origin, Policy, PolicyKind, PolicyStatement
from policies.access.read.parts import qualifier
from policies.access.read.texts import ValueTexts
from policies.access.text import is_determined
from policies.library.documents import Condition, Principal
from policies.library.model import Resource
from policies.library.values import UnknownValue
from policies.reachability.network import Assumption

PERMISSIONS: Mapping[str, tuple[str, str]] = {
    "aws_cloudwatch_event_permission": ("aws_cloudwatch_event_bus", "event_bus_name"),
    "aws_lambda_function_url": ("aws_lambda_function", "function_name"),
    "aws_lambda_layer_version_permission": ("aws_lambda_layer_version", "layer_name"),
    "aws_lambda_permission": ("aws_lambda_function", "function_name"),
}
"""The types, what each is about, and the argument that names it."""
DEFAULT_NAMES: Mapping[str, str] = {"aws_cloudwatch_event_permission": "default"}
"""What they are about where they name nothing."""

_OF_FUNCTIONS = (
    ("source_arn", "arnlike", "aws:sourcearn"),
    ("source_account", "stringequals", "aws:sourceaccount"),
    ("principal_org_id", "stringequals", "aws:principalorgid"),
    ("event_source_token", "stringequals", "lambda:eventsourcetoken"),
    ("function_url_auth_type", "stringequals", "lambda:functionurlauthtype"),
)
_SERVICES = (".amazonaws.com", ".amazonaws.com.cn")


def permission(resource: Resource, thing: Resource, texts: ValueTexts) -> Policy | None:
    """The policy that a resource of these types adds to a thing; None if it adds none."""
    match resource.type:
        case "aws_lambda_permission":
            statement: PolicyStatement | None = _of_function(resource, thing, texts)
        case "aws_lambda_function_url":
            statement = _of_url(resource, thing, texts)
        case "aws_lambda_layer_version_permission":
            asked = (("organization_id", "stringequals", "aws:principalorgid"),)
            statement = _statement(resource, texts, _conditions(resource, texts, asked), resource.get("action"))
        case _:
            action = resource.get("action") if resource.has("action") else "events:PutEvents"
            statement = _statement(resource, texts, tuple(_of_bus(resource, texts)), action)
    return Policy(PolicyKind.RESOURCE, resource.address, (statement,), resource) if statement else None


def condition(operator: str, key: str, value: str) -> Condition:
    """A condition that compares a key with one value."""
    return Condition(operator, key, (value,), if_exists=False, quantifier="", label=f"{operator} {key}")


def _of_function(resource: Resource, function: Resource, texts: ValueTexts) -> PolicyStatement:
    arn, named = texts.arn(function), texts.text(resource.get("function_name"))
    part = texts.text(resource.get("qualifier")) or qualifier(named)
    qualified = f"{arn}:{part}" if part else arn
    conditions = _conditions(resource, texts, _OF_FUNCTIONS)
    return _statement(resource, texts, conditions, resource.get("action"), qualified)


def _of_url(resource: Resource, function: Resource, texts: ValueTexts) -> PolicyStatement | None:
    kind = texts.text(resource.get("authorization_type"))
    if is_determined(kind) and kind != "NONE":
        return None
    return PolicyStatement(
        allows=True,
        origin=Origin(resource, "authorization_type"),
        sid="FunctionURLAllowPublicAccess",
        principals=(Principal("*", "*"),),
        actions=("lambda:InvokeFunctionUrl",),
        resources=(texts.arn(function), f"{texts.arn(function)}:*"),
        conditions=(condition("stringequals", "lambda:functionurlauthtype", "NONE"),),
        assumption=None if is_determined(kind) else Assumption("the authorization of the URL is not known", resource),
    )


def _of_bus(resource: Resource, texts: ValueTexts) -> Iterator[Condition]:
    """The one condition that a permission of a bus can have; one that is not known is none."""
    try:
        block = resource.block("condition")
    except UnknownValue:
        return
    if block is not None:
        operator, key = texts.text(block.get("type")), texts.text(block.get("key"))
        yield condition(operator.lower(), key.lower(), texts.text(block.get("value")))


def _conditions(
    resource: Resource, texts: ValueTexts, asked: tuple[tuple[str, str, str], ...]
) -> tuple[Condition, ...]:
    return tuple(
        condition(operator, key, texts.text(resource.get(name))) for name, operator, key in asked if resource.has(name)
    )


def _statement(
    resource: Resource, texts: ValueTexts, conditions: tuple[Condition, ...], action: object, about: str = "*"
) -> PolicyStatement:
    principal = texts.text(resource.get("principal"))
    kind = "Service" if principal.endswith(_SERVICES) else "AWS"
    return PolicyStatement(
        allows=True,
        origin=Origin(resource, "action"),
        sid=texts.text(resource.get("statement_id")),
        principals=(Principal("*" if principal == "*" else kind, principal),),
        actions=(texts.text(action),),  # type: ignore[arg-type]
        resources=(about,),
        conditions=conditions,
    )
