"""Parts of one check on several machines, and their verdicts joined."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.core.base.errors import ExitCode
from cli.core.gate.baseline import apply_baseline, read_baseline, write_baseline
from cli.core.gate.gate import Gate
from cli.core.gate.model import Outcome, Request, Target
from cli.core.gate.report import renderer
from cli.core.gate.shards import handed_out, merged, of_part, share
from cli.core.gate.targets import at_path
from tests.support.gates import TODAY, checks, rule
from tests.support.helpers import write_files

ROOTS = {
    "a/main.tf": 'resource "aws_sns_topic" "t" {\n  name = "meals"\n}\n',
    "b/main.tf": 'resource "aws_sns_topic" "t" {\n  name = "other"\n}\n',
    "c/main.tf": 'output "o" {\n  value = 1\n}\n',
    "d/main.tf": 'resource "aws_sns_topic" "t" {\n  name = "another"\n}\n',
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with some root modules, of which two have findings and one nothing to check."""
    directory = tmp_path_factory.mktemp("roots")
    write_files(directory / "live", ROOTS)
    checks(directory, {"meals_topic.py": rule()})
    return directory


def judged(tree: Path, targets: tuple[Target, ...]) -> Outcome:
    """The verdict on some targets."""
    with Gate(TODAY, tree / "checks") as gate:
        gate.add(*targets)
        return gate.outcome(100)


@pytest.fixture(scope="module")
def whole(tree: Path) -> Outcome:
    """The verdict on everything at once."""
    return judged(tree, at_path(tree / "live"))


@pytest.fixture(scope="module")
def parts(tree: Path) -> list[Path]:
    """The reports of two parts, one in JSON and one in SARIF."""
    written = []
    for index, form in ((1, "json"), (2, "sarif")):
        targets, shard = share(at_path(tree / "live"), index, 2)
        file = tree / f"{index}.{form}"
        file.write_text(renderer(form)(of_part(judged(tree, targets), shard)))
        written.append(file)
    return written


@pytest.mark.parametrize("form", ["json", "sarif", "table", "markdown", "junit", "github"])
def test_joined_parts_say_what_the_whole_says(whole: Outcome, parts: list[Path], form: str) -> None:
    assert whole.exit_code is ExitCode.FINDINGS
    joined = merged(reversed(parts))
    assert joined.exit_code is ExitCode.FINDINGS
    assert renderer(form)(joined) == renderer(form)(whole)


def test_a_report_of_a_part_has_paths_as_they_were_given_and_no_values(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    request = Request(variables=(("password", "hunter2"),))
    targets, shard = share(at_path(Path("live"), request), 1, 2)
    text = renderer("json")(of_part(judged(tree, targets), shard))
    assert "hunter2" not in text
    assert str(tree) not in text


@given(st.lists(st.integers(0, 5000), max_size=30), st.integers(1, 8))
def test_each_target_is_in_one_part_and_no_part_has_much_more(sizes: list[int], count: int) -> None:
    parts = handed_out([(size, "") for size in sizes], count)
    assert len(parts) == len(sizes)
    loads = [sum(size for size, part in zip(sizes, parts, strict=True) if part == each) for each in range(1, count + 1)]
    assert sum(loads) == sum(sizes)
    assert max(loads) <= min(loads) + max(sizes, default=0) + len(sizes)


def other_files(tree: Path, parts: list[Path]) -> list[Path]:
    """The second part is of a tree that has changed since."""
    document = json.loads(parts[0].read_text())
    document["shard"]["outcome"]["shard"]["digest"] = "0" * 64
    file = tree / "differs.json"
    file.write_text(json.dumps(document))
    return [file, parts[1]]


def changed(tree: Path, parts: list[Path], **changes: object) -> list[Path]:
    """The parts, of which the first has other values in its outcome."""
    document = json.loads(parts[0].read_text())
    document["shard"]["outcome"].update(changes)
    file = tree / "changed.json"
    file.write_text(json.dumps(document))
    return [file, parts[1]]


def emptied(tree: Path, parts: list[Path]) -> list[Path]:
    """The first part says that it was to check nothing."""
    shard = json.loads(parts[0].read_text())["shard"]["outcome"]["shard"]
    return changed(tree, parts, results=[], shard={**shard, "positions": []})


def written(tree: Path, text: str) -> list[Path]:
    """A file with some text."""
    file = tree / "other.json"
    file.write_text(text)
    return [file]


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda _, parts: parts[:1], ["shard-missing"]),
        (lambda _, parts: parts[1:], ["shard-missing"]),
        (lambda tree, parts: [*parts, *written(tree, parts[0].read_text())], ["shard-twice"]),
        (lambda tree, parts: [*parts, tree / "no.json"], ["shard-not-read"]),
        (lambda tree, parts: [*parts, *written(tree, "[]")], ["shard-not-read"]),
        (lambda tree, parts: [*parts, *written(tree, '{"passed": true, "targets": []}')], ["shard-not-read"]),
        (lambda tree, parts: [*parts, *written(tree, '{"shard": {"outcome": {"results": []}}}')], ["shard-not-read"]),
        (other_files, ["shard-differs", "shard-missing", "shard-missing"]),
        (emptied, ["shard-incomplete"]),
        (lambda tree, parts: changed(tree, parts, results=[]), ["shard-not-read", "shard-missing"]),
        (lambda tree, parts: changed(tree, parts, shard=None), ["shard-not-read", "shard-missing"]),
    ],
    ids=["second", "first", "twice", "no-file", "no-object", "whole", "half", "other", "emptied", "cut", "null"],
)
def test_what_is_not_the_whole_never_passes(
    tree: Path, parts: list[Path], change: Callable[[Path, list[Path]], list[Path]], kinds: list[str]
) -> None:
    outcome = merged(change(tree, parts))
    assert outcome.exit_code is ExitCode.GATE
    assert sorted(each.kind for each in outcome.problems) == sorted(kinds)


def test_a_baseline_of_the_whole_is_that_of_its_parts(whole: Outcome, parts: list[Path], tmp_path: Path) -> None:
    """By the root module of each finding, which another one with the same resource is not."""
    for outcome, other in ((whole, merged(parts)), (merged(parts), whole)):
        file = tmp_path / "baseline.json"
        file.unlink(missing_ok=True)
        write_baseline(file, outcome, owner="platform", today=TODAY)
        assert {entry.root.rpartition("/")[2] for entry in read_baseline(file)} == {"a", "b", "d"}
        assert apply_baseline(file, other).exit_code is ExitCode.OK


def test_parts_of_something_without_resources_do_not_pass(tmp_path: Path, tree: Path) -> None:
    write_files(tmp_path / "live", {"a/main.tf": ROOTS["c/main.tf"], "b/main.tf": ROOTS["c/main.tf"]})
    files = []
    for index in (1, 2):
        targets, shard = share(at_path(tmp_path / "live"), index, 2)
        outcome = of_part(judged(tree, targets), shard)
        assert outcome.exit_code is ExitCode.OK
        files.append(tmp_path / f"{index}.json")
        files[-1].write_text(renderer("json")(outcome))
    assert [each.kind for each in merged(files).problems] == ["nothing-to-scan"]


def test_what_is_asked_and_every_file_are_what_parts_have_in_common(tree: Path, tmp_path: Path) -> None:
    targets = at_path(tree / "live")
    _, shard = share(targets, 1, 2)
    request = replace(targets[0].request, variables=(("a", "b"),))
    assert share([replace(targets[0], request=request), *targets[1:]], 1, 2)[1].digest != shard.digest
    assert share(targets[1:], 1, 2)[1].digest != shard.digest
    assert share(targets, 2, 2)[1].digest == shard.digest
    values = tree / "live" / "a" / "terraform.tfvars"
    values.write_text("a = 1\n")
    try:
        assert share(at_path(tree / "live"), 1, 2)[1].digest != shard.digest
    finally:
        values.unlink()
