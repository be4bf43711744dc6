"""Security groups: their rules, wherever they are written, and which group a value names.

Source: VPC user guide, "Security group rules" and "Default security groups for your VPCs".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from policies.library.model import Resource
from policies.library.security_groups import GROUP_TYPES, RULE_TYPES, Direction, permissions
from policies.library.security_groups import Permission as Declared
from policies.library.values import Reference, Unknown, UnknownValue, Value, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Permission, Rule, SecurityGroup
from policies.reachability.read.peers import Peers
from policies.reachability.read.reading import Reading, could_be_anything, leaves
from policies.reachability.read.vpcs import ANY_PRIVATE, Vpcs, name_of
from policies.reachability.read.vpcs import TYPES as VPCS

_DATA = ("data.aws_security_group", "data.aws_security_groups")
_EKS = "aws_eks_cluster"
_OWNERS = (*GROUP_TYPES, *_DATA, *VPCS, _EKS)
"""What a value that names a group refers to: of VPCs and EKS clusters it is the group that comes with them."""

_DIRECTIONS: tuple[Direction, Direction] = ("ingress", "egress")


class Groups:
    """Security groups by key: the address of what declares them, or how an undeclared one is written."""

    def __init__(self, reading: Reading, vpcs: Vpcs, peers: Peers) -> None:
        self._reading, self._vpcs, self._peers = reading, vpcs, peers
        self._default: dict[str, Resource] = {}
        self._rules: dict[str, list[Resource]] = {}
        self._keys_by_name: dict[str, list[str]] = {}
        self._built: dict[str, SecurityGroup] = {}
        self._collect()

    def named(self, value: Value, vpc: str, resource: Resource) -> tuple[SecurityGroup, ...]:
        """The groups that a value of a resource in a VPC names; where that is not known, one that lets all through.

        Whoever may be in any group counts as a member of all groups of the VPC.
        """
        found = [self._group(key) for key in self._keys(value)]
        if found:
            return tuple(found)
        label = label_of(value)
        by_name = self._keys_by_name.get(label, ())
        if by_name and not isinstance(value, Unknown):
            return tuple(self._group(key) for key in by_name)
        any_of = [self._group(key) for key in sorted(self._of_vpc(vpc))] if could_be_anything(value) else []
        return (self.open(label, resource), *any_of)

    def default(self, vpc: str) -> SecurityGroup:
        """The group of whatever in a VPC names none."""
        return self._group(self.default_key(vpc))

    def of_eks(self, cluster: Resource) -> SecurityGroup:
        """The cluster security group that EKS makes (EKS user guide, "Security group requirements")."""
        return self._group(f"{cluster.address}/cluster security group")

    def vpcs_of(self, value: Value) -> Iterator[str]:
        """The VPCs of the groups that a value names: whoever is in a group stands in its VPC."""
        for leaf in leaves(value):
            for each in self._reading.named(leaf, (*GROUP_TYPES, "data.aws_security_group")):
                if each.has("vpc_id") or each.type == "aws_security_group":
                    yield self._vpcs.key_of(each.get("vpc_id"))

    def _collect(self) -> None:
        reading = self._reading
        for group in reading.configuration.of_type(*GROUP_TYPES):
            if group.type == "aws_default_security_group":
                self._default[self._vpcs.key_of(group.get("vpc_id"))] = group
            name = group.get("name")
            if isinstance(name, str):
                self._keys_by_name.setdefault(name, []).append(group.address)
        for rule in reading.configuration.of_type(*RULE_TYPES):
            for leaf in leaves(rule.get("security_group_id")):
                keys = self._keys(leaf) or self._anyone(leaf, rule)
                for key in keys or [label_of(leaf)]:
                    self._rules.setdefault(key, []).append(rule)

    def _anyone(self, value: Value, rule: Resource) -> list[str]:
        """Every group, for a rule of which it is not known whose it is."""
        if not could_be_anything(value):
            return []
        self._reading.assume(f"its group is not known ({label_of(value)}): as if every group had it", rule)
        return [each.address for each in self._reading.configuration.of_type(*GROUP_TYPES)]

    def _keys(self, value: Value) -> list[str]:
        """The keys of the groups that a value names."""
        keys = []
        for each in self._reading.named(value, _OWNERS):
            if each.type in VPCS:
                if _is_about(value, "default_security_group_id"):
                    keys.append(self.default_key(self._vpcs.key_of_resource(each)))
            elif each.type == _EKS:
                keys.append(f"{each.address}/cluster security group")
            elif each.type in _DATA:
                keys += self._looked_up(each)
            else:
                keys.append(each.address)
        return list(dict.fromkeys(keys))

    def default_key(self, vpc: str) -> str:
        """The key of a VPC's default group."""
        return self._default[vpc].address if vpc in self._default else f"{vpc}/default security group"

    def _looked_up(self, group: Resource) -> list[str]:
        """A group that is looked up: the default one, one declared here by its name, or another."""
        name = group.get("name")
        if isinstance(name, str) and name == "default":
            return [self.default_key(self._vpcs.key_of(group.get("vpc_id")))]
        if isinstance(name, str) and name in self._keys_by_name:
            return self._keys_by_name[name]
        return [group.address]

    def _of_vpc(self, vpc: str) -> Iterator[str]:
        for group in self._reading.configuration.of_type(*GROUP_TYPES):
            if self._vpcs.key_of(group.get("vpc_id")) == vpc:
                yield group.address

    def _group(self, key: str) -> SecurityGroup:
        if key not in self._built:
            resource = self._reading.configuration.resources.get(key)
            ingress, egress = (tuple(self._permissions(key, resource, direction)) for direction in _DIRECTIONS)
            self._built[key] = SecurityGroup(key, name_of(resource) if resource else key, ingress, egress)
        return self._built[key]

    def open(self, label: str, resource: Resource) -> SecurityGroup:
        """A group that is not declared here, which may let everything through."""
        text = f"the security group {label} is not declared here: as if it let everything through"
        self._reading.assume(text, resource)
        if label not in self._built:
            rule = Rule(f"the group {label}, which is not declared here")
            everything = (Permission(addresses.ALL, frozenset(), traffic.ALL, rule),)
            self._built[label] = SecurityGroup(label, label, everything, everything)
        return self._built[label]

    def _permissions(self, key: str, resource: Resource | None, direction: Direction) -> Iterator[Permission]:
        if resource is None:
            yield from self._of_aws(key, direction)
        elif resource.type in _DATA:
            self._reading.assume("its rules are not declared here: as if they let everything through", resource)
            yield Permission(addresses.ALL, frozenset(), traffic.ALL, Rule("not declared here", resource))
        for each in [*([resource] if resource else []), *self._rules.get(key, ())]:
            if each.type in _DATA:
                continue
            try:
                for declared in permissions(each, direction):
                    yield self._permission(declared, key)
            except UnknownValue as unknown:
                self._reading.assume(f"its rules are not known ({unknown}): as if they let everything through", each)
                yield Permission(addresses.ALL, frozenset(), traffic.ALL, Rule("not known", each))

    def _of_aws(self, key: str, direction: Direction) -> Iterator[Permission]:
        """What AWS puts into a group that comes with a VPC or cluster: all from itself, and all to anywhere."""
        if direction == "ingress":
            rule = Rule("the default rule: everything from the group itself")
            yield Permission(NOTHING, frozenset([key]), traffic.ALL, rule)
        else:
            yield Permission(addresses.ALL, frozenset(), traffic.ALL, Rule("the default rule: everything to anywhere"))

    def _permission(self, declared: Declared, key: str) -> Permission:
        resource = declared.declared_by
        peers = [self._peers.allowed(leaf, resource) for leaf in self._fitting(declared.cidrs, _may_be_cidr)]
        for leaf in self._fitting(declared.prefix_lists, _may_be_prefix_list):
            peers += [network for network, _ in self._peers.prefix_list(leaf, resource)]
        groups: list[str] = []
        named = self._fitting(declared.groups, _may_be_group)
        if len(named) > 1 and _is_one_of_several_in_a_plan(declared):
            self._reading.assume(
                f"which group each of its {declared.direction} rules names is not known: all", resource
            )
        for leaf in named:
            by_name = [] if isinstance(leaf, Unknown) else self._keys_by_name.get(str(leaf), [])
            keys = self._keys(leaf) or by_name
            groups += keys
            if not keys or any(self._is_elsewhere(each) for each in keys):
                self._reading.assume(f"who is in {label_of(leaf)} is not known: any private address", resource)
                peers.append(ANY_PRIVATE | Intervals.union(vpc.addresses for vpc in self._vpcs.all.values()))
                groups.append(label_of(leaf))
            if could_be_anything(leaf) and not keys:
                groups += [each.address for each in self._reading.configuration.of_type(*GROUP_TYPES)]
        is_self = self._reading.known(lambda: declared.is_with_itself, True, "as if it were true", resource)
        if is_self:
            groups.append(key)
        found = self._traffic(declared)
        direction = "from" if declared.direction == "ingress" else "to"
        text = f"{traffic.describe(found)} {direction} {_peers(declared, is_self)}"
        return Permission(Intervals.union(peers), frozenset(groups), found, Rule(text, resource))

    def _fitting(self, values: Iterable[Value], fits: Callable[[Reference], bool]) -> list[Value]:
        """The values of an attribute without references that it cannot be about.

        A plan tells of all attributes of an inline rule together what they refer to.
        """
        found = [leaf for value in values for leaf in leaves(value)]
        return [each for each in found if not isinstance(each, Reference) or fits(each)] or found

    def _is_elsewhere(self, key: str) -> bool:
        resource = self._reading.configuration.resources.get(key)
        return resource is not None and resource.type in _DATA

    def _traffic(self, declared: Declared) -> Intervals:
        try:
            return traffic.of(declared.traffic)
        except (UnknownValue, ValueError) as problem:
            self._reading.assume(
                f"its protocol or ports are not known ({problem}): taken for all traffic", declared.declared_by
            )
            return traffic.ALL


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


def _peers(declared: Declared, is_self: bool) -> str:
    """The peers of a rule as they are written."""
    values = (*declared.cidrs, *declared.groups, *declared.prefix_lists)
    words = [_word(leaf) for each in values for leaf in leaves(each)]
    return ", ".join([*words, *(["itself"] if is_self else [])]) or "nobody"


def _word(value: Value) -> str:
    if isinstance(value, Reference):
        return f"{value.address}.{value.attribute}" if "prefix" in value.attribute else value.address
    return label_of(value)
