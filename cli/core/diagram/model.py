"""What is in a picture, before anybody knows where it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

BoxKind: TypeAlias = Literal["outside", "server", "load balancer", "data", "endpoint", "service", "gateway", "other"]
"""What a box is drawn as."""


@dataclass(frozen=True)
class Box:
    """Something that flows lead from or to: one end, or several that the picture shows as one."""

    key: str
    """Unique in the picture, and the same for the same Terraform."""
    title: str
    """The name by which `infra reach` knows it."""
    lines: tuple[str, ...]
    """What it is, and how much of it."""
    kind: BoxKind
    zones: tuple[str, ...] = ()
    """The zones of its subnets, in order; empty where they are not known."""
    members: tuple[str, ...] = ()
    """The names of the ends that it stands for."""
    is_number_known: bool = True
    """Whether there is one of each of them; else there are none or some."""


@dataclass(frozen=True)
class SubnetCell:
    """A subnet in the heading of its tier."""

    name: str
    cidr_block: str
    zone: str


@dataclass(frozen=True)
class Tier:
    """The subnets of a VPC that have a route to an internet gateway, or those that have none, and what stands there."""

    key: str
    title: str
    is_public: bool
    subnets: tuple[SubnetCell, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class VpcBox:
    """A VPC with its tiers, and with what connects it to others on its border."""

    key: str
    title: str
    tiers: tuple[Tier, ...]
    gateways: tuple[Box, ...] = ()


@dataclass(frozen=True)
class RegionBox:
    """A region of an account."""

    key: str
    title: str
    vpcs: tuple[VpcBox, ...]
    services: tuple[Box, ...]
    """What has no address in a VPC."""


@dataclass(frozen=True)
class AccountBox:
    """An AWS account with its regions."""

    key: str
    title: str
    regions: tuple[RegionBox, ...]


@dataclass(frozen=True)
class Flow:
    """One row of who can reach whom: from each source to each target."""

    key: str
    sources: tuple[str, ...]
    """Keys of boxes."""
    targets: tuple[str, ...]
    traffic: str
    through: tuple[str, ...]
    """Names of the load balancers that pass it on."""
    is_assumed: bool
    is_encrypted: bool
    """Whether the Terraform says of every target that it speaks TLS on these ports."""
    description: str
    """The row in words."""

    @property
    def label(self) -> str:
        """What is written at the arrow."""
        via = f" via {', '.join(self.through)}" if self.through else ""
        return f"{self.traffic}{via}{' (assumed)' if self.is_assumed else ''}"


@dataclass(frozen=True)
class Picture:
    """A whole picture, from top to bottom."""

    title: str
    above: tuple[Box, ...]
    """What is outside and opens connections."""
    accounts: tuple[AccountBox, ...]
    below: tuple[Box, ...]
    """What is outside and accepts connections; of several regions also the services that flows lead to."""
    flows: tuple[Flow, ...]
    notes: tuple[str, ...] = ()
    """What it rests on."""

    @property
    def regions(self) -> tuple[RegionBox, ...]:
        """The regions of every account."""
        return tuple(region for account in self.accounts for region in account.regions)

    @property
    def vpcs(self) -> tuple[VpcBox, ...]:
        """The VPCs of every region."""
        return tuple(vpc for region in self.regions for vpc in region.vpcs)

    @property
    def services(self) -> tuple[Box, ...]:
        """The services of every region."""
        return tuple(service for region in self.regions for service in region.services)

    def boxes(self) -> Iterator[Box]:
        """Every box, from top to bottom."""
        yield from self.above
        for region in self.regions:
            for vpc in region.vpcs:
                yield from vpc.gateways
                for tier in vpc.tiers:
                    yield from tier.boxes
            yield from region.services
        yield from self.below
