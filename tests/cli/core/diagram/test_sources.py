"""D2 and Mermaid: each box once, each flow once, and names that cannot break the text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cli.core.diagram import sources
from cli.core.diagram.build import picture
from cli.core.diagram.model import AccountBox, Box, Flow, Picture, RegionBox
from cli.core.reach.network import configuration_at
from policies.reachability.read import read

SMALL = Picture(
    title="small",
    above=(Box("one", 'a "name" #1 ${x}', (), "outside"),),
    accounts=(
        AccountBox(
            "a", "AWS account", (RegionBox("r", "Region", (), (Box("two", "s3", ("1 S3 bucket",), "service"),)),)
        ),
    ),
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
        'box1: "a \\"name\\" #1 \\${x}" {shape: cloud}\n'
        'frame2: "AWS account" {\n'
        '  frame1: "Region" {\n'
        '    box1: "s3\\n1 S3 bucket" {shape: hexagon}\n'
        "  }\n"
        "}\n"
        'box1 -> frame2.frame1.box1: "tcp 443"\n'
    )


def test_mermaid() -> None:
    assert sources.mermaid(SMALL) == (
        "flowchart TB\n"
        '  box1["a #34;name#34; #35;1 ${x}"]\n'
        '  subgraph frame2["AWS account"]\n'
        '    subgraph frame2_1["Region"]\n'
        '      box2_1_1["s3<br>1 S3 bucket"]\n'
        "    end\n"
        "  end\n"
        '  box1 -->|"tcp 443"| box2_1_1\n'
    )


def test_what_is_assumed_is_broken() -> None:
    assumed = replace(SMALL, flows=(replace(SMALL.flows[0], is_assumed=True),))
    assert 'box1 -> frame2.frame1.box1: "tcp 443 (assumed)" {style.stroke-dash: 4}' in sources.d2(assumed)
    assert 'box1 -.->|"tcp 443 (assumed)"| box2_1_1' in sources.mermaid(assumed)


@pytest.mark.parametrize("write", [sources.d2, sources.mermaid])
def test_each_flow_leads_from_its_sources_to_its_targets(write, prod: Picture) -> None:
    text = write(prod)
    arrows = len(re.findall(r"-->|[^-]->", text))
    assert arrows == sum(len(flow.targets) for flow in prod.flows)
    lines = len(re.findall(r"---|--(?=[^->])", text))
    assert lines == sum(len(flow.sources) for flow in prod.flows if len(flow.sources) + len(flow.targets) > 2)


@pytest.mark.parametrize("write", [sources.d2, sources.mermaid])
def test_every_box_is_declared_once(write, prod: Picture) -> None:
    declared = re.findall(r"^ *box[\d_]+(?:: |\[)", write(prod), re.MULTILINE)
    assert len(declared) == sum(1 for _ in prod.boxes())
    if write is sources.mermaid:
        assert len(set(declared)) == len(declared)
