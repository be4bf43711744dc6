"""Network ACLs: which one each subnet has, and its entries in the order in which AWS looks at them.

Source: VPC user guide, "Control subnet traffic with network access control lists".
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.model import Block, Resource
from policies.library.ports import traffic as read_traffic
from policies.library.values import Unknown, UnknownValue, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Acl, Entry, Rule
from policies.reachability.read.peers import Peers
from policies.reachability.read.reading import Reading, leaves
from policies.reachability.read.vpcs import TYPES as VPCS
from policies.reachability.read.vpcs import Vpcs, name_of

DECLARED = ("aws_network_acl", "aws_default_network_acl")
_RULE = "aws_network_acl_rule"
_ASSOCIATION = "aws_network_acl_association"
_SUBNETS = ("aws_subnet", "aws_default_subnet")
_ICMP = ("1", "58")
_FIRST_NUMBER = 0


class Acls:
    """Network ACLs by subnet."""

    def __init__(self, reading: Reading, vpcs: Vpcs, peers: Peers) -> None:
        self._reading, self._vpcs, self._peers = reading, vpcs, peers
        self._default: dict[str, Resource] = {}
        self._associated: dict[str, list[Resource]] = {}
        self._maybe: dict[str, list[Resource]] = {}
        self._rules: dict[str, list[Resource]] = {}
        self._elsewhere: dict[str, str] = {}
        self._built: dict[str, Acl] = {}
        self._collect()

    def of(self, subnet: Resource, vpc: str) -> list[Acl]:
        """The ACL of a subnet: the one it is associated with, else its VPC's default one. Several if it may be any."""
        if subnet.address in self._elsewhere:
            key = self._elsewhere[subnet.address]
            self._reading.assume(f"its network ACL {key} is not declared here: taken to allow everything", subnet)
            return [self._acl(key, None)]
        acls = [self._acl(each.address, each) for each in self._associated.get(subnet.address, ())]
        acls = acls or [self.default(vpc)]
        acls += [self._acl(each.address, each) for each in self._maybe.get(subnet.address, ())]
        unique = {each.key: each for each in acls}
        if len(unique) > 1:
            self._reading.assume("it may be associated with several network ACLs: each is looked at", subnet)
        return list(unique.values())

    def default(self, vpc: str) -> Acl:
        """The default ACL of a VPC."""
        resource = self._default.get(vpc)
        return self._acl(resource.address if resource else _default_key(vpc), resource)

    def elsewhere(self, subnet: str, vpc: str) -> Acl:
        """The ACL of a subnet that is not declared here."""
        return self._acl(f"{subnet}/network ACL", None) if self._vpcs.is_declared(vpc) else self.default(vpc)

    def _collect(self) -> None:
        reading = self._reading
        for acl in reading.configuration.of_type(*DECLARED):
            if acl.type == "aws_default_network_acl":
                for vpc in reading.owners(acl, "default_network_acl_id", VPCS):
                    found = self._default if reading.is_sure(acl, "default_network_acl_id") else {}
                    found[self._vpcs.key_of_resource(vpc)] = acl
            self._associate(acl, "subnet_ids", [acl])
        for each in reading.configuration.of_type(_ASSOCIATION):
            acls = reading.owners(each, "network_acl_id", DECLARED)
            self._associate(each, "subnet_id", acls)
            for subnet in reading.owners(each, "subnet_id", _SUBNETS) if not acls else ():
                self._elsewhere[subnet.address] = label_of(each.get("network_acl_id"))
        for rule in reading.configuration.of_type(_RULE):
            widens = reading.text(rule, "rule_action", "allow").lower() != "deny"
            for owner in reading.owners(rule, "network_acl_id", (*DECLARED, *VPCS), widens):
                key = owner.address if owner.type in DECLARED else self._default_of(owner)
                self._rules.setdefault(key, []).append(rule)

    def _associate(self, resource: Resource, name: str, acls: list[Resource]) -> None:
        found = self._associated if self._reading.is_sure(resource, name) else self._maybe
        for subnet in self._reading.owners(resource, name, _SUBNETS):
            found.setdefault(subnet.address, []).extend(acls)

    def _default_of(self, vpc: Resource) -> str:
        """The default ACL of a VPC, by its attribute `default_network_acl_id`."""
        key = self._vpcs.key_of_resource(vpc)
        return self._default[key].address if key in self._default else _default_key(key)

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
            if any(isinstance(each, Unknown) for each in resource.values(direction)):
                self._reading.assume(f"its {direction} entries are not all known: as if they allowed all", resource)
                yield Entry(_FIRST_NUMBER, True, addresses.ALL, traffic=traffic.ALL, rule=Rule("not known", resource))
            for block in self._reading.blocks(resource, direction, resource, "the entries that are known are read"):
                yield from self._entry(resource, block, "rule_no", "action")
        for each in self._rules.get(key, ()):
            if self._is_of(each, direction):
                yield from self._entry(each, each, "rule_number", "rule_action")

    def _is_of(self, rule: Resource, direction: str) -> bool:
        """Whether a rule is of a direction; an unknown one is of both if it allows."""
        allows = self._reading.text(rule, "rule_action", "allow").lower() != "deny"
        try:
            return rule.flag("egress") == (direction == "egress")
        except UnknownValue:
            self._reading.assume("its direction is not known: taken for both if it allows, else for none", rule)
            return allows

    def _entry(self, resource: Resource, block: Block, number_name: str, action_name: str) -> Iterator[Entry]:
        allows = self._reading.text(block, action_name, "allow").lower() != "deny"
        number = self._number(resource, block, number_name, allows)
        packets = self._traffic(resource, block, allows)
        judge = self._peers.allowed if allows else self._peers.denied
        for name, family in (("cidr_block", "v4"), ("ipv6_cidr_block", "v6")):
            for leaf in leaves(block.get(name)):
                peers = judge(leaf, resource) & (addresses.ALL_V6 if family == "v6" else addresses.V4_FAMILY)
                if number is None or not peers or not packets:
                    continue
                action = "allows" if allows else "denies"
                text = f"{number}: {action} {traffic.describe(packets)} {label_of(leaf)}"
                yield Entry(number, allows, peers, traffic=packets, rule=Rule(text, resource))

    def _number(self, resource: Resource, block: Block, name: str, allows: bool) -> int | None:
        """The number that decides the order: of an unknown one the first if it allows, else none."""
        try:
            number = block.number(name)
        except UnknownValue:
            number = None
        if number is None:
            self._reading.assume("its number is not known: first if it allows, else left out", resource)
            return _FIRST_NUMBER if allows else None
        return number

    def _traffic(self, resource: Resource, block: Block, allows: bool) -> Intervals:
        """What an entry is about; of what is not known everything if it allows, else nothing."""
        try:
            first, last = block.number("from_port"), block.number("to_port")
            found = read_traffic(block.text("protocol", "-1"), first, last)
            if not allows and found.protocol in _ICMP and not _is_all_icmp(block):
                return NOTHING
            if not allows and found.protocol in ("tcp", "udp") and (first is None or last is None):
                return traffic.ports(found.protocol, first or 0, last or 0)  # what the provider sends for unset ports
            return traffic.of(found)
        except (UnknownValue, ValueError) as problem:
            meaning = "all traffic" if allows else "none, as it denies"
            self._reading.assume(f"its protocol or ports are not known ({problem}): taken for {meaning}", resource)
            return traffic.ALL if allows else NOTHING


def _is_all_icmp(block: Block) -> bool:
    """Whether an ICMP entry is about every type and code. Raises UnknownValue."""
    return block.number("icmp_type") == -1 and block.number("icmp_code") in (-1, None)


def _default_key(vpc: str) -> str:
    return f"{vpc}/default network ACL"
