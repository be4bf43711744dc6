"""Policy documents as the engine's policies: every value a text, and what cannot be read as permissive as it can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from policies.access.model import Origin, Policy, PolicyKind, PolicyStatement
from policies.access.read.actions import is_service
from policies.access.read.texts import ValueTexts
from policies.access.text import is_determined, readable, undetermined_field
from policies.library.documents import Condition, Document, Principal, Statement, document
from policies.library.doubts import doubt, doubts
from policies.library.model import Configuration, Resource
from policies.library.values import UnknownValue, Value
from policies.reachability.network import Assumption

_WITHOUT_PRINCIPALS = frozenset({PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION, PolicyKind.SCP})
_ANYONE = (Principal("*", "*"),)
_NO_ACCOUNT = re.compile(r"\A(arn:[\w-]+:(?:iam|sts)::):")


_OF_EVERY_SERVICE = frozenset(
    {
        "ec2:roledelivery",
        "ec2:sourceinstancearn",
        "glue:credentialissuingservice",
        "glue:roleassumedby",
        "identitystore:userid",
        "lambda:sourcefunctionarn",
        "ssm:sourceinstancearn",
    }
)
"""Keys of services that requests to every service may have, by who makes them."""


class Documents:
    """Reads the policy documents of one configuration."""

    def __init__(self, configuration: Configuration, texts: ValueTexts) -> None:
        self._configuration = configuration
        self._texts = texts

    def policy(
        self,
        kind: PolicyKind,
        value: Value,
        resource: Resource | None,
        part: str,
        *,
        name: str = "",
        assumption: Assumption | None = None,
    ) -> Policy:
        """The policy that an attribute holds; with an assumption, one that is attached perhaps."""
        name = name or (f"{resource.address} {part}" if resource is not None else part)
        try:
            read = document(value, self._configuration)
            statements = tuple(self._statements(kind, read, resource, part))
        except UnknownValue as unknown:
            text = f"{part} is not known ({unknown}): taken to allow everything"
            reason = assumption or Assumption(text, resource, doubt(value, self._configuration))
            return anything(kind, name, Origin(resource, part), reason, resource)
        if assumption is not None:
            statements = tuple(replace(each, assumption=assumption) for each in statements)
        return Policy(kind, name, statements, resource)

    def _statements(
        self, kind: PolicyKind, read: Document, resource: Resource | None, part: str
    ) -> Iterable[PolicyStatement]:
        for number, statement in enumerate(read.statements, 1):
            if statement.effect not in ("Allow", "Deny"):
                raise UnknownValue(statement.effect, part, "an Effect that is neither Allow nor Deny")
            made = self._statement(kind, statement, Origin(resource, part, number))
            yield from _by_keys(made if read.has_variables else _without_variables(made))
        for unknown in read.unknown[:1]:
            text = f"{part} may have more statements ({unknown}): taken to allow everything"
            reason = Assumption(text, resource, doubts(resource, self._configuration) if resource is not None else "")
            yield _anything(kind, Origin(resource, part), reason)

    def _statement(self, kind: PolicyKind, statement: Statement, origin: Origin) -> PolicyStatement:
        principals = () if kind in _WITHOUT_PRINCIPALS else statement.principals
        return PolicyStatement(
            allows=statement.allows,
            origin=origin,
            sid=statement.sid,
            principals=tuple(Principal(each.kind, _of_account(self._text(each.value))) for each in principals),
            inverts_principals=statement.inverts_principals,
            actions=self._list(statement.actions),
            inverts_actions=statement.inverts_actions,
            resources=self._list(statement.resources),
            inverts_resources=statement.inverts_resources,
            conditions=tuple(self._condition(each) for each in statement.conditions),
        )

    def _condition(self, condition: Condition) -> Condition:
        return replace(condition, values=tuple(self._list(condition.values)))

    def _list(self, values: Iterable[Value]) -> tuple[str, ...]:
        return tuple(map(self._text, values))

    def _text(self, value: Value) -> str:
        # `&{` is how aws_iam_policy_document writes `${`, which Terraform would take for its own
        return self._texts.text(value).replace("&{", "${")


def _by_keys(statement: PolicyStatement) -> Iterator[PolicyStatement]:
    """A statement, apart from its actions of other services than those whose own condition keys it asks for.

    Whether requests of these have the key is not known: most lack it, as ec2:RunInstances lacks iam:PassedToService.
    """
    services = {each.key.partition(":")[0] for each in statement.conditions if each.key not in _OF_EVERY_SERVICE}
    services = {each for each in services if is_service(each)}
    foreign = tuple(each for each in statement.actions if any(not _may_be_of(each, service) for service in services))
    if not foreign or statement.inverts_actions:
        yield statement
        return
    own = tuple(each for each in statement.actions if each not in foreign)
    if own:
        yield replace(statement, actions=own)
    text = f"nobody knows whether {', '.join(map(readable, foreign))} has the keys of {', '.join(sorted(services))}"
    yield replace(statement, actions=foreign, assumption=Assumption(text, statement.origin.resource))


def _may_be_of(action: str, service: str) -> bool:
    """Whether an action may be of a service, or of one that shares its keys, such as s3express those of s3."""
    prefix = action.partition(":")[0].lower()
    return bool(set("*?") & set(prefix)) or not is_determined(prefix) or prefix.startswith(service)


def _of_account(principal: str) -> str:
    """A principal; one whose account is not set, as by a variable that is still empty, may be of any."""
    return _NO_ACCOUNT.sub(rf"\1{undetermined_field('an account that is not set')}:", principal)


def _without_variables(statement: PolicyStatement) -> PolicyStatement:
    """A statement of a version in which `${...}` is no variable but text."""
    conditions = (replace(each, values=_escaped(each.texts())) for each in statement.conditions)
    return replace(statement, resources=_escaped(statement.resources), conditions=tuple(conditions))


def _escaped(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(each.replace("$", "${$}") for each in texts)


def anything(
    kind: PolicyKind, name: str, origin: Origin, assumption: Assumption, resource: Resource | None = None
) -> Policy:
    """A policy of which nobody knows what it says: it allows everything, to everyone where it has principals."""
    return Policy(kind, name, (_anything(kind, origin, assumption),), resource)


def _anything(kind: PolicyKind, origin: Origin, assumption: Assumption) -> PolicyStatement:
    return PolicyStatement(
        allows=True,
        origin=origin,
        principals=() if kind in _WITHOUT_PRINCIPALS else _ANYONE,
        actions=("*",),
        resources=() if kind is PolicyKind.TRUST else ("*",),
        assumption=assumption,
    )
