"""The server templates: what one kind of server looks like and how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from envs.settings.base import Part, Violation, repeated
from envs.settings.types import InstanceType, LogRetentionDays, Path, Percentage, Port, SlugName, Spelling

Architecture = Literal["arm64", "x86_64"]

SERVER_NAMES = ("core-server", "ordering-server", "event-store", "purchase-gateway")
"""The servers of every environment, as resources and artifacts are named after them."""

SERVER_SUFFIX = "-server"
"""What follows the key of a group of further servers in its name."""

ORDERING_PREFIX = "/ordering"
"""Paths that begin with it go to the ordering servers."""

GroupName = Annotated[
    str,
    Spelling(
        rf"(?!(core|ordering)$)(?!.*{SERVER_SUFFIX}$)(?=.{{2,24}}$)[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "a name of 2 to 24 lower-case letters, digits and single hyphens that starts with a letter, other than core "
        f"and ordering; {SERVER_SUFFIX} is put behind it, so it does not end in that",
    ),
]
SERVER_NAME = rf"{'|'.join(SERVER_NAMES)}|(?=.{{2,24}}{SERVER_SUFFIX}$)[a-z][a-z0-9]*(-[a-z0-9]+)*"
"""The spelling of a server's name."""

ServerName = Annotated[
    str,
    Spelling(
        SERVER_NAME,
        f"one of {', '.join(SERVER_NAMES)}, or the key of servers.groups with {SERVER_SUFFIX} behind it, such as "
        f"loyalty{SERVER_SUFFIX}",
    ),
]
PathPrefix = Annotated[
    str,
    Spelling(
        r"/[A-Za-z0-9][A-Za-z0-9._~-]{0,63}(/[A-Za-z0-9][A-Za-z0-9._~-]{0,63})?",
        "the beginning of a URL path of one or two steps, without wildcards, such as /loyalty",
    ),
]
Use = Literal["event-store", "images", "notifications", "purchase-gateway", "stream"]


def overlapping(path: str, prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The servers, with the beginnings of their paths, that answer some of the paths that begin with one."""
    for server, prefix in prefixes.items():
        if path.startswith(prefix) or prefix.startswith(path):
            yield server, prefix


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


class ServerGroup(ServerTemplate):
    """One more kind of server, which scales apart from all others. It always reaches the broker."""

    subnets: Literal["public", "private"] = Field(
        description="public: the load balancer forwards path_prefix to it, and it reaches the external channels; "
        "private: it has no route to or from the internet."
    )
    path_prefix: PathPrefix | None = Field(
        default=None, description="Beginning of the paths that a public server answers, such as /loyalty for /loyalty*."
    )
    rule_number: Annotated[int, Field(ge=1, le=99)] | None = Field(
        default=None,
        description="Number of a public server's rule at the load balancer, its own for good: the rule's priority is "
        "200 and this number.",
    )
    uses: tuple[Use, ...] = Field(
        default=(),
        description="What the server uses besides the broker: the event store, the bucket of images, the topics of "
        "notifications, the purchase gateway, the stream. What it does not name it can neither reach nor call.",
    )
    clients: tuple[ServerName, ...] = Field(
        default=(), description="Servers that call a private server, through the internal load balancer."
    )
    port: Port | None = Field(
        default=None, description="TCP port of a private server and of its listener, HTTPS only; a public one has none."
    )

    def rules(self) -> Iterator[Violation]:
        yield from super().rules()
        yield from repeated("uses", self.uses)
        yield from repeated("clients", self.clients)
        public = self.subnets == "public"
        for key, value in (("path_prefix", self.path_prefix), ("rule_number", self.rule_number)):
            if (value is None) is public:
                yield Violation(
                    (key,), value, "a value, because the server is public" if public else "no value: private"
                )
        if (self.port is None) is not public:
            yield Violation(
                ("port",), self.port, "no value: all public servers have servers.port" if public else "a port: private"
            )
        if public and self.clients:
            yield Violation(
                ("clients",), list(self.clients), "none: a public server answers at the load balancer, whoever calls"
            )


class Servers(Part):
    """The servers in the public subnets, and groups of further servers."""

    core: CoreServer = Field(default=CoreServer(), description="The core server.")
    ordering: OrderingServer = Field(default=OrderingServer(), description="The ordering server.")
    groups: dict[GroupName, ServerGroup] = Field(
        default={}, description="Further servers, public and private, by name."
    )
    port: Port = Field(default=8443, description="TCP port on which every public server listens, HTTPS only.")
    health_check_path: Path = Field(default="/health", description="Path of the load balancer's health check.")
    log_retention_days: LogRetentionDays = Field(
        default=365, description="Days that the logs of all servers, public and private, are kept."
    )
    datadog_agent: bool = Field(
        default=False,
        description="Whether the DataDog agent runs on the public servers; needs the channel datadog.",
    )

    @property
    def by_name(self) -> dict[str, ServerGroup]:
        """The further servers by the name that their resources and artifacts have."""
        return {f"{key}{SERVER_SUFFIX}": group for key, group in self.groups.items()}

    @property
    def callers(self) -> set[str]:
        """The servers that may be clients of a private one."""
        return {*SERVER_NAMES, *self.by_name} - {"event-store"}  # it calls nobody

    @property
    def readers_of_stream(self) -> set[str]:
        """The servers that a consumer of the stream may be."""
        further = {name for name, group in self.by_name.items() if "stream" in group.uses}
        return {"core-server", "ordering-server", "purchase-gateway", *further}

    @property
    def prefixes(self) -> dict[str, str]:
        """The beginnings of the paths that public servers but core answer, by server."""
        further = {key: group.path_prefix for key, group in self.groups.items() if group.path_prefix}
        return {"ordering": ORDERING_PREFIX, **further}

    def rules(self) -> Iterator[Violation]:
        callers = self.callers
        prefixes = {"ordering": ORDERING_PREFIX}
        numbers: dict[int, str] = {}
        ports: dict[int, str] = {}
        for key, group in self.groups.items():
            at = ("groups", key)
            if group.path_prefix:
                for other, prefix in overlapping(group.path_prefix, prefixes):
                    yield Violation(
                        (*at, "path_prefix"),
                        group.path_prefix,
                        f"another path than {prefix}, which {other} answers",
                    )
                prefixes[key] = group.path_prefix
            for name, number, taken in (("rule_number", group.rule_number, numbers), ("port", group.port, ports)):
                if number in taken:
                    yield Violation((*at, name), number, f"a number of its own, not that of {taken[number]}")
                if number is not None:
                    taken[number] = key
            for index, client in enumerate(group.clients):
                others = callers - {f"{key}{SERVER_SUFFIX}"}
                if client not in others:
                    yield Violation((*at, "clients", index), client, f"one of {', '.join(sorted(others))}")
