"""Containers of ECS services and task sets as targets: on which nodes, and on which ports of them.

Tasks with interfaces of their own are targets on the container's port. Others share their hosts': ECS registers the
host with the host's port, which Docker chooses where none is given. Source: ECS developer guide, "Task definition
parameters", `portMappings` ("dynamic port range", from 32768), and "Amazon ECS capacity providers".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.library.json_text import from_json
from policies.library.model import Resource
from policies.library.ports import LAST
from policies.library.values import Unknown, UnknownValue, Value
from policies.reachability.network import Node
from policies.reachability.read.interfaces import INSTANCES
from policies.reachability.read.reading import Reading, leaves
from policies.reachability.read.servers import FLEETS

SERVICES = ("aws_ecs_service", "aws_ecs_task_set")

Span = tuple[int, int]
"""The first and the last of some ports."""
ANY_PORT: Span = (0, LAST)
_DYNAMIC: Span = (32768, LAST)

_DEFINITION = ("aws_ecs_task_definition",)
_PROVIDER = ("aws_ecs_capacity_provider",)
_GROUP = ("aws_autoscaling_group",)
_HOSTS = (*FLEETS, *INSTANCES, *_PROVIDER)


class Containers:
    """Where the containers of services are."""

    def __init__(self, reading: Reading, nodes: Mapping[str, Node]) -> None:
        self._reading, self._nodes = reading, nodes

    def of(self, service: Resource, port: Value) -> list[tuple[str, Span]]:
        """The nodes that the containers of a service are on, each with the ports that lead to a container's port."""
        container = self._number(port)
        if service.address in self._nodes:
            return [(service.address, container)]
        span = self._host_ports(service, container)
        return [(key, span) for key in self._hosts(service)]

    def _hosts(self, service: Resource) -> list[str]:
        """Whose interfaces containers share: the instances of the service's capacity providers, else any."""
        provided = self._provided(service)
        if provided is not None:
            return provided
        found = [key for key, node in self._nodes.items() if node.resource.type in _HOSTS]
        if found:
            self._reading.assume("its containers share their hosts' interfaces: taken to be on every one", service)
        return found

    def _provided(self, service: Resource) -> list[str] | None:
        """The scaling groups of a service's capacity providers; None where they are not known."""
        found: list[str] = []
        for block in self._reading.blocks(service, "capacity_provider_strategy", service, "taken for any"):
            groups = [
                group.address
                for provider in self._reading.named(block.get("capacity_provider"), _PROVIDER)
                for inner in self._reading.blocks(provider, "auto_scaling_group_provider", provider, "any")
                for group in self._reading.named(inner.get("auto_scaling_group_arn"), _GROUP)
                if group.address in self._nodes
            ]
            if not groups:
                return None
            found += groups
        return found or None

    def _host_ports(self, service: Resource, container: Span) -> Span:
        """The ports of hosts that lead to a container's port."""
        definitions = self._reading.named(service.get("task_definition"), _DEFINITION)
        spans = {self._of_definition(each, container) for each in definitions}
        if not spans:
            self._reading.assume("the definition of its tasks is not declared here: on any port of hosts", service)
            return ANY_PORT
        return min(first for first, _ in spans), max(last for _, last in spans)

    def _of_definition(self, definition: Resource, container: Span) -> Span:
        mode = definition.get("network_mode")
        if isinstance(mode, str) and mode in ("host", "awsvpc"):
            return container
        try:
            mapped = list(_host_ports(from_json(definition.get("container_definitions")), container))
        except UnknownValue:
            self._reading.assume("the ports of its containers are not known: on any port of hosts", definition)
            return ANY_PORT
        spans = [_DYNAMIC if port in (None, 0) else self._number(port) for port in mapped] or [ANY_PORT]
        return min(first for first, _ in spans), max(last for _, last in spans)

    def _number(self, value: Value) -> Span:
        """A port; any where it is not known."""
        for leaf in leaves(value):
            try:
                number = int(str(leaf)) if not isinstance(leaf, Unknown) else None
            except ValueError:
                number = None
            return ANY_PORT if number is None else (number, number)
        return ANY_PORT


def _host_ports(definitions: Value, container: Span) -> Iterator[Value]:
    """The ports of hosts that definitions map to a container's port; None and 0 leave them to Docker."""
    if not isinstance(definitions, tuple):
        raise UnknownValue("container definitions that are no list")
    for definition in definitions:
        mappings = definition.get("portMappings") if isinstance(definition, Mapping) else Unknown("a container")
        for mapping in mappings if isinstance(mappings, tuple) else ():
            if isinstance(mapping, Mapping):
                port = mapping.get("containerPort")
                if isinstance(port, Unknown) or container == ANY_PORT or str(port) == str(container[0]):
                    yield mapping.get("hostPort")
            else:
                yield Unknown("portMappings")
        if isinstance(mappings, Unknown):
            yield mappings
