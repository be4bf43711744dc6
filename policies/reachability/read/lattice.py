"""VPC Lattice: from the VPCs and endpoints of a service network to the targets of its services, and to its resources.

Source: VPC Lattice user guide, "Service networks", "Services", "Target groups"; AWS PrivateLink guide, "Access service
networks through AWS PrivateLink", "Control traffic to VPC Lattice using network ACLs". What policies ask of callers is
not looked at; the groups and ACLs of targets are, which must let in the prefix list of VPC Lattice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from policies.library.model import Block, Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Approach, Forward, Node, Rule
from policies.reachability.read.containers import ANY_PORT, Span
from policies.reachability.read.places import Places
from policies.reachability.read.proxies import Proxies
from policies.reachability.read.reading import could_be_anything, leaves
from policies.reachability.read.target_groups import LATTICE, Membership
from policies.reachability.read.vpcs import TYPES as VPCS

_NETWORK = "aws_vpclattice_service_network"
_SERVICE = "aws_vpclattice_service"
_LISTENER, _RULE = "aws_vpclattice_listener", "aws_vpclattice_listener_rule"
_WEB = traffic.tcp(443) | traffic.tcp(80)
_READ = "read as far as known"
_SENDERS = addresses.INTERNET | addresses.network("169.254.171.0/24") | addresses.network("fd00:ec2:80::/64")
"""Where targets see traffic come from: "link-local addresses and non-routable public addresses" of the prefix lists
`com.amazonaws.region.vpc-lattice`. VPC Lattice user guide, "Control traffic in VPC Lattice using security groups"."""


class Lattice:
    """The nodes that stand for service networks in VPCs, and what service networks pass on."""

    def __init__(self, places: Places, nodes: Mapping[str, Node], membership: Membership, proxies: Proxies) -> None:
        self._places, self._reading, self._known = places, places.reading, nodes
        self._membership, self._proxies = membership, proxies
        self.nodes: dict[str, Node] = {}
        self.forwards: list[Forward] = []
        configuration = self._reading.configuration
        for each in configuration.of_type("aws_vpclattice_service_network_vpc_association"):
            self._stand(each)
            self._lead(each.address, each.get("service_network_identifier"), each)
            led = [*self.forwards, *proxies.forwards]
            front = Intervals.union(forward.front for forward in led if forward.through == each.address)
            front |= _WEB if configuration.gaps else NOTHING  # services that are not here
            self.nodes[each.address] = replace(self.nodes[each.address], listens=front)
        for gap in configuration.gaps:
            if gap.where in nodes and any(each.type in VPCS for each in self._reading.given(gap)):
                self._lead(gap.where, Unknown("a service network"), nodes[gap.where].resource)
        for each in configuration.of_type("aws_vpc_endpoint"):
            if each.has("service_network_arn") and each.address in nodes:
                self._lead(each.address, each.get("service_network_arn"), each)

    def _stand(self, association: Resource) -> None:
        """What a service network is in a VPC: an address of its own, which groups of the association may guard."""
        vpc = self._places.vpcs.key_of(association.get("vpc_identifier"))
        self._reading.assume("what it asks of its callers is not looked at: as if it were open", association)
        groups = association.get("security_group_ids")
        is_guarded = any(True for _ in leaves(groups))
        self.nodes[association.address] = Node(
            association.address,
            association.address,
            "endpoint",
            resource=association,
            subnets=self._places.subnets.elsewhere(f"VPC Lattice in {vpc}", vpc),
            groups=self._places.groups_of(association, [groups], vpc) if is_guarded else None,
        )

    def _lead(self, through: str, network: Value, user: Resource) -> None:
        """Lead a node on to all that is in a service network."""
        for group, front in dict.fromkeys(self._target_groups(network)):
            for key, span in self._membership.of(group):
                if key in self._known:
                    back = traffic.tcp(*(span or self._port(group)))
                    rule = Rule(f"{user.address} leads to {key} through {group}", user)
                    self.forwards.append(
                        Forward(
                            through,
                            front,
                            key,
                            back=back,
                            keeps_client=False,
                            rule=rule,
                            senders=_SENDERS,
                            approach=Approach.ACLS,
                            is_private_link=False,
                        )
                    )
        for each in self._associated("aws_vpclattice_service_network_resource_association", network):
            self._proxies.connect(through, each.get("resource_configuration_identifier"), each)

    def _associated(self, type_: str, network: Value) -> Iterator[Resource]:
        """The associations of a type with a service network, or with what may be it."""
        for each in self._reading.configuration.of_type(type_):
            if self._may_be_same(each.get("service_network_identifier"), network, _NETWORK):
                yield each

    def _target_groups(self, network: Value) -> Iterator[tuple[str, Intervals]]:
        """The target groups of the services in a service network, and the traffic that their listeners take."""
        every = self._every()
        if not self._reading.named(network, (_NETWORK,)):
            yield from ((group, _WEB) for group in every)  # what is associated with it may be declared elsewhere
            return
        for each in self._associated("aws_vpclattice_service_network_service_association", network):
            service = each.get("service_identifier")
            if not self._reading.named(service, (_SERVICE,)):
                yield from ((group, _WEB) for group in every)
                continue
            for listener in self._reading.configuration.of_type(_LISTENER):
                if self._may_be_same(listener.get("service_identifier"), service, _SERVICE):
                    for group in self._forwarded(listener):
                        yield group, self._front(listener)

    def _every(self) -> list[str]:
        """All target groups, also those that are declared elsewhere."""
        declared = [each.address for each in self._reading.configuration.of_type(LATTICE)]
        return [*declared, *self._membership.lattice_elsewhere]

    def _forwarded(self, listener: Resource) -> Iterator[str]:
        """The target groups that a listener and its rules forward to; all where that is not known."""
        actions = [(block, listener) for block in self._blocks(listener, "default_action", listener)]
        for rule in self._reading.configuration.of_type(_RULE):
            if self._may_be_same(rule.get("listener_identifier"), listener, _LISTENER):
                actions += [(block, rule) for block in self._blocks(rule, "action", rule)]
        for action, by in actions:
            for forward in self._blocks(action, "forward", by):
                for group in self._blocks(forward, "target_groups", by):
                    for leaf in leaves(group.get("target_group_identifier")):
                        found = [each.address for each in self._membership.declared(leaf, by)]
                        yield from found or (self._every() if could_be_anything(leaf) else [label_of(leaf)])

    def _blocks(self, block: Block, name: str, resource: Resource) -> tuple[Block, ...]:
        return self._reading.blocks(block, name, resource, _READ)

    def _may_be_same(self, one: Value, other: Value | Resource, type_: str) -> bool:
        """Whether two values name the same thing of a type, or may."""
        mine = self._reading.named(one, (type_,))
        theirs = [other] if isinstance(other, Resource) else self._reading.named(other, (type_,))
        if mine and theirs:
            return bool(set(mine) & set(theirs))
        values = [one] if isinstance(other, Resource) else [one, other]
        return any(could_be_anything(each) for each in values) or (
            not isinstance(other, Resource) and not mine and not theirs and label_of(one) == label_of(other)
        )

    def _front(self, listener: Resource) -> Intervals:
        port = self._reading.number(listener, "port", "taken for the ports of its protocol", listener)
        return _WEB if port is None else traffic.tcp(port)

    def _port(self, key: str) -> Span:
        """The port of a target group; any where it is not known."""
        group = self._reading.configuration.resources.get(key)
        for block in self._blocks(group, "config", group) if group else ():
            port = self._reading.number(block, "port", "taken for every port", group) if group else None
            if port is not None:
                return port, port
        return ANY_PORT
