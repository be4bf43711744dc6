"""Where the interfaces of a resource stand: the shared step from attributes to subnets and security groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policies.library.model import Resource
from policies.library.values import Value
from policies.reachability import addresses
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Assumption, Node, NodeKind, SecurityGroup, Subnet
from policies.reachability.read.groups import Groups
from policies.reachability.read.interfaces import INSTANCES, INTERFACE, Interfaces
from policies.reachability.read.reading import Reading, known_text, leaves
from policies.reachability.read.subnets import Subnets
from policies.reachability.read.vpcs import Vpcs


@dataclass(frozen=True)
class Places:
    """Everything that resources stand in."""

    reading: Reading
    vpcs: Vpcs
    subnets: Subnets
    groups: Groups
    interfaces: Interfaces

    def subnets_of(
        self, resource: Resource, values: Sequence[Value], groups: Sequence[Value], vpc: Value = None
    ) -> tuple[Subnet, ...]:
        """The subnets that some values name. Where they name none, those of the default VPC, unless it is another."""
        hints = [self.vpcs.key_of(vpc)] if vpc is not None else []
        hints += [each for value in groups for each in self.groups.vpcs_of(value)]
        subnets = self.subnets.named(values, hints, resource)
        if not subnets:
            others = [each for each in hints if self.vpcs.is_declared(each)]
            subnets = self.subnets.all_of(others[0], resource) if others else ()
        subnets = subnets or self.subnets.default(resource)
        return self._of_one_vpc(subnets, resource)

    def rests_on(self, node: Node) -> Node:
        """A node with what was noted about it, its subnets and its VPC."""
        subnets = [self.subnets.resource(subnet) for subnet in node.subnets]
        noted = self.reading.about(node.resource, *subnets, self.vpcs.resource(node.vpc))
        own = self.vpcs.undetermined(node.vpc)
        found = dict.fromkeys((*node.assumptions, *noted, *([own] if own else [])))
        return replace(node, assumptions=tuple(found)) if found else node

    def anywhere(
        self, resource: Resource, subnets: Sequence[Resource], vpcs: Sequence[str], assumption: Assumption
    ) -> tuple[Subnet, ...]:
        """Some subnets, and one that is not known: in one of some VPCs or of those of the subnets, else in any."""
        declared = [subnet for each in subnets for subnet in self.subnets.of_resource(each)]
        around = {*vpcs, *(subnet.vpc for subnet in declared)} or set(self.vpcs.all)
        vpc = self.vpcs.undeclared(f"the VPC of {resource.address}", around)
        other = self.subnets.elsewhere(f"{resource.address}/subnet", vpc, assumption)
        return tuple(replace(subnet, vpc=vpc) for subnet in (*declared, *other))

    def groups_of(self, resource: Resource, values: Sequence[Value], vpc: str) -> tuple[SecurityGroup, ...]:
        """The security groups that some values name, the VPC's default one where they name none."""
        named_groups = [
            group for value in values for leaf in leaves(value) for group in self.groups.named(leaf, vpc, resource)
        ]
        unique = {group.key: group for group in named_groups}
        return tuple(unique.values()) or self.groups.defaults(vpc)

    def gives_public_addresses(self, subnets: Sequence[Subnet]) -> bool:
        """Whether what is launched in one of some subnets gets a public address unless it says otherwise."""
        for subnet in subnets:
            resource = self.subnets.resource(subnet)
            if resource is None:
                return True
            is_default = resource.type == "aws_default_subnet"
            if self.reading.flag(
                resource,
                "map_public_ip_on_launch",
                default=is_default,
                if_unknown=True,
                meaning="taken to give public addresses",
            ):
                return True
        return False

    def gives_ipv6(self, subnets: Sequence[Subnet]) -> bool:
        """Whether what is launched in one of some subnets gets an IPv6 address unless it says otherwise."""
        resources = [self.subnets.resource(subnet) for subnet in subnets]
        return None in resources or any(
            self.reading.flag(
                each, "assign_ipv6_address_on_creation", if_unknown=True, meaning="taken to give IPv6 addresses"
            )
            or self.reading.flag(each, "ipv6_native", if_unknown=True, meaning="taken to give IPv6 addresses")
            for each in resources
            if each is not None
        )

    def node(
        self,
        resource: Resource,
        kind: NodeKind,
        subnets: tuple[Subnet, ...],
        groups: tuple[SecurityGroup, ...] | None,
        *,
        is_public: bool = False,
        has_ipv6: bool = False,
        own: Sequence[Value] = (),
        listens: Intervals | None = None,
    ) -> Node:
        """A node; `own` are its addresses, as far as they are written.

        One that is given to a module which is not here may get groups and a public address there.
        """
        is_six = has_ipv6 and any(subnet.addresses & addresses.ALL_V6 for subnet in subnets)
        if groups is not None and resource.type in (*INSTANCES, INTERFACE) and self.reading.opened(resource):
            groups = (*groups, self.groups.open(f"the groups that {resource.address} may get", resource))
            is_public = True
        found = self._own(own, subnets)
        return Node(
            resource.address,
            resource.name,
            kind,
            resource=resource,
            subnets=subnets,
            groups=groups,
            addresses=found,
            is_public=is_public,
            has_ipv6=is_six,
            listens=listens,
        )

    def _own(self, own: Sequence[Value], subnets: tuple[Subnet, ...]) -> Intervals:
        """The addresses among some values that are in the subnets; nothing if one is not known.

        Of a family of which none is written, it is any of the subnets'.
        """
        everything = Intervals.union(subnet.addresses for subnet in subnets)
        try:
            known = Intervals.union(addresses.network(known_text(leaf)) for value in own for leaf in leaves(value))
        except ValueError:
            return NOTHING
        known = known & everything
        if not known:
            return NOTHING
        for family in (addresses.ALL_V4, addresses.ALL_V6):
            if not known & family:
                known = known | (everything & family)
        return known

    def _of_one_vpc(self, subnets: tuple[Subnet, ...], resource: Resource) -> tuple[Subnet, ...]:
        """Subnets of which one is meant, as subnets of one VPC: of one that may be any of theirs, if they differ."""
        vpcs = {subnet.vpc for subnet in subnets}
        if len(vpcs) == 1:
            return subnets
        self.reading.assume("its subnets are in several VPCs: it may be in any", resource)
        vpc = self.vpcs.undeclared(f"the VPC of {resource.address}", vpcs)
        return tuple(replace(subnet, vpc=vpc) for subnet in subnets)
