"""The grid of reachability: the answer of `infra reach` for each pair of boxes in the picture."""

from __future__ import annotations

from collections.abc import Iterator

from cli.core.diagram.model import Box, Picture
from cli.core.reach import table
from cli.core.reach.network import Endpoint, Endpoints
from cli.core.reach.question import Question, ask, data, report
from cli.core.report.model import Cell, Grid
from policies.reachability.matrix import matrix
from policies.reachability.network import Network


def grid(network: Network, picture: Picture) -> Grid:
    """A row for each box that opens connections, and a column for each that accepts them.

    One end stands for all of its box, as no row of the matrix tells them apart.
    """
    keys = {end.name: key for key, end in network.externals.items()}
    keys |= {node.name: key for key, node in network.nodes.items()}
    ends = matrix(network)
    boxes = list(_ends(picture))
    sources = [box for box in boxes if keys[box.members[0]] in ends.sources]
    targets = [box for box in boxes if keys[box.members[0]] in ends.targets]
    return Grid(
        targets=tuple(box.title for box in targets),
        rows=tuple(
            (box.title, tuple(_cell(network, _end(box, keys), _end(other, keys)) for other in targets))
            for box in sources
        ),
        assumptions=tuple(table.assumed(network)),
    )


def _ends(picture: Picture) -> Iterator[Box]:
    """The boxes that stand for ends, each end once."""
    seen: set[tuple[str, ...]] = set()
    for box in picture.boxes():
        if box.members and box.members not in seen:
            seen.add(box.members)
            yield box


def _end(box: Box, keys: dict[str, str]) -> Endpoint:
    return Endpoint(keys[box.members[0]], box.members[0])


def _cell(network: Network, source: Endpoint, target: Endpoint) -> Cell | None:
    if not {source.key, target.key} & network.nodes.keys():
        return None
    question = Question(Endpoints(source.name, (source,)), Endpoints(target.name, (target,)))
    reply = ask(network, question)
    answer = data(question, reply)
    return Cell(
        source=source.name,
        target=target.name,
        traffic=tuple(dict.fromkeys(path["sent"] for path in answer["paths"])),
        is_assumed=answer["assumed"],
        lines=tuple(report(question, reply).splitlines()),
    )
