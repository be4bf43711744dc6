"""D2 and Mermaid: each box once, each flow once, and names that cannot break the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.core.diagram import sources
from cli.core.diagram.build import picture
from cli.core.diagram.model import Box, Flow, Picture
from cli.core.reach.network import configuration_at
from policies.reachability.read import read

SMALL = Picture(
    title="small",
    region="AWS",
    above=(Box("one", 'a "name"', (), "outside"),),
    vpcs=(),
    services=(Box("two", "s3", ("1 S3 bucket",), "service"),),
    below=(),
    flows=(Flow("flow-1", ("one",), ("two",), "tcp 443", (), False, True, "one to two: tcp 443"),),
)


@pytest.fixture(scope="module")
def prod(synthesized_directory: Path) -> Picture:
    """The picture of prod."""
    configuration = configuration_at(synthesized_directory / "stacks" / "prod")
    return picture(configuration, read(configuration), "prod")


def test_d2() -> None:
    assert sources.d2(SMALL) == (
        "direction: down\n"
        'box1: "a \\"name\\"" {shape: cloud}\n'
        'region: "AWS" {\n'
        '  box2: "s3\\n1 S3 bucket" {shape: hexagon}\n'
        "}\n"
        'box1 -> region.box2: "tcp 443"\n'
    )


def test_mermaid() -> None:
    assert sources.mermaid(SMALL) == (
        "flowchart TB\n"
        '  box1["a #quot;name#quot;"]\n'
        '  subgraph region["AWS"]\n'
        '    box2["s3<br>1 S3 bucket"]\n'
        "  end\n"
        '  box1 -->|"tcp 443"| box2\n'
    )


@pytest.mark.parametrize("write", [sources.d2, sources.mermaid])
def test_each_flow_leads_from_its_sources_to_its_targets(write, prod: Picture) -> None:
    text = write(prod)
    arrows = len(re.findall(r"-->|[^-]->", text))
    assert arrows == sum(len(flow.targets) for flow in prod.flows)
    lines = len(re.findall(r"---|--(?=[^->])", text))
    assert lines == sum(len(flow.sources) for flow in prod.flows if len(flow.sources) + len(flow.targets) > 2)


@pytest.mark.parametrize("write", [sources.d2, sources.mermaid])
def test_every_box_is_declared_once(write, prod: Picture) -> None:
    text = write(prod)
    for number, _ in enumerate(prod.boxes(), start=1):
        assert len(re.findall(rf"^ *box{number}(?:: |\[)", text, re.MULTILINE)) == 1
