"""Network interfaces: whose they are, and which have public addresses of their own."""

from __future__ import annotations

from policies.library.model import Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability.read.reading import Reading, could_be_anything, leaves

INSTANCES = ("aws_instance", "aws_spot_instance_request")
INTERFACE = "aws_network_interface"
_ATTACHMENT = "aws_network_interface_attachment"
_BLOCKS = ("network_interface", "primary_network_interface")


class Interfaces:
    """The network interfaces that are declared on their own, by instance."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._primary: dict[str, list[Resource]] = {}
        self._attached: dict[str, list[Resource]] = {}
        self._perhaps: dict[str, list[Resource]] = {}
        self._elsewhere: dict[str, list[Value]] = {}
        self._holders: dict[str, Resource] = {}
        for instance in reading.configuration.of_type(*INSTANCES):
            self._collect(instance)
        for interface in reading.configuration.of_type(INTERFACE):
            for block in reading.blocks(interface, "attachment", interface, "the attachments that are known are read"):
                self._attach(interface, block.get("instance"))
        for each in reading.configuration.of_type(_ATTACHMENT):
            for choice in reading.candidates(each, "network_interface_id", (INTERFACE,)):
                is_certain = choice.assumption is None and reading.presence(each) is None
                self._attach(choice.resource, each.get("instance_id"), is_certain)
        self._groups: dict[str, list[Resource]] = {}
        for each in reading.configuration.of_type("aws_network_interface_sg_attachment"):
            for owner in reading.owners(each, "network_interface_id", (*INSTANCES, INTERFACE)):
                self._groups.setdefault(owner.address, []).append(each)

    def of(self, instance: Resource) -> list[Resource]:
        """The interfaces that an instance has besides one of its own, the primary one first."""
        return [*self.primary(instance), *self._attached.get(instance.address, ())]

    def primary(self, instance: Resource) -> list[Resource]:
        """The interfaces that an instance is made with instead of one of its own."""
        return self._primary.get(instance.address, [])

    def perhaps_of(self, instance: Resource) -> list[Resource]:
        """The interfaces that an instance may have where it is not known which it has."""
        return self._perhaps.get(instance.address, [])

    def elsewhere_of(self, instance: Resource) -> list[Value]:
        """The interfaces that an instance is made with and that are not declared here."""
        return self._elsewhere.get(instance.address, [])

    def groups_of(self, *resources: Resource) -> list[Resource]:
        """The attachments of security groups to interfaces, or to the first ones of instances."""
        return list(dict.fromkeys(each for resource in resources for each in self._groups.get(resource.address, ())))

    def holder(self, resource: Resource) -> Resource:
        """The instance that an interface belongs to; an instance, or an interface of nobody, itself."""
        return self._holders.get(resource.address, resource)

    def _collect(self, instance: Resource) -> None:
        for name in _BLOCKS:
            blocks = self._reading.blocks(instance, name, instance, "any interface")
            ids = [leaf for block in blocks for leaf in leaves(block.get("network_interface_id"))]
            for value in (*ids, *(each for each in instance.values(name) if isinstance(each, Unknown))):
                found = [each.resource for each in self._reading.choices(value, (INTERFACE,), instance)]
                is_certain = len(found) == 1 and bool(self._reading.named(value, (INTERFACE,)))
                for interface in found if is_certain else ():
                    self._primary.setdefault(instance.address, []).append(interface)
                    self._holders.setdefault(interface.address, instance)
                if not is_certain:
                    self._perhaps.setdefault(instance.address, []).extend(found)
                    self._elsewhere.setdefault(instance.address, []).append(value)
                if not found and could_be_anything(value):
                    self._reading.assume(f"it is not known which interface {label_of(value)} is: any", instance)
                    self._perhaps[instance.address] = list(self._reading.configuration.of_type(INTERFACE))

    def _attach(self, interface: Resource, value: Value, is_certain: bool = True) -> None:
        for leaf in leaves(value):
            found = self._reading.choices(leaf, INSTANCES, interface)
            for choice in found:
                if is_certain and choice.assumption is None:
                    self._attached.setdefault(choice.resource.address, []).append(interface)
                    self._holders.setdefault(interface.address, choice.resource)
                else:
                    self._perhaps.setdefault(choice.resource.address, []).append(interface)
            if not found and could_be_anything(leaf):
                self._reading.assume(f"it is not known which instance {label_of(leaf)} is: any", interface)
                for instance in self._reading.configuration.of_type(*INSTANCES):
                    self._perhaps.setdefault(instance.address, []).append(interface)
