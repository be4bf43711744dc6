"""What of a plan widens access: policies of IAM and of resources, security groups, network ACLs, routes, addresses.

Compared statement by statement and rule by rule: what allows and was not there, what denied and is gone. A policy that
is known only when it is applied is read from the Terraform, where it stands with references in it; it cannot be
compared with what is there now, so all that it allows is shown as what may widen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from cli.core.base.addresses import declared
from cli.core.plans.model import Access, Widening
from cli.core.plans.policies import added_statements, allows

POLICY_ATTRIBUTES = (
    "access_policy",
    "assume_role_policy",
    "inline_policy",
    "policy",
    "policy_document",
    "resource_policy",
)
"""Attributes that hold a policy document as JSON; `inline_policy` holds blocks with a `policy`."""

_SWITCHES: Mapping[str, tuple[object, str]] = {
    "associate_public_ip_address": (True, "gets a public address"),
    "block_public_acls": (False, "no longer blocks public ACLs"),
    "block_public_policy": (False, "no longer blocks public policies"),
    "ignore_public_acls": (False, "no longer ignores public ACLs"),
    "internal": (False, "is reachable from the internet"),
    "map_public_ip_on_launch": (True, "gives its servers public addresses"),
    "publicly_accessible": (True, "is publicly accessible"),
    "restrict_public_buckets": (False, "no longer restricts public buckets"),
}
"""Attributes at the top of a resource that open it, the value that does, and how to say it."""

_GRANTS = {
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
"""Resources whose being there is access, and how to say it; in braces attributes."""

_EVERYBODY = ("0.0.0.0/0", "::/0", "* may", " public", "internet")
"""Signs in a text that it is about anybody, anywhere."""

Resource = Mapping[str, Any]


def access(
    changes: Iterable[Mapping[str, Any]], document: Mapping[str, Any], paths: Mapping[str, str]
) -> tuple[Access, ...]:
    """Everything in a plan that widens access, or may; what is certain and about everybody first."""
    found = []
    for change in changes:
        actions = change["change"]["actions"]
        if change.get("mode") != "managed" or actions in (["no-op"], ["read"], ["forget"]):
            continue
        key = declared(change["address"])
        type_, _, name = key.partition(".")
        written = ((document.get("resource") or {}).get(type_) or {}).get(name) or {}
        for how, text in _of(change, written):
            found.append(Access(change["address"], paths.get(key, ""), how, text))
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _order(access: Access) -> tuple[bool, bool, str, str]:
    """What certainly widens first, and of it what is about everybody."""
    is_for_all = any(sign in f"{access.text} " for sign in _EVERYBODY)
    return access.how is not Widening.WIDENS, not is_for_all, access.address, access.text


def _of(change: Mapping[str, Any], written: Resource) -> Iterator[tuple[Widening, str]]:
    """How one change widens access."""
    before = change["change"].get("before") or {}
    after = change["change"].get("after") or {}
    unknown = change["change"].get("after_unknown") or {}
    unknown = unknown if isinstance(unknown, Mapping) else {}
    yield from _policies(before, after, unknown, written)
    for name, (value, text) in _SWITCHES.items():
        if after.get(name) is value and before.get(name) is not value and (name != "internal" or change["type"] in _LB):
            yield Widening.WIDENS, text
    is_new = change["change"]["actions"] != ["update"]
    if change["type"] in _GRANTS and after and (is_new or _differs(before, after, _GRANTS[change["type"]])):
        yield Widening.WIDENS, _GRANTS[change["type"]].format_map(_Shown(after, written))
    if change["type"] == "aws_s3_bucket_public_access_block" and before and not after:
        yield Widening.WIDENS, "public access to the bucket is no longer blocked"
    reader = _RULES.get(change["type"])
    if reader is not None:
        old, new = set(reader(_Shown(before, {}))) if before else set(), set(reader(_Shown(after, written)))
        for text in sorted(new - old if after else ()):
            yield Widening.WIDENS, text


def _policies(
    before: Resource, after: Resource, unknown: Resource, written: Resource
) -> Iterator[tuple[Widening, str]]:
    """What the policy documents of a resource grant newly."""
    for name in POLICY_ATTRIBUTES:
        if unknown.get(name) is not True:
            for text in added_statements(_documents(before.get(name)), _documents(after.get(name)), bool(after)):
                yield Widening.WIDENS, text
        elif name in written:
            allowed = allows(written[name])
            for text in [f"{name} becomes known only when it is applied"] if allowed is None else allowed:
                yield Widening.MAY_WIDEN, text


def _documents(value: Any) -> list[Any]:
    """The policy documents in an attribute."""
    if isinstance(value, list):
        return [document for each in value if isinstance(each, Mapping) for document in _documents(each.get("policy"))]
    if not isinstance(value, str) or not value:
        return []
    try:
        return [json.loads(value)]
    except ValueError:
        return []


_LB = ("aws_lb", "aws_alb", "aws_elb")


class _Shown(dict[str, str]):
    """Attributes as text, those that are not known as they are written in the Terraform."""

    def __init__(self, known: Resource, written: Resource) -> None:
        super().__init__()
        for name in {*known, *written}:
            value = known.get(name)
            value = written.get(name) if value is None else value
            if value is not None:
                self[name] = _plain(value)

    def __missing__(self, key: str) -> str:
        return "something"


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _differs(before: Resource, after: Resource, template: str) -> bool:
    """Whether an attribute that a sentence names has changed."""
    return any(before.get(name) != after.get(name) for name in after if f"{{{name}}}" in template)


def _rule(shown: _Shown, direction: str) -> str:
    """A security group rule in words."""
    peer = next(
        (
            shown[name]
            for name in (
                "cidr_ipv4",
                "cidr_ipv6",
                "prefix_list_id",
                "referenced_security_group_id",
                "cidr_blocks",
                "ipv6_cidr_blocks",
                "prefix_list_ids",
                "source_security_group_id",
                "security_groups",
            )
            if shown.get(name)
        ),
        "itself" if shown.get("self") == "true" else "something",
    )
    protocol = shown.get("ip_protocol") or shown.get("protocol") or "-1"
    group = shown.get("security_group_id", "")
    to = f" ({group})" if group else ""
    return f"{direction} {peer}: {_ports(protocol, shown.get('from_port'), shown.get('to_port'))}{to}"


def _ports(protocol: str, first: str | None, last: str | None) -> str:
    """`TCP 443`, `TCP 0-65535`, `everything`."""
    if protocol == "-1" or protocol == "all":
        return "everything"
    if first is None or first == last:
        return f"{protocol.upper()} {first or ''}".strip()
    return f"{protocol.upper()} {first}-{last}"


def _one_rule(direction: str) -> Callable[[_Shown], Iterator[str]]:
    def read(shown: _Shown) -> Iterator[str]:
        yield _rule(shown, direction)

    return read


def _either_rule(shown: _Shown) -> Iterator[str]:
    yield _rule(shown, "from" if shown.get("type") == "ingress" else "to")


def _inline_rules(shown: _Shown) -> Iterator[str]:
    """The rules inside of a security group or network ACL, as far as they are known."""
    for name, direction in (("ingress", "from"), ("egress", "to")):
        try:
            rules = json.loads(f"[{shown.get(name, '')}]")
        except ValueError:
            continue
        for each in rules:
            if isinstance(each, Mapping) and each.get("action", "allow") == "allow":
                yield _rule(_Shown(each, {}), direction)


def _acl_rule(shown: _Shown) -> Iterator[str]:
    if shown.get("rule_action") == "allow":
        direction = "to" if shown.get("egress") == "true" else "from"
        peer = shown.get("cidr_block") or shown["ipv6_cidr_block"]
        ports = _ports(shown.get("protocol") or "-1", shown.get("from_port"), shown.get("to_port"))
        yield f"network ACL allows {direction} {peer}: {ports}"


def _route(shown: _Shown) -> Iterator[str]:
    destination = next((shown[name] for name in shown if name.startswith("destination_") and shown[name]), "something")
    target = next((shown[name] for name in _ROUTE_TARGETS if shown.get(name)), "something")
    yield f"route to {destination} through {target}"


_ROUTE_TARGETS = (
    "gateway_id",
    "nat_gateway_id",
    "egress_only_gateway_id",
    "transit_gateway_id",
    "vpc_peering_connection_id",
    "network_interface_id",
    "vpc_endpoint_id",
)

_RULES: Mapping[str, Callable[[_Shown], Iterator[str]]] = {
    "aws_network_acl": _inline_rules,
    "aws_network_acl_rule": _acl_rule,
    "aws_route": _route,
    "aws_default_security_group": _inline_rules,
    "aws_security_group": _inline_rules,
    "aws_security_group_rule": _either_rule,
    "aws_vpc_security_group_egress_rule": _one_rule("to"),
    "aws_vpc_security_group_ingress_rule": _one_rule("from"),
}
"""Resources that open paths in the network, and what reads these."""
