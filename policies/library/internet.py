"""Which rules of security groups are for the internet, by themselves or together with other rules of their group.

The internet in any spelling: 0.0.0.0/0, ::/0, halves and other large parts (`policies.library.cidrs`), prefix lists
whose entries are so, and parts that are spread over several rules, or over the instances of one with for_each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias
from weakref import WeakKeyDictionary

from policies.library.cidrs import Network, is_private, is_world_open, known_networks
from policies.library.model import Block, Configuration, Possible, Resource
from policies.library.ports import Traffic
from policies.library.security_groups import (
    GROUP_TYPES,
    RULE_TYPES,
    Direction,
    Permission,
    by_group,
    group_names,
    is_vpc_network,
    permissions,
)
from policies.library.values import Partial, Reference, Unknown, UnknownValue, Value, label_of, references

LOOKED_UP_LIST = "data.aws_ec2_managed_prefix_list"
SERVICE_LISTS = ("aws_vpc_endpoint", "data.aws_prefix_list")
"""What has lists of AWS's own: DescribePrefixLists, which the data source asks, knows no others."""
SERVICE_LIST_NAME = "com.amazonaws."
"""How the names of AWS's own lists begin, such as that of CloudFront's origin-facing servers.

Source: VPC user guide, "Available AWS-managed prefix lists".
"""

Parts: TypeAlias = tuple[tuple[Permission, tuple[Network, ...]], ...]
"""Rules, each with its networks."""

LARGEST_PREFIXES_OF_PARTS = {4: 17, 6: 26}
"""Networks that are smaller are no part of the internet, by IP version: a network interface has 1,000 rules at most
(VPC user guide, "Amazon VPC quotas"), which is too few of them to make up what `is_world_open` calls the internet."""


def is_internet(permission: Permission, configuration: Configuration) -> bool:
    """Whether the peers of a rule are the internet. Raises UnknownValue for an unknown peer where it decides."""
    networks, unknown = _networks(permission, configuration)
    if is_world_open(networks):
        return True
    if unknown is not None:
        raise unknown
    return False


def completes_internet(permission: Permission, configuration: Configuration) -> bool:
    """Whether the peers of a rule are a part of the internet, and other rules of its group add the rest of it.

    Only rules that allow some of the same traffic count, and not those that are the internet by themselves, which need
    no part. Unknown peers do not count either: `is_internet` raises for them. Raises UnknownValue for unknown ports
    where they decide.
    """
    if not _part(permission, configuration):
        return False
    wholes = _wholes(permission.direction, configuration)
    for name in group_names(permission, configuration):
        opened = [(each.traffic, part) for each, part in wholes.get(name, ())]
        if any(is_world_open(_open_at(point, opened)) for point in _points(permission.traffic, opened)):
            return True
    _require_no_more(permission, configuration)
    return False


def _require_no_more(permission: Permission, configuration: Configuration) -> None:
    """Raises UnknownValue if a rule of which the group is not known may add the rest of the internet to a group's."""
    direction = permission.direction
    others = [
        each
        for each in _of_unknown_group(direction, configuration)
        if each.declared_by is not permission.declared_by or not permission.group(configuration)
    ]
    for group in configuration.of_type(*GROUP_TYPES) if others else ():
        if not configuration.may_refer(_group_of(permission), group):
            continue
        more = [each for each in others if configuration.may_refer(_group_of(each), group)]
        parts = [*by_group(direction, configuration).get(group.address, ()), *more]
        if more and is_world_open(network for each in parts for network in _part(each, configuration)):
            raise UnknownValue(label_of(_group_of(more[0])), f"{more[0].block.place}.security_group_id")


def _of_unknown_group(direction: Direction, configuration: Configuration) -> tuple[Permission, ...]:
    """The rules with a part of the internet that are of a group, and nobody knows of which."""
    return tuple(
        each
        for resource in configuration.of_type(*RULE_TYPES)
        if isinstance(_group_named_by(resource), Unknown) and not configuration.resolve(_group_named_by(resource))
        for each in permissions(resource, direction)
        if _part(each, configuration)
    )


def _group_of(permission: Permission) -> Value:
    """The security group of a rule, as a value."""
    owner = permission.declared_by
    return Reference(owner.address, owner.address, "id") if owner.type in GROUP_TYPES else _group_named_by(owner)


def _group_named_by(rule: Resource) -> Value:
    return rule.get("security_group_id")


def _wholes(direction: Direction, configuration: Configuration) -> Mapping[str, Parts]:
    """The rules that are parts, by group, of the groups whose parts together are the internet on whatever ports."""
    known = _known.setdefault(configuration, {})
    if direction not in known:
        wholes: dict[str, Parts] = {}
        for name, rules in by_group(direction, configuration).items():
            parts = [(each, part) for each in rules if (part := _part(each, configuration))]
            if is_world_open(network for _, part in parts for network in part):
                wholes[name] = tuple(parts)
        known[direction] = wholes
    return known[direction]


_known: WeakKeyDictionary[Configuration, dict[Direction, Mapping[str, Parts]]] = WeakKeyDictionary()
"""What has been found out of a configuration: looking at all rules for each rule would take minutes for a thousand."""


def _points(traffic: Traffic, opened: list[tuple[Traffic, tuple[Network, ...]]]) -> Iterator[tuple[str, int]]:
    """The protocols and ports to look at: ranges that overlap do so where one of them starts."""
    for other, _ in opened:
        if traffic.reaches(other.first, other.protocol):
            yield other.protocol, other.first


def _open_at(point: tuple[str, int], opened: list[tuple[Traffic, tuple[Network, ...]]]) -> Iterator[Network]:
    protocol, port = point
    for traffic, networks in opened:
        if traffic.reaches(port, protocol):
            yield from networks


def _part(permission: Permission, configuration: Configuration) -> tuple[Network, ...]:
    """The known public networks among a rule's peers that are large, none if they are the internet already."""
    networks, _ = _networks(permission, configuration)
    if is_world_open(networks):
        return ()
    return tuple(
        each for each in networks if each.prefixlen <= LARGEST_PREFIXES_OF_PARTS[each.version] and not is_private(each)
    )


def _networks(permission: Permission, configuration: Configuration) -> tuple[tuple[Network, ...], UnknownValue | None]:
    """The known networks among a rule's peers, and the first one that is unknown. "" is none, as in plans."""
    known: list[Network] = []
    unknown: UnknownValue | None = None
    for value in permission.cidrs:
        if value == "" if isinstance(value, str) else is_vpc_network(value):
            continue
        try:
            known += known_networks((value,), permission.block.place)
        except UnknownValue as each:
            unknown = unknown or each
    for value in permission.prefix_lists:
        try:
            known += _entries(value, permission.block, configuration)
        except UnknownValue as each:
            unknown = unknown or each
    return tuple(known), unknown


def public_networks(permission: Permission, configuration: Configuration) -> tuple[Network, ...]:
    """The networks with addresses on the internet among a rule's peers, in prefix lists too. Raises UnknownValue."""
    return (*permission.public_networks(), *listed_networks(permission, configuration))


def listed_networks(permission: Permission, configuration: Configuration) -> tuple[Network, ...]:
    """The networks with addresses on the internet in a rule's prefix lists. Raises UnknownValue."""
    return tuple(
        each
        for value in permission.prefix_lists
        for each in _entries(value, permission.block, configuration)
        if not is_private(each)
    )


def _entries(prefix_list: Value, block: Block, configuration: Configuration) -> tuple[Network, ...]:
    """The networks in a prefix list, none for one of AWS's own. Raises UnknownValue for one that is kept elsewhere."""
    if any(each.type in SERVICE_LISTS for each in references(prefix_list)):
        return ()
    lists = configuration.resolve(prefix_list)
    if lists and all(each.type == LOOKED_UP_LIST for each in lists):
        if all(map(_is_service_list, lists)):
            return ()
        if all(each.has("entries") for each in lists):  # a plan has read them
            return known_networks((e.get("cidr") for each in lists for e in each.blocks("entries")), block.place)
        lists = tuple(declared for each in lists for declared in _declared_as(each, configuration))
    if not lists:
        raise UnknownValue(f"the entries of {label_of(prefix_list)}", block.place)
    more: list[Possible] = []
    cidrs = [entry.get("cidr") for each in lists for entry in each.blocks("entry")]
    for each in lists:
        added = configuration.referrers(each, "aws_ec2_managed_prefix_list_entry", "prefix_list_id")
        cidrs += [entry.get("cidr") for entry in added.certain]
        more += added.possible
    networks = known_networks((each for each in cidrs if not is_vpc_network(each)), lists[0].place)
    if more and not is_world_open(networks):
        raise more[0].unknown
    return networks


def _names(looked_up: Resource) -> Iterator[Value]:
    """The names that a prefix list is looked up by. Raises UnknownValue if how many filters there are is unknown."""
    if looked_up.has("name"):
        yield looked_up.get("name")
    for condition in looked_up.blocks("filter"):
        if condition.get("name") == "prefix-list-name":
            yield from condition.values("values")


def _is_service_list(looked_up: Resource) -> bool:
    """Whether a list that is looked up is one of AWS's own, by its name."""
    names = list(_names(looked_up))
    return bool(names) and all(_beginning(each).startswith(SERVICE_LIST_NAME) for each in names)


def _beginning(name: Value) -> str:
    """The text up to what is unknown: `com.amazonaws.${var.region}.s3` begins with a name of AWS's."""
    if isinstance(name, Partial):
        return name.parts[0] if isinstance(name.parts[0], str) else ""
    return name if isinstance(name, str) else ""


def _declared_as(looked_up: Resource, configuration: Configuration) -> Iterator[Resource]:
    """The lists of this configuration that have the name which is looked up."""
    names = [each for each in _names(looked_up) if isinstance(each, str)]
    for declared in configuration.of_type("aws_ec2_managed_prefix_list"):
        if names and declared.get("name") in names:
            yield declared
