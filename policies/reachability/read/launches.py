"""What instances are launched with: launch templates and configurations, and what names them.

Source: EC2 user guide, "Launch template parameters"; Auto Scaling user guide, "Launch templates"; EKS user guide,
"Customize managed nodes with launch templates"; AWS Batch user guide, "Launch template support".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.library.model import Block, Resource
from policies.library.values import Unknown, UnknownValue, Value, label_of
from policies.reachability.network import Subnet
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading, could_be_anything, leaves

TEMPLATE = "aws_launch_template"
CONFIGURATION = "aws_launch_configuration"
LAUNCHING = frozenset(
    {
        "aws_batch_compute_environment",
        "aws_cloud9_environment_ec2",
        "aws_ecs_capacity_provider",
        "aws_eks_node_group",
        "aws_emr_cluster",
        "aws_imagebuilder_infrastructure_configuration",
    }
)
"""Services that launch instances, some with a template: what that leaves to the subnets, these say."""

_OVERRIDES = ("override", "overrides")
_HOLDING = (
    "launch_template",
    "launch_template_specification",
    "mixed_instances_policy",
    "launch_template_config",
    *_OVERRIDES,
    "launch_specification",
)
"""Blocks that name templates, or have blocks that do."""

_GROUPS = "vpc_security_group_ids"
_PUBLIC = "associate_public_ip_address"
_IPV6 = ("ipv6_addresses", "ipv6_address_list", "ipv6_prefixes")
_NAMES = ("id", "name", "launch_template_id", "launch_template_name")


@dataclass(frozen=True)
class Launch:
    """How instances are launched."""

    groups: tuple[Value, ...] = ()
    subnets: tuple[Value, ...] = ()
    public: Value = None
    """Whether they get a public address; None leaves it to the subnet."""
    has_ipv6: bool = False
    resource: Resource | None = None
    is_override: bool = False
    """Whether it only says where another one launches."""

    def gives_public_address(self, instance: Resource | None, places: Places, standing: Sequence[Subnet]) -> bool:
        """Whether instances get a public address; what an instance says itself comes first."""
        for resource, value in ((instance, instance.get(_PUBLIC) if instance else None), (self.resource, self.public)):
            for leaf in leaves(value):
                if isinstance(leaf, Unknown):
                    places.reading.assume("whether it has a public address is not known: taken to have one", resource)
                    return True
                return str(leaf).lower() in ("true", "1")
        return places.gives_public_addresses(standing)


def launch_of(instance: Resource, reading: Reading) -> Launch:
    """The template of an instance, if it has one."""
    return next(_in_blocks(instance, instance, reading), Launch())


def launches_with(service: Resource, reading: Reading) -> list[Launch]:
    """The templates with which a service of `LAUNCHING` launches instances; one that says nothing if it has none."""
    within = reading.blocks(service, "compute_resources", service, "read as far as known")
    return [launch for block in (service, *within) for launch in _in_blocks(block, service, reading)] or [Launch()]


def launches_of(fleet: Resource, reading: Reading) -> list[Launch]:
    """All ways in which a scaling group or fleet launches instances."""
    found = list(_launches(fleet, fleet, reading))
    if found:
        return found
    return [_unknown(fleet, reading)]


def _unknown(user: Resource, reading: Reading) -> Launch:
    reading.assume("how its instances are launched is not known: with public addresses, open to everything", user)
    return Launch((Unknown("its launch template"),), (), True)


def _in_blocks(block: Block, user: Resource, reading: Reading) -> Iterator[Launch]:
    """The templates in the blocks `launch_template` of a resource, or of a block in it."""
    if any(isinstance(each, Unknown) for each in block.values("launch_template")):
        yield _unknown(user, reading)
    for inner in reading.blocks(block, "launch_template", user, "only the templates that are known are read"):
        yield from _named(inner, user, reading)


def _launches(block: Block, fleet: Resource, reading: Reading) -> Iterator[Launch]:
    """The templates that a block names, or blocks in it."""
    for name in _HOLDING:
        for inner in reading.blocks(block, name, fleet, "only the templates that are known are read"):
            if any(inner.has(each) for each in _NAMES):
                yield from _named(inner, fleet, reading)
            yield from _launches(inner, fleet, reading)
            if name in _OVERRIDES and inner.has("subnet_id"):
                yield Launch((), (inner.get("subnet_id"),), False, is_override=True)
            if name == "launch_specification":
                yield Launch(
                    (inner.get(_GROUPS),), (inner.get("subnet_id"),), inner.get(_PUBLIC), has_ipv6=False, resource=fleet
                )
    for value in leaves(block.get("launch_configuration")):
        yield from _of(value, (CONFIGURATION,), fleet, reading)


def _named(block: Block, user: Resource, reading: Reading) -> Iterator[Launch]:
    """The template that a block names by id or name; a plan may have a stand-in for one of them."""
    values = [value for name in _NAMES for value in leaves(block.get(name))]
    known = [value for value in values if reading.named(value, (TEMPLATE,))]
    for value in (known or values)[:1]:
        yield from _of(value, (TEMPLATE,), user, reading)


def _of(value: Value, types: tuple[str, ...], user: Resource, reading: Reading) -> Iterator[Launch]:
    found = reading.named(value, types)
    if not found and could_be_anything(value):
        found = list(reading.configuration.of_type(*types))
        reading.assume(f"it is not known which template {label_of(value)} is: any", user)
    for resource in found:
        yield _template(resource, reading) if resource.type == TEMPLATE else _configuration(resource)
    if not found:
        reading.assume(f"{label_of(value)} is not declared here: with public addresses, open to everything", user)
        yield Launch((Unknown(f"the groups of {label_of(value)}"),), (), True)


def _configuration(resource: Resource) -> Launch:
    return Launch((resource.get("security_groups"),), (), resource.get(_PUBLIC), has_ipv6=False, resource=resource)


def _template(resource: Resource, reading: Reading) -> Launch:
    groups = [resource.get(_GROUPS), resource.get("security_group_names")]
    subnets: list[Value] = []
    public: Value = None
    is_six = False
    if any(isinstance(each, Unknown) for each in resource.values("network_interfaces")):
        public = True
        groups.append(Unknown("network_interfaces"))
    for block in reading.blocks(resource, "network_interfaces", resource, "with public addresses, open to everything"):
        groups.append(block.get("security_groups"))
        subnets.append(block.get("subnet_id"))
        is_six = is_six or has_ipv6(block)
        for interface in reading.named(block.get("network_interface_id"), ("aws_network_interface",)):
            groups.append(interface.get("security_groups"))
            subnets.append(interface.get("subnet_id"))
        said = next(leaves(block.get(_PUBLIC)), None)
        if public is None or isinstance(said, Unknown) or str(said).lower() == "true":
            public = said
    written = tuple(each for each in groups if any(True for _ in leaves(each)))
    return Launch(written, tuple(subnets), public, has_ipv6=is_six, resource=resource)


def has_ipv6(block: Block) -> bool:
    """Whether an instance or interface is given IPv6 addresses."""
    if any(block.has(name) for name in _IPV6):
        return True
    try:
        return bool(block.number("ipv6_address_count")) or block.flag("primary_ipv6")
    except UnknownValue:
        return True
