"""Nodes that stand for services of AWS, at which the internet asks, and what these lead to, past routes.

What such services ask of their callers (policies, authentication) is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.library.load_balancers import LISTENERS, LOAD_BALANCERS
from policies.library.model import Resource
from policies.library.values import Value, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Approach, Assumption, Forward, Node, Rule
from policies.reachability.read.interfaces import INSTANCES, INTERFACE
from policies.reachability.read.listeners import CLASSIC
from policies.reachability.read.places import Places
from policies.reachability.read.reading import could_be_anything, leaves

HTTPS = traffic.tcp(443)
WEB = HTTPS | traffic.tcp(80)

_EDGE = "the edge of AWS"
_TARGETS = (*LOAD_BALANCERS, CLASSIC, *INSTANCES, INTERFACE, "aws_eip", *LISTENERS)


class ServiceNodes:
    """Nodes that stand for services, and what they pass on to known nodes."""

    def __init__(self, places: Places, known: Mapping[str, Node]) -> None:
        self.places, self.reading, self.known = places, places.reading, known
        self.nodes: dict[str, Node] = {}
        self.forwards: list[Forward] = []

    def stand(self, resource: Resource, front: Intervals, key: str | None = None, *, is_public: bool = True) -> str:
        """A node for a service, which takes some traffic, of the internet if it is public; its key.

        One that stands already takes more.
        """
        self.reading.assume("what it asks of its callers is not looked at: as if it were open", resource)
        key = key or resource.address
        before = self.nodes.get(key)
        listens = front | ((before.listens or NOTHING) if before else NOTHING)
        self.nodes[key] = Node(
            key,
            key,
            "endpoint",
            resource=resource,
            subnets=self.places.subnets.elsewhere(f"{_EDGE}/subnet", self.places.vpcs.edge(_EDGE)),
            groups=None,
            is_public=is_public or (before is not None and before.is_public),
            has_ipv6=False,
            listens=listens,
        )
        return key

    def lead(
        self,
        key: str,
        front: Intervals,
        target: str,
        back: Intervals,
        resource: Resource,
        *,
        keeps: bool = False,
        clients: Intervals = addresses.ALL,
        doubt: Assumption | None = None,
        senders: Intervals | None = None,
        approach: Approach = Approach.PAST,
        is_private_link: bool = True,
    ) -> None:
        """Lead a node on to another; the rest is as in `Forward`."""
        rule = Rule(f"{resource.address} leads to {target}", resource, doubt)
        found = Forward(
            key,
            front,
            target,
            back=back,
            keeps_client=keeps,
            rule=rule,
            clients=clients,
            senders=senders,
            approach=approach,
            is_private_link=is_private_link,
        )
        self.forwards.append(found)

    def targets(self, value: Value, resource: Resource) -> Iterator[Node]:
        """The nodes that a value names, as it is or as what stands for them; any server where that is not known."""
        found = dict.fromkeys(
            key
            for leaf in leaves(value)
            for each in self.reading.choices(leaf, _TARGETS, resource)
            for key in self._keys(each.resource)
        )
        if not found and (could_be_anything(value) or self._is_discovery(value)):
            found = dict.fromkeys(key for key, node in self.known.items() if node.kind in ("load balancer", "server"))
            if found:
                self.reading.assume(f"it is not known where {label_of(value)} leads: to any server", resource)
        for key in found:
            if key in self.known:
                yield self.known[key]

    def _keys(self, resource: Resource) -> Iterator[str]:
        """The nodes that a target is: itself, a listener's load balancer, or whoever has an address."""
        if resource.type in LISTENERS:
            for each in self.reading.owners(resource, "load_balancer_arn", LOAD_BALANCERS):
                yield each.address
        elif resource.type == "aws_eip":
            for name in ("instance", "network_interface"):
                for holder in self.reading.choices(resource.get(name), (*INSTANCES, INTERFACE), resource):
                    yield self.places.interfaces.holder(holder.resource).address
        else:
            yield self.places.interfaces.holder(resource).address

    def _is_discovery(self, value: Value) -> bool:
        return any(each.type.startswith("aws_service_discovery") for each in self.reading.configuration.resolve(value))


def taken(node: Node) -> Intervals:
    """The traffic that a node answers."""
    return traffic.ALL if node.listens is None else node.listens
