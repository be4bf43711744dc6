"""One network under the analyser and under the simulator, compared on every class of packets."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from policies.reachability import addresses, traffic
from policies.reachability.analysis import Path, answer, direct
from policies.reachability.flows import Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Network, Node
from tests.support.simulator import Interface, Outside, Simulator


class Classes:
    """The numbers of a network: where its sets begin and end, and one number of each class in between."""

    def __init__(self, network: Network) -> None:
        found = set(_intervals(network))
        ends = [addresses.ALL_V4, addresses.ALL_V6, addresses.ALL_SERVICES]
        ends += [traffic.tcp(*traffic.CLIENT_PORTS), traffic.tcp(*traffic.EPHEMERAL)]
        ends += [traffic.TCP, traffic.UDP, traffic.ports("icmp", 0, 65535), traffic.tcp(80), traffic.tcp(443)]
        self.edges = {edge for each in (*found, *ends) for first, last in each.spans for edge in (first, last + 1)}
        self._sorted = sorted(self.edges)
        self._kept: dict[Intervals, list[int]] = {}

    def of(self, numbers: Intervals) -> list[int]:
        """One number of each class in a set that is made of whole classes."""
        if numbers not in self._kept:
            self._kept[numbers] = [
                edge
                for first, last in numbers.spans
                for edge in self._sorted[bisect_left(self._sorted, first) : bisect_right(self._sorted, last)]
            ]
        return self._kept[numbers]


def _intervals(part: object) -> Iterator[Intervals]:
    """Every set that is written in a network."""
    if isinstance(part, Intervals):
        yield part
    elif isinstance(part, dict):
        for each in part.values():
            yield from _intervals(each)
    elif isinstance(part, tuple):
        for each in part:
            yield from _intervals(each)
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            if field.name not in ("resource", "rule"):
                yield from _intervals(getattr(part, field.name))


class Trial:
    """One network under both."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.classes = Classes(network)
        self.packets = self.classes.of(traffic.ALL)
        ports = (traffic.CLIENT_PORTS, traffic.EPHEMERAL)
        some, usual = (self.classes.of(traffic.tcp(*each)) for each in ports)
        self.simulator = Simulator(network, some, usual, packets=self.packets, interfaces=self.interfaces)

    def interfaces(self, node: Node) -> list[Interface]:
        """A node with one address of each class."""
        own = [
            (subnet, node.addresses & subnet.addresses if node.addresses else subnet.addresses)
            for subnet in node.subnets
        ]
        return [
            Interface(node, subnet, number)
            for subnet, found in own
            for number in self.classes.of(found)
            if node.has_ipv6 or number not in addresses.ALL_V6
        ]

    def ends(self, key: str) -> list[Interface] | list[Outside]:
        """An end with one address of each class."""
        if key in self.network.nodes:
            return self.interfaces(self.network.nodes[key])
        return [Outside(key, number) for number in self.classes.of(self.network.externals[key].addresses)]

    def check_direct(self, source: str, target: str) -> int:
        """Compare one connection; how many classes of packets got there."""
        found = direct(self.network, source, target)
        wanted = {
            (one.address, other.address, packet): (one, other, packet)
            for one in self.ends(source)
            for other in self.ends(target)
            if are_of_one_family(one.address, other.address)
            for packet in self.packets
            if self.simulator.connects(one, other, packet, strict=False)
        }
        self.compare(found.flows, set(wanted))
        self.compare(
            found.guaranteed, {key for key, each in wanted.items() if self.simulator.connects(*each, strict=True)}
        )
        return len(wanted)

    def check_ways(self, source: str, target: str, asked: Intervals) -> int:
        """Compare the paths through load balancers and endpoints; how many of them carry something."""
        paths = [path for path in answer(self.network, source, target, asked).paths if path.forwards]
        for path in paths:
            self._check_path(source, path, [packet for packet in self.packets if packet in asked])
        return len([path for path in paths if path])

    def _check_path(self, source: str, path: Path, asked: Sequence[int]) -> None:
        first, simulator = path.forwards[0], self.simulator
        front = [packet for packet in self.packets if packet in first.front]
        some, sure, arriving = set(), set(), set()
        for one in self.ends(source):
            for other in self.interfaces(self.network.nodes[first.through]):
                sent = [each for each in front if are_of_one_family(one.address, other.address)]
                sent = [each for each in sent if simulator.connects(one, other, each, strict=False)]
                arrived = simulator.arriving(one.address, other, path.forwards, asked) if sent else set()
                arriving |= arrived
                for packet in sent if arrived else ():
                    some.add((one.address, other.address, packet))
                    if simulator.connects(one, other, packet, strict=True) and simulator.all_arrive(
                        one.address, other, path.forwards, asked
                    ):
                        sure.add((one.address, other.address, packet))
        self.compare(path.flows, some)
        self.compare(path.guaranteed, sure)
        assert set(self.classes.of(path.arrives)) == arriving

    def compare(self, flows: Flows, wanted: set[tuple[int, int, int]]) -> None:
        """That flows are exactly some classes of packets."""
        edges = {edge for each in _intervals(flows.boxes) for span in each.spans for edge in (span[0], span[1] + 1)}
        assert edges <= self.classes.edges
        found = {
            (source, destination, packet)
            for box in flows
            for source in self.classes.of(box.source)
            for destination in self.classes.of(box.destination)
            for packet in self.classes.of(box.traffic)
        }
        assert found == wanted


def are_of_one_family(one: int, other: int) -> bool:
    """Whether packets can go from one address to another."""
    return (one in addresses.ALL_V6) == (other in addresses.ALL_V6)
