"""A picture as source of other tools: D2 and Mermaid."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cli.core.diagram.model import Box, Picture, RegionBox, Tier, VpcBox


def d2(picture: Picture) -> str:
    """The picture in D2's language. A flow with several ends has a node of its own, which bears its label."""
    paths: dict[str, str] = {}
    lines = ["direction: down", *_d2_frame(_whole(picture), "", paths)]
    for number, flow in enumerate(picture.flows, start=1):
        if len(flow.sources) == len(flow.targets) == 1:
            style = " {style.stroke-dash: 4}" if flow.is_assumed else ""
            lines.append(f"{paths[flow.sources[0]]} -> {paths[flow.targets[0]]}: {_quoted(flow.label)}{style}")
            continue
        style = "; style.stroke-dash: 4" if flow.is_assumed else ""
        lines.append(f"flow{number}: {_quoted(flow.label)} {{shape: oval{style}}}")
        lines += [f"{paths[key]} -- flow{number}" for key in flow.sources]
        lines += [f"flow{number} -> {paths[key]}" for key in flow.targets]
    return "\n".join([*lines, ""])


def mermaid(picture: Picture) -> str:
    """The picture as Mermaid's flowchart, in the same way."""
    names: dict[str, str] = {}
    lines = ["flowchart TB", *_mermaid_frame(_whole(picture), "", names)]
    lines += [f"  style {names[box.key]} stroke-dasharray: 5 3" for box in picture.boxes() if not box.is_number_known]
    for number, flow in enumerate(picture.flows, start=1):
        arrow = "-.->" if flow.is_assumed else "-->"
        if len(flow.sources) == len(flow.targets) == 1:
            lines.append(f"  {names[flow.sources[0]]} {arrow}|{_mermaid(flow.label)}| {names[flow.targets[0]]}")
            continue
        lines.append(f"  flow{number}([{_mermaid(flow.label)}])")
        lines += [f"  {names[key]} --- flow{number}" for key in flow.sources]
        lines += [f"  flow{number} {arrow} {names[key]}" for key in flow.targets]
    return "\n".join([*lines, ""])


@dataclass(frozen=True)
class _Frame:
    """What both languages draw around boxes and further frames."""

    title: str
    content: tuple[Box | _Frame, ...]


def _whole(picture: Picture) -> tuple[Box | _Frame, ...]:
    accounts = (_Frame(each.title, tuple(map(_region, each.regions))) for each in picture.accounts)
    return (*picture.above, *accounts, *picture.below)


def _region(region: RegionBox) -> _Frame:
    return _Frame(region.title, (*map(_vpc, region.vpcs), *region.services))


def _vpc(vpc: VpcBox) -> _Frame:
    return _Frame(vpc.title, (*vpc.gateways, *(_Frame(_tier_title(tier), tier.boxes) for tier in vpc.tiers)))


def _tier_title(tier: Tier) -> str:
    return "\n".join([tier.title, *(f"{each.zone} {each.cidr_block}".strip() or each.name for each in tier.subnets)])


def _d2_frame(content: Sequence[Box | _Frame], path: str, paths: dict[str, str]) -> Iterator[str]:
    """The lines of what is in a frame, which notes the path of each box."""
    margin = "  " * path.count(".")
    for number, each in enumerate(content, start=1):
        if isinstance(each, Box):
            paths[each.key] = f"{path}box{number}"
            yield f"{margin}{_d2_box(f'box{number}', each)}"
        else:
            yield f"{margin}frame{number}: {_quoted(each.title)} {{"
            yield from _d2_frame(each.content, f"{path}frame{number}.", paths)
            yield f"{margin}}}"


def _mermaid_frame(content: Sequence[Box | _Frame], within: str, names: dict[str, str]) -> Iterator[str]:
    """The lines of what is in a frame, which notes the name of each box."""
    margin = "  " * (1 + within.count("_"))
    for number, each in enumerate(content, start=1):
        if isinstance(each, Box):
            names[each.key] = f"box{within}{number}"
            yield f"{margin}{_mermaid_box(names[each.key], each)}"
        else:
            yield f"{margin}subgraph frame{within}{number}[{_mermaid(each.title)}]"
            yield from _mermaid_frame(each.content, f"{within}{number}_", names)
            yield f"{margin}end"


def _d2_box(name: str, box: Box) -> str:
    shapes = {"outside": "cloud", "data": "cylinder", "service": "hexagon"}
    style = f"shape: {shapes.get(box.kind, 'rectangle')}{'' if box.is_number_known else '; style.stroke-dash: 4'}"
    return f"{name}: {_quoted(chr(10).join((box.title, *box.lines)))} {{{style}}}"


def _mermaid_box(name: str, box: Box) -> str:
    return f"{name}[{_mermaid(chr(10).join((box.title, *box.lines)))}]"


def _quoted(text: str) -> str:
    """A quoted text of D2, in which it puts variables for `${...}`."""
    return json.dumps(_printable(text), ensure_ascii=False).replace("$", "\\$")


def _mermaid(text: str) -> str:
    """A quoted text of Mermaid: of what it takes for HTML, entities or Markdown, entities."""
    escaped = "".join(f"#{ord(each)};" if each in _MERMAID else each for each in _printable(text))
    return '"' + escaped.replace("\n", "<br>") + '"'


_MERMAID = frozenset('"#<>&`\\')


def _printable(text: str) -> str:
    """A text without control characters but ends of lines, which neither language can say."""
    return "".join(each for each in text if each == "\n" or each.isprintable())
