"""What one resource opens: grants of policies, rules of security groups and network ACLs, routes, public switches.

A plan is judged by comparing what is open before and after. What an opening covers is no more open than before: a
narrower CIDR, fewer ports, fewer actions, one more condition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from policies.library import access, network_acls, routing, security_groups
from policies.library.cidrs import is_world_open, known_networks
from policies.library.coverage import beyond, is_within, text_of
from policies.library.documents import POLICY_ATTRIBUTES, Document, Statement, document
from policies.library.model import Configuration, Resource
from policies.library.ports import LAST, Traffic
from policies.library.security_groups import Direction, Permission
from policies.library.subnets import LOAD_BALANCERS
from policies.library.values import Reference, UnknownValue, Value, leaves
from policies.library.wording import Namer, listed, sentence

_SWITCHES: Mapping[str, tuple[bool, str]] = {
    "associate_public_ip_address": (True, "gets a public address"),
    "block_public_acls": (False, "no longer blocks public ACLs"),
    "block_public_policy": (False, "no longer blocks public policies"),
    "ignore_public_acls": (False, "no longer ignores public ACLs"),
    "internal": (False, "is reachable from the internet"),
    "map_public_ip_on_launch": (True, "gives its servers public addresses"),
    "public": (True, "is public"),
    "publicly_accessible": (True, "is publicly accessible"),
    "restrict_public_buckets": (False, "no longer restricts public buckets"),
}
"""Attributes that open a resource to the internet: the value that does, and how to say it."""

_ACCESS: Mapping[str, str] = {
    "aws_ami_launch_permission": "{account_id}{group}{organization_arn} may start servers of {image_id}",
    "aws_cloudwatch_event_permission": "{principal} may {action} on event bus {event_bus_name}",
    "aws_iam_access_key": "a new access key of {user}",
    "aws_iam_group_policy_attachment": "{group} gets {policy_arn}",
    "aws_iam_instance_profile": "servers may act as {role}",
    "aws_iam_policy_attachment": "{users}{roles}{groups} get {policy_arn}",
    "aws_iam_role_policy_attachment": "{role} gets {policy_arn}",
    "aws_iam_user_group_membership": "{user} joins {groups}",
    "aws_iam_user_policy_attachment": "{user} gets {policy_arn}",
    "aws_kms_grant": "{grantee_principal} may {operations} with {key_id}",
    "aws_lakeformation_permissions": "{principal} may {permissions} in the data lake",
    "aws_lambda_layer_version_permission": "{principal} may {action} of {layer_name}",
    "aws_lambda_permission": "{principal} may {action} on {function_name}",
    "aws_nat_gateway": "subnets can reach the internet through it",
    "aws_ram_principal_association": "{resource_share_arn} is shared with {principal}",
    "aws_ram_resource_association": "{resource_arn} becomes part of {resource_share_arn}",
    "aws_snapshot_create_volume_permission": "{account_id} may make volumes of {snapshot_id}",
    "aws_vpc_endpoint_service_allowed_principal": "{principal_arn} may connect to {vpc_endpoint_service_id}",
    "aws_vpc_peering_connection": "connects {vpc_id} with {peer_vpc_id}",
    "aws_vpc_peering_connection_accepter": "accepts {vpc_peering_connection_id}",
}
"""Resources whose existence is access, and how to say it; attributes in braces."""

_BARRIERS: Mapping[str, str] = {
    "aws_organizations_policy_attachment": "{policy_id} no longer limits {target_id}",
    "aws_s3_account_public_access_block": "public access to the account's buckets is no longer blocked",
    "aws_s3_bucket_public_access_block": "public access to the bucket is no longer blocked",
    "aws_wafv2_web_acl_association": "{web_acl_arn} no longer filters requests to {resource_arn}",
}
"""Resources whose existence keeps access away, and what to say when they go; attributes in braces."""

_PUBLIC_VALUES: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "aws_lambda_function_url": ("authorization_type", ("NONE",), "anyone may call it without credentials"),
    "aws_s3_bucket": ("acl", ("public-read", "public-read-write"), "its objects are public by its ACL"),
    "aws_s3_bucket_acl": ("acl", ("public-read", "public-read-write"), "objects are public by the bucket's ACL"),
    "aws_s3_object": ("acl", ("public-read", "public-read-write"), "it is public by its ACL"),
}
"""By type: an attribute, its values that open to anyone, and how to say it."""

_DIRECTIONS: tuple[tuple[Direction, str], ...] = (("ingress", "from"), ("egress", "to"))
_ROUTE_TYPES = ("aws_route", "aws_route_table", "aws_default_route_table")
_ANY = Traffic("all", 0, LAST)
_SOMETHING = "something"
_WHO = ("group", "principal", "principal_arn")
"""Attributes that say who gets access."""


@dataclass(frozen=True, eq=False)
class Opening:
    """Something that a resource allows: a switch, a membership, a route."""

    kind: str
    """Only what is of one kind can cover each other."""
    values: tuple[tuple[Value, ...], ...]
    """What it is about: lists of values, one for each `{}` of `text`."""
    text: str
    """How to say it."""
    is_public: bool = False
    """Whether it is about anybody, or about the internet."""
    is_known: bool = True
    """Whether it is known what is opened; attributes of resources mean those, whatever they will be."""

    def beyond(self, others: Iterable[Opening]) -> Opening | None:
        """What of it others do not cover; None for nothing."""
        return None if any(self.is_covered(other) for other in others if other.kind == self.kind) else self

    def is_covered(self, other: Opening) -> bool:
        """Whether another one of its kind is as wide."""
        return self.text == other.text and all(
            {*map(text_of, mine)} <= {*map(text_of, theirs)}
            for mine, theirs in zip(self.values, other.values, strict=True)
        )

    def said(self, name: Namer, holder: str) -> str:
        """It in words; ``holder`` is what it is opened on, empty for the resource itself."""
        text = self.text.format(*(listed(map(name, values)) or _SOMETHING for values in self.values))
        return f"{text} ({holder})" if holder else text

    def mentions(self) -> Iterator[Value]:
        """Everything that it says."""
        for values in self.values:
            yield from values

    def parties(self) -> Iterator[Value]:
        """Who gets access, and to what."""
        yield from self.mentions()


@dataclass(frozen=True, eq=False)
class Grant(Opening):
    """What a statement of a policy allows or, of a restriction, denies."""

    statement: Statement = field(kw_only=True)

    def beyond(self, others: Iterable[Opening]) -> Opening | None:
        """What of it others do not cover; None for nothing."""
        rest = beyond(
            self.statement, [each.statement for each in others if isinstance(each, Grant) and each.kind == self.kind]
        )
        return None if rest is None else replace(self, statement=rest)

    def said(self, name: Namer, holder: str) -> str:
        """It in words; ``holder`` is what has the policy."""
        is_own = not self.statement.principals
        text = sentence(self.statement, name, holder=holder, target="" if is_own else holder)
        return text if self.statement.allows else f"no longer: {text}"

    def mentions(self) -> Iterator[Value]:
        """Everything that it says."""
        yield from self.parties()
        yield from self.statement.actions
        for condition in self.statement.conditions:
            yield from condition.values

    def parties(self) -> Iterator[Value]:
        """Who gets access, and to what."""
        yield from (principal.value for principal in self.statement.principals)
        yield from self.statement.resources

    @property
    def is_broad(self) -> bool:
        """Whether an identity policy allows all actions, or all of a service, or some on everything, without a
        condition. In other policies everything is what the policy is about."""
        statement = self.statement
        if statement.principals:
            return False
        wide = (statement.inverts_actions, statement.inverts_resources, "*" in map(text_of, statement.resources))
        every_action = any(
            text_of(action).endswith("*") and ":" not in text_of(action)[:-2] for action in statement.actions
        )
        return not statement.conditions and (any(wide) or every_action)


@dataclass(frozen=True, eq=False)
class Rule(Opening):
    """What a rule of a security group, or an entry of a network ACL, lets in or out: one peer."""

    traffic: Traffic | None = None
    """None where it is not known."""
    number: int = 0
    """Of an entry, its place in the order."""
    refusals: tuple[Rule, ...] = ()
    """The entries before it that refuse a part of it."""

    def is_covered(self, other: Opening) -> bool:
        """Whether another one of its kind is as wide."""
        return (
            isinstance(other, Rule)
            and self.is_part_of(other)
            and all(
                not refusal.may_meet(self) or any(refusal.is_part_of(mine) for mine in self.refusals)
                for refusal in other.refusals
            )
        )

    def is_part_of(self, other: Rule) -> bool:
        """Whether its peer and its ports are among those of another."""
        one, two = self.traffic, other.traffic
        if one is None or two is None:
            return one is two and super().is_covered(other)
        has_ports = two.is_everything or (
            one.protocol == two.protocol and two.first <= one.first and one.last <= two.last
        )
        return has_ports and _is_peer_within(self.peer, other.peer)

    def may_meet(self, other: Rule) -> bool:
        """Whether some traffic may be of both, as far as protocols and ports tell."""
        one, two = self.traffic, other.traffic
        if one is None or two is None:
            return True
        is_same_protocol = one.is_everything or two.is_everything or one.protocol == two.protocol
        return is_same_protocol and one.first <= two.last and two.first <= one.last

    @property
    def peer(self) -> Value:
        """Whom it is about."""
        return self.values[0][0]


def openings(resource: Resource, sources: Configuration) -> Iterator[Opening]:
    """Everything that a resource opens. Where unknown values decide what that is, one opening says so.

    ``sources`` has the data sources that policies are written in.
    """
    for name in POLICY_ATTRIBUTES:
        yield from _grants(resource, name, sources)
    for name, (is_open, text) in _SWITCHES.items():
        if resource.get(name) is is_open and (name != "internal" or resource.type in LOAD_BALANCERS):
            yield Opening(name, (), text, is_public=True)
    if resource.type in _PUBLIC_VALUES:
        name, values, text = _PUBLIC_VALUES[resource.type]
        if isinstance(value := resource.get(name), str) and value in values:
            yield Opening(name, (), text, is_public=True)
    if resource.type in _ACCESS:
        yield _given(resource, _ACCESS[resource.type])
    for policy in resource.values("managed_policy_arns") if resource.type == "aws_iam_role" else ():
        yield Opening("aws_iam_role_policy_attachment", ((resource.get("name"),), (policy,)), "{} gets {}")
    reader = _READERS.get(resource.type)
    if reader is not None:
        try:
            yield from reader(resource)
        except UnknownValue as unknown:
            yield _later(resource.type, unknown.expression)


def restrictions(resource: Resource, sources: Configuration) -> Iterator[Opening]:
    """Everything that a resource closes: what opens once it is gone."""
    for name in POLICY_ATTRIBUTES:
        with suppress(UnknownValue):  # a document that cannot be read denies nothing
            for statement in (each for policy in _documents(resource, name, sources) for each in policy.refusals):
                grant = Grant(_kind(name), (), "", _is_public(statement, sources), statement=statement)
                yield replace(grant, is_known=all(map(_is_determined, grant.mentions())))
    if resource.type in _BARRIERS:
        template = _BARRIERS[resource.type]
        yield replace(_given(resource, template), is_public="public" in template)
    if resource.has("permissions_boundary"):
        boundary = resource.get("permissions_boundary")
        yield Opening("boundary", ((boundary,),), "permissions are no longer bound by {}")


def refusals(resource: Resource) -> Iterator[Rule]:
    """The entries of a network ACL that refuse, as far as they are known."""
    if resource.type in network_acls.TYPES:
        with suppress(UnknownValue):
            yield from _entries(resource, allows=False)


def _grants(resource: Resource, name: str, sources: Configuration) -> Iterator[Opening]:
    """What the policy in an attribute allows."""
    try:
        for statement in (each for policy in _documents(resource, name, sources) for each in policy.grants):
            grant = Grant(_kind(name), (), "", _is_public(statement, sources), statement=statement)
            yield replace(grant, is_known=all(map(_is_determined, grant.mentions())))
    except UnknownValue:
        yield _later(_kind(name), name)


def _documents(resource: Resource, name: str, sources: Configuration) -> Iterator[Document]:
    """The policies in an attribute. Raises UnknownValue."""
    for value in resource.values(name):
        policy = value.get("policy") if isinstance(value, Mapping) and name == "inline_policy" else value
        yield document(policy, sources)


def _kind(attribute: str) -> str:
    """Trust in who may have a role is told apart from what the role may do."""
    return "trust" if attribute == "assume_role_policy" else "policy"


def _later(kind: str, what: str) -> Opening:
    return Opening(
        kind, (), f"{what} is not known before the apply".replace("{", "{{").replace("}", "}}"), is_known=False
    )


def _is_determined(value: Value) -> bool:
    """Whether all that is unknown in a value are attributes of resources that Terraform makes."""
    return all(isinstance(leaf, Reference) and not leaf.address.startswith("data.") for leaf in leaves(value))


def _is_public(statement: Statement, sources: Configuration) -> bool:
    """Whether a statement is about anybody, as far as it is known."""
    try:
        return access.is_public(statement, sources) if statement.allows else statement.is_for_everyone()
    except UnknownValue:
        return False


def _given(resource: Resource, template: str) -> Opening:
    """What a resource gives, or takes, by being there; attributes in braces."""
    names = re.findall(r"\{(\w+)\}", template)
    values = tuple(resource.values(name) for name in names)
    who = [value for name in names if name in _WHO for value in resource.values(name)]
    is_public = resource.type == "aws_nat_gateway" or any(
        isinstance(value, str) and value in ("*", "all") for value in who
    )
    is_known = all(_is_determined(value) for of_name in values for value in of_name)
    return Opening(resource.type, values, re.sub(r"\{\w+\}", "{}", template), is_public, is_known)


def _group_rules(resource: Resource) -> Iterator[Opening]:
    """An opening for each peer of each rule of a security group."""
    for direction, preposition in _DIRECTIONS:
        for permission in security_groups.permissions(resource, direction):
            traffic = _traffic(permission)
            ports = "not known" if traffic is None else str(traffic)
            for peer in _peers(permission):
                text = f"{preposition} {{}}: {ports}"
                known = traffic is not None and peer is not _SOMETHING and _is_determined(peer)
                yield Rule(direction, ((peer,),), text, _is_internet(peer), known, traffic)


def _peers(permission: Permission) -> Sequence[Value]:
    """The peers of a rule."""
    peers: list[Value] = [*permission.cidrs, *permission.groups, *permission.prefix_lists]
    peers += ["itself"] if permission.block.get("self") is True else []
    return peers or [_SOMETHING]


def _acl_entries(resource: Resource) -> Iterator[Opening]:
    return _entries(resource, allows=True)


def _entries(resource: Resource, *, allows: bool) -> Iterator[Rule]:
    """The entries of a network ACL that allow, or those that refuse. Raises UnknownValue."""
    for direction, preposition in _DIRECTIONS:
        for entry in network_acls.entries(resource, direction):
            if entry.allows is allows:
                traffic = _traffic(entry)
                ports = "not known" if traffic is None else str(traffic)
                for cidr in entry.cidrs:
                    text = f"network ACL allows {preposition} {{}}: {ports}"
                    is_known = traffic is not None and _is_determined(cidr)
                    yield Rule(
                        f"acl {direction}", ((cidr,),), text, _is_internet(cidr), is_known, traffic, entry.number
                    )


def _routes(resource: Resource) -> Iterator[Opening]:
    is_alone = resource.type == "aws_route"
    for route in [routing.Route(resource, resource)] if is_alone else routing.inline_routes(resource):
        target = next((value for _, value in route.targets()), _SOMETHING)
        destination = _SOMETHING if route.destination is None else route.destination
        is_known = _is_determined(destination) and _is_determined(target)
        yield Opening(
            "route", ((destination,), (target,)), "route to {} through {}", _is_internet(route.destination), is_known
        )


def _cluster_endpoints(resource: Resource) -> Iterator[Opening]:
    """The networks from which the API of an EKS cluster is reached; from anywhere where none are named."""
    for block in resource.blocks("vpc_config"):
        if block.flag("endpoint_public_access", default=True):
            for cidr in block.values("public_access_cidrs") or ("0.0.0.0/0",):
                is_known = _is_determined(cidr)
                yield Rule("endpoint", ((cidr,),), "its API is open to {}", _is_internet(cidr), is_known, _ANY)


def _traffic(rule: Permission | network_acls.AclEntry) -> Traffic | None:
    try:
        return rule.traffic
    except UnknownValue:
        return None


def _is_peer_within(one: Value, other: Value) -> bool:
    """Whether a peer is another, or a network in it."""
    if text_of(one) == text_of(other):
        return True
    try:
        return is_within(known_networks([one]), known_networks([other]))
    except UnknownValue:
        return False


def _is_internet(cidr: Value) -> bool:
    """Whether a CIDR is known to mean the internet."""
    try:
        return cidr is not None and is_world_open(known_networks([cidr]))
    except UnknownValue:
        return False


_READERS: Mapping[str, Callable[[Resource], Iterator[Opening]]] = {
    **dict.fromkeys(security_groups.TYPES, _group_rules),
    **dict.fromkeys(network_acls.TYPES, _acl_entries),
    **dict.fromkeys(_ROUTE_TYPES, _routes),
    "aws_eks_cluster": _cluster_endpoints,
}
"""Resources that open paths in the network, and what reads them."""
