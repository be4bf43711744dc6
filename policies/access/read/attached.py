"""The policies attached to roles and users: inline, managed, of groups, and the permissions boundary.

Source: the provider's documentation of each aws_iam_* resource. What makes a role's policies exclusive removes others
at each apply; those that are declared stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from policies.access.model import Origin, Policy, PolicyKind
from policies.access.read.links import Link, TextLinks
from policies.access.read.managed import managed_document
from policies.access.read.module_arguments import ModuleArguments
from policies.access.read.statements import Documents, anything
from policies.access.read.texts import ValueTexts
from policies.access.text import readable
from policies.library.model import Resource
from policies.library.values import UnknownValue, Value
from policies.reachability.network import Assumption
from policies.reachability.read.reading import Reading

_POLICIES = ("aws_iam_policy",)
_OWNERS: Mapping[str, tuple[str, ...]] = {
    "role": ("aws_iam_role", "aws_iam_service_linked_role", "data.aws_iam_role"),
    "user": ("aws_iam_user",),
    "group": ("aws_iam_group",),
}
_INLINE = (("aws_iam_role_policy", "role"), ("aws_iam_user_policy", "user"), ("aws_iam_group_policy", "group"))
"""Types that write an inline policy, and the attribute that names whose."""
_ATTACHMENTS = (
    ("aws_iam_role_policy_attachment", "role", "role", "policy_arn"),
    ("aws_iam_user_policy_attachment", "user", "user", "policy_arn"),
    ("aws_iam_group_policy_attachment", "group", "group", "policy_arn"),
    ("aws_iam_policy_attachment", "role", "roles", "policy_arn"),
    ("aws_iam_policy_attachment", "user", "users", "policy_arn"),
    ("aws_iam_policy_attachment", "group", "groups", "policy_arn"),
    ("aws_iam_role_policy_attachments_exclusive", "role", "role_name", "policy_arns"),
    ("aws_iam_user_policy_attachments_exclusive", "user", "user_name", "policy_arns"),
    ("aws_iam_group_policy_attachments_exclusive", "group", "group_name", "policy_arns"),
)
"""Types that attach managed policies, to what kind, and the attributes that name whose and which."""
_OF_SERVICES = {"autoscaling.amazonaws.com": "aws-service-role/AutoScalingServiceRolePolicy"}
"""The policies of service-linked roles."""
_MEMBERSHIPS = (
    ("aws_iam_group_membership", "users", "group"),
    ("aws_iam_user_group_membership", "user", "groups"),
)
OF_CALLERS = frozenset(
    {
        *(each for each, *_ in (*_INLINE, *_ATTACHMENTS, *_MEMBERSHIPS)),
        *("aws_iam_role", "aws_iam_user", "aws_iam_policy", "aws_iam_service_linked_role", "aws_iam_instance_profile"),
    }
)
"""The types that say what callers may do."""


class Attached:
    """What is attached to whom."""

    def __init__(
        self, reading: Reading, texts: ValueTexts, documents: Documents, links: TextLinks, given: ModuleArguments
    ) -> None:
        self._reading, self._texts, self._documents, self._links = reading, texts, documents, links
        self._given = given
        self._profiles: dict[str, list[Resource]] = {}
        for each in reading.configuration.of_type("aws_iam_instance_profile"):
            for role in links.named(each.get("role"), _OWNERS["role"], each):
                self._profiles.setdefault(role.resource.address, []).append(each)
        self._identity: dict[str, list[Policy]] = {}
        for type_, kind in _INLINE:
            for each in reading.configuration.of_type(type_):
                self._inline(each, kind)
        for type_, kind, whose, which in _ATTACHMENTS:
            for each in reading.configuration.of_type(type_):
                for owner in links.named(each.get(whose), _OWNERS[kind], each):
                    self._add(owner, self._managed(each, which, PolicyKind.IDENTITY, owner.assumption))
        for type_, users, groups in _MEMBERSHIPS:
            for each in reading.configuration.of_type(type_):
                self._member(each, users, groups)

    def identity(self, owner: Resource) -> tuple[Policy, ...]:
        """The identity policies of a role, a user or a group."""
        own = [
            self._documents.policy(PolicyKind.IDENTITY, block.get("policy"), owner, f"{place}.policy")
            for place, block in self._inline_blocks(owner)
            if block.get("policy") is not None
        ]
        managed = self._managed(owner, "managed_policy_arns", PolicyKind.IDENTITY, None)
        given = [
            policy
            for each in (owner, *self._profiles.get(owner.address, ()))
            for policy in self._given.policies(each, PolicyKind.IDENTITY)
        ]
        return (*own, *managed, *self._identity.get(owner.address, ()), *given)

    def of_service(self, role: Resource, service: str) -> Policy:
        """What AWS lets a service-linked role do; of one that is not known here, everything."""
        known = managed_document(f"arn:aws:iam::aws:policy/{_OF_SERVICES.get(service, '')}")
        if known is not None:
            title, document = known
            return self._documents.policy(PolicyKind.IDENTITY, document, role, "aws_service_name", name=title)
        reason = Assumption(f"what AWS lets the role of {service} do is not here: taken for everything", role)
        return anything(PolicyKind.IDENTITY, service, Origin(role, "aws_service_name"), reason, role)

    def as_boundary(self, arn: str, user: Resource) -> Policy | None:
        """The managed policy of an ARN that something of `user` asks for as a boundary; None if it is not known."""
        known = managed_document(arn)
        if known is not None:
            read = self._documents.policy(PolicyKind.BOUNDARY, known[1], user, "policy", name=known[0])
            return replace(read, arn=arn)
        declared = [link for link in self._links.by_text(arn, _POLICIES, user) if link.assumption is None]
        return self._declared(declared[0].resource, PolicyKind.BOUNDARY, None) if len(declared) == 1 else None

    def boundaries(self, owner: Resource) -> tuple[Policy, ...]:
        """The permissions boundary of a role or user."""
        return tuple(self._managed(owner, "permissions_boundary", PolicyKind.BOUNDARY, None))

    def _inline_blocks(self, owner: Resource) -> Iterator[tuple[str, Mapping[str, Value]]]:
        try:
            for number, block in enumerate(owner.blocks("inline_policy"), 1):
                yield f"inline_policy[{number}]", block.attributes
        except UnknownValue:
            yield "inline_policy", {"policy": owner.get("inline_policy")}

    def _inline(self, resource: Resource, kind: str) -> None:
        for owner in self._links.named(resource.get(kind), _OWNERS[kind], resource):
            policy = self._documents.policy(
                PolicyKind.IDENTITY, resource.get("policy"), resource, "policy", assumption=owner.assumption
            )
            self._add(owner, [policy])

    def _member(self, resource: Resource, users: str, groups: str) -> None:
        for user in self._links.named(resource.get(users), _OWNERS["user"], resource):
            for group in self._links.named(resource.get(groups), _OWNERS["group"], resource):
                doubt = user.assumption or group.assumption
                later = Policy(PolicyKind.IDENTITY, group.resource.address, (), group.resource)  # what is put there
                self._add(user, [assumed(each, doubt) for each in (later, *self.identity(group.resource))])

    def _add(self, owner: Link, policies: list[Policy]) -> None:
        self._identity.setdefault(owner.resource.address, []).extend(policies)

    def _managed(self, resource: Resource, name: str, kind: PolicyKind, assumption: Assumption | None) -> list[Policy]:
        """The managed policies that an attribute names; of one that is nowhere declared, that it allows everything."""
        policies: list[Policy] = []
        for value in resource.values(name):
            text = self._texts.text(value)
            declared = self._links.by_text(text, _POLICIES, resource)
            known = managed_document(text)
            for link in declared:
                policies.append(self._declared(link.resource, kind, assumption or link.assumption))
            if known is not None:
                title, document = known
                read = self._documents.policy(kind, document, resource, name, name=title, assumption=assumption)
                policies.append(replace(read, arn=text))
            elif not any(link.assumption is None for link in declared) and text:
                reason = Assumption(f"what {readable(text)} allows is not known: taken for everything", resource)
                policies.append(anything(kind, text, Origin(resource, name), reason, resource))
        return policies

    def _declared(self, policy: Resource, kind: PolicyKind, assumption: Assumption | None) -> Policy:
        name = self._texts.attribute(policy, "name")
        read = self._documents.policy(kind, policy.get("policy"), policy, "policy", name=name, assumption=assumption)
        return replace(read, arn=self._texts.arn(policy))


def assumed(policy: Policy, assumption: Assumption | None) -> Policy:
    """A policy that is attached perhaps."""
    if assumption is None:
        return policy
    return replace(policy, statements=tuple(replace(each, assumption=assumption) for each in policy.statements))
