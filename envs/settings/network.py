"""The VPC, its subnet replicas, its endpoints, and the optional VPN."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from envs.address_plan import SubnetPair, max_replicas, subnet_cidrs, zone_of
from envs.settings.base import Part, Violation, repeated
from envs.settings.types import (
    NOT_ON_THE_INTERNET,
    AvailabilityZone,
    Cidr,
    DomainPattern,
    LogRetentionDays,
    Spelling,
    reject,
)

InterfaceEndpoint = Annotated[
    str,
    Spelling(
        r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)*",
        "the name of an AWS service that has interface endpoints, such as ssm",
    ),
]
_GATEWAY_ENDPOINTS = frozenset(("dynamodb", "s3"))
_PRIVATE_USE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def _public_address(value: str) -> str:
    try:
        on_the_internet = not any(IPv4Address(value) in block for block in NOT_ON_THE_INTERNET)
    except ValueError:
        on_the_internet = False
    if not on_the_internet:
        raise reject(_PUBLIC_ADDRESS)
    return value


_PUBLIC_ADDRESS = "an IPv4 address that is routed on the internet, such as 203.0.113.10"
PublicAddress = Annotated[str, Spelling(r"(\d{1,3}\.){3}\d{1,3}", _PUBLIC_ADDRESS), AfterValidator(_public_address)]


class DnsFirewall(Part):
    """Route 53 Resolver DNS Firewall: names that nobody declared are not resolved."""

    action: Literal["block", "alert"] = Field(
        default="block",
        description="What happens to a query for an undeclared name: block it, or only log it.",
    )
    allowed_domains: tuple[DomainPattern, ...] = Field(
        default=(),
        description="Names that may be resolved besides those of AWS and of the outbound channels.",
    )

    def rules(self) -> Iterator[Violation]:
        yield from repeated("allowed_domains", self.allowed_domains)


class Vpn(Part):
    """A site-to-site VPN: virtual private gateway, customer gateway, routes to on-premises networks only."""

    customer_gateway_ip: PublicAddress = Field(description="Public IPv4 address of the customer gateway device.")
    bgp_asn: int = Field(
        default=65000,
        ge=1,
        le=2147483647,
        description="BGP autonomous system number of the customer gateway.",
    )
    on_premises_cidrs: tuple[Cidr, ...] = Field(
        min_length=1,
        description="IPv4 CIDR blocks of the on-premises networks that private subnets may reach.",
    )

    def rules(self) -> Iterator[Violation]:
        for index, block in enumerate(self.on_premises_cidrs):
            if IPv4Network(block).prefixlen < 8:
                yield Violation(("on_premises_cidrs", index), block, "a block of /8 or smaller")
            for other in self.on_premises_cidrs[:index]:
                if IPv4Network(block).overlaps(IPv4Network(other)):
                    yield Violation(("on_premises_cidrs", index), block, f"a block that does not overlap {other}")


class Network(Part):
    """One VPC with pairs of subnets; a pair (one public, one private) is a replica."""

    vpc_cidr: Cidr = Field(default="10.0.0.0/16", description="IPv4 CIDR block of the VPC: private use, /16 to /28.")
    replicas: int = Field(
        default=2,
        ge=1,
        description="Number of subnet replicas. Raising it only adds. AWS accepts a load balancer and an MSK cluster "
        "only from two availability zones on, so an environment with one replica synthesizes but cannot be applied.",
    )
    subnet_prefix_length: int = Field(
        default=24,
        ge=17,
        le=27,
        description="Prefix length of every subnet; /27 is the smallest a load balancer accepts.",
    )
    zones: tuple[AvailabilityZone, ...] = Field(
        min_length=1,
        description="Availability zones in use: replica k is in the k-th, wrapping. Their order is a contract, because "
        "a change moves subnets; add new ones only while replicas is not above their number.",
    )
    interface_endpoints: tuple[InterfaceEndpoint, ...] = Field(
        default=(
            "ssm",
            "ssmmessages",
            "logs",
            "monitoring",
            "sns",
            "secretsmanager",
        ),
        description="AWS services that the VPC reaches by an interface endpoint with private DNS: those that the roles "
        "of the servers may call. Each costs about 7 USD a month in each zone. pipes-data, which the stream needs, is "
        "always there besides.",
    )
    flow_log_retention_days: LogRetentionDays = Field(
        default=365, description="Days that the logs of the network are kept: flows, DNS queries, VPN tunnels."
    )
    dns_firewall: DnsFirewall = Field(default=DnsFirewall(), description="Which names the VPC may resolve.")
    vpn: Vpn | None = Field(default=None, description="Site-to-site VPN to the on-premises networks; null for none.")

    @property
    def replica_numbers(self) -> range:
        """The replicas' numbers, counted from 1."""
        return range(1, self.replicas + 1)

    @property
    def zones_in_use(self) -> tuple[str, ...]:
        """The availability zones that have a replica, each once, in the order of the replicas."""
        return self.zones[: self.replicas]

    def zone_of(self, replica: int) -> str:
        """The availability zone of a replica, counted from 1."""
        return zone_of(self.zones, replica)

    def subnet_cidrs(self, replica: int) -> SubnetPair:
        """The public and private CIDR block of a replica, counted from 1."""
        return subnet_cidrs(self.vpc_cidr, self.subnet_prefix_length, replica)

    def rules(self) -> Iterator[Violation]:
        vpc = IPv4Network(self.vpc_cidr)
        if not 16 <= vpc.prefixlen <= 28:
            yield Violation(("vpc_cidr",), self.vpc_cidr, "a block of /16 to /28, the sizes of a VPC in AWS")
        if not any(vpc.subnet_of(block) for block in _PRIVATE_USE):
            yield Violation(
                ("vpc_cidr",),
                self.vpc_cidr,
                "a block for private use (RFC 1918): inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
            )
        most = max_replicas(self.vpc_cidr, self.subnet_prefix_length)
        if self.replicas > most:
            yield Violation(
                ("replicas",),
                self.replicas,
                f"1 to {most}: {self.vpc_cidr} holds {most} pairs of /{self.subnet_prefix_length} subnets"
                if most
                else f"none: {self.vpc_cidr} does not hold one pair of /{self.subnet_prefix_length} subnets",
                "Take a larger vpc_cidr or a longer subnet_prefix_length before the first apply; both are "
                "fixed after it.",
            )
        yield from repeated("zones", self.zones)
        yield from repeated("interface_endpoints", self.interface_endpoints)
        for index, service in enumerate(self.interface_endpoints):
            if service in _GATEWAY_ENDPOINTS:
                yield Violation(
                    ("interface_endpoints", index),
                    service,
                    "a service other than s3 and dynamodb, which have gateway endpoints",
                )
        for index, block in enumerate(self.vpn.on_premises_cidrs if self.vpn else ()):
            if IPv4Network(block).overlaps(vpc):
                yield Violation(
                    ("vpn", "on_premises_cidrs", index),
                    block,
                    f"a block that does not overlap vpc_cidr, {vpc}",
                )
