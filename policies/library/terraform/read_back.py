"""What a plan says of rules that it changes or removes: the resource that holds them still shows them, as last read.

A security group, network ACL or route table whose rules are resources of their own has them in its values too, as the
provider read them before. Where such a rule changes or goes, that is not what the plan leads to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Values = Mapping[str, Any]

_HOLDERS = {
    "aws_security_group_rule": ("aws_security_group", "security_group_id"),
    "aws_vpc_security_group_ingress_rule": ("aws_security_group", "security_group_id"),
    "aws_vpc_security_group_egress_rule": ("aws_security_group", "security_group_id"),
    "aws_network_acl_rule": ("aws_network_acl", "network_acl_id"),
    "aws_route": ("aws_route_table", "route_table_id"),
}
"""By type of rule: the type of what holds it, and the attribute that says which one."""

_PEERS = (
    ("cidr_blocks", "cidr_ipv4"),
    ("ipv6_cidr_blocks", "cidr_ipv6"),
    ("prefix_list_ids", "prefix_list_id"),
    ("security_groups", "referenced_security_group_id"),
    ("security_groups", "source_security_group_id"),
)
"""Where a security group lists peers, and where a rule has one; aws_security_group_rule has lists of the same name."""

_DESTINATIONS = (
    ("cidr_block", "destination_cidr_block"),
    ("ipv6_cidr_block", "destination_ipv6_cidr_block"),
    ("destination_prefix_list_id", "destination_prefix_list_id"),
)


class ReadBack:
    """The rules that a plan changes or removes, as they were."""

    def __init__(self, changes: Iterable[Values]) -> None:
        self._gone: dict[tuple[str, str], list[tuple[str, Values]]] = {}
        for each in changes:
            change = each.get("change") or {}
            before, actions = change.get("before"), change.get("actions") or ()
            if each.get("type") in _HOLDERS and before and not {"no-op", "read"} & set(actions):
                type_, attribute = _HOLDERS[each["type"]]
                self._gone.setdefault((type_, str(before.get(attribute))), []).append((each["type"], before))

    def without(self, type_: str, values: Values, written: Values) -> Values:
        """The values of a resource without rules that go, as far as its own configuration has not `written` any."""
        attributes = dict(values)
        for rule, before in self._gone.get((type_, str(values.get("id"))), ()):
            name = _name(rule, before)
            if name not in written and isinstance(attributes.get(name), list):
                attributes[name] = _REMOVE[type_](attributes[name], before, str(values.get("id")))
        return attributes


def _name(rule: str, before: Values) -> str:
    """The attribute that holds a rule."""
    if rule == "aws_route":
        return "route"
    if rule == "aws_network_acl_rule":
        return "egress" if before.get("egress") else "ingress"
    return str(before.get("type")) if rule == "aws_security_group_rule" else rule.split("_")[-2]


def _without_permission(entries: Sequence[Values], before: Values, own: str) -> list[Values]:
    """Without the peers of one rule; an entry that has no others goes."""
    protocol = str(before.get("ip_protocol", before.get("protocol")))
    ports = (protocol, *(before.get(each) for each in ("from_port", "to_port")))
    ports = ports if protocol != "-1" else ("-1", 0, 0)  # which is how the provider reads all protocols
    found: list[Values] = []
    for entry in entries:
        if (str(entry.get("protocol")), entry.get("from_port"), entry.get("to_port")) != ports:
            found.append(entry)
            continue
        left = dict(entry)
        for listed, single in _PEERS:
            gone = {str(before.get(single)), *map(str, before.get(listed) or ())}
            left[listed] = [each for each in left.get(listed) or () if str(each) not in gone]
            if own in gone:
                left["self"] = False
        if before.get("self"):
            left["self"] = False
        if left.get("self") or any(left[listed] for listed, _ in _PEERS):
            found.append(left)
    return found


def _without_entry(entries: Sequence[Values], before: Values, _own: str) -> list[Values]:
    return [each for each in entries if each.get("rule_no") != before.get("rule_number")]


def _without_route(entries: Sequence[Values], before: Values, _own: str) -> list[Values]:
    to = {(there, before[here]) for there, here in _DESTINATIONS if before.get(here)}
    return [each for each in entries if not any(each.get(name) == value for name, value in to)]


_REMOVE = {
    "aws_security_group": _without_permission,
    "aws_network_acl": _without_entry,
    "aws_route_table": _without_route,
}
