"""Subnets and their route tables: which are private, and where their routes lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from policies.library.model import Block, Configuration, Links, Resource
from policies.library.values import Partial, Unknown, Value, alternatives

_PRIVATE = re.compile(r"(?<![a-z])(private|internal|isolated|intra)(?![a-z])", re.IGNORECASE)
_WORDS = re.compile(r"[a-z]+")
_PUBLIC = re.compile(r"(?<![a-z])(public|dmz)(?![a-z])", re.IGNORECASE)
_DENIED = re.compile(
    r"(?<![a-z])(?:no|non|not|never|un|without|isnt)[- ]*(?:an?[- ]+|any[- ]+|longer[- ]+)?"
    r"(?:private|internal|isolated|intra|public|dmz)(?![a-z])",
    re.IGNORECASE,
)
"""What a name says it is not: `no-private-subnets`, `non-public`. It does not say what it is instead."""

SUBNETS = ("aws_subnet", "aws_default_subnet", "data.aws_subnet")
TABLES = ("aws_route_table", "aws_default_route_table", "data.aws_route_table")
TARGETS = (
    "gateway_id",
    "nat_gateway_id",
    "vpc_peering_connection_id",
    "transit_gateway_id",
    "egress_only_gateway_id",
    "instance_id",
    "network_interface_id",
    "carrier_gateway_id",
    "local_gateway_id",
    "core_network_arn",
    "odb_network_arn",
    "vpc_endpoint_id",
)
"""The arguments of which a route has one: what it leads to."""


@dataclass(frozen=True, eq=False)
class Route:
    """One route: the resource that declares it, and the block with its arguments (of inline routes a nested one)."""

    declared_by: Resource
    block: Block

    @property
    def destination(self) -> Value:
        """The CIDR or prefix list it is for."""
        for name in ("destination_cidr_block", "cidr_block", "destination_ipv6_cidr_block", "ipv6_cidr_block"):
            if self.block.has(name):
                return self.block.get(name)
        return self.block.get("destination_prefix_list_id")

    def targets(self) -> Iterator[tuple[str, Value]]:
        """What it leads to, by argument."""
        for name in TARGETS:
            if self.block.has(name):
                yield name, self.block.get(name)


def is_private(table: Resource, configuration: Configuration) -> bool:
    """Whether a route table is private: one of its subnets says that it is private, or it says so itself."""
    return bool(says_private(table)) or any(map(says_private, subnets_of(table, configuration)))


def says_private(resource: Resource) -> bool | None:
    """What a resource's tag `Name`, its other tags or else its name say: private, public, or nothing (None).

    Other tags may be about the system as a whole, such as one that is called private and has public subnets.
    """
    tags = resource.get("tags")
    values = [tags.get("Name"), *tags.values()] if isinstance(tags, Mapping) else []
    for text in (*filter(None, map(_known_text, values)), resource.name):
        words = _DENIED.sub("", text.replace("_", "-"))
        private, public = _PRIVATE.search(words), _PUBLIC.search(words)
        is_private = private or not resource.private_words.isdisjoint(_WORDS.findall(words.lower()))
        if is_private or public:
            return public is None
    return None


def _known_text(value: Value) -> str:
    """Text, or what is known of it: `orders-public-${...}` says enough."""
    if isinstance(value, Partial):
        return " ".join(part for part in value.parts if isinstance(part, str))
    return value if isinstance(value, str) else ""


def subnets_of(table: Resource, configuration: Configuration) -> Links:
    """The subnets associated with a route table."""
    associations = configuration.referrers(table, "aws_route_table_association", "route_table_id")
    return associations.then(lambda each: configuration.declared(each.get("subnet_id"), *SUBNETS))


def tables_of(subnet: Resource, configuration: Configuration) -> Links:
    """The route tables associated with a subnet."""
    associations = configuration.referrers(subnet, "aws_route_table_association", "subnet_id")
    return associations.then(lambda each: table_named_by(each, configuration))


def table_named_by(resource: Resource, configuration: Configuration) -> Links:
    """The route table that a route or an association names."""
    return configuration.declared(resource.get("route_table_id"), *TABLES)


def is_in_table(route: Resource, holds: Callable[[Value], bool]) -> bool:
    """Whether something holds of the table that a route names; of one of several, if it does so of all or of none.

    Raises UnknownValue.
    """
    tables = route.get("route_table_id")
    answers = {holds(each) for each in alternatives(tables)}
    if len(answers) > 1 and isinstance(tables, Unknown):
        raise tables.failure(f"{route.place}.route_table_id")
    return True in answers


def inline_routes(table: Resource) -> Iterator[Route]:
    """The routes that a route table declares itself."""
    for block in table.blocks("route"):
        yield Route(table, block)


def routes_of(table: Resource, configuration: Configuration) -> Iterator[Route]:
    """A route table's routes, inline ones first. Raises UnknownValue after the last if there may be more."""
    yield from inline_routes(table)
    for route in configuration.referrers(table, "aws_route", "route_table_id"):
        yield Route(route, route)
