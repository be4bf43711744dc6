"""Network ACLs: which one each subnet has, and its entries in the order in which AWS looks at them.

Source: VPC user guide, "Control subnet traffic with network access control lists".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from policies.library.model import Block, Resource
from policies.library.ports import traffic as read_traffic
from policies.library.values import Unknown, UnknownValue, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import Intervals
from policies.reachability.network import Acl, Assumption, Entry, Rule
from policies.reachability.read.peers import Peers
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.vpcs import TYPES as VPCS
from policies.reachability.read.vpcs import Vpcs, name_of

DECLARED = ("aws_network_acl", "aws_default_network_acl")
_RULE = "aws_network_acl_rule"
_ASSOCIATION = "aws_network_acl_association"
_DATA = ("data.aws_network_acls",)
_SUBNETS = ("aws_subnet", "aws_default_subnet")
_ICMP = ("1", "58")
_FIRST_NUMBER = 0


@dataclass(frozen=True)
class _Owned:
    """An ACL or one of its rules, as far as it belongs to something."""

    resource: Resource | None
    """None for an ACL that is not declared."""
    key: str
    doubt: Assumption | None
    """What it rests on that it belongs there; None if that is certain."""


class Acls:
    """Network ACLs by subnet."""

    def __init__(self, reading: Reading, vpcs: Vpcs, peers: Peers) -> None:
        self._reading, self._vpcs, self._peers = reading, vpcs, peers
        self._default: dict[str, list[_Owned]] = {}
        self._associated: dict[str, list[_Owned]] = {}
        self._rules: dict[str, list[_Owned]] = {}
        self._built: dict[str, Acl] = {}
        self._collect()

    def of(self, subnet: Resource, vpc: str) -> list[Acl]:
        """The ACL of a subnet: the one it is associated with, else its VPC's default one. Several if it may be any."""
        associated = self._associated.get(subnet.address, [])
        if all(each.doubt is not None for each in associated):
            associated = [*associated, *self._defaults(vpc)]
        opened = self._reading.opened(subnet)
        if opened is not None:
            associated = [*associated, _Owned(None, "a network ACL of a module that is not here", opened)]
        unique = {each.key: each for each in reversed(associated)}
        doubts = [each.doubt for each in unique.values() if each.doubt is not None]
        if len(unique) > 1:
            doubts.append(self._reading.assume("it may have several network ACLs: each is looked at", subnet))
        doubt = next(iter(doubts), None)
        return [
            replace(self._acl(each.key, each.resource), assumption=each.doubt or doubt)
            for each in reversed(unique.values())
        ]

    def elsewhere(self, subnet: str, vpc: str) -> Acl:
        """The ACL of a subnet that is not declared here."""
        if self._vpcs.is_declared(vpc):
            return self._acl(f"{subnet}/network ACL", None)
        defaults = self._defaults(vpc)
        return self._acl(defaults[0].key, defaults[0].resource)

    def _defaults(self, vpc: str) -> list[_Owned]:
        """The default ACL of a VPC: one that is declared for it, unless that is certain also AWS's."""
        declared = self._default.get(vpc, [])
        if any(each.doubt is None for each in declared):
            return declared
        doubt = declared[0].doubt if declared else None
        return [*declared, _Owned(None, _default_key(vpc), doubt)]

    def _collect(self) -> None:
        reading = self._reading
        for acl in reading.configuration.of_type(*DECLARED):
            presence = reading.presence(acl)
            if acl.type == "aws_default_network_acl":
                for vpc in reading.candidates(acl, "default_network_acl_id", VPCS):
                    owned = _Owned(acl, acl.address, vpc.assumption or presence)
                    self._default.setdefault(self._vpcs.key_of_resource(vpc.resource), []).append(owned)
            self._associate(acl, "subnet_ids", [_Owned(acl, acl.address, presence)])
        for each in reading.configuration.of_type(_ASSOCIATION):
            self._associate(each, "subnet_id", list(self._named(each)))
        for rule in reading.configuration.of_type(_RULE):
            presence = reading.presence(rule)
            for owner in reading.candidates(rule, "network_acl_id", (*DECLARED, *VPCS)):
                keys = self._default_keys(owner.resource) if owner.resource.type in VPCS else [owner.resource.address]
                for key in keys:
                    self._rules.setdefault(key, []).append(_Owned(rule, key, owner.assumption or presence))

    def _named(self, association: Resource) -> Iterator[_Owned]:
        """The ACLs that an association may be about; one that is not declared here may allow everything."""
        presence = self._reading.presence(association)
        found = self._reading.candidates(association, "network_acl_id", (*DECLARED, *_DATA))
        for each in found:
            declared = each.resource if each.resource.type in DECLARED else None
            yield _Owned(declared, each.resource.address, each.assumption or presence)
        value = association.get("network_acl_id")
        if not found or could_be_anything(value):
            label = label_of(value)
            text = f"its network ACL {label} is not declared here: taken to allow everything"
            yield _Owned(None, label, self._reading.assume(text, association))

    def _associate(self, resource: Resource, name: str, acls: list[_Owned]) -> None:
        for subnet in self._reading.candidates(resource, name, _SUBNETS):
            for acl in acls:
                doubt = subnet.assumption or acl.doubt
                self._associated.setdefault(subnet.resource.address, []).append(replace(acl, doubt=doubt))

    def _default_keys(self, vpc: Resource) -> list[str]:
        """The default ACL of a VPC, by its attribute `default_network_acl_id`: declared, or AWS's."""
        return [each.key for each in self._defaults(self._vpcs.key_of_resource(vpc))]

    def _acl(self, key: str, resource: Resource | None) -> Acl:
        if key not in self._built:
            self._built[key] = Acl(
                key,
                name_of(resource) if resource else key,
                tuple(sorted(self._entries(key, resource, "ingress"), key=lambda each: each.number)),
                tuple(sorted(self._entries(key, resource, "egress"), key=lambda each: each.number)),
            )
        return self._built[key]

    def _entries(self, key: str, resource: Resource | None, direction: str) -> Iterator[Entry]:
        if resource is None:
            rule = Rule(f"100: the default network ACL allows all {direction}")
            yield Entry(100, True, addresses.ALL, traffic=traffic.ALL, rule=rule)
        else:
            opened = self._reading.opened(resource)
            if opened is not None:
                yield from self._anything(resource, opened)
            if any(isinstance(each, Unknown) for each in resource.values(direction)):
                text = f"its {direction} entries are not all known: as if they allowed all"
                yield from self._anything(resource, self._reading.assume(text, resource))
            for block in self._reading.blocks(resource, direction, resource, "the entries that are known are read"):
                yield from self._entry(resource, block, "rule_no", "action", None)
        for each in self._rules.get(key, ()):
            assert each.resource is not None
            is_of, doubt = self._is_of(each.resource, direction)
            if is_of:
                yield from self._entry(each.resource, each.resource, "rule_number", "rule_action", each.doubt or doubt)

    def _anything(self, resource: Resource, assumption: Assumption) -> Iterator[Entry]:
        """What entries that are not known may do, wherever they stand."""
        for allows in (True, False):
            rule = Rule("entries that are not known", resource, assumption)
            yield Entry(_FIRST_NUMBER, allows, addresses.ALL, traffic=traffic.ALL, rule=rule)

    def _is_of(self, rule: Resource, direction: str) -> tuple[bool, Assumption | None]:
        """Whether a rule is of a direction; an unknown one may be of both."""
        try:
            return rule.flag("egress") == (direction == "egress"), None
        except UnknownValue:
            return True, self._reading.assume("its direction is not known: it may be either", rule)

    def _entry(
        self, resource: Resource, block: Block, number_name: str, action_name: str, doubt: Assumption | None
    ) -> Iterator[Entry]:
        number, doubt = self._number(resource, block, number_name, doubt)
        try:
            actions = [block.text(action_name, "allow").lower() != "deny"]
        except UnknownValue as unknown:
            actions = [True, False]
            doubt = self._reading.assume(f"{unknown} is not known: it may allow or deny", resource)
        for allows in actions:
            packets, doubt = self._traffic(resource, block, doubt, allows)
            for name, family in (("cidr_block", addresses.V4_FAMILY), ("ipv6_cidr_block", addresses.ALL_V6)):
                for leaf in leaves(block.get(name)):
                    action = "allows" if allows else "denies"
                    text = f"{number}: {action} {traffic.describe(packets)} {label_of(leaf)}"
                    for part in (self._peers.allowed if allows else self._peers.denied)(leaf, resource):
                        if part.addresses & family:
                            rule = Rule(text, resource, doubt or part.assumption)
                            yield Entry(number, allows, part.addresses & family, traffic=packets, rule=rule)

    def _number(
        self, resource: Resource, block: Block, name: str, doubt: Assumption | None
    ) -> tuple[int, Assumption | None]:
        """The number that decides the order; one that is not known may be the first."""
        try:
            number = block.number(name)
        except UnknownValue:
            number = None
        if number is None:
            return _FIRST_NUMBER, self._reading.assume("its number is not known: it may be the first", resource)
        return number, doubt

    def _traffic(
        self, resource: Resource, block: Block, doubt: Assumption | None, allows: bool
    ) -> tuple[Intervals, Assumption | None]:
        """What an entry is about; of what is not known it may be everything."""
        try:
            first, last = block.number("from_port"), block.number("to_port")
            found = read_traffic(block.text("protocol", "-1"), first, last)
            if found.protocol in _ICMP:
                return self._icmp(resource, block, int(found.protocol), doubt)
            if not allows and found.protocol in ("tcp", "udp") and (first is None or last is None):
                return traffic.ports(found.protocol, first or 0, last or 0), doubt  # what the provider sends if unset
            return traffic.of(found), doubt
        except (UnknownValue, ValueError) as problem:
            text = f"its protocol or ports are not known ({problem}): it may be about all traffic"
            return traffic.ALL, self._reading.assume(text, resource)

    def _icmp(
        self, resource: Resource, block: Block, protocol: int, doubt: Assumption | None
    ) -> tuple[Intervals, Assumption | None]:
        """The types and codes of ICMP that an entry is about. Raises UnknownValue."""
        type_, code = block.number("icmp_type"), block.number("icmp_code")
        if type_ is None:
            doubt = self._reading.assume("its ICMP type is not set: it may be about any", resource)
        return traffic.icmp(protocol, type_, code), doubt


def _default_key(vpc: str) -> str:
    return f"{vpc}/default network ACL"
