"""The layout engine: installed once, whole or not at all, and with a message where that fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cli.core.base.progress import ProgressReporter
from cli.core.diagram import engine


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory in place of the virtual environment."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    return tmp_path


def test_packages_that_cannot_be_had(prefix: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(engine.EngineMissing, match="npm could not install the layout engine") as caught:
        engine.place({"id": "picture"}, ProgressReporter())
    assert "ECONNREFUSED" in str(caught.value)
    assert "-o FILE.mmd need no engine" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 2
    assert [path.name for path in (prefix / ".cache").iterdir() if path.is_dir()] == []


def test_a_graph_that_elk_refuses() -> None:
    graph = {"id": "picture", "edges": [{"id": "e", "sources": ["nowhere"], "targets": ["nowhere"]}]}
    with pytest.raises(engine.EngineFailed, match="nowhere"):
        engine.place(graph, ProgressReporter())
