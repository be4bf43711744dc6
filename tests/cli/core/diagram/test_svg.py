"""The SVG: text that can be selected and read aloud, one group for each flow, and names that cannot break it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.core.base.progress import ProgressReporter
from cli.core.diagram.build import picture
from cli.core.diagram.draw import draw
from cli.core.diagram.model import AccountBox, Box, Flow, Picture, RegionBox
from cli.core.diagram.svg import COLOURS, colours
from cli.core.reach.network import configuration_at
from envs.load import load
from envs.settings import Settings
from policies.reachability.read import read
from tests.support.helpers import ROOT
from tests.support.variants import synthesized

SVG = "{http://www.w3.org/2000/svg}"

SMALL = Picture(
    title="<b>&",
    above=(Box("one", 'a "name" <script>', ("line & more",), "outside"),),
    accounts=(AccountBox("a", "AWS account", (RegionBox("r", "Region", (), (Box("two", "s3", (), "service"),)),)),),
    below=(),
    flows=(Flow("flow-1", ("one",), ("two",), "tcp 443", (), is_assumed=True, is_encrypted=True, description="a > b"),),
)


@pytest.fixture(scope="module")
def prod(synthesized_directory: Path) -> Picture:
    """The picture of prod."""
    configuration = configuration_at(synthesized_directory / "stacks" / "prod")
    return picture(configuration, read(configuration), "The network of prod")


def test_has_a_group_for_each_flow_and_says_it(prod: Picture) -> None:
    document = ElementTree.fromstring(draw(prod, "svg", ProgressReporter()))
    groups = [group for group in document.iter(f"{SVG}g") if (group.get("class") or "").startswith("flow ")]
    assert [group.findtext(f"{SVG}title") for group in groups] == [flow.description for flow in prod.flows]
    assert document.get("role") == "img"
    assert document.findtext(f"{SVG}title") == "The network of prod"
    assert all(flow.description in (document.findtext(f"{SVG}desc") or "") for flow in prod.flows)
    texts = {element.text for element in document.iter(f"{SVG}text")}
    assert {box.title for box in prod.boxes()} <= texts


def test_flows_that_share_an_end_differ_in_colour_while_there_are_some() -> None:
    flows = [Flow(f"flow-{n}", ("one",), (f"to {n}",), "tcp 1", (), False, False, "") for n in range(COLOURS + 1)]
    found = colours(flows)
    assert sorted(found[:COLOURS]) == list(range(COLOURS))
    apart = [Flow("a", ("one",), ("two",), "tcp 1", (), False, False, "")] * COLOURS
    assert len(set(colours(apart))) == COLOURS


def test_names_are_escaped() -> None:
    text = draw(SMALL, "svg", ProgressReporter()).decode()
    document = ElementTree.fromstring(text)
    assert 'a "name" <script>' in {element.text for element in document.iter(f"{SVG}text")}
    assert "<script>" not in text


class Steps(ProgressReporter):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, text: str) -> None:
        """Keep it."""
        self.said.append(text)


def test_placing_is_a_step() -> None:
    steps = Steps()
    draw(SMALL, "svg", steps)
    assert [text for text in steps.said if text.startswith("placing 1 flow ")]


def test_a_png_is_twice_as_large() -> None:
    image = draw(SMALL, "png", ProgressReporter())
    document = ElementTree.fromstring(draw(SMALL, "svg", ProgressReporter()))
    assert image.startswith(b"\x89PNG")
    width, height = int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")
    assert abs(width - 2 * float(document.get("width", 0))) <= 2
    assert abs(height - 2 * float(document.get("height", 0))) <= 2


def test_a_png_has_fonts_for_other_scripts() -> None:
    def named(title: str) -> bytes:
        return draw(replace(SMALL, above=(replace(SMALL.above[0], title=title),)), "png", ProgressReporter())

    assert named("注文") != named("環境")  # without a font both are two empty boxes


def test_the_picture_with_a_vpn_is_current(tmp_path: Path) -> None:
    values = load("prod").model_dump()
    values["network"]["vpn"] = {"customer_gateway_ip": "203.0.113.10", "on_premises_cidrs": ["192.168.0.0/16"]}
    configuration = configuration_at(synthesized(Settings.model_validate(values), tmp_path) / "prod")
    found = picture(configuration, read(configuration), "The network of prod")
    assert [box.lines[0] for box in found.vpcs[0].gateways] == ["internet gateway", "virtual private gateway"]
    assert (ROOT / "docs" / "vpn.svg").read_bytes() == draw(found, "svg", ProgressReporter()), (
        "make it again with network.vpn of docs/diagram.md in envs/prod.yaml: ./infra diagram prod -o docs/vpn.svg"
    )


def test_the_picture_of_the_documents_is_current(prod: Picture) -> None:
    written = (ROOT / "docs" / "architecture.svg").read_bytes()
    assert written == draw(prod, "svg", ProgressReporter()), (
        "make it again: ./infra diagram prod -o docs/architecture.svg"
    )
