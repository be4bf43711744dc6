"""What one resource opens: grants of policies, rules of security groups and network ACLs, routes, public switches.

A plan is judged by comparing the openings of a resource before and after, so each has a key: equal keys open the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from policies.library import access, network_acls, routing, security_groups
from policies.library.cidrs import is_world_open, known_networks
from policies.library.documents import POLICY_ATTRIBUTES, Document, Statement, document
from policies.library.model import Configuration, Resource
from policies.library.security_groups import Direction, Permission
from policies.library.subnets import LOAD_BALANCERS
from policies.library.values import UnknownValue, Value, label_of

_ALONE = Configuration({})
"""A resource is looked at by itself: what it refers to is named as it is written."""

_SWITCHES: Mapping[str, tuple[bool, str]] = {
    "associate_public_ip_address": (True, "gets a public address"),
    "block_public_acls": (False, "no longer blocks public ACLs"),
    "block_public_policy": (False, "no longer blocks public policies"),
    "ignore_public_acls": (False, "no longer ignores public ACLs"),
    "internal": (False, "is reachable from the internet"),
    "map_public_ip_on_launch": (True, "gives its servers public addresses"),
    "publicly_accessible": (True, "is publicly accessible"),
    "restrict_public_buckets": (False, "no longer restricts public buckets"),
}
"""Attributes that open a resource to the internet: the value that does, and how to say it."""

_GRANTS: Mapping[str, str] = {
    "aws_iam_access_key": "a new access key of {user}",
    "aws_iam_group_policy_attachment": "{group} gets {policy_arn}",
    "aws_iam_instance_profile": "servers may act as {role}",
    "aws_iam_role_policy_attachment": "{role} gets {policy_arn}",
    "aws_iam_user_group_membership": "{user} joins {groups}",
    "aws_iam_user_policy_attachment": "{user} gets {policy_arn}",
    "aws_kms_grant": "{grantee_principal} may {operations} with {key_id}",
    "aws_lambda_permission": "{principal} may {action} on {function_name}",
    "aws_nat_gateway": "subnets can reach the internet through it",
    "aws_ram_principal_association": "{principal} shares {resource_share_arn}",
    "aws_vpc_peering_connection": "connects {vpc_id} with {peer_vpc_id}",
}
"""Resources whose existence is access, and how to say it; attributes in braces."""

_DIRECTIONS: tuple[tuple[Direction, str], ...] = (("ingress", "from"), ("egress", "to"))
_ROUTE_TYPES = ("aws_route", "aws_route_table", "aws_default_route_table")
_SOMETHING = "something"
_MOST = 6
"""Actions or resources that are listed before the rest is counted."""


@dataclass(frozen=True)
class Opening:
    """Something that a resource allows."""

    key: Hashable
    """Equal for two that open the same."""
    text: str
    is_public: bool = False
    """Whether it is about anybody, or about the internet."""
    attribute: str = ""
    """The attribute with the policy document that it stands in; empty for anything else."""


def openings(resource: Resource) -> Iterator[Opening]:
    """Everything that a resource opens. Where unknown values decide what that is, one opening says so."""
    for name in POLICY_ATTRIBUTES:
        yield from _granted(resource, name)
    for name, (opening, text) in _SWITCHES.items():
        if resource.get(name) is opening and (name != "internal" or resource.type in LOAD_BALANCERS):
            yield Opening(text, text, is_public=True)
    if resource.type in _GRANTS:
        text = _GRANTS[resource.type].format_map(_Labels(resource))
        yield Opening(text, text, is_public=resource.type == "aws_nat_gateway" or resource.get("principal") in ("*",))
    reader = _READERS.get(resource.type)
    if reader is not None:
        try:
            yield from reader(resource)
        except UnknownValue as unknown:
            yield Opening(str(unknown), f"opens what is known only after the apply: {unknown}")


def restrictions(resource: Resource) -> Iterator[Opening]:
    """Everything that a resource closes: what opens once it is gone, and how to say that."""
    for name in POLICY_ATTRIBUTES:
        with suppress(UnknownValue):  # a document that cannot be read denies nothing
            for statement in _statements(resource, name, lambda policy: policy.refusals):
                text = f"no longer: {describe(statement)}"
                yield Opening(signature(statement), text, _is_public(statement), name)
    if resource.type == "aws_s3_bucket_public_access_block":
        text = "public access to the bucket is no longer blocked"
        yield Opening(text, text, is_public=True)


def describe(statement: Statement) -> str:
    """`arn:aws:iam::1:role/a may s3:GetObject on arn:aws:s3:::b/*, if Bool aws:SecureTransport is true`."""
    who = _listed((principal.value for principal in statement.principals), statement.inverts_principals)
    verb = "may" if statement.allows else "must not"
    what = _listed(statement.actions, statement.inverts_actions)
    where = _listed(statement.resources, statement.inverts_resources)
    conditions = " and ".join(f"{each.label} is {_listed(each.values)}" for each in statement.conditions)
    on, when = f" on {where}" if where else "", f", if {conditions}" if conditions else ""
    return f"{who} {verb} {what}{on}{when}".lstrip()


def signature(statement: Statement) -> Hashable:
    """What a statement says, but for its Sid and the order of what it lists."""
    return (
        statement.effect,
        (statement.inverts_principals, frozenset((each.kind, label_of(each.value)) for each in statement.principals)),
        (statement.inverts_actions, frozenset(map(label_of, statement.actions))),
        (statement.inverts_resources, frozenset(map(label_of, statement.resources))),
        frozenset((each.label, frozenset(map(label_of, each.values))) for each in statement.conditions),
    )


def _granted(resource: Resource, name: str) -> Iterator[Opening]:
    """What the policy in an attribute allows."""
    try:
        for statement in _statements(resource, name, lambda policy: policy.grants):
            yield Opening(signature(statement), describe(statement), _is_public(statement), name)
    except UnknownValue:
        text = f"{name} becomes known only when it is applied"
        yield Opening(text, text, attribute=name)


def _statements(
    resource: Resource, name: str, chosen: Callable[[Document], Iterable[Statement]]
) -> Iterator[Statement]:
    """Statements of the policies in an attribute. Raises UnknownValue."""
    for value in resource.values(name):
        policy = value.get("policy") if isinstance(value, Mapping) and name == "inline_policy" else value
        yield from chosen(document(policy, _ALONE))


def _is_public(statement: Statement) -> bool:
    """Whether a statement is about anybody, as far as it is known."""
    try:
        return access.is_public(statement, _ALONE) if statement.allows else statement.is_for_everyone()
    except UnknownValue:
        return False


def _group_rules(resource: Resource) -> Iterator[Opening]:
    """An opening for each peer of each rule of a security group."""
    owner = f" ({label_of(resource.get('security_group_id'))})" if resource.has("security_group_id") else ""
    for direction, preposition in _DIRECTIONS:
        for permission in security_groups.permissions(resource, direction):
            for peer, is_public in _peers(permission):
                text = f"{preposition} {peer}: {_traffic(permission)}{owner}"
                yield Opening(text, text, is_public)


def _peers(permission: Permission) -> Iterator[tuple[str, bool]]:
    """The peers of a rule, and whether each is the internet."""
    peers = [(label_of(cidr), _is_internet(cidr)) for cidr in permission.cidrs]
    peers += [(label_of(peer), False) for peer in (*permission.groups, *permission.prefix_lists)]
    peers += [("itself", False)] if permission.block.get("self") is True else []
    yield from peers or [(_SOMETHING, False)]


def _acl_entries(resource: Resource) -> Iterator[Opening]:
    for direction, preposition in _DIRECTIONS:
        for entry in network_acls.entries(resource, direction):
            if entry.allows:
                for cidr in entry.cidrs:
                    text = f"network ACL allows {preposition} {label_of(cidr)}: {_traffic(entry)}"
                    yield Opening(text, text, _is_internet(cidr))


def _routes(resource: Resource) -> Iterator[Opening]:
    is_alone = resource.type == "aws_route"
    for route in [routing.Route(resource, resource)] if is_alone else routing.inline_routes(resource):
        target = next((label_of(value) for _, value in route.targets()), _SOMETHING)
        destination = _SOMETHING if route.destination is None else label_of(route.destination)
        text = f"route to {destination} through {target}"
        yield Opening(text, text, _is_internet(route.destination))


def _traffic(rule: Permission | network_acls.AclEntry) -> str:
    try:
        return str(rule.traffic)
    except UnknownValue as unknown:
        return unknown.expression


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
}
"""Resources that open paths in the network, and what reads them."""


class _Labels(dict[str, str]):
    """The attributes of a resource as text."""

    def __init__(self, resource: Resource) -> None:
        super().__init__((name, _listed(resource.values(name))) for name in resource.attributes)

    def __missing__(self, key: str) -> str:
        return _SOMETHING


def _listed(values: Iterable[Value], is_inverted: bool = False) -> str:
    """A few values, and how many more there are."""
    labels = [label_of(value) for value in values]
    more = [f"{len(labels) - _MOST} more"] if len(labels) > _MOST else []
    text = ", ".join([*labels[:_MOST], *more])
    return f"all but {text}" if is_inverted else text
