"""Which declared resource a data source finds: for certain, perhaps, or none.

Sources: EC2 API reference, the `Filters` of each Describe action; the provider's data sources, whose arguments are the
same filters under other names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from policies.library.model import Configuration, Resource
from policies.library.values import Unknown, UnknownValue, Value

Resolve = Callable[[Value], Iterable[Resource]]

_DATA = "data."
_PLURAL = re.compile(r"(_ids|s)$")
_INTERFACES = ("aws_network_interface", "aws_instance", "aws_spot_instance_request")
_BALANCERS = ("aws_lb", "aws_alb")
_OTHERS: Mapping[str, tuple[str, ...]] = {
    "data.aws_network_interface": _INTERFACES,
    "data.aws_network_interfaces": _INTERFACES,
    "data.aws_instance": ("aws_instance", "aws_spot_instance_request"),
    "data.aws_instances": ("aws_instance", "aws_spot_instance_request"),
    "data.aws_lb": _BALANCERS,
    "data.aws_alb": _BALANCERS,
    "data.aws_lbs": _BALANCERS,
    "data.aws_lb_target_group": ("aws_lb_target_group", "aws_alb_target_group"),
    "data.aws_alb_target_group": ("aws_lb_target_group", "aws_alb_target_group"),
    "data.aws_lb_listener": ("aws_lb_listener", "aws_alb_listener"),
    "data.aws_alb_listener": ("aws_lb_listener", "aws_alb_listener"),
    "data.aws_ec2_transit_gateway_attachment": (
        *("aws_ec2_transit_gateway_vpc_attachment", "aws_vpn_connection", "aws_dx_gateway_association"),
        *("aws_ec2_transit_gateway_peering_attachment", "aws_ec2_transit_gateway_connect", "aws_vpn_concentrator"),
    ),
    "data.aws_ec2_transit_gateway_dx_gateway_attachment": ("aws_dx_gateway_association",),
    "data.aws_ec2_transit_gateway_vpn_attachment": ("aws_vpn_connection",),
}
"""Data sources that find more types than their own: of an instance, the interface that it is made with."""

_MADE_BY_AWS = frozenset({"aws_route_table", "aws_network_acl", "aws_security_group"})
"""What every VPC has one of that nobody declares."""

_ITSELF = ("id", "ids", "arn", "arns", "transit-gateway-attachment-id")
_OWN_IDS = ("id", "ids", "arn", "arns", "name", "names", "resource-id", "transit-gateway-attachment-id")
_IDS: Mapping[str, str] = {
    "attachment.instance-id": "aws_instance",
    "instance-id": "aws_instance",
    "instance_id": "aws_instance",
    "network-interface-id": "aws_network_interface",
    "group-id": "aws_security_group",
    "subnet-id": "aws_subnet",
    "vpc-id": "aws_vpc",
    "route-table-id": "aws_route_table",
    "network-acl-id": "aws_network_acl",
    "internet-gateway-id": "aws_internet_gateway",
    "nat-gateway-id": "aws_nat_gateway",
    "vpn-gateway-id": "aws_vpn_gateway",
    "vpc-peering-connection-id": "aws_vpc_peering_connection",
    "transit-gateway-id": "aws_ec2_transit_gateway",
}
"""Filters by the id of a thing, which is the candidate itself where it is of that type, else an attribute of it."""

_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "group-name": ("name",),
    "group-id": ("vpc_security_group_ids", "security_groups"),
    "instance.group-id": ("vpc_security_group_ids", "security_groups"),
    "attachment.vpc-id": ("vpc_id",),
    "attached_vpc_id": ("vpc_id",),
    "requester-vpc-info.vpc-id": ("vpc_id",),
    "accepter-vpc-info.vpc-id": ("peer_vpc_id",),
    "default-vpc-id": ("vpc_id",),
    "resource-id": ("vpc_id", "dx_gateway_id"),
    "transit-gateway-id": ("associated_gateway_id",),
    "transit_gateway_id": ("associated_gateway_id",),
    "cidr": ("cidr_block",),
    "cidr-block": ("cidr_block",),
    "association.subnet-id": ("subnet_ids",),
    "private-ip-address": ("private_ip", "private_ips"),
    "addresses.private-ip-address": ("private_ip", "private_ips"),
}
"""Filters, and the arguments of resources that they are about where those have other names."""

_IRRELEVANT = frozenset(
    {
        "availability-zone-id",
        "filter",
        "most_recent",
        "region",
        "state",
        "status",
        "instance-state-name",
        "instance_state_names",
        "status-code",
        "timeouts",
        "domain",
        "get_password_data",
        "get_user_data",
    }
)
"""What says nothing about which one is found: what exists is in that state."""


class Match(Enum):
    """Whether a data source finds a resource."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True)
class Found:
    """What a data source finds."""

    certain: tuple[Resource, ...]
    """Declared resources that it finds for certain."""
    possible: tuple[Resource, ...]
    """Others that it may find, instead or also."""
    is_elsewhere: bool
    """Whether it may find something that is not declared here."""


def types_of(data: Resource) -> tuple[str, ...]:
    """The types of what a data source finds."""
    if data.type in _OTHERS:
        return _OTHERS[data.type]
    single = _PLURAL.sub("", data.type.removeprefix(_DATA))
    own = data.type.removeprefix(_DATA)
    types = {own, single, own.removesuffix("_ids"), own.removesuffix("s")}
    return (*sorted(types), *sorted(each.replace("aws_", "aws_default_", 1) for each in types))


def find(data: Resource, configuration: Configuration, resolve: Resolve) -> Found:
    """What a data source finds among the declared resources."""
    asked = list(criteria(data))
    matched = [
        (each, [matches(name, values, each, data, resolve) for name, values in asked])
        for each in configuration.of_type(*types_of(data))
    ]
    candidates = [(each, results) for each, results in matched if Match.NO not in results]
    certain = [each for each, results in candidates if results and all(result is Match.YES for result in results)]
    is_specific = any(_is_specific(name, data) for name, _ in asked)
    is_plural = not _is_single(data)
    if not is_specific and (is_plural or len(certain) > 1 or _MADE_BY_AWS & set(types_of(data))):
        certain = []
    others = [each for each, _ in candidates if each not in certain]
    if certain and not is_plural:
        return Found(tuple(certain), (), is_elsewhere=False)
    return Found(tuple(certain), tuple(others), is_elsewhere=not certain)


def _is_single(data: Resource) -> bool:
    return not data.type.endswith("s")


def criteria(data: Resource) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """What a data source looks for: arguments, tags, and filters under their names."""
    for name, value in data.attributes.items():
        if name in ("tags", "instance_tags"):
            yield from _tags(value)
        elif name in _IRRELEVANT or name.startswith("depends") or not data.has(name):
            continue
        else:
            yield name, data.values(name)
    try:
        blocks = data.blocks("filter")
    except UnknownValue:
        yield "", (Unknown("filter"),)
        return
    for block in blocks:
        label = block.get("name")
        if not isinstance(label, str):
            yield "", (Unknown("filter"),)
        elif label not in _IRRELEVANT:
            yield label, block.values("values") or block.values("value")


def _tags(value: Value) -> Iterator[tuple[str, tuple[Value, ...]]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield f"tag:{key}", (each,)
    elif isinstance(value, Unknown):
        yield "tag:", (value,)


def _is_specific(name: str, data: Resource) -> bool:
    """Whether something that is looked for tells one from others of a VPC."""
    return (
        name.startswith(("tag:", "attachment.", "requester", "accepter", "peer_", "association."))
        or name in _OWN_IDS
        or name
        in ("subnet_id", "group-name", "instance-id", "instance_id", "attached_vpc_id", "cidr_block", "cidr-block")
        or _is_own_id(name, types_of(data))
    )


def _is_own_id(name: str, types: Iterable[str]) -> bool:
    label = name.replace("-", "_")
    return any(
        label in (f"{own}_id", f"{own}_ids", f"{own.removeprefix('vpc_').removeprefix('ec2_')}_id")
        for own in (type_.removeprefix("aws_") for type_ in types)
    ) or (label == "group_id" and "aws_security_group" in types)


def matches(name: str, values: tuple[Value, ...], candidate: Resource, data: Resource, resolve: Resolve) -> Match:
    """Whether a resource is what one argument or filter of a data source asks for."""
    own = candidate.type.replace("aws_default_", "aws_").replace("aws_spot_instance_request", "aws_instance")
    if name.startswith("tag:"):
        tags = candidate.get("tags") if own in data.type else None  # an interface has not the tags of its instance
        return of_tag(name.removeprefix("tag:"), values, tags if isinstance(tags, Mapping) else {})
    if name == "resource-id" and candidate in {each for value in values for each in resolve(value)}:
        return Match.YES
    if (
        name in ("id", "ids", "arn", "arns", "transit-gateway-attachment-id")
        or _is_own_id(name, (own,))
        or _IDS.get(name) == own
    ):
        return _is_itself(values, candidate, resolve)
    if name == "default" and own == "aws_vpc":
        is_default = candidate.type != own
        return (
            Match.MAYBE
            if any(isinstance(each, Unknown) for each in values)
            else _either((str(values[0]).lower() == "true") == is_default)
        )
    attributes = [*_ATTRIBUTES.get(name, ()), name, name.replace("-", "_")]
    found = [each for attribute in attributes for each in candidate.values(attribute)]
    if not found:
        return Match.MAYBE
    return max((_equal(one, other, resolve) for one in values for other in found), key=lambda each: each.value)


def _either(is_so: bool) -> Match:
    return Match.YES if is_so else Match.NO


def of_tag(key: str, values: tuple[Value, ...], tags: Mapping[str, Value]) -> Match:
    """A tag that is not written may come from the provider's default tags."""
    own = tags.get(key)
    if own is None or isinstance(own, Unknown) or any(isinstance(each, Unknown) for each in values):
        return Match.MAYBE
    return _either(any(fnmatchcase(str(own), str(each)) for each in values))


def _is_itself(values: tuple[Value, ...], candidate: Resource, resolve: Resolve) -> Match:
    found = [each for value in values for each in resolve(value)]
    if candidate in found:
        return Match.YES
    is_known = found or not any(isinstance(each, Unknown) for each in values)
    return Match.NO if is_known else Match.MAYBE


def _equal(one: Value, other: Value, resolve: Resolve) -> Match:
    """Whether two values are the same thing: of references, the same resource."""
    if not isinstance(one, Unknown) and not isinstance(other, Unknown):
        return _either(fnmatchcase(str(other), str(one)))
    mine, others = set(resolve(one)), set(resolve(other))
    if mine and others:
        return _either(bool(mine & others))
    return Match.MAYBE
