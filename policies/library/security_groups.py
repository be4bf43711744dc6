"""The rules of security groups, in whatever resource they are written: who may talk to whom, on which ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from policies.library.cidrs import Network, is_private, known_networks
from policies.library.model import Block, Configuration, Resource
from policies.library.ports import Traffic, traffic
from policies.library.values import Reference, Unknown, UnknownValue, Value

Direction: TypeAlias = Literal["ingress", "egress"]

GROUP_TYPES = ("aws_security_group", "aws_default_security_group")
RULE_TYPES = (
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
)
TYPES = (*GROUP_TYPES, *RULE_TYPES)
"""Every resource type that declares rules of a security group."""

_SINGLE = {"aws_vpc_security_group_ingress_rule": "ingress", "aws_vpc_security_group_egress_rule": "egress"}
_CIDRS = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
_GROUPS = ("security_groups", "source_security_group_id", "referenced_security_group_id")
_PREFIX_LISTS = ("prefix_list_ids", "prefix_list_id")
_VPC_NETWORKS = {"aws_vpc", "aws_default_vpc", "aws_subnet", "aws_default_subnet"}


@dataclass(frozen=True, eq=False)
class Permission:
    """One rule: inbound from, or outbound to, its peers."""

    declared_by: Resource
    direction: Direction
    block: Block
    """The block with its arguments: the resource itself, or an inline block of the group."""

    @property
    def has_traffic(self) -> bool:
        """Whether it says which protocol: the provider refuses it otherwise."""
        return self.block.has(self._protocol)

    @property
    def traffic(self) -> Traffic:
        """Its protocol and ports. Raises UnknownValue."""
        return traffic(
            self.block.text(self._protocol, default="-1"), self.block.number("from_port"), self.block.number("to_port")
        )

    @property
    def _protocol(self) -> str:
        return "ip_protocol" if self.declared_by.type in _SINGLE else "protocol"

    @property
    def cidrs(self) -> tuple[Value, ...]:
        """The CIDRs among its peers, as they are."""
        return self._peers(_CIDRS)

    @property
    def groups(self) -> tuple[Value, ...]:
        """The security groups among its peers, without the group itself where `self` says so."""
        return self._peers(_GROUPS)

    @property
    def prefix_lists(self) -> tuple[Value, ...]:
        """The prefix lists among its peers."""
        return self._peers(_PREFIX_LISTS)

    @property
    def is_with_itself(self) -> bool:
        """Whether members of the group are among the peers. Raises UnknownValue."""
        return self.block.flag("self")

    @property
    def has_peers(self) -> bool:
        """Whether it lets anyone in or out; one whose lists are all empty does not. Raises UnknownValue."""
        return bool(self.cidrs or self.groups or self.prefix_lists) or self.is_with_itself

    def networks(self) -> tuple[Network, ...]:
        """The networks among its peers but for those of VPCs and subnets, which are private. Raises UnknownValue."""
        return known_networks((each for each in self.cidrs if not is_vpc_network(each)), self.block.place)

    def public_networks(self) -> tuple[Network, ...]:
        """The networks among its peers that have addresses on the internet. Raises UnknownValue."""
        return tuple(each for each in self.networks() if not is_private(each))

    def _peers(self, names: tuple[str, ...]) -> tuple[Value, ...]:
        return tuple(value for name in names if self.block.has(name) for value in self.block.values(name))

    def group(self, configuration: Configuration) -> tuple[Resource, ...]:
        """The security group that it belongs to, if this configuration declares it."""
        if self.declared_by.type in GROUP_TYPES:
            return (self.declared_by,)
        return configuration.resolve(self.declared_by.get("security_group_id"))


def is_vpc_network(value: Value) -> bool:
    """Whether a value is the network of a VPC or subnet that is only known when applied, such as a data source's."""
    if not isinstance(value, Reference):
        return False
    type_ = value.address.split("[")[0].removeprefix("data.").split(".")[-2:-1]
    return bool(type_) and type_[0] in _VPC_NETWORKS and "cidr_block" in value.attribute


def permissions(resource: Resource, direction: Direction) -> Iterator[Permission]:
    """The rules of a direction that a resource of `TYPES` declares. Raises UnknownValue if how many is unknown."""
    if resource.type in GROUP_TYPES:
        for block in resource.blocks(direction):
            yield Permission(resource, direction, block)
    elif resource.type in _SINGLE:
        if _SINGLE[resource.type] == direction:
            yield Permission(resource, direction, resource)
    elif resource.text("type", default="ingress") == direction:
        yield Permission(resource, direction, resource)


def group_names(permission: Permission, configuration: Configuration) -> tuple[str, ...]:
    """What identifies the security group that a rule belongs to: its address here, or its id or reference elsewhere."""
    declared = permission.group(configuration)
    if declared:
        return tuple(each.address for each in declared)
    named = permission.declared_by.get("security_group_id")
    if isinstance(named, Reference):
        return (f"{named.address}.{named.attribute}",)
    if isinstance(named, Unknown):
        return (named.expression,)  # the same variable names the same group
    return (named,) if isinstance(named, str) else ()


def by_group(direction: Direction, configuration: Configuration) -> dict[str, list[Permission]]:
    """All rules of a direction by `group_names`, but for those of a resource whose number of rules is unknown."""
    groups: dict[str, list[Permission]] = {}
    for resource in configuration.of_type(*TYPES):
        try:
            declared = list(permissions(resource, direction))
        except UnknownValue:
            continue
        for permission in declared:
            for name in group_names(permission, configuration):
                groups.setdefault(name, []).append(permission)
    return groups
