"""Load balancers: what they listen on, and where they pass it on to.

Source: Elastic Load Balancing user guides, "Listeners", "Target groups", "Client IP preservation".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.library.load_balancers import (
    LISTENER_RULES,
    LISTENERS,
    LOAD_BALANCERS,
    actions,
    target_groups,
)
from policies.library.model import Block, Resource
from policies.library.ports import LAST
from policies.library.values import Unknown, UnknownValue, Value
from policies.reachability import traffic
from policies.reachability.intervals import Intervals
from policies.reachability.network import Forward, Node, Rule
from policies.reachability.read.places import Places
from policies.reachability.read.target_groups import CLASSIC, Membership, TargetGroups

_PROTOCOLS = {
    "UDP": ("udp",),
    "TCP_UDP": ("tcp", "udp"),
    "QUIC": ("udp",),
    "TCP_QUIC": ("tcp", "udp"),
    "GENEVE": ("udp",),
}
_DATA = ("data.aws_lb", "data.aws_alb")
_GENEVE_PORT = 6081


@dataclass(frozen=True)
class _Listener:
    balancer: str
    resource: Resource
    front: Intervals
    protocols: tuple[str, ...]
    port: int | None
    """None where it is not known, or a whole range."""


class Balancers:
    """Listeners and forwards of all load balancers among some nodes."""

    def __init__(self, places: Places, nodes: Mapping[str, Node]) -> None:
        self._places, self._nodes, self._reading = places, nodes, places.reading
        self._membership = Membership(places, nodes)
        self._groups = TargetGroups(places, nodes, self._membership)
        self._listeners = list(self._read_listeners())

    def listens(self, node: Node) -> Intervals | None:
        """The traffic that a load balancer listens on, for others what they do already."""
        if node.kind != "load balancer":
            return node.listens
        found = Intervals.union(each.front for each in self._listeners if each.balancer == node.key)
        if node.resource.type == CLASSIC:
            found = Intervals.union(front for front, _ in self._classic(node.resource))
        return found

    def forwards(self) -> tuple[Forward, ...]:
        """What every load balancer passes on, in the order of its listeners."""
        found: list[Forward] = []
        for listener in self._listeners:
            for value, resource in self._target_groups(listener.resource):
                found += self._groups.forwards(value, resource, listener.balancer, listener.front, listener.protocols)
        for node in self._nodes.values():
            if node.resource.type == CLASSIC:
                found += self._classic_forwards(node.resource)
        return tuple(dict.fromkeys(found))

    def _read_listeners(self) -> Iterator[_Listener]:
        for listener in self._reading.configuration.of_type(*LISTENERS):
            for balancer in self._reading.owners(listener, "load_balancer_arn", LOAD_BALANCERS):
                if balancer.address in self._nodes:
                    yield self._listener(listener, balancer)

    def _listener(self, listener: Resource, balancer: Resource) -> _Listener:
        port = self._reading.number(listener, "port", "taken for every port", listener)
        name = self._reading.text(listener, "protocol", "HTTP").upper()
        if self._reading.text(balancer, "load_balancer_type") == "gateway":
            name, port = "GENEVE", _GENEVE_PORT
        if isinstance(listener.get("protocol"), Unknown):
            name = "TCP_UDP"
        protocols = _PROTOCOLS.get(name, ("tcp",))
        front = Intervals.union(_ports(protocol, port) for protocol in protocols)
        return _Listener(balancer.address, listener, front, protocols, port)

    def _target_groups(self, listener: Resource) -> Iterator[tuple[Value, Resource]]:
        """The target groups that a listener or one of its rules forwards to, and which says so."""
        rules = [
            rule
            for rule in self._reading.configuration.of_type(*LISTENER_RULES)
            if listener in self._reading.owners(rule, "listener_arn", LISTENERS)
        ]
        for subject in (listener, *rules):
            try:
                if any(_forwards(action) for action in actions(subject)):
                    for value in target_groups(subject):
                        yield value, subject
            except UnknownValue as unknown:
                self._reading.assume(f"what it does is not known ({unknown}): as if it forwarded to all", subject)
                yield Unknown("any target group"), subject

    def _classic(self, balancer: Resource) -> Iterator[tuple[Intervals, Intervals]]:
        """Front and back of every listener of a classic load balancer, which speaks TCP on both sides."""
        for block in self._reading.blocks(balancer, "listener", balancer, "as if it listened on every port"):
            front = self._reading.number(block, "lb_port", "taken for every port", balancer)
            back = self._reading.number(block, "instance_port", "taken for every port", balancer)
            yield _ports("tcp", front), _ports("tcp", back)
        if any(isinstance(each, Unknown) for each in balancer.values("listener")):
            yield traffic.TCP, traffic.TCP

    def _classic_forwards(self, balancer: Resource) -> Iterator[Forward]:
        for front, back in self._classic(balancer):
            for key in self._membership.of_classic(balancer):
                text = f"listener {traffic.describe(front)} -> {traffic.describe(back)} of instances"
                yield Forward(balancer.address, front, key, back, False, Rule(text, balancer))


def _forwards(action: Block) -> bool:
    """Whether an action is about target groups. Raises UnknownValue."""
    return action.has("target_group_arn") or action.has("forward") or action.text("type").lower() == "forward"


def _ports(protocol: str, port: int | None) -> Intervals:
    return traffic.ports(protocol, 0, LAST) if port is None else traffic.ports(protocol, port, port)
