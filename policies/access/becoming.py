"""Whom a step makes of somebody: a member of a group, or somebody with any policy within a permissions boundary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from policies.access.model import AccessModel, PrincipalKind, Requester, Thing
from policies.access.statements import used_variables
from policies.access.text import readable

GROUP = "aws_iam_group"
_TAG_OF_PRINCIPAL, _TAG_OF_RESOURCE = "aws:principaltag/", "aws:resourcetag/"
ANY_PERMISSION = "any permission of the account"
"""What somebody has who can write a policy of whom they are."""


def within(requester: Requester) -> Requester:
    """Somebody with a permissions boundary whose policies are rewritten: it may do all that the boundary allows."""
    name = f"{requester.name} with any policy within its boundary"
    return replace(requester, key=within_key(requester.key), name=name, identity=(), is_unrestricted=True)


def within_key(key: str) -> str:
    """The key of who is `within`."""
    return f"{key}, within its boundary"


def members(model: AccessModel) -> Mapping[str, tuple[tuple[str, Requester], ...]]:
    """By the key of each group: the users who can be put into it, by their keys, and who they are then; one who is not
    there yet has no key."""
    return {key: tuple(_members(model, thing)) for key, thing in model.things.items() if thing.type == GROUP}


def _members(model: AccessModel, group: Thing) -> Iterator[tuple[str, Requester]]:
    policies = model.attachable.get(group.key, ())
    for key, user in model.principals.items():
        is_in = group.resource is not None and any(each.resource is group.resource for each in user.identity)
        if user.kind is PrincipalKind.USER and user.account == group.account and not is_in:
            found = replace(user, key=f"{key}, in {group.key}", name=f"{user.name} in {group.name}")
            yield key, replace(found, identity=(*user.identity, *policies))
    yield "", replace(_new(group, PrincipalKind.USER, f"a new user in {group.name}"), identity=policies)


def limited(model: AccessModel, made: Iterable[Thing]) -> Mapping[tuple[str, str], Requester]:
    """By the key of what can be made, a role or a user, and the ARN of a policy that something asks for as a boundary:
    who has any policy within that."""
    return {
        (thing.key, arn): replace(
            _new(thing, kind, f"{thing.name} with any policy within {readable(policies[0].name)}"),
            is_unrestricted=True,
            boundaries=policies,
        )
        for thing in made
        for kind in (PrincipalKind.ROLE, PrincipalKind.USER)
        if kind.value in thing.arns
        for arn, policies in model.attachable.items()
        if arn not in model.things
    }


def _new(thing: Thing, kind: PrincipalKind, name: str) -> Requester:
    """Somebody who is not there yet, of an account that has something."""
    head = thing.all_arns[0].rpartition(":")[0]
    return Requester(f"{name}, {thing.key}", name, kind, f"{head}:{kind.value}/*", thing.account)


def tagged(requester: Requester, asked: frozenset[str]) -> Requester | None:
    """Somebody with any tags; None where no condition asks for one that is known."""
    if not any(key in asked for key in requester.context if key.startswith(_TAG_OF_PRINCIPAL)):
        return None
    context = {key: held for key, held in requester.context.items() if not key.startswith(_TAG_OF_PRINCIPAL)}
    name = f"{requester.name} with any tags"
    return replace(requester, key=tagged_key(requester.key), name=name, context=context)


def tagged_key(key: str) -> str:
    """The key of who is `tagged`."""
    return f"{key}, with any tags"


def untagged(thing: Thing) -> Thing:
    """A thing of which the tags may be any."""
    context = {key: held for key, held in thing.context.items() if not key.startswith(_TAG_OF_RESOURCE)}
    return replace(thing, context=context)


def asked_tags(model: AccessModel) -> frozenset[str]:
    """The tags that conditions and variables of policies ask for, as condition keys."""
    statements = [statement for policy in model.policies() for statement in policy.statements]
    keys = {each.key for statement in statements for each in statement.conditions}
    keys |= {name for statement in statements for name in used_variables(statement)}
    return frozenset(key for key in keys if key.startswith((_TAG_OF_PRINCIPAL, _TAG_OF_RESOURCE)))


def has_asked_tags(thing: Thing, asked: frozenset[str]) -> bool:
    """Whether conditions ask for a tag of a thing that is known."""
    return any(key in asked for key in thing.context if key.startswith(_TAG_OF_RESOURCE))
