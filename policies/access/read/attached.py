"""The policies attached to roles and users: inline, managed, of groups, and the permissions boundary.

Source: the provider's documentation of each aws_iam_* resource. What makes a role's policies exclusive removes others
at each apply; what another resource puts there anew may be there or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from policies.access.model import Origin, Policy, PolicyKind, PolicyStatement
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
_EXCLUSIVE = (
    *(each for each in _ATTACHMENTS if each[0].endswith("_exclusive")),
    ("aws_iam_role_policies_exclusive", "role", "role_name", "policy_names"),
    ("aws_iam_user_policies_exclusive", "user", "user_name", "policy_names"),
    ("aws_iam_group_policies_exclusive", "group", "group_name", "policy_names"),
)
"""Types that remove what they do not name."""
_OF_POLICY = "aws_iam_policy_attachment"
"""It takes its policy from everybody whom it does not name."""
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
        self._identity: dict[str, list[Policy]] = {}
        self._inlined: dict[str, list[tuple[str, Policy]]] = {}
        """The inline policies of each owner that are written elsewhere, with their names."""
        self._others_removed: dict[tuple[str, str], list[tuple[Resource, frozenset[str]]]] = {}
        """What removes all that it does not name from an owner: of an attribute `policy_arns` or `policy_names`."""
        self._attached: dict[str, list[tuple[Resource, Policy]]] = {}
        """The managed policies that are attached to each owner, and by what."""
        self.gaps: dict[Assumption, None] = {}
        """Of whom nobody knows which policy of a name counts, after `identity` of each."""
        self._read()

    def _read(self) -> None:
        configuration = self._reading.configuration
        for each in configuration.of_type("aws_iam_instance_profile"):
            self._profile(each)
        for type_, kind in _INLINE:
            for each in configuration.of_type(type_):
                self._inline(each, kind)
        for type_, kind, whose, which in _ATTACHMENTS:
            for each in configuration.of_type(type_):
                self._attach(each, kind, whose, which)
        for type_, kind, whose, which in _EXCLUSIVE:
            for each in configuration.of_type(type_):
                self._remove_others(each, kind, whose, which)
        for type_, users, groups in _MEMBERSHIPS:
            for each in configuration.of_type(type_):
                self._member(each, users, groups)

    def _profile(self, resource: Resource) -> None:
        for role in self._links.named(resource.get("role"), _OWNERS["role"], resource):
            self._profiles.setdefault(role.resource.address, []).append(resource)

    def _remove_others(self, resource: Resource, kind: str, whose: str, which: str) -> None:
        kept = frozenset(self._texts.texts(resource.values(which)))
        for owner in self._links.named(resource.get(whose), _OWNERS[kind], resource):
            self._others_removed.setdefault((owner.resource.address, which), []).append((resource, kept))

    def _attach(self, resource: Resource, kind: str, whose: str, which: str) -> None:
        for owner in self._links.named(resource.get(whose), _OWNERS[kind], resource):
            policies = self._managed(resource, which, PolicyKind.IDENTITY, owner.assumption)
            self._attached.setdefault(owner.resource.address, []).extend((resource, each) for each in policies)

    def identity(self, owner: Resource) -> tuple[Policy, ...]:
        """The identity policies of a role, a user or a group."""
        own = self._own_inline(owner)
        managed = self._managed(owner, "managed_policy_arns", PolicyKind.IDENTITY, None)
        given = [
            policy
            for each in (owner, *self._profiles.get(owner.address, ()))
            for policy in self._given.policies(each, PolicyKind.IDENTITY)
        ]
        return (*own, *managed, *self._attached_to(owner), *self._identity.get(owner.address, ()), *given)

    def _own_inline(self, owner: Resource) -> Iterator[Policy]:
        """The inline policies of an owner: of several of one name the last that is applied is there."""
        blocks = [
            (
                self._texts.text(block.get("name")),
                self._documents.policy(PolicyKind.IDENTITY, block.get("policy"), owner, f"{place}.policy"),
            )
            for place, block in self._inline_blocks(owner)
            if block.get("policy") is not None
        ]
        elsewhere = self._inlined.get(owner.address, ())
        named: dict[str, list[Policy]] = {}
        for name, policy in (*blocks, *elsewhere):
            named.setdefault(name, []).append(policy)
        removing = [kept for _, kept in self._others_removed.get((owner.address, "policy_names"), ())]
        for name, policy in blocks:
            yield self._of_rivals(owner, policy, name, named[name])
        for name, policy in elsewhere:
            found = self._of_rivals(owner, policy, name, named[name])
            is_kept = all(name in kept for kept in removing)
            yield found if is_kept else doubted(found, _removed(owner, policy))

    def _of_rivals(self, owner: Resource, policy: Policy, name: str, several: list[Policy]) -> Policy:
        if not name or not are_rivals(several):
            return policy
        text = f"{len(several)} write the policy {readable(name)} of {owner.address}: one of them counts"
        reason = Assumption(text, owner)
        self.gaps[reason] = None
        return doubted(policy, reason)

    def _attached_to(self, owner: Resource) -> Iterator[Policy]:
        """The managed policies that are attached to an owner; what is attached there and removed elsewhere perhaps."""
        found = self._attached.get(owner.address, ())
        removing = self._others_removed.get((owner.address, "policy_arns"), ())
        for writer, policy in found:
            arn = policy.arn or policy.name
            is_removed = any(other is not writer and arn not in kept for other, kept in removing) or any(
                writer.type != _OF_POLICY and all(each is not other for each, _ in found)
                for other in self._reading.configuration.of_type(_OF_POLICY)
                if self._texts.text(other.get("policy_arn")) == arn
            )
            yield doubted(policy, _removed(owner, policy)) if is_removed else policy

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
            name = self._texts.text(resource.get("name"))
            self._inlined.setdefault(owner.resource.address, []).append((name, policy))

    def _member(self, resource: Resource, users: str, groups: str) -> None:
        for user in self._links.named(resource.get(users), _OWNERS["user"], resource):
            for group in self._links.named(resource.get(groups), _OWNERS["group"], resource):
                doubt = user.assumption or group.assumption or self._perhaps_omitted(user, group, resource)
                later = Policy(PolicyKind.IDENTITY, group.resource.address, (), group.resource)  # what is put there
                self._add(user, [assumed(each, doubt) for each in (later, *self.identity(group.resource))])

    def _perhaps_omitted(self, user: Link, group: Link, by: Resource) -> Assumption | None:
        """That what names all members of a group may have removed one."""
        for each in self._reading.configuration.of_type("aws_iam_group_membership"):
            groups = self._links.named(each.get("group"), _OWNERS["group"], each)
            users = self._links.named(each.get("users"), _OWNERS["user"], each)
            is_of_group = each is not by and any(link.resource is group.resource for link in groups)
            if is_of_group and all(link.resource is not user.resource for link in users):
                return Assumption(f"{each.address} may have removed {user.resource.address} from the group", each)
        return None

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


def _removed(owner: Resource, policy: Policy) -> Assumption:
    return Assumption(f"{policy.name} is written for {owner.address}, and removed by what names all of its own", owner)


def doubted(policy: Policy, assumption: Assumption) -> Policy:
    """A policy that is there perhaps, of which statements have been doubted already."""
    statements = (replace(each, assumption=each.assumption or assumption) for each in policy.statements)
    return replace(policy, statements=tuple(statements))


def are_rivals(several: Iterable[Policy]) -> bool:
    """Whether policies of which one alone is there say different things; a plan shows what is there at both ends."""
    return len({tuple(sorted(map(_said, each.statements))) for each in several}) > 1


def _said(statement: PolicyStatement) -> str:
    named = [sorted(map(repr, each)) for each in (statement.principals, statement.actions, statement.resources)]
    inverts = (statement.inverts_principals, statement.inverts_actions, statement.inverts_resources)
    return repr((statement.allows, named, inverts, sorted(map(repr, statement.conditions))))


def assumed(policy: Policy, assumption: Assumption | None) -> Policy:
    """A policy that is attached perhaps."""
    if assumption is None:
        return policy
    return replace(policy, statements=tuple(replace(each, assumption=assumption) for each in policy.statements))
