"""Draws a picture in the form that a file's name asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from cli.core.base.progress import ProgressReporter
from cli.core.base.text import count
from cli.core.diagram import engine, sources
from cli.core.diagram.graph import graph
from cli.core.diagram.model import Picture
from cli.core.diagram.placing import placed
from cli.core.diagram.svg import svg

FORMS = ("svg", "png", "d2", "mmd")
"""The suffixes of files that can be made."""


def draw(picture: Picture, form: str, progress: ProgressReporter) -> bytes:
    """The content of a file. Raises EngineMissing and EngineFailed for SVG and PNG."""
    if form == "d2":
        return sources.d2(picture).encode()
    if form == "mmd":
        return sources.mermaid(picture).encode()
    progress.step(f"placing {count(len(picture.flows), 'flow')} and what they join")
    drawn = draw_in_page(picture, "", progress)
    progress.clear()
    return engine.png(drawn, progress) if form == "png" else drawn.encode()


def draw_in_page(picture: Picture, prefix: str, progress: ProgressReporter) -> str:
    """The SVG to stand in a page of HTML; its ids begin with a prefix. Raises EngineMissing and EngineFailed."""
    return svg(placed(picture, engine.place(graph(picture), progress)), prefix)


def data(picture: Picture) -> Mapping[str, Any]:
    """The picture for programs: boxes in their frames, and flows between keys of boxes."""
    return asdict(picture)
