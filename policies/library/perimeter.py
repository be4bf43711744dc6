"""The event store's data, and the statements of resource policies that keep calls from outside the VPC away from it.

DynamoDB and S3 are public regional APIs, so only a resource policy can hide data in them. How the condition keys behave
is in the IAM user guide, "AWS global condition context keys", and why each exception is safe in docs/adr/0006.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from policies.library.documents import Condition, Document, Statement, document
from policies.library.model import Configuration, Resource
from policies.library.values import Partial, Reference, Unknown, Value, references

_EVENT_STORE = re.compile(r"event[-_ ]?stor(e|age)|event[-_ ]?sourc", re.IGNORECASE)
_ENDPOINT_KEYS = {"aws:sourcevpce": "vpce-", "aws:sourcevpc": "vpc-"}
_NOT_EQUAL = frozenset({"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike"})


def holds_events(resource: Resource) -> bool:
    """Whether a table or bucket is the event store's: its name, label or a tag says event store or event sourcing."""
    tags = resource.get("tags")
    values = (resource.get("name"), resource.get("bucket"), *(tags.values() if isinstance(tags, Mapping) else ()))
    words = [resource.name, *(each for each in values if isinstance(each, str))]
    return any(_EVENT_STORE.search(each) for each in words)


@lru_cache(maxsize=1)
def has_event_store(configuration: Configuration) -> bool:
    """Whether a configuration is of a system with an event store: the rules about it say nothing of others."""
    return any(map(holds_events, configuration.of_type("aws_dynamodb_table", "aws_s3_bucket")))


def is_bound(target: Resource, policies: Iterable[Value], configuration: Configuration) -> bool:
    """Whether a table or bucket must be bound to an endpoint: the event store's, or one with a policy that means to.

    Raises UnknownValue in a system with an event store for a policy that cannot be read.
    """
    return holds_events(target) or (has_event_store(configuration) and _mentions_endpoint(policies, configuration))


def _mentions_endpoint(policies: Iterable[Value], configuration: Configuration) -> bool:
    """Whether a policy refuses calls by the VPC or endpoint they come through, so that someone means to bind it."""
    return any(
        statement.condition(*_ENDPOINT_KEYS)
        for policy in policies
        for statement in document(policy, configuration).refusals
    )


def open_actions(
    policies: Iterable[Document],
    actions: Iterable[str],
    covers: Callable[[Statement], bool],
) -> tuple[str, ...]:
    """Those of some actions that no statement denies everyone outside a VPC endpoint, on what `covers` is about.

    Of several policies on one target AWS keeps the one that is written last, so each of them must deny. Raises
    UnknownValue if an unknown part decides.
    """
    kept = [
        [each for each in policy.refusals if each.is_for_everyone() and binds_to_endpoint(each) and covers(each)]
        for policy in policies
    ] or [[]]
    return tuple(
        action for action in actions if not all(any(each.covers_action(action) for each in binding) for binding in kept)
    )


def binds_to_endpoint(statement: Statement) -> bool:
    """Whether a refusal holds for every call that does not come through a VPC endpoint, but for known exceptions."""
    if not any(_is_outside(each) for each in statement.conditions):
        return False
    return all(_is_outside(each) or _is_exception(each) for each in statement.conditions)


def _is_outside(condition: Condition) -> bool:
    """Whether it holds for every call that comes any other way; a missing key is another way, so not with IfExists."""
    prefix = _ENDPOINT_KEYS.get(condition.key)
    if prefix is None or condition.operator not in _NOT_EQUAL or condition.if_exists or condition.quantifier:
        return False
    return bool(condition.values) and all(_is_endpoint(each, prefix) for each in condition.values)


def _is_endpoint(value: Value, prefix: str) -> bool:
    kinds = {each.type.removeprefix("data.") for each in references(value)}
    if kinds:
        return kinds <= {"aws_vpc_endpoint", "aws_vpc"}
    if isinstance(value, Unknown):
        raise value.failure("aws:SourceVpce")
    return str(value).startswith(prefix) and "*" not in str(value)


def _is_exception(condition: Condition) -> bool:
    """Whether a further condition spares only named roles, AWS services themselves, or calls on behalf of one."""
    match condition.key, condition.operator:
        case "aws:principalarn", operator if operator in _NOT_EQUAL:
            return not condition.quantifier and all(_is_named(each) for each in condition.values)
        case "aws:principalisawsservice", "bool":
            return condition.if_exists and [each.lower() for each in condition.texts()] == ["false"]
        case "aws:calledvia", operator if operator in _NOT_EQUAL:
            return condition.quantifier == "forallvalues" and "*" not in "".join(condition.texts())
    return False


def _is_named(arn: Value) -> bool:
    """Whether an ARN names a role rather than all of them; a reference is to one. Raises UnknownValue."""
    return isinstance(arn, Reference | Partial) or ("/" in str(arn) and not str(arn).partition("/")[2].startswith("*"))


def documents_on(
    target: Resource, types: Mapping[str, str], configuration: Configuration
) -> Iterator[tuple[Resource, Value]]:
    """The policies attached to a resource: of each type the ones that refer to it in the attribute given."""
    for type_, attribute in types.items():
        for policy in configuration.referrers(target, type_, attribute).each():
            yield policy, policy.get("policy")
