"""The grid says what `infra reach` says, of every pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.diagram.build import picture
from cli.core.diagram.model import Picture
from cli.core.reach import table
from cli.core.reach.network import configuration_at, endpoints
from cli.core.reach.question import Question, ask, report
from cli.core.report.grid import grid
from cli.core.report.model import Cell, Grid
from policies.reachability import traffic
from policies.reachability.matrix import matrix
from policies.reachability.network import Network
from policies.reachability.read import read
from tests.support.reading import load_files

APART = """
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_instance" "a" {
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [var.groups]
}
variable "groups" {}
"""


@pytest.fixture(scope="module")
def network(synthesized_directory: Path) -> Network:
    """The network of prod."""
    return read(configuration_at(synthesized_directory / "stacks" / "prod"))


@pytest.fixture(scope="module")
def drawn(synthesized_directory: Path, network: Network) -> Picture:
    """Its picture."""
    return picture(configuration_at(synthesized_directory / "stacks" / "prod"), network, "prod")


@pytest.fixture(scope="module")
def whole(network: Network, drawn: Picture) -> Grid:
    """Its grid."""
    return grid(network, drawn)


def cells(found: Grid) -> dict[tuple[str, str], Cell]:
    """The cells by the titles of their row and column."""
    return {
        (source, target): cell
        for source, line in found.rows
        for target, cell in zip(found.targets, line, strict=True)
        if cell
    }


def test_every_cell_has_the_answer_of_the_command(network: Network, whole: Grid) -> None:
    for cell in cells(whole).values():
        question = Question(endpoints(network, cell.source), endpoints(network, cell.target))
        assert "\n".join(cell.lines) == report(question, ask(network, question))
        assert cell.lines[0].startswith("yes: " if cell.traffic else "no: ")


def test_every_row_of_the_matrix_is_in_the_grid_and_nothing_else(network: Network, drawn: Picture, whole: Grid) -> None:
    titles = {name: box.title for box in drawn.boxes() for name in box.members}
    rows = table.rows(network, matrix(network))
    open_ = {(titles[source], titles[target]) for row in rows for source in row.sources for target in row.targets}
    assert {pair for pair, cell in cells(whole).items() if cell.traffic} == open_
    found = cells(whole)
    for row in rows:
        for source in row.sources:
            for target in row.targets:
                shown = " ".join(found[titles[source], titles[target]].traffic)
                assert traffic.describe(row.path.traffic) in shown or row.path.through


def test_pairs_outside_have_no_cell(whole: Grid) -> None:
    by_title = dict(whole.rows)
    assert by_title["internet"][whole.targets.index("s3")] is None
    assert by_title["internet"][whole.targets.index("core")] is not None


def test_what_is_not_known_is_marked(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": APART})
    network = read(configuration)
    found = grid(network, picture(configuration, network, "a"))
    assert any(cell.is_assumed for cell in cells(found).values())
    assert found.assumptions
