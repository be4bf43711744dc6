"""Everything that can open a connection to everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policies.reachability.addresses import SERVICES
from policies.reachability.analysis import Answer, answer
from policies.reachability.network import Network

_OPEN_NOTHING = ("endpoint", "nat gateway")


@dataclass(frozen=True, eq=False)
class Matrix:
    """Who reaches whom, by key."""

    sources: tuple[str, ...]
    """What opens connections: those outside first, then nodes; NAT gateways only send on what others open."""
    targets: tuple[str, ...]
    """What accepts them."""
    answers: Mapping[tuple[str, str], Answer]
    """By source and target; only where something reaches."""


def matrix(network: Network) -> Matrix:
    """The answers for all pairs, in the order of keys; a node's with itself is about several interfaces of one node."""
    nodes = [network.nodes[key] for key in sorted(network.nodes)]
    outside = sorted(network.externals)
    sources = [key for key in outside if key not in SERVICES]
    sources += [node.key for node in nodes if node.kind not in _OPEN_NOTHING]
    targets = [*outside, *(node.key for node in nodes if node.kind != "nat gateway")]
    answers = {}
    for source in sources:
        for target in targets:
            if source in network.nodes or target in network.nodes:
                reply = answer(network, source, target)
                if reply:
                    answers[source, target] = reply
    return Matrix(tuple(sources), tuple(targets), answers)
