"""Network interfaces: whose they are, and which have public addresses of their own."""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.model import Resource
from policies.library.values import Unknown
from policies.reachability.read.reading import Reading, could_be_anything, label_of, leaves

INSTANCES = ("aws_instance", "aws_spot_instance_request")
INTERFACE = "aws_network_interface"
_ATTACHMENT = "aws_network_interface_attachment"
_BLOCKS = ("network_interface", "primary_network_interface")


def interfaces_of(instance: Resource, reading: Reading) -> list[Resource]:
    """The network interfaces declared on their own that an instance has, the primary one first."""
    found: list[Resource] = []
    for name in _BLOCKS:
        for block in reading.blocks(instance, name, instance, "only the interfaces that are known are read"):
            found += reading.named(block.get("network_interface_id"), (INTERFACE,))
    found += [each for each in reading.configuration.of_type(INTERFACE) if instance in _attached_to(each, reading)]
    return list(dict.fromkeys(found))


def primary_interfaces(instance: Resource, reading: Reading) -> list[Resource]:
    """The network interfaces that an instance is made with instead of one of its own."""
    return [
        interface
        for name in _BLOCKS
        for block in reading.blocks(instance, name, instance, "only the interfaces that are known are read")
        for interface in reading.named(block.get("network_interface_id"), (INTERFACE,))
    ]


def perhaps_interfaces_of(instance: Resource, reading: Reading) -> list[Resource]:
    """The interfaces that an instance may have where it is not known which it has: all that there are."""
    for name in _BLOCKS:
        blocks = reading.blocks(instance, name, instance, "any interface")
        ids = [leaf for block in blocks for leaf in leaves(block.get("network_interface_id"))]
        for value in (*ids, *(each for each in instance.values(name) if isinstance(each, Unknown))):
            if could_be_anything(value) and not reading.named(value, (INTERFACE,)):
                reading.assume(f"it is not known which interface {label_of(value)} is: any", instance)
                return list(reading.configuration.of_type(INTERFACE))
    return []


def holder(resource: Resource, reading: Reading) -> Resource:
    """The instance that a network interface belongs to; an instance, or an interface of nobody, itself."""
    if resource.type != INTERFACE:
        return resource
    for instance in (*_attached_to(resource, reading), *reading.configuration.of_type(*INSTANCES)):
        if resource in interfaces_of(instance, reading):
            return instance
    return resource


def _attached_to(interface: Resource, reading: Reading) -> list[Resource]:
    found: list[Resource] = []
    for block in reading.blocks(interface, "attachment", interface, "only the attachments that are known are read"):
        found += reading.named(block.get("instance"), INSTANCES)
    for each in reading.configuration.of_type(_ATTACHMENT):
        if interface in reading.named(each.get("network_interface_id"), (INTERFACE,)):
            found += reading.named(each.get("instance_id"), INSTANCES)
    return found


class ElasticAddresses:
    """Which instances and interfaces have an elastic IP address."""

    def __init__(self, reading: Reading) -> None:
        self._associated: set[str] = set()
        self._is_anywhere = False
        types = (*INSTANCES, INTERFACE)
        for each in reading.configuration.of_type("aws_eip", "aws_eip_association"):
            for name in ("instance", "instance_id", "network_interface", "network_interface_id"):
                for value in leaves(each.get(name)):
                    found = reading.named(value, types)
                    self._associated.update(resource.address for resource in found)
                    if not found and could_be_anything(value):
                        reading.assume(f"it is not known who has the address ({label_of(value)}): anybody may", each)
                        self._is_anywhere = True

    def has(self, *resources: Resource) -> bool:
        """Whether one of some instances and interfaces has, or may have, one."""
        return self._is_anywhere or any(each.address in self._associated for each in resources)


def attached_groups(reading: Reading, *resources: Resource) -> Iterator[Resource]:
    """The attachments of security groups to interfaces, or to the first ones of instances."""
    for each in reading.configuration.of_type("aws_network_interface_sg_attachment"):
        if set(reading.named(each.get("network_interface_id"), (*INSTANCES, INTERFACE))) & set(resources):
            yield each
