"""The entries of network ACLs, in whatever resource they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.library.model import Block, Configuration, Resource, joined
from policies.library.ports import Traffic, traffic
from policies.library.security_groups import Direction
from policies.library.values import Value

ENTRY_TYPE = "aws_network_acl_rule"
TYPES = ("aws_network_acl", "aws_default_network_acl", ENTRY_TYPE)
"""Every resource type that declares entries of a network ACL."""


@dataclass(frozen=True, eq=False)
class AclEntry:
    """One entry: inbound from, or outbound to, its networks."""

    direction: Direction
    block: Block
    """The block with its arguments: the resource itself, or an inline block of the ACL."""

    @property
    def allows(self) -> bool:
        """Whether it allows, rather than denies. Raises UnknownValue."""
        return (self.block.text("rule_action") or self.block.text("action")).lower() == "allow"

    @property
    def number(self) -> int:
        """Its place in the order of entries. Raises UnknownValue."""
        return self.block.number("rule_number") or self.block.number("rule_no") or 0

    @property
    def traffic(self) -> Traffic:
        """Its protocol and ports. Raises UnknownValue."""
        block = self.block
        return traffic(block.text("protocol", default="-1"), block.number("from_port"), block.number("to_port"))

    @property
    def cidrs(self) -> tuple[Value, ...]:
        """The CIDRs that it is about, as they are."""
        return tuple(self.block.get(name) for name in ("cidr_block", "ipv6_cidr_block") if self.block.has(name))


def is_as_made(acl: Resource, configuration: Configuration) -> bool:
    """Whether a default network ACL has the rules that AWS gives it, in a VPC that has no other one here.

    Subnets that rely on security groups alone look so, whether the default ACL is written down or not. Raises
    UnknownValue. Source: VPC user guide, "Default network ACL".
    """
    if acl.type != "aws_default_network_acl":
        return False
    vpcs = configuration.declared(acl.get("default_network_acl_id"), "aws_vpc", "aws_default_vpc")
    others = joined(configuration.referrers(vpc, "aws_network_acl", "vpc_id") for vpc in vpcs.certain)
    if not vpcs.certain or others.certain or others.uncounted:
        return False
    if not all(_allows_everything(tuple(entries(acl, direction))) for direction in ("ingress", "egress")):
        return False
    return not others


def _allows_everything(some: Sequence[AclEntry]) -> bool:
    """Whether entries are nothing but permissions of everything, IPv4 among it."""
    return any(each.cidrs == ("0.0.0.0/0",) for each in some) and all(
        each.allows and each.traffic.is_everything and each.cidrs in (("0.0.0.0/0",), ("::/0",)) for each in some
    )


def entries(resource: Resource, direction: Direction) -> Iterator[AclEntry]:
    """The entries of a direction that a resource of `TYPES` declares. Raises UnknownValue if how many is unknown."""
    if resource.type == ENTRY_TYPE:
        if resource.flag("egress") == (direction == "egress"):
            yield AclEntry(direction, resource)
        return
    for block in resource.blocks(direction):
        yield AclEntry(direction, block)
