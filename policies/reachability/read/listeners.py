"""Listeners: which load balancer each belongs to, on which ports, and which target groups it forwards to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policies.library.load_balancers import LISTENER_RULES, LISTENERS, LOAD_BALANCERS, TARGET_GROUPS, target_groups
from policies.library.load_balancers import actions as actions_of
from policies.library.model import Block, Resource
from policies.library.ports import LAST
from policies.library.values import Unknown, UnknownValue, Value, label_of
from policies.reachability import traffic
from policies.reachability.intervals import Intervals
from policies.reachability.network import Node
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading, leaves

CLASSIC = "aws_elb"
_DATA = ("data.aws_lb", "data.aws_alb")
_GENEVE_PORT = 6081
_NETWORK_PROTOCOLS = frozenset({"TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"})
_PROTOCOLS: Mapping[str, tuple[str, ...]] = {
    "UDP": ("udp",),
    "TCP_UDP": ("tcp", "udp"),
    "QUIC": ("udp",),
    "TCP_QUIC": ("tcp", "udp"),
    "GENEVE": ("udp",),
}
"""What of TCP and UDP is under the protocols of listeners; under all others it is TCP."""


@dataclass(frozen=True)
class Listener:
    """A listener, or a part of one that is declared elsewhere."""

    balancer: str
    resource: Resource
    protocol: str
    """`tcp` or `udp`; a listener of both is two."""
    front: Intervals
    is_network: bool
    """Whether it is a network load balancer's, which may keep clients' addresses."""


class Listeners:
    """All listeners, and the load balancers of those whose own is declared elsewhere."""

    def __init__(self, places: Places, nodes: Mapping[str, Node]) -> None:
        self._places, self._reading, self._known = places, places.reading, nodes
        self.elsewhere: dict[str, Node] = {}
        """Load balancers that are not declared here, by how they are written."""
        self._rules: dict[str, list[Resource]] = {}
        self.all = tuple(self._read())

    def actions(self, listener: Listener) -> Iterator[tuple[Value, Resource]]:
        """The target groups that a listener and its rules forward to, and which of them says so."""
        for subject in (listener.resource, *self._rules.get(listener.resource.address, ())):
            yield from _forwarded(subject, self._reading)

    def declare_elsewhere(self, key: str, resource: Resource, vpc: Value) -> str:
        """A load balancer that is not declared here: taken for one that the internet reaches."""
        if key not in self.elsewhere:
            self._reading.assume(f"{key} is not declared here: taken for one that the internet reaches", resource)
            subnets: list[Value] = [Unknown(f"the subnets of {key}")]
            groups: list[Value] = [Unknown(f"the security groups of {key}")]
            standing = self._places.subnets_of(resource, subnets, (), vpc)
            found = self._places.groups_of(resource, groups, standing[0].vpc)
            self.elsewhere[key] = Node(
                key, key, "load balancer", resource=resource, subnets=standing, groups=found, is_public=True
            )
        return key

    def _read(self) -> Iterator[Listener]:
        for resource in self._reading.configuration.of_type(*LISTENERS):
            for key in self._balancers(resource):
                yield from self._listener(resource, key)
        for rule in self._reading.configuration.of_type(*LISTENER_RULES):
            listeners = self._reading.owners(rule, "listener_arn", LISTENERS)
            for listener in listeners:
                self._rules.setdefault(listener.address, []).append(rule)
            if not listeners:
                label = next((label_of(leaf) for leaf in leaves(rule.get("listener_arn"))), rule.address)
                key = self.declare_elsewhere(f"the load balancer of {label}", rule, _vpc_of(rule, self._reading))
                yield Listener(key, rule, "tcp", front=traffic.TCP, is_network=False)

    def _balancers(self, listener: Resource) -> list[str]:
        """The keys of a listener's load balancer, or of all that it may be."""
        found = self._reading.owners(listener, "load_balancer_arn", (*LOAD_BALANCERS, *_DATA))
        vpc = _vpc_of(listener, self._reading)
        keys = [each.address for each in found if each.address in self._known]
        keys += [self.declare_elsewhere(each.address, each, vpc) for each in found if each.type in _DATA]
        for leaf in leaves(listener.get("load_balancer_arn")) if not found else ():
            return [self.declare_elsewhere(label_of(leaf), listener, vpc)]
        return keys

    def _listener(self, resource: Resource, key: str) -> Iterator[Listener]:
        port = self._reading.number(resource, "port", "taken for every port", resource)
        name = self._reading.text(resource, "protocol", "HTTP").upper()
        balancer = self._known[key].resource if key in self._known else None
        kind = _kind(balancer, self._reading)
        if kind == "gateway":
            name, port = "GENEVE", _GENEVE_PORT
        elif isinstance(resource.get("protocol"), Unknown):
            name = "HTTP" if kind == "application" else "TCP_UDP"
        is_network = kind == "network" or (not kind and name in _NETWORK_PROTOCOLS)
        for protocol in _PROTOCOLS.get(name, ("tcp",)):
            yield Listener(key, resource, protocol, front=ports(protocol, port), is_network=is_network)


def vpc_of_targets(balancer: Resource, reading: Reading) -> Value:
    """The VPC that the targets of a load balancer are in, which is its own; None if nothing says so."""
    for listener in reading.configuration.of_type(*LISTENERS):
        if balancer in reading.owners(listener, "load_balancer_arn", LOAD_BALANCERS, widens=False):
            found = _vpc_of(listener, reading)
            if found is not None:
                return found
    return None


def _vpc_of(subject: Resource, reading: Reading) -> Value:
    """The VPC that the targets of a listener or rule are in."""
    for value, _ in _forwarded(subject, reading):
        for leaf in leaves(value):
            for group in reading.named(leaf, TARGET_GROUPS):
                if group.has("vpc_id"):
                    return group.get("vpc_id")
    return None


def _forwarded(subject: Resource, reading: Reading) -> Iterator[tuple[Value, Resource]]:
    """The target groups that a listener or rule forwards to, and itself."""
    try:
        if any(_forwards(action) for action in actions_of(subject)):
            for value in target_groups(subject):
                yield value, subject
    except UnknownValue as unknown:
        reading.assume(f"what it does is not known ({unknown}): as if it forwarded to all", subject)
        yield Unknown("any target group"), subject


def _kind(balancer: Resource | None, reading: Reading) -> str:
    """The type of a load balancer, empty where it is not known."""
    if balancer is None or isinstance(balancer.get("load_balancer_type"), Unknown):
        return ""
    return reading.text(balancer, "load_balancer_type", "application")


def classic(balancer: Resource, reading: Reading) -> Iterator[tuple[Intervals, Intervals]]:
    """Front and back of every listener of a classic load balancer, which speaks TCP on both sides."""
    for block in reading.blocks(balancer, "listener", balancer, "as if it listened on every port"):
        front = reading.number(block, "lb_port", "taken for every port", balancer)
        back = reading.number(block, "instance_port", "taken for every port", balancer)
        yield ports("tcp", front), ports("tcp", back)
    if any(isinstance(each, Unknown) for each in balancer.values("listener")):
        yield traffic.TCP, traffic.TCP


def ports(protocol: str, port: int | None) -> Intervals:
    """A port, or all of them where it is not known."""
    return traffic.ports(protocol, 0, LAST) if port is None else traffic.ports(protocol, port, port)


def _forwards(action: Block) -> bool:
    """Whether an action is about target groups. Raises UnknownValue."""
    return action.has("target_group_arn") or action.has("forward") or action.text("type").lower() == "forward"
