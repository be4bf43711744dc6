"""VPCs: those declared, the default one, and those that other resources stand in without their being declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from policies.library.model import Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability import addresses
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Assumption, Vpc
from policies.reachability.read.data_sources import Match
from policies.reachability.read.locations import Location, location_of
from policies.reachability.read.reading import Reading, could_be_anything, is_put_out, known_text, leaves

DECLARED = ("aws_vpc", "aws_default_vpc")
TYPES = (*DECLARED, "data.aws_vpc")
GATEWAYS = ("aws_internet_gateway", "data.aws_internet_gateway")
VPN_GATEWAYS = ("aws_vpn_gateway", "data.aws_vpn_gateway")

DEFAULT_VPC = "default VPC"
_ELSEWHERE = "the VPC of undeclared subnets"
_EDGE = "100.127.255.0/24"
DEFAULT_CIDR = "172.31.0.0/16"
"""VPC user guide, "Default VPCs"."""

ANY_PRIVATE = Intervals.union(
    map(addresses.network, ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"))
)
"""Where a private address may be of which no more is known: RFC 1918, 6598 and 4193."""

ANY_NETWORK = (
    addresses.ALL_V4
    - Intervals.union(map(addresses.network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")))
) | Intervals.union(map(addresses.network, ("2000::/3", "fc00::/7")))
"""The networks that a VPC can have, also public ones: VPC user guide, "VPC CIDR blocks"."""

_IN_VPCS = ("aws_subnet", "aws_security_group", "aws_lb_target_group", "aws_alb_target_group")
"""What stands in a VPC and says so, by which those declared elsewhere are known."""

_ASSOCIATIONS = ("aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association")

_INDEX = re.compile(r"\[[^\]]*\]$")
_GENERATED = addresses.network("3fff::/20").first
"""IPv6 networks that AWS chooses when it makes a VPC stand for themselves by networks of RFC 9637 (documentation)."""
_VPC_STEP, _SUBNET_STEP = 1 << 72, 1 << 64


@dataclass(frozen=True)
class Extent:
    """The addresses of a VPC or subnet, which may not all be known."""

    most: Intervals
    """Every address that it may have."""
    least: Intervals
    """Those that it has for certain."""

    def __and__(self, other: Intervals) -> Extent:
        return Extent(self.most & other, self.least & other)


class Vpcs:
    """The VPCs by key: the address of what declares them, or how an undeclared one is written."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._vpcs: dict[str, Vpc] = {}
        self._least: dict[str, Intervals] = {}
        self._doubts: dict[str, Assumption] = {}
        self._generated: dict[str, Intervals] = {}
        self._subnets_made: dict[str, int] = {}
        self._resources: dict[str, Resource] = {}
        self._used: set[str] = set()
        self._unknown: list[str] = []
        """Keys of those of which only a variable says which they are: two of them may be one."""
        self._apart: set[str] = set()
        self._defaults: dict[str, Location] = {}
        for resource in reading.configuration.of_type(*TYPES):
            if not _is_default(resource):
                self._declare(resource)
        for resource in reading.configuration.of_type(*_IN_VPCS):
            if resource.has("vpc_id"):
                self.key_of(resource.get("vpc_id"))
        self._attach()
        self._open()

    @property
    def all(self) -> Mapping[str, Vpc]:
        """Every VPC met so far, by key."""
        return dict(sorted(self._vpcs.items()))

    def __getitem__(self, key: str) -> Vpc:
        return self._vpcs[key]

    def key_of(self, value: Value, by: Resource | None = None) -> str:
        """The VPC that a `vpc_id` of a resource names; the default VPC, of that one's region, if it is not set."""
        for resource in self._reading.named(value, TYPES):
            return self.key_of_resource(resource)
        if not (isinstance(value, Unknown) or value):
            return self.default(by)
        label = label_of(value)
        may_be = [*self._around(label), *self._unknown] if could_be_anything(value) else []
        if is_put_out(value):
            may_be += [self.key_of_resource(each.resource) for each in self._reading.choices(value, DECLARED, None)]
        if could_be_anything(value) and label not in self._vpcs:
            self._unknown.append(label)
        return self.undeclared(label, may_be)

    def default(self, by: Resource | None = None) -> str:
        """The default VPC of the account and region that a resource is made in."""
        location = location_of(by, self._reading.configuration)
        same = {key: location.same_as(where) for key, where in self._defaults.items()}
        for key, match in same.items():
            if match is Match.YES:
                return key
        key = f"{DEFAULT_VPC} of {location}" if location.is_elsewhere else DEFAULT_VPC
        others = frozenset(each for each, match in same.items() if match is Match.MAYBE)
        if others:
            text = f"whether {key} is {' or '.join(sorted(others))} is not known: as if it were"
            self._doubts[key] = self._reading.assume(text)
        gateway, cidr = f"{key}/internet gateway", addresses.network(DEFAULT_CIDR)
        self._vpcs[key] = Vpc(key, key, cidr, internet_gateway=gateway, may_be=others)
        self._defaults[key] = location
        self._apart.add(key)
        return key

    def is_default(self, key: str) -> bool:
        """Whether a VPC is a default one."""
        return key in self._defaults

    def edge(self, key: str) -> str:
        """What stands for a network of AWS itself, which the internet reaches."""
        if key not in self._vpcs:
            self._vpcs[key] = Vpc(key, key, addresses.network(_EDGE), internet_gateway=f"{key}/internet gateway")
            self._apart.add(key)
        return key

    def undeclared(self, label: str, may_be: Iterable[str] = ()) -> str:
        """A VPC that is declared elsewhere, or one of those given that are declared here."""
        each = frozenset(may_be)
        if label not in self._vpcs:
            which = f"not known: any of {', '.join(sorted(each))}, or" if each else "not declared here: taken for"
            self._doubts[label] = self._reading.assume(f"{label} is {which} one with an internet gateway")
            gateway = f"{label}/internet gateway"
            self._vpcs[label] = Vpc(label, label, ANY_NETWORK, internet_gateway=gateway, may_be=each)
            self._least[label] = NOTHING
        return label

    def is_declared(self, key: str) -> bool:
        """Whether this configuration makes the VPC."""
        resource = self._resources.get(key)
        return resource is not None and resource.type in DECLARED

    def key_of_resource(self, resource: Resource) -> str:
        """The key of a VPC that a resource of `TYPES` declares or looks up."""
        if _is_default(resource):
            return self.default(resource)
        declared = [each for each in self._reading.resolved(resource) if each.type in DECLARED]
        return self.key_of_resource(declared[0]) if declared else resource.address

    def extent(self, key: str) -> Extent:
        """The networks of a VPC."""
        most = self._vpcs[key].addresses
        return Extent(most, self._least.get(key, most))

    def doubt(self, key: str) -> Assumption:
        """What it rests on that a VPC has the networks which it has not for certain."""
        text = f"the network of {self._vpcs[key].name} is not all known: any that a VPC can have"
        return self._doubts.get(key) or self._reading.assume(text, self.resource(key))

    def undetermined(self, key: str) -> Assumption | None:
        """That a VPC is what it was taken for; None for one that is declared here."""
        return self._doubts.get(key)

    def of_subnet(self, subnet: Resource) -> str:
        """The VPC of a declared subnet."""
        return self.key_of(None if subnet.type == "aws_default_subnet" else subnet.get("vpc_id"), subnet)

    def only_one(self, value: Value) -> str:
        """The VPC of something that says nothing of it: one declared elsewhere, or any.

        What is given by its id is in none that is made here.
        """
        declared = self._declared()
        others = [key for key in self._vpcs if key not in (*declared, *self._apart)]
        if len(others) == 1 and not declared:
            return others[0]
        if could_be_anything(value):
            return self.undeclared("a VPC that is not known", declared)
        return self.undeclared(_ELSEWHERE)

    def used(self, value: Value) -> str | None:
        """The VPC that a value names, if this configuration puts something into it; else it is outside."""
        named = self._reading.named(value, TYPES)
        key = self.key_of_resource(named[0]) if named else label_of(value)
        return key if self.is_declared(key) or key in self._used else None

    def use(self, key: str) -> None:
        """Note that something of this configuration stands in a VPC."""
        self._used.add(key)

    def resource(self, key: str) -> Resource | None:
        """What declares or looks up a VPC."""
        return self._resources.get(key)

    def generated_subnet(self, key: str) -> Intervals:
        """An IPv6 network for one more subnet whose own is only known when applied."""
        whole = self._generated.get(key) or (self.extent(key).least & addresses.ALL_V6) or self._generate(key)
        made = self._subnets_made[key] = self._subnets_made.get(key, -1) + 1
        first = whole.first + made % 256 * _SUBNET_STEP
        return Intervals.of([(first, first + _SUBNET_STEP - 1)])

    def attach_gateway(self, key: str, gateway: str) -> str:
        """The internet gateway of a VPC, `gateway` if none was known: a route to one that is declared elsewhere."""
        vpc = self._vpcs[key]
        if vpc.internet_gateway is None:
            text = f"{gateway} is taken for an internet gateway attached to {vpc.name}"
            self._set(key, self._reading.assume(text), internet_gateway=gateway)
            return gateway
        return vpc.internet_gateway

    def attach_vpn_gateway(self, key: str, gateway: str) -> str:
        """The virtual private gateway of a VPC, `gateway` if none was known."""
        known = self._vpcs[key].vpn_gateway
        if known is None:
            self._set(key, vpn_gateway=gateway)
        return known or gateway

    def _declared(self) -> list[str]:
        return [key for key in self._vpcs if self.is_declared(key)]

    def _around(self, label: str) -> list[str]:
        """The declared VPCs in which all subnets fit that name theirs like this."""
        inside = [
            self._network_of(each)
            for each in self._reading.configuration.of_type("aws_subnet")
            if label_of(each.get("vpc_id")) == label
        ]
        return [key for key in self._declared() if all(network <= self._vpcs[key].addresses for network in inside)]

    def _network_of(self, subnet: Resource) -> Intervals:
        try:
            return addresses.network(known_text(subnet.get("cidr_block")))
        except ValueError:
            return NOTHING

    def _declare(self, resource: Resource) -> None:
        key = self.key_of_resource(resource)
        if key != resource.address:
            return  # what is looked up is declared here
        is_looked_up = resource.type.startswith("data.")
        parts = list(self._networks(resource))
        least = Intervals.union(each.least for each in parts)
        most = least | Intervals.union(each.most for each in parts)
        if not most & addresses.ALL_V4:
            most = most | (ANY_NETWORK & addresses.ALL_V4)
            self._reading.assume("its network is not known: any that a VPC can have", resource)
        if is_looked_up:
            most = most | (ANY_NETWORK & addresses.ALL_V6)
        if self._has_generated(resource):
            subnets = list(self._ipv6_of_subnets(resource))
            generated = self._generate(key)
            least = Intervals.union([least, generated, *(each.least for each in subnets)])
            most = Intervals.union([most, generated, *(each.most for each in subnets)])
        self._vpcs[key] = Vpc(key, name_of(resource), most)
        if is_looked_up:
            found = [each for each in self._reading.found(resource).possible if each.type in DECLARED]
            self._vpcs[key] = replace(
                self._vpcs[key],
                internet_gateway=f"{key}/internet gateway",
                may_be=frozenset(map(self.key_of_resource, found)),
            )
            which = f" {', '.join(each.address for each in found)}, or" if found else ""
            self._reading.assume(f"it is looked up: taken for{which} a VPC with an internet gateway", resource)
        self._least[key] = least
        self._resources[key] = resource

    def _networks(self, resource: Resource) -> Iterator[Extent]:
        """The networks that are written, its own and those that are associated, which may not be there."""
        associations: list[tuple[Resource, bool]] = [(resource, True)]
        for type_ in _ASSOCIATIONS:
            for each in self._reading.configuration.of_type(type_):
                for candidate in self._reading.candidates(each, "vpc_id", TYPES):
                    if candidate.resource is resource:
                        doubt = candidate.assumption or self._reading.presence(each)
                        associations.append((each, doubt is None))
        for each, is_certain in associations:
            for name, family in (("cidr_block", addresses.ALL_V4), ("ipv6_cidr_block", addresses.ALL_V6)):
                for value in leaves(each.get(name)):
                    try:
                        network = addresses.network(known_text(value))
                        yield Extent(network, network if is_certain else NOTHING)
                    except ValueError:
                        text = f"its network {label_of(value)} is not known: any that a VPC can have"
                        self._reading.assume(text, resource)
                        yield Extent(ANY_NETWORK & family, NOTHING)
            if each.has("ipv4_ipam_pool_id") and not each.has("cidr_block"):
                self._reading.assume("its network comes from a pool: any that a VPC can have", resource)
                yield Extent(ANY_NETWORK & addresses.ALL_V4, NOTHING)

    def _has_generated(self, resource: Resource) -> bool:
        """Whether AWS chooses an IPv6 network for the VPC."""
        found = [resource, *self._reading.configuration.referring(resource, _ASSOCIATIONS[1], "vpc_id")]
        return any(
            not each.has("ipv6_cidr_block")
            and (
                self._reading.flag(
                    each,
                    "assign_generated_ipv6_cidr_block",
                    if_unknown=True,
                    meaning="taken to have IPv6 addresses",
                    resource=resource,
                )
                or each.has("ipv6_ipam_pool_id")
                or each.type == _ASSOCIATIONS[1]
            )
            for each in found
        )

    def _ipv6_of_subnets(self, resource: Resource) -> Iterator[Extent]:
        """The IPv6 networks that are written for subnets of a VPC, which are in the one that AWS chooses for it."""
        for subnet in self._reading.configuration.of_type("aws_subnet"):
            for candidate in self._reading.candidates(subnet, "vpc_id", TYPES):
                if candidate.resource is resource and subnet.has("ipv6_cidr_block"):
                    try:
                        network = addresses.network(known_text(subnet.get("ipv6_cidr_block")))
                    except ValueError:
                        continue  # one that is chosen when applied: see `generated_subnet`
                    is_certain = candidate.assumption is None and self._reading.presence(subnet) is None
                    yield Extent(network, network if is_certain else NOTHING)

    def _generate(self, key: str) -> Intervals:
        if key not in self._generated:
            first = _GENERATED + len(self._generated) * _VPC_STEP
            self._generated[key] = Intervals.of([(first, first + _VPC_STEP - 1)])
        return self._generated[key]

    def _attach(self) -> None:
        """Attach internet and virtual private gateways."""
        reading = self._reading
        for types, attachment, name in (
            (GATEWAYS, "aws_internet_gateway_attachment", "internet_gateway_id"),
            (VPN_GATEWAYS, "aws_vpn_gateway_attachment", "vpn_gateway_id"),
        ):
            kind = "internet_gateway" if types is GATEWAYS else "vpn_gateway"
            for gateway in reading.configuration.of_type(*types):
                for vpc, doubt in self._attached(gateway):
                    self._set(vpc, doubt, **{kind: gateway.address})
            for each in reading.configuration.of_type(attachment):
                gateways = [gateway.address for gateway in reading.owners(each, name, types)]
                for vpc, doubt in self._attached(each):
                    self._set(vpc, doubt, **{kind: next(iter(gateways), label_of(each.get(name)))})

    def _open(self) -> None:
        """Attach internet gateways to VPCs that are given to modules which are not here: one that is given too."""
        for gap in self._reading.configuration.gaps:
            given = self._reading.given(gap)
            gateways = [each.address for each in given if each.type in GATEWAYS]
            for vpc in given:
                if vpc.type in DECLARED:
                    key = self.key_of_resource(vpc)
                    gateway = next(iter(gateways), f"{key}/internet gateway of a module")
                    self._set(key, self._reading.opened(vpc), internet_gateway=gateway)

    def _attached(self, resource: Resource) -> Iterator[tuple[str, Assumption | None]]:
        doubt = self._reading.presence(resource)
        for vpc in self._reading.candidates(resource, "vpc_id", TYPES):
            yield self.key_of_resource(vpc.resource), vpc.assumption or doubt
        for value in leaves(resource.get("vpc_id")):
            if not self._reading.named(value, TYPES):
                yield self.key_of(value), doubt

    def _set(
        self,
        key: str,
        doubt: Assumption | None = None,
        internet_gateway: str | None = None,
        vpn_gateway: str | None = None,
    ) -> None:
        """Attach gateways to a VPC; one that is attached for certain counts before one that may be."""
        vpc = self._vpcs[key]
        if internet_gateway is not None and (vpc.internet_gateway is None or doubt is None):
            vpc = replace(vpc, internet_gateway=internet_gateway, attachment=doubt)
        self._vpcs[key] = replace(vpc, vpn_gateway=vpn_gateway or vpc.vpn_gateway)


def _is_default(resource: Resource) -> bool:
    """Whether a data source looks up the default VPC, or a resource adopts it."""
    if resource.type == "aws_default_vpc":
        return True
    return resource.type == "data.aws_vpc" and str(_plain(resource.get("default"))).lower() == "true"


def _plain(value: Value) -> Value:
    return None if isinstance(value, Unknown) else value


def name_of(resource: Resource) -> str:
    """What people call a resource: its tag `Name`, else its label, with the index if it is one of several."""
    tags = resource.get("tags")
    name = tags.get("Name") if isinstance(tags, Mapping) else None
    return name if isinstance(name, str) and name else f"{resource.name}{index_of(resource.address)}"


def index_of(address: str) -> str:
    """The index of one of several instances, in brackets; empty for a single one."""
    found = _INDEX.search(address)
    return found[0] if found else ""
