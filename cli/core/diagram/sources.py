"""A picture as source of other tools: D2 and Mermaid."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cli.core.diagram.model import Box, Picture


def d2(picture: Picture) -> str:
    """The picture in D2's language. A flow with several ends has a node of its own, which bears its label."""
    ids = _ids(picture)
    lines = ["direction: down"]
    lines += [_d2_box(ids[box.key], box) for box in picture.above]
    lines.append(f"region: {_quoted(picture.region)} {{")
    for number, vpc in enumerate(picture.vpcs, start=1):
        lines.append(f"  vpc{number}: {_quoted(vpc.title)} {{")
        for name, tier in zip(_tiers(len(vpc.tiers)), vpc.tiers, strict=True):
            subnets = [f"{subnet.zone} {subnet.cidr_block}".strip() or subnet.name for subnet in tier.subnets]
            lines.append(f"    {name}: {_quoted(chr(10).join([tier.title, *subnets]))} {{")
            lines += [f"      {_d2_box(ids[box.key].rpartition('.')[2], box)}" for box in tier.boxes]
            lines.append("    }")
        lines.append("  }")
    lines += [f"  {_d2_box(ids[box.key].rpartition('.')[2], box)}" for box in picture.services]
    lines.append("}")
    lines += [_d2_box(ids[box.key], box) for box in picture.below]
    for number, flow in enumerate(picture.flows, start=1):
        if len(flow.sources) == len(flow.targets) == 1:
            lines.append(f"{ids[flow.sources[0]]} -> {ids[flow.targets[0]]}: {_quoted(flow.label)}")
            continue
        lines.append(f"flow{number}: {_quoted(flow.label)} {{shape: oval}}")
        lines += [f"{ids[key]} -- flow{number}" for key in flow.sources]
        lines += [f"flow{number} -> {ids[key]}" for key in flow.targets]
    return "\n".join([*lines, ""])


def mermaid(picture: Picture) -> str:
    """The picture as Mermaid's flowchart, in the same way."""
    ids = {key: name.rpartition(".")[2] for key, name in _ids(picture).items()}
    lines = ["flowchart TB"]
    lines += [f"  {_mermaid_box(ids[box.key], box)}" for box in picture.above]
    lines.append(f"  subgraph region[{_mermaid(picture.region)}]")
    for number, vpc in enumerate(picture.vpcs, start=1):
        lines.append(f"    subgraph vpc{number}[{_mermaid(vpc.title)}]")
        for name, tier in zip(_tiers(len(vpc.tiers)), vpc.tiers, strict=True):
            lines.append(f"      subgraph vpc{number}_{name}[{_mermaid(tier.title)}]")
            lines += [f"        {_mermaid_box(ids[box.key], box)}" for box in tier.boxes]
            lines.append("      end")
        lines.append("    end")
    lines += [f"    {_mermaid_box(ids[box.key], box)}" for box in picture.services]
    lines.append("  end")
    lines += [f"  {_mermaid_box(ids[box.key], box)}" for box in picture.below]
    lines += [f"  style {ids[box.key]} stroke-dasharray: 5 3" for box in picture.boxes() if not box.is_number_known]
    for number, flow in enumerate(picture.flows, start=1):
        arrow = "-.->" if flow.is_assumed else "-->"
        if len(flow.sources) == len(flow.targets) == 1:
            lines.append(f"  {ids[flow.sources[0]]} {arrow}|{_mermaid(flow.label)}| {ids[flow.targets[0]]}")
            continue
        lines.append(f"  flow{number}([{_mermaid(flow.label)}])")
        lines += [f"  {ids[key]} --- flow{number}" for key in flow.sources]
        lines += [f"  flow{number} {arrow} {ids[key]}" for key in flow.targets]
    return "\n".join([*lines, ""])


def _ids(picture: Picture) -> dict[str, str]:
    """For each box a path of D2, which has the names of what it is in."""
    found = {box.key: f"box{number}" for number, box in enumerate(picture.boxes(), start=1)}
    for number, vpc in enumerate(picture.vpcs, start=1):
        for name, tier in zip(_tiers(len(vpc.tiers)), vpc.tiers, strict=True):
            for box in tier.boxes:
                found[box.key] = f"region.vpc{number}.{name}.{found[box.key]}"
    for box in picture.services:
        found[box.key] = f"region.{found[box.key]}"
    return found


def _tiers(number: int) -> Iterator[str]:
    return (f"tier{each}" for each in range(1, number + 1))


def _d2_box(name: str, box: Box) -> str:
    shapes = {"outside": "cloud", "data": "cylinder", "service": "hexagon"}
    style = f"shape: {shapes.get(box.kind, 'rectangle')}{'' if box.is_number_known else '; style.stroke-dash: 4'}"
    return f"{name}: {_quoted(chr(10).join((box.title, *box.lines)))} {{{style}}}"


def _mermaid_box(name: str, box: Box) -> str:
    return f"{name}[{_mermaid('<br>'.join((box.title, *box.lines)))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _mermaid(text: str) -> str:
    """A quoted text, in which Mermaid takes quotation marks as entities."""
    return '"' + text.replace('"', "#quot;") + '"'
