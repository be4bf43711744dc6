"""Which modules Terraform has fetched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.core.gate.worker.module_files import fetched_modules, with_long_heredocs


def listed(root: Path, *modules: tuple[str, str, str]) -> Path:
    """A root module with a list of fetched modules: key, source, directory."""
    file = root / ".terraform" / "modules" / "modules.json"
    file.parent.mkdir(parents=True)
    file.write_text(
        json.dumps({"Modules": [dict(zip(("Key", "Source", "Dir"), each, strict=True)) for each in modules]})
    )
    return root


def test_sources_as_calls_have_them(tmp_path: Path) -> None:
    root = listed(
        tmp_path,
        ("", "", "."),
        ("vpc", "registry.terraform.io/example/vpc/aws", ".terraform/modules/vpc"),
        ("vpc.inner", "./inner", ".terraform/modules/vpc/inner"),
        ("git", "git::https://example.com/m.git?ref=v1", ".terraform/modules/git"),
    )
    assert fetched_modules(root) == {
        "example/vpc/aws": str(root / ".terraform/modules/vpc"),
        "git::https://example.com/m.git?ref=v1": str(root / ".terraform/modules/git"),
    }


def test_a_source_of_which_there_are_two_versions_says_too_little(tmp_path: Path) -> None:
    assert fetched_modules(listed(tmp_path, ("a", "example/m/aws", "a"), ("b", "example/m/aws", "b"))) == {}


@pytest.mark.parametrize("content", [None, "{", "[]", '{"Modules": [1]}'])
def test_where_there_is_no_list(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        listed(tmp_path)
        (tmp_path / ".terraform/modules/modules.json").write_text(content)
    assert fetched_modules(tmp_path) == {}


def test_heredocs_of_one_letter_get_longer_names_in_the_same_lines() -> None:
    text = "a = <<-E\n  E is a letter\n  E\nb = [<<F\n${x}\nF\n]\nc = <<EOT\nE\nEOT\n"
    longer = "a = <<-EE\n  E is a letter\n  EE\nb = [<<FF\n${x}\nFF\n]\nc = <<EOT\nEE\nEOT\n"
    assert with_long_heredocs(text) == longer
