"""Security groups: their rules, wherever they are written, and which group a value names.

Source: VPC user guide, "Security group rules" and "Default security groups for your VPCs".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from policies.library.model import Resource
from policies.library.security_groups import GROUP_TYPES, RULE_TYPES, Direction, permissions
from policies.library.security_groups import Permission as Declared
from policies.library.values import Reference, Unknown, UnknownValue, Value, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Assumption, Permission, Rule, SecurityGroup
from policies.reachability.read.peers import ANY_LENGTH, Part, Peers
from policies.reachability.read.reading import Reading, could_be_anything, is_put_out, leaves
from policies.reachability.read.vpcs import ANY_PRIVATE, Vpcs, name_of
from policies.reachability.read.vpcs import TYPES as VPCS

_DATA = ("data.aws_security_group", "data.aws_security_groups")
_EKS = "aws_eks_cluster"
_OWNERS = (*GROUP_TYPES, *_DATA, *VPCS, _EKS)
"""What a value that names a group refers to: of VPCs and EKS clusters it is the group that comes with them."""

_AWS_MADE = "/default security group"
_ICMP = ("1", "58")
_DIRECTIONS: tuple[Direction, Direction] = ("ingress", "egress")


@dataclass(frozen=True)
class _Member:
    """A group that something is in, or that a rule names or belongs to."""

    key: str
    doubt: Assumption | None = None
    """What that rests on; None if it is certain."""


class Groups:
    """Security groups by key: the address of what declares them, or how an undeclared one is written."""

    def __init__(self, reading: Reading, vpcs: Vpcs, peers: Peers) -> None:
        self._reading, self._vpcs, self._peers = reading, vpcs, peers
        self._default: dict[str, list[_Member]] = {}
        self._rules: dict[str, list[tuple[Resource, Assumption | None]]] = {}
        self._keys_by_name: dict[str, list[str]] = {}
        self._built: dict[str, SecurityGroup] = {}
        self._perhaps: dict[_Member, SecurityGroup] = {}
        self._collect()

    def named(self, value: Value, vpc: str, resource: Resource) -> tuple[SecurityGroup, ...]:
        """The groups that a value of a resource in a VPC names; where that is not known, one that lets all through.

        Whoever may be in any group counts as a member of all groups of the VPC.
        """
        members = self._members(value, resource)
        label = label_of(value)
        if not members and not isinstance(value, Unknown):
            members = [_Member(key) for key in self._by_name(label)]
        found = tuple(self._group_of(each) for each in members)
        if members and not is_put_out(value):
            return found
        elsewhere = self.open(label, resource)
        if members:
            return (elsewhere, *found)
        if not could_be_anything(value):
            return (elsewhere,)
        doubt = self._reading.assume(f"it is not known which group {label} is: any of its VPC", resource)
        return (elsewhere, *(self._group_of(_Member(key, doubt)) for key in sorted(self._of_vpc(vpc))))

    def defaults(self, vpc: str) -> tuple[SecurityGroup, ...]:
        """The group of whatever in a VPC names none; several if it may be any."""
        return tuple(self._group_of(each) for each in self._defaults(vpc))

    def perhaps(self, key: str, assumption: Assumption) -> SecurityGroup:
        """A group as something that may be in it is in it."""
        return self._group_of(_Member(key, assumption))

    def of_eks(self, cluster: Resource) -> SecurityGroup:
        """The cluster security group that EKS makes (EKS user guide, "Security group requirements")."""
        return self._group(f"{cluster.address}/cluster security group")

    def vpcs_of(self, value: Value) -> Iterator[str]:
        """The VPCs of the groups that a value names: whoever is in a group stands in its VPC."""
        for leaf in leaves(value):
            for each in self._reading.named(leaf, (*GROUP_TYPES, "data.aws_security_group")):
                if each.has("vpc_id") or each.type == "aws_security_group":
                    yield self._vpcs.key_of(each.get("vpc_id"), each)

    def _collect(self) -> None:
        reading = self._reading
        for group in reading.configuration.of_type(*GROUP_TYPES):
            if group.type == "aws_default_security_group":
                doubt = reading.presence(group)
                for vpc in self._vpcs_of(group):
                    self._default.setdefault(vpc.key, []).append(_Member(group.address, vpc.doubt or doubt))
            name = group.get("name")
            if isinstance(name, str):
                self._keys_by_name.setdefault(name, []).append(group.address)
        for rule in reading.configuration.of_type(*RULE_TYPES):
            presence = reading.presence(rule)
            for leaf in leaves(rule.get("security_group_id")):
                for member in self._members(leaf, rule) or self._anyone(leaf, rule):
                    self._rules.setdefault(member.key, []).append((rule, member.doubt or presence))

    def _vpcs_of(self, group: Resource) -> Iterator[_Member]:
        """The VPCs whose default group a resource adopts."""
        found = self._reading.candidates(group, "vpc_id", VPCS)
        for each in found:
            yield _Member(self._vpcs.key_of_resource(each.resource), each.assumption)
        if not found:
            yield _Member(self._vpcs.key_of(group.get("vpc_id"), group))

    def _by_name(self, name: str) -> list[str]:
        return self._keys_by_name.get(name, [])

    def _anyone(self, value: Value, rule: Resource) -> list[_Member]:
        """Every group, for a rule of which it is not known whose it is; else the one that is written."""
        label = label_of(value)
        own = [_Member(key) for key in self._by_name(label) or [label]]
        if not could_be_anything(value):
            return own
        doubt = self._reading.assume(f"its group is not known ({label}): as if every group had it", rule)
        return [*own, *(_Member(each.address, doubt) for each in self._reading.configuration.of_type(*GROUP_TYPES))]

    def _members(self, value: Value, resource: Resource) -> list[_Member]:
        """The groups that a value names, or may name."""
        members: list[_Member] = []
        for each in self._reading.choices(value, _OWNERS, resource):
            if each.resource.type in VPCS:
                if _is_about(value, "default_security_group_id"):
                    defaults = self._defaults(self._vpcs.key_of_resource(each.resource))
                    members += [replace(member, doubt=each.assumption or member.doubt) for member in defaults]
            elif each.resource.type == _EKS:
                members.append(_Member(f"{each.resource.address}/cluster security group", each.assumption))
            elif each.resource.type == _DATA[0] and each.resource.get("name") == "default":
                members += self._defaults(self._vpcs.key_of(each.resource.get("vpc_id"), each.resource))
            else:
                members.append(_Member(each.resource.address, each.assumption))
        return list({each.key: each for each in reversed(members)}.values())[::-1]

    def _defaults(self, vpc: str) -> list[_Member]:
        """A VPC's default group: one that is declared for it, unless that is certain also AWS's."""
        declared = self._default.get(vpc, [])
        if any(each.doubt is None for each in declared):
            return declared
        own = _Member(f"{vpc}{_AWS_MADE}", declared[0].doubt if declared else None)
        others = [member for each in sorted(self._vpcs[vpc].may_be) for member in self._defaults(each)]
        return [*declared, own, *(replace(each, doubt=self._vpcs.doubt(vpc)) for each in others)]

    def _of_vpc(self, vpc: str) -> Iterator[str]:
        around = {vpc, *self._vpcs[vpc].may_be}
        for group in self._reading.configuration.of_type(*GROUP_TYPES):
            if self._vpcs.key_of(group.get("vpc_id"), group) in around:
                yield group.address

    def _group_of(self, member: _Member) -> SecurityGroup:
        """A group as an interface is in it: perhaps, where that is not certain."""
        if member.doubt is None:
            return self._group(member.key)
        if member not in self._perhaps:
            self._perhaps[member] = replace(self._group(member.key), assumption=member.doubt)
        return self._perhaps[member]

    def _group(self, key: str) -> SecurityGroup:
        if key not in self._built:
            resource = self._reading.configuration.resources.get(key)
            ingress, egress = (tuple(self._permissions(key, resource, direction)) for direction in _DIRECTIONS)
            self._built[key] = SecurityGroup(key, name_of(resource) if resource else key, ingress, egress)
        return self._built[key]

    def open(self, label: str, resource: Resource) -> SecurityGroup:
        """A group that is not declared here, which may let everything through."""
        text = f"the security group {label} is not declared here: as if it let everything through"
        assumption = self._reading.assume(text, resource)
        if label not in self._built:
            rule = Rule(f"the group {label}, which is not declared here", assumption=assumption)
            everything = (_anything(rule),)
            self._built[label] = SecurityGroup(label, label, everything, everything)
        return self._built[label]

    def _permissions(self, key: str, resource: Resource | None, direction: Direction) -> Iterator[Permission]:
        if resource is None:
            yield from self._of_aws(key, direction)
        elif (opened := self._reading.opened(resource)) is not None:
            yield _anything(Rule("what may be added to it", resource, opened))
        if resource is not None and resource.type in _DATA:
            text = "its rules are not declared here: as if they let everything through"
            yield _anything(Rule("not declared here", resource, self._reading.assume(text, resource)))
        own = [(resource, None)] if resource is not None and resource.type not in _DATA else []
        for each, doubt in [*own, *self._rules.get(key, ())]:
            try:
                for declared in permissions(each, direction):
                    for permission in self._permission(declared, key):
                        rule = permission.rule
                        yield permission if doubt is None else replace(permission, rule=replace(rule, assumption=doubt))
            except UnknownValue as unknown:
                text = f"its rules are not known ({unknown}): as if they let everything through"
                yield _anything(Rule("not known", each, self._reading.assume(text, each)))

    def _of_aws(self, key: str, direction: Direction) -> Iterator[Permission]:
        """What AWS puts into a group that comes with a VPC or cluster: all from itself, and all to anywhere."""
        opened = self._reading.opened(self._vpcs.resource(key.removesuffix(_AWS_MADE)))
        if opened is not None:
            yield _anything(Rule("what may be added to it", None, opened))
        if direction == "ingress":
            rule = Rule("the default rule: everything from the group itself")
            yield Permission(NOTHING, frozenset([key]), traffic.ALL, rule)
        else:
            yield Permission(addresses.ALL, frozenset(), traffic.ALL, Rule("the default rule: everything to anywhere"))

    def _permission(self, declared: Declared, key: str) -> Iterator[Permission]:
        """A rule: what of it is certain, and what it may let through besides."""
        resource = declared.declared_by
        packets, doubt = self._traffic(declared)
        cidrs = self._fitting(declared.cidrs, _may_be_cidr)
        lists = self._fitting(declared.prefix_lists, _may_be_prefix_list)
        parts = [part for leaf in cidrs for part in self._peers.allowed(leaf, resource)]
        parts += [part for leaf in lists for part in self._peers.prefix_list(leaf, resource)]
        members, elsewhere = self._peer_groups(declared)
        parts += elsewhere
        itself = self._itself(declared, key)
        members += itself
        direction = "from" if declared.direction == "ingress" else "to"
        text = f"{traffic.describe(packets)} {direction} {self._words(declared, bool(itself))}"
        doubts = dict.fromkeys((*(each.assumption for each in parts), *(each.doubt for each in members)))
        for each in doubts or {None: None}:
            peers = Intervals.union(part.addresses for part in parts if part.assumption == each)
            keys = frozenset(member.key for member in members if member.doubt == each)
            yield Permission(peers, keys, packets, Rule(text, resource, doubt or each))

    def _words(self, declared: Declared, is_self: bool) -> str:
        """The peers of a rule as they are written; a group that is written by its id, as plans have it, by its name."""
        named = [(leaf, self._reading.named(leaf, GROUP_TYPES)) for each in declared.groups for leaf in leaves(each)]
        groups = [name_of(found[0]) if isinstance(leaf, str) and found else _word(leaf) for leaf, found in named]
        cidrs, lists = (
            [_word(leaf) for each in several for leaf in leaves(each)]
            for several in (declared.cidrs, declared.prefix_lists)
        )
        return ", ".join([*cidrs, *groups, *lists, *(["itself"] if is_self else [])]) or "nobody"

    def _itself(self, declared: Declared, key: str) -> list[_Member]:
        """The group that a rule belongs to, if it says that its own members are among the peers, or may."""
        try:
            return [_Member(key)] if declared.is_with_itself else []
        except UnknownValue as unknown:
            text = f"{unknown} is not known: as if it were true"
            return [_Member(key, self._reading.assume(text, declared.declared_by))]

    def _peer_groups(self, declared: Declared) -> tuple[list[_Member], list[Part]]:
        """The groups that a rule names, and where the members of those may be that are not here."""
        resource, reading = declared.declared_by, self._reading
        groups: list[_Member] = []
        parts: list[Part] = []
        named = self._fitting(declared.groups, _may_be_group)
        which = None
        if len(named) > 1 and _is_one_of_several_in_a_plan(declared):
            text = f"which group each of its {declared.direction} rules names is not known: all"
            which = reading.assume(text, resource)
        for leaf in named:
            members = self._members(leaf, resource)
            if not members and not isinstance(leaf, Unknown):
                members = [_Member(each) for each in self._by_name(str(leaf))]
            groups += [replace(each, doubt=which or each.doubt) for each in members]
            if not members or any(self._is_elsewhere(each.key) for each in members):
                own = reading.assume(f"who is in {label_of(leaf)} is not known: any private address", resource)
                anywhere = ANY_PRIVATE | Intervals.union(vpc.addresses for vpc in self._vpcs.all.values())
                parts.append(Part(anywhere, ANY_LENGTH, own))
                groups.append(_Member(label_of(leaf)))
            if could_be_anything(leaf) and not members:
                own = reading.assume(f"it is not known which group {label_of(leaf)} is: any", resource)
                groups += [_Member(each.address, own) for each in reading.configuration.of_type(*GROUP_TYPES)]
        return groups, parts

    def _fitting(self, values: Iterable[Value], fits: Callable[[Reference], bool]) -> list[Value]:
        """The values of an attribute without references that it cannot be about.

        A plan tells of all attributes of an inline rule together what they refer to.
        """
        found = [leaf for value in values for leaf in leaves(value)]
        return [each for each in found if not isinstance(each, Reference) or fits(each)] or found

    def _is_elsewhere(self, key: str) -> bool:
        resource = self._reading.configuration.resources.get(key)
        return resource is not None and resource.type in _DATA

    def _traffic(self, declared: Declared) -> tuple[Intervals, Assumption | None]:
        try:
            if declared.traffic.protocol in _ICMP:
                type_, code = declared.block.number("from_port"), declared.block.number("to_port")
                return traffic.icmp(int(declared.traffic.protocol), type_, code), None
            return traffic.of(declared.traffic), None
        except (UnknownValue, ValueError) as problem:
            text = f"its protocol or ports are not known ({problem}): taken for all traffic"
            return traffic.ALL, self._reading.assume(text, declared.declared_by)


def _anything(rule: Rule) -> Permission:
    return Permission(addresses.ALL, frozenset(), traffic.ALL, rule)


def _is_about(value: Value, attribute: str) -> bool:
    return not isinstance(value, Reference) or value.attribute.startswith(attribute)


def _is_one_of_several_in_a_plan(declared: Declared) -> bool:
    """Whether a rule is one of several inline ones in a plan, which says of all together what they refer to."""
    resource = declared.declared_by
    is_written = resource.file.endswith((".tf", ".tf.json"))
    return not is_written and resource.type in GROUP_TYPES and len(resource.values(declared.direction)) > 1


def _may_be_group(reference: Reference) -> bool:
    if reference.type in VPCS:
        return _is_about(reference, "default_security_group_id")
    return "cidr" not in reference.attribute and "prefix_list" not in reference.attribute


def _may_be_cidr(reference: Reference) -> bool:
    return reference.type not in (*GROUP_TYPES, *_DATA) and "prefix_list" not in reference.attribute


def _may_be_prefix_list(reference: Reference) -> bool:
    return reference.type not in (*GROUP_TYPES, *_DATA, *VPCS, "aws_subnet")


def _word(value: Value) -> str:
    if isinstance(value, Reference):
        return f"{value.address}.{value.attribute}" if "prefix" in value.attribute else value.address
    return label_of(value)
