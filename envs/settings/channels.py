"""The declared external systems."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field

from envs.settings.base import Part, Violation, repeated
from envs.settings.types import NOT_ON_THE_INTERNET, Cidr, DomainPattern, Spelling

ChannelName = Annotated[
    str,
    Spelling(
        r"(?=.{1,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "a name of up to 32 lower-case letters, digits and single hyphens, such as payment-systems",
    ),
]


class Channel(Part):
    """One system outside the VPC and the HTTPS way to or from it."""

    name: ChannelName = Field(description="Name of the external system.")
    direction: Literal["inbound", "outbound", "aws-api"] = Field(
        description="inbound: it calls the load balancer; outbound: public servers call it; aws-api: it "
        "calls AWS services "
        "with a role of its own and has no path into the VPC."
    )
    domains: tuple[DomainPattern, ...] = Field(
        default=(), description="Names of an outbound system: what the DNS firewall lets servers resolve."
    )
    cidrs: tuple[Cidr, ...] = Field(
        default=(),
        description="Public IPv4 blocks of the system, where it publishes them; empty for any address.",
    )
    port: Literal[443] = Field(default=443, description="TCP port: HTTPS only.")

    def rules(self) -> Iterator[Violation]:
        if self.direction == "outbound" and not self.domains:
            yield Violation(("domains",), list(self.domains), "at least one name, because the channel is outbound")
        if self.direction != "outbound" and self.domains:
            yield Violation(("domains",), list(self.domains), f"none, because the channel is {self.direction}")
        yield from repeated("domains", self.domains)
        for index, block in enumerate(self.cidrs):
            network = IPv4Network(block)
            if network.prefixlen < 8:
                yield Violation(
                    ("cidrs", index),
                    block,
                    "a public block of /8 or smaller",
                    "Leave cidrs empty for any address.",
                )
            elif any(network.overlaps(other) for other in NOT_ON_THE_INTERNET):
                yield Violation(("cidrs", index), block, "a public block: one that is routed on the internet")
            for earlier in self.cidrs[:index]:
                if network.overlaps(IPv4Network(earlier)):
                    yield Violation(("cidrs", index), block, f"a block that does not overlap {earlier}")
