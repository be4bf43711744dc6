"""The entries of network ACLs, in whatever resource they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.library.model import Block, Resource
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


def entries(resource: Resource, direction: Direction) -> Iterator[AclEntry]:
    """The entries of a direction that a resource of `TYPES` declares. Raises UnknownValue if how many is unknown."""
    if resource.type == ENTRY_TYPE:
        if resource.flag("egress") == (direction == "egress"):
            yield AclEntry(direction, resource)
        return
    for block in resource.blocks(direction):
        yield AclEntry(direction, block)
