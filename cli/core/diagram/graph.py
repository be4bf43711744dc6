"""The picture as a graph for ELK, the layout engine.

Its layers go from top to bottom. Each heading, the boxes of each tier, and what is above or below are a partition of
their own: a tier becomes a band across the picture, around which its frame is drawn afterwards. A heading keeps a layer
free, in which it gets its place then. The label of a flow is a node: lines lead from the sources to it, and from it to
the targets, so nothing crosses a label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cli.core.base.errors import InfraError
from cli.core.base.text import count
from cli.core.diagram import measures
from cli.core.diagram.model import Box, Flow, Picture

_OPTIONS = {
    "elk.algorithm": "layered",
    "elk.direction": "DOWN",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.partitioning.activate": "true",
    "elk.separateConnectedComponents": "false",
    "elk.layered.cycleBreaking.strategy": "MODEL_ORDER",
    "elk.layered.spacing.nodeNodeBetweenLayers": str(measures.LAYER),
    "elk.layered.spacing.edgeNodeBetweenLayers": "10",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "7",
    "elk.spacing.nodeNode": "24",
    "elk.spacing.edgeEdge": "7",
    "elk.spacing.edgeNode": "10",
    "elk.randomSeed": "1",
}

_CAREFUL = {"elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX", "elk.layered.thoroughness": "7"}
_SIMPLE = {"elk.layered.nodePlacement.strategy": "BRANDES_KOEPF", "elk.layered.thoroughness": "1"}
"""How ELK places nodes in a layer: the first makes narrower pictures, in a time that grows with the fourth power of the
number of lines; the second takes a tenth of that and more."""

MOST_CAREFUL = 120
"""Lines up to which it is careful: placing them takes about a second of processor time, and prod has 60."""

MOST = 1_000
"""Lines up to which it places them at all: about four seconds."""


MOST_IN_ROW = 6
"""Boxes without flows in a row, and boxes of a tier up to which all of them may share one."""


class TooMuchToPlace(InfraError):
    """There are more lines than are placed in a time that somebody waits."""


def graph(picture: Picture) -> Mapping[str, Any]:
    """The graph, as ELK's JSON. Raises TooMuchToPlace."""
    edges = list(_edges(picture.flows))
    if len(edges) > MOST:
        raise TooMuchToPlace(
            f"{count(len(picture.flows), 'flow')} with {len(edges):,} ends: too many for a picture; at most {MOST:,}\n"
            "-o FILE.d2 and -o FILE.mmd write what other programs place; infra reach lists the flows"
        )
    labels = {flow.key: flow for flow in picture.flows}
    nodes = []
    for number, partition in enumerate(_partitions(picture)):
        for node in partition:
            # A label stands before the first box that its flow leads to: of a cycle the lines back are those of others.
            for flow in [flow for flow in labels.values() if node["id"] in flow.targets]:
                nodes.append(_node(flow.key, measures.of_label(flow), [_into(flow.key)], [_out_of(flow.key)]))
                labels.pop(flow.key)
            options = {**node["layoutOptions"], "elk.partitioning.partition": str(number)}
            nodes.append({**node, "layoutOptions": options})
    options = {**_OPTIONS, **(_CAREFUL if len(edges) <= MOST_CAREFUL else _SIMPLE)}
    return {"id": "picture", "layoutOptions": options, "children": nodes, "edges": edges}


def _partitions(picture: Picture) -> Iterator[list[dict[str, Any]]]:
    """The nodes, from top to bottom."""
    yield _boxes(picture.above, picture.flows)
    for account in picture.accounts:
        yield [_node(account.key, (1, measures.HEADING))]
        for region in account.regions:
            yield [_node(region.key, (1, measures.HEADING))]
            for vpc in region.vpcs:
                yield _boxes(vpc.gateways, picture.flows)
                if not vpc.gateways:  # else the heading stands beside them
                    yield [_node(vpc.key, (1, measures.HEADING))]
                for tier in vpc.tiers:
                    yield [_node(tier.key, (1, measures.of_heading(tier.title, measures.cells(tier))[1]))]
                    for boxes in _rows(tier.boxes, picture.flows):
                        yield _boxes(boxes, picture.flows)
            yield _boxes(region.services, picture.flows)
    yield _boxes(picture.below, picture.flows)


def _rows(boxes: Sequence[Box], flows: Sequence[Flow]) -> Iterator[Sequence[Box]]:
    """The boxes of a tier: those that flows join, then of many others so many in each row as can be read."""
    if len(boxes) <= MOST_IN_ROW:
        yield boxes
        return
    joined = {key for flow in flows for key in (*flow.sources, *flow.targets)}
    yield [box for box in boxes if box.key in joined]
    others = [box for box in boxes if box.key not in joined]
    for start in range(0, len(others), MOST_IN_ROW):
        yield others[start : start + MOST_IN_ROW]


def _boxes(boxes: Sequence[Box], flows: Sequence[Flow]) -> list[dict[str, Any]]:
    found = []
    for box in boxes:
        incoming = [_into(box.key, flow.key) for flow in flows if box.key in flow.targets]
        outgoing = [_out_of(box.key, flow.key) for flow in flows if box.key in flow.sources]
        size = measures.of_box(box, max(len(incoming), len(outgoing)))
        found.append(_node(box.key, size, incoming, outgoing))
    return found


def _edges(flows: Sequence[Flow]) -> Iterator[dict[str, Any]]:
    """A line from each source to the flow's label, and one from there to each target."""
    for flow in flows:
        for key in flow.sources:
            yield _edge(_out_of(key, flow.key), _into(flow.key), flow.key)
        for key in flow.targets:
            yield _edge(_out_of(flow.key), _into(key, flow.key), flow.key)


def _edge(source: str, target: str, flow: str) -> dict[str, Any]:
    return {"id": f"{source} to {target}", "sources": [source], "targets": [target], "flow": flow}


def _into(key: str, flow: str = "") -> str:
    """The port at which a flow's lines come into a node; each line of a flow at the same one."""
    return f"{key} in {flow}"


def _out_of(key: str, flow: str = "") -> str:
    """The port at which they leave it."""
    return f"{key} out {flow}"


def _node(
    key: str, size: tuple[float, float], incoming: Sequence[str] = (), outgoing: Sequence[str] = ()
) -> dict[str, Any]:
    width, height = size
    ports = [
        {"id": port, "width": 0, "height": 0, "layoutOptions": {"elk.port.side": side}}
        for side, keys in (("NORTH", incoming), ("SOUTH", outgoing))
        for port in keys
    ]
    options = {"elk.portConstraints": "FIXED_SIDE"}
    return {"id": key, "width": width, "height": height, "layoutOptions": options, "ports": ports}
