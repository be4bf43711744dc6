"""Parts of a configuration that are hidden from the reader, as they are in configurations of other people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from policies.library.gaps import Gap, GapKind
from policies.library.model import Configuration, Resource
from policies.library.values import Linked, ModuleOutput, Partial, Reference, Unknown, Value

MODULE = "module.hidden"
LOOKED_UP = (
    "aws_autoscaling_group",
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_route_table",
    "aws_instance",
    "aws_internet_gateway",
    "aws_lb_target_group",
    "aws_nat_gateway",
    "aws_network_acl",
    "aws_route_table",
    "aws_security_group",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_peering_connection",
    "aws_vpn_gateway",
)
"""Types that have a data source."""


def without_number(configuration: Configuration, random: Random) -> tuple[str, Configuration]:
    """The configuration with a resource of which it is not known how many there are."""
    chosen = random.choice(_managed(configuration))
    changed = replace(chosen, depends_on_counts=frozenset({"var.number"}))
    return f"the number of {chosen.address}", _with(configuration, {chosen.address: changed})


def looked_up(configuration: Configuration, random: Random) -> tuple[str, Configuration]:
    """The configuration with a resource that is declared elsewhere, and looked up in a way that is not known."""
    chosen = random.choice([each for each in _managed(configuration) if each.type in LOOKED_UP])
    plural = "s" if chosen.type == "aws_network_acl" else ""
    type_ = f"data.{chosen.type}{plural}"
    address = f"{type_}.{chosen.name}"
    data = Resource(
        {"filter": Unknown("var.filters")}, address, address, type=type_, name=chosen.name, file=chosen.file
    )

    def found(reference: Reference) -> Value:
        return Reference(f"{address}.{reference.attribute}", address, reference.attribute)

    return f"{chosen.address} behind a lookup", _without(configuration, chosen, found, {address: data})


def in_module(configuration: Configuration, random: Random) -> tuple[str, Configuration]:
    """The configuration with a resource in a module that is not here, and is given all that the resource needs."""
    chosen = random.choice(_managed(configuration))
    gap = Gap(GapKind.MODULE, MODULE, f"{MODULE}: its source is not here", arguments=chosen.attributes)

    def put_out(reference: Reference) -> Value:
        return ModuleOutput(f"{MODULE}.{reference.attribute}", MODULE)

    changed = _without(configuration, chosen, put_out, {})
    return f"{chosen.address} in a module", replace(changed, gaps=(*changed.gaps, gap))


WAYS = (without_number, looked_up, in_module)


def _managed(configuration: Configuration) -> list[Resource]:
    return [each for _, each in sorted(configuration.resources.items()) if not each.type.startswith("data.")]


def _with(configuration: Configuration, changed: Mapping[str, Resource]) -> Configuration:
    return replace(configuration, resources={**configuration.resources, **changed})


def _without(
    configuration: Configuration,
    hidden: Resource,
    instead: Callable[[Reference], Value],
    others: Mapping[str, Resource],
) -> Configuration:
    """The configuration without a resource, and something instead of every reference to it."""

    def change(reference: Reference) -> Value:
        return instead(reference) if reference.address == hidden.address else reference

    left = {
        address: replace(each, attributes=_mapping(each.attributes, change))
        for address, each in configuration.resources.items()
        if address != hidden.address
    }
    gaps = tuple(replace(gap, arguments=_mapping(gap.arguments, change)) for gap in configuration.gaps)
    return replace(configuration, resources={**left, **others}, gaps=gaps)


def _mapping(values: Mapping[str, Value], change: Callable[[Reference], Value]) -> Mapping[str, Value]:
    return {name: _changed(value, change) for name, value in values.items()}


def _changed(value: Value, change: Callable[[Reference], Value]) -> Value:
    if isinstance(value, Reference):
        return change(value)
    if isinstance(value, Linked):
        changed = change(value.reference)
        return value if changed is value.reference else changed
    if isinstance(value, Partial):
        parts = tuple(each if isinstance(each, str) else _changed(each, change) for each in value.parts)
        return replace(value, parts=tuple(each for each in parts if isinstance(each, str | Unknown)))
    if isinstance(value, tuple):
        return tuple(_changed(each, change) for each in value)
    if isinstance(value, Mapping):
        return _mapping(value, change)
    return value
