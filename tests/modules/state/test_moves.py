"""What existed before: import blocks of what the settings name, in the stack that has it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from envs import load
from modules.runtime.errors import ConstructError
from modules.state.moves import FILE, write_moves

DEV = load.load("dev")


@pytest.fixture
def out(synthesized_directory: Path, tmp_path: Path) -> Path:
    """The two stacks of dev."""
    for stack in ("dev", "dev-bootstrap"):
        (tmp_path / "stacks" / stack).mkdir(parents=True)
        shutil.copy(synthesized_directory / "stacks" / stack / "cdk.tf.json", tmp_path / "stacks" / stack)
    return tmp_path


def written(out: Path, imports: Mapping[str, str]) -> dict[str, str]:
    write_moves(out, [DEV.model_copy(update={"imports": imports})])
    return {file.parent.name: file.read_text() for file in out.glob(f"stacks/*/{FILE}")}


def test_a_resource_is_imported_by_its_construct_path_or_address(out: Path) -> None:
    table = "aws_dynamodb_table.event-store_table_2469BF2C"
    by_path = written(out, {"event-store/table/table": 'a "b"'})["dev"]
    assert f'import {{\n  to = {table}\n  id = "a \\"b\\""\n}}\n' in by_path
    assert written(out, {table: 'a "b"'})["dev"] == by_path


def test_what_the_bootstrap_stack_makes_is_imported_there(out: Path) -> None:
    before = written(out, {})
    after = written(out, {"edge/dns/public-zone": "Z1"})
    assert after["dev"] == before["dev"]
    assert after["dev-bootstrap"].removeprefix(before.get("dev-bootstrap", "")).count("import {") == 1


def test_an_import_of_what_is_not_there_names_the_entry(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (out / "dev.yaml").write_text("environment: dev\nimports:\n  storage/imags/bucket: old\n")
    monkeypatch.setattr(load, "DIRECTORY", out)
    with pytest.raises(ConstructError) as caught:
        write_moves(out, [DEV.model_copy(update={"imports": {"storage/imags/bucket": "old"}})])
    assert "dev makes no resource storage/imags/bucket; did you mean storage/images/bucket?" in caught.value.message
    assert (caught.value.source_file, caught.value.source_line) == ("envs/dev.yaml", 3)
