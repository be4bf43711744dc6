"""The network that Terraform describes, worked out: what stands where, and what lets which traffic through.

Everything here is decided: references are followed, defaults of AWS filled in, lists in the order in which AWS looks at
them. What could not be worked out was taken as what lets most through, and is said in `assumptions`.

*Unknown is never absent, and it has a direction.* A part may be as large as it can be where it lets through, and as
small as nothing where it blocks. Such a part is in the network, with the `Assumption` that it rests on:

- what permits and rests on one (a permission, an entry that allows, a route) lets through, but not for certain;
- what blocks and rests on one (an entry that denies, a route to a black hole, a longer route to elsewhere, a table or
  ACL in place of another) blocks nothing, but what it may block passes not for certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Literal, TypeAlias

from policies.library.model import Resource
from policies.reachability import addresses
from policies.reachability.intervals import NOTHING, Intervals


@dataclass(frozen=True)
class Assumption:
    """Something that the Terraform does not determine, and what was taken in its place, which lets more through."""

    text: str
    resource: Resource | None = None
    doubt: str = ""
    """What is not known, as a digest: equal for what is written alike."""


@dataclass(frozen=True)
class Rule:
    """Where something is written, for explanations: `text` says it in words, `resource` declares it.

    None stands for what AWS does where nothing is declared.
    """

    text: str
    resource: Resource | None = None
    assumption: Assumption | None = None
    """What it rests on where it may not be there, or not for all that the model has of it; None if it is certain."""


@dataclass(frozen=True)
class Permission:
    """A rule of a security group that lets traffic through, to or from its peers."""

    peers: Intervals
    """Peers by address."""
    groups: frozenset[str]
    """Peers by security group: traffic to and from the private addresses of members."""
    traffic: Intervals
    rule: Rule


@dataclass(frozen=True)
class SecurityGroup:
    """A stateful firewall around interfaces."""

    key: str
    name: str
    ingress: tuple[Permission, ...]
    egress: tuple[Permission, ...]
    assumption: Assumption | None = None
    """That the interface is in it, where that is not certain."""


@dataclass(frozen=True)
class Entry:
    """A numbered rule of a network ACL. Its ports are those that packets go to, also for packets that answer."""

    number: int
    allows: bool
    peers: Intervals
    traffic: Intervals
    rule: Rule


@dataclass(frozen=True)
class Acl:
    """A stateless firewall around a subnet: the first entry that matches decides, and what none matches is denied."""

    key: str
    name: str
    ingress: tuple[Entry, ...]
    """In ascending order of numbers."""
    egress: tuple[Entry, ...]
    assumption: Assumption | None = None
    """That the subnet has it, where it may have another: then there is a `Subnet` for each."""


TargetKind: TypeAlias = Literal[
    "local",
    "internet gateway",
    "egress-only gateway",
    "nat gateway",
    "peering",
    "transit gateway",
    "vpn gateway",
    "outside",
    "gateway endpoint",
    "interface",
    "appliance",
    "blackhole",
    "unknown",
]


@dataclass(frozen=True)
class Target:
    """Where a route leads. `key` names the gateway, connection or endpoint, as the model's other parts do.

    What is `outside` is a network behind a connection: Direct Connect, a VPN of a transit gateway, an Outpost's local
    gateway. An `appliance` inspects or sends on by itself: a firewall, a Gateway Load Balancer endpoint.
    """

    kind: TargetKind
    key: str = ""


@dataclass(frozen=True)
class Route:
    """A route. Of those that match, the longest prefix wins; of equal ones, the earlier in the table.

    One that rests on an assumption (see `Rule`) may match, and takes nothing from the others.
    """

    destination: Intervals
    prefix_length: int
    """Bits of the network; of services' lists 33: always longest; of networks that are not known 129: perhaps so."""
    target: Target
    rule: Rule


@dataclass(frozen=True)
class RouteTable:
    """Routes in the order of AWS's priorities among equal prefixes: local, static, propagated."""

    key: str
    name: str
    routes: tuple[Route, ...]
    assumption: Assumption | None = None
    """That the subnet has it, where it may have another: then there is a `Subnet` for each."""


@dataclass(frozen=True)
class Vpc:
    """A VPC. Its `internet_gateway` is None where none is attached."""

    key: str
    name: str
    addresses: Intervals
    internet_gateway: str | None = None
    vpn_gateway: str | None = None
    attachment: Assumption | None = None
    """That the internet gateway is attached, where that is not certain."""
    may_be: frozenset[str] = frozenset()
    """Keys of the VPCs that it may be where it is not known which it is; empty for one that is known."""


@dataclass(frozen=True)
class PublicAccessBlock:
    """What VPC Block Public Access stops at the internet gateways of a subnet."""

    inbound: bool
    outbound: bool
    """What leaves through the internet gateway and is not a NAT gateway's."""
    outbound_only: bool
    """What leaves through what only lets out: NAT gateways and egress-only gateways."""
    rule: Rule


@dataclass(frozen=True)
class Subnet:
    """A subnet with what decides over its traffic. Where that is not certain, there are several of one key."""

    key: str
    name: str
    vpc: str
    addresses: Intervals
    table: RouteTable
    acl: Acl
    block: PublicAccessBlock | None = None


NodeKind: TypeAlias = Literal[
    "server", "load balancer", "broker", "database", "endpoint", "function", "interface", "nat gateway", "module"
]


@dataclass(frozen=True)
class Node:
    """Network interfaces that one resource makes: a server, a scaling group over all its subnets, a cluster's brokers.

    A load balancer's traffic to its targets is not the traffic it lets in: see `Forward`.
    """

    key: str
    """The address of the resource that makes the interfaces: of a scaling group, not of its launch template."""
    name: str
    """What people call it; unique in the network."""
    kind: NodeKind
    resource: Resource
    subnets: tuple[Subnet, ...]
    """At least one; all in one VPC."""
    groups: tuple[SecurityGroup, ...] | None
    """None: no security group stands around it (NAT gateways, older network load balancers), all traffic passes."""
    addresses: Intervals = NOTHING
    """Its private and IPv6 addresses where they are known; else any of its subnets': see `addresses_in`."""
    is_public: bool = False
    """Whether it has, or may have, a public IPv4 address."""
    has_ipv6: bool = False
    """Whether it has, or may have, an IPv6 address."""
    listens: Intervals | None = None
    """The traffic it answers at all: a load balancer's listeners. None: anything."""
    meets_own_acl: bool = False
    """Whether the ACL of its subnet stops what it sends inside the subnet too: classic load balancers."""
    assumptions: tuple[Assumption, ...] = ()
    """What it rests on that it is there, where it stands, and which addresses and groups it has."""

    @property
    def vpc(self) -> str:
        """The key of its VPC."""
        return self.subnets[0].vpc

    def addresses_in(self, subnet: Subnet) -> Intervals:
        """Its addresses in one of its subnets."""
        return (self.addresses & subnet.addresses) if self.addresses else subnet.addresses


@dataclass(frozen=True)
class Allowance:
    """Networks to which somebody outside is let, and what says so."""

    addresses: Intervals
    rule: Rule


@dataclass(frozen=True)
class External:
    """Something outside the VPCs of this configuration: the internet, a network behind a VPN, a peer, a service."""

    key: str
    """`internet`, `s3`, `dynamodb`; else the address of the gateway or connection that leads there."""
    name: str
    addresses: Intervals
    via: str = ""
    """The key of the node that opens its connections, with an address of its own: of clients, the VPN's endpoint."""
    allowances: tuple[tuple[str, tuple[Allowance, ...]], ...] = ()
    """What looks at where its connections go, before that node, and to which networks each lets them."""


class Approach(Enum):
    """What traffic that AWS itself brings to a target meets before the target's security groups."""

    PAST = auto()
    """Nothing."""
    ACLS = auto()
    """The network ACLs around the target."""
    GATEWAY = auto()
    """Nothing, but the VPC needs an internet gateway."""
    ACCELERATOR = auto()
    """The same, and the answers meet the network ACLs."""
    INTERNET = auto()
    """All that traffic from the internet meets."""


@dataclass(frozen=True)
class Forward:
    """A load balancer that passes traffic on, or an interface endpoint that does so to a service's load balancer."""

    through: str
    """The node that receives the traffic."""
    front: Intervals
    """The traffic it receives."""
    target: str
    """The node that gets it, or the service of `addresses.SERVICES`."""
    back: Intervals
    """The traffic it gets."""
    keeps_client: bool
    """Whether the target sees the client's address instead of the load balancer's (network load balancers)."""
    rule: Rule
    clients: Intervals = addresses.ALL
    """Whose traffic it passes on."""
    zones: tuple[tuple[Intervals, Intervals], ...] | None = None
    """From which of its addresses to which of the target's it passes on; None: from any to any."""
    senders: Intervals | None = None
    """Of an endpoint: the addresses that AWS may give it on the way, at which the target's groups look. None: its
    client's where that is kept, else its own, at which nothing looks."""
    approach: Approach = Approach.PAST
    """Of an endpoint: what stands between it and the target's groups."""
    is_private_link: bool = True
    """Of an endpoint: whether load balancers pass on what it brings with their own addresses, as over PrivateLink."""

    @property
    def is_looked_at(self) -> bool:
        """Of an endpoint: whether the target's groups look at what it brings."""
        return self.keeps_client or self.senders is not None


@dataclass(frozen=True)
class Peering:
    """A peering connection between two VPCs.

    A VPC that is not in this configuration, or in which nothing of it stands, is an `External` of this key.
    """

    key: str
    vpcs: tuple[str | None, str | None]
    keeps_groups: bool = True
    """Whether references to security groups hold over it: in one region they do."""
    other: Assumption | None = None
    """That the end which is outside is a VPC of this configuration, where it may be any."""


@dataclass(frozen=True)
class TransitGateway:
    """A transit gateway or a core network of Cloud WAN: where it sends what comes from each of its attachments.

    What is not known to be attached, and VPCs in which nothing of this configuration stands, is an `External` of its
    key.
    """

    key: str
    routes: Mapping[str, tuple[Route, ...]]
    """By VPC, transit gateway or external that is attached: the routes of the table that its attachment is associated
    with. A target of kind `local` leads to the VPC `key`, one of kind `unknown` anywhere."""
    subnets: Mapping[str, tuple[Subnet, ...]] = field(default_factory=dict)
    """By VPC: the subnets with an interface of its attachment. Their tables decide over what is not for the VPC. One
    that is not here may send it to the internet."""
    outside: frozenset[str] = frozenset()
    """The attached VPCs in which nothing of this configuration stands."""
    referencing: frozenset[str] = frozenset()
    """The attached VPCs among which references to security groups hold."""
    elsewhere: Assumption | None = None
    """That something else is attached, which its `External` rests on."""


@dataclass(frozen=True, eq=False)
class Network:
    """Everything, by key. Two are the same only if they are one object."""

    vpcs: Mapping[str, Vpc]
    nodes: Mapping[str, Node]
    externals: Mapping[str, External]
    forwards: tuple[Forward, ...] = ()
    peerings: Mapping[str, Peering] = field(default_factory=dict)
    transit_gateways: Mapping[str, TransitGateway] = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    gaps: tuple[Assumption, ...] = ()
    """Parts of the configuration that are not here: every "no" rests on their not opening what they are not given."""
    subnets: tuple[Subnet, ...] = ()
    """Every subnet that is declared, also where nothing stands in it."""
    worked_out: dict[str, object] = field(default_factory=dict, init=False, repr=False)
    """What the analysis worked out about it, to be kept as long as it."""

    def may_be_same(self, vpc: str, other: str) -> bool:
        """Whether two keys name one VPC, or may."""
        return vpc == other or other in self._may_be(vpc) or vpc in self._may_be(other)

    def _may_be(self, vpc: str) -> frozenset[str]:
        known = self.vpcs.get(vpc)  # a peer's may be declared elsewhere
        return known.may_be if known else frozenset()
