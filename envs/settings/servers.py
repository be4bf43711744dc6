"""The server templates: what one kind of server looks like and how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from envs.settings.base import Part, Violation, repeated
from envs.settings.types import InstanceType, LogRetentionDays, Path, Percentage, Port, SlugName

Architecture = Literal["arm64", "x86_64"]


def architecture_of(instance_type: str) -> Architecture:
    """The processor architecture of an EC2 instance type.

    AWS marks Graviton by a ``g`` after the generation (t4g, m7gd, c8gn); ``a1`` is the one older family
    without it. Source: Amazon EC2 Instance Types Guide, "Instance type naming conventions".
    """
    family = instance_type.partition(".")[0]
    return "arm64" if family == "a1" or re.match(r"[a-z]+\d+[a-z]*g", family) else "x86_64"


class ServerTemplate(Part):
    """A template of instances: a launch template and an auto scaling group."""

    instance_type: InstanceType = Field(default="t4g.medium", description="EC2 instance type.")
    min_size: int = Field(default=1, ge=1, le=500, description="Fewest instances in the group.")
    max_size: int = Field(default=2, ge=1, le=500, description="Most instances in the group.")
    cpu_target_percent: Percentage = Field(
        default=75, description="Average CPU utilisation of the group that scaling aims at, in percent."
    )
    memory_target_percent: Percentage = Field(
        default=85, description="Average memory use of the group that scaling aims at, in percent."
    )
    root_volume_gib: int = Field(default=20, ge=8, le=16384, description="Size of the encrypted root volume, in GiB.")
    modules: tuple[SlugName, ...] = Field(
        min_length=1, description="Modules of the application that run on the server."
    )

    @property
    def architecture(self) -> Architecture:
        """The processor architecture of the instances."""
        return architecture_of(self.instance_type)

    def rules(self) -> Iterator[Violation]:
        if self.max_size < self.min_size:
            yield Violation(("max_size",), self.max_size, f"{self.min_size} (min_size) or more")
        yield from repeated("modules", self.modules)


class CoreServer(ServerTemplate):
    """The core server of the public scaling group."""

    modules: tuple[SlugName, ...] = Field(
        default=("feedback", "loyalty", "menu-catalogue", "meal-pick-up", "projections"),
        min_length=1,
        description="Modules of the application that run on the server.",
    )


class OrderingServer(ServerTemplate):
    """The ordering server of the public scaling group."""

    modules: tuple[SlugName, ...] = Field(
        default=("ordering", "scheduling"),
        min_length=1,
        description="Modules of the application that run on the server.",
    )


class Servers(Part):
    """The servers in the public subnets."""

    core: CoreServer = Field(default=CoreServer(), description="The core server.")
    ordering: OrderingServer = Field(default=OrderingServer(), description="The ordering server.")
    port: Port = Field(default=8443, description="TCP port on which every public server listens, HTTPS only.")
    health_check_path: Path = Field(default="/health", description="Path of the load balancer's health check.")
    log_retention_days: LogRetentionDays = Field(
        default=365, description="Days that the logs of all servers, public and private, are kept."
    )
    datadog_agent: bool = Field(
        default=False,
        description="Whether the DataDog agent runs on the public servers; needs the channel datadog.",
    )
