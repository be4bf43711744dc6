"""Findings that are accepted because they were there before."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.core.gate.baseline import BadBaseline, apply_baseline, write_baseline
from cli.core.gate.model import (
    Detail,
    Finding,
    GoneFinding,
    Location,
    Outcome,
    Problem,
    Request,
    RuleInfo,
    Selection,
    Target,
    TargetResult,
)

RULE = RuleInfo("CKV2_MEALS_901", "Topics are meals", "high", own=True)
OTHER = RuleInfo("CKV2_MEALS_902", "Queues are meals", "high", own=True)
ENTRY = {
    "rule": "CKV2_MEALS_901",
    "root": "app",
    "resource": "aws_sns_topic.a",
    "found": ["x"],
    "owner": "platform",
    "accepted": "2026-11-01",
}
FIRST, LATER = datetime.date(2026, 11, 1), datetime.date(2026, 12, 1)


def finding(
    root: Path, name: str = "a", line: int = 1, found: tuple[str, ...] = ("x",), file: str = "main.tf"
) -> Finding:
    """A finding on a topic of a root module."""
    at = Location(f"aws_sns_topic.{name}", None, root / file, line, line + 1)
    return Finding(RULE, at, tuple(Detail(text, "y") for text in found))


def outcome(root: Path, *findings: Finding, request: Request = Request()) -> Outcome:  # noqa: B008
    """What a scan of a root module came to."""
    target = Target("app", "terraform", root, (root / "main.tf",), root, module=root, request=request)
    result = TargetResult(target, 1, 0, findings, (), ())
    return Outcome((result,), (), {rule.id: rule for rule in (RULE, OTHER)}, "3.3.30")


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    """A baseline with one finding."""
    file = tmp_path / "baseline.json"
    write_baseline(file, outcome(tmp_path / "app", finding(tmp_path / "app")), owner="platform", today=FIRST)
    return file


def test_the_file(baseline: Path) -> None:
    assert json.loads(baseline.read_bytes()) == {"version": 1, "findings": [ENTRY]}


@pytest.mark.parametrize(
    "change",
    [{}, {"line": 90}, {"file": "other.tf"}],
    ids=["as it was", "moved down", "moved to another file"],
)
def test_what_was_there_is_accepted(baseline: Path, change: dict[str, object]) -> None:
    root = baseline.parent / "app"
    result = apply_baseline(baseline, outcome(root, finding(root, **change))).results[0]  # type: ignore[arg-type]
    assert result.findings == ()
    ((accepted),) = result.accepted
    assert (accepted.owner, accepted.since) == ("platform", FIRST)


@pytest.mark.parametrize("change", [{"name": "b"}, {"found": ("x", "z")}], ids=["another resource", "it got worse"])
def test_what_is_new_stays_a_finding(baseline: Path, change: dict[str, object]) -> None:
    root = baseline.parent / "app"
    applied = apply_baseline(baseline, outcome(root, finding(root, **change)))  # type: ignore[arg-type]
    assert (len(applied.findings), applied.results[0].accepted) == (1, ())


def test_another_root_module_has_findings_of_its_own(baseline: Path) -> None:
    root = baseline.parent / "elsewhere"
    assert len(apply_baseline(baseline, outcome(root, finding(root))).findings) == 1


def test_what_is_gone_is_told(baseline: Path) -> None:
    root = baseline.parent / "app"
    gone = (GoneFinding("CKV2_MEALS_901", "app", "aws_sns_topic.a"),)
    assert apply_baseline(baseline, outcome(root)).gone == gone
    assert apply_baseline(baseline, outcome(root, finding(root))).gone == ()
    assert apply_baseline(baseline, outcome(baseline.parent / "elsewhere")).gone == ()
    assert apply_baseline(baseline, outcome(root, request=Request(Selection(only=("CKV2_MEALS_902",))))).gone == ()
    incomplete = replace(outcome(root), problems=(Problem("scanner-died", "x"),))
    assert apply_baseline(baseline, incomplete).gone == ()


def test_writing_again_keeps_who_accepted_what_and_when(baseline: Path) -> None:
    root = baseline.parent / "app"
    found = outcome(root, finding(root), finding(root, "b"))
    write_baseline(baseline, found, owner="network", today=LATER)
    entries = {each["resource"]: each for each in json.loads(baseline.read_bytes())["findings"]}
    assert [(entries[f"aws_sns_topic.{name}"]["owner"]) for name in "ab"] == ["platform", "network"]
    write_baseline(baseline, outcome(root, finding(root, found=("x", "z"))), owner="network", today=LATER)
    (entry,) = json.loads(baseline.read_bytes())["findings"]
    assert (entry["owner"], entry["accepted"], entry["found"]) == ("network", "2026-12-01", ["x", "z"])


def test_an_incomplete_scan_writes_none(tmp_path: Path) -> None:
    incomplete = replace(outcome(tmp_path), problems=(Problem("scanner-died", "it died"),))
    with pytest.raises(BadBaseline, match="is not written, because the scan was incomplete: it died"):
        write_baseline(tmp_path / "b.json", incomplete, owner="o", today=FIRST)
    assert not (tmp_path / "b.json").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "No such file or directory; --write-baseline makes it"),
        ("{", "is no baseline (JSONDecodeError"),
        ("[]", "is no baseline (TypeError"),
        ('{"version": 2, "findings": []}', "received version 2; allowed: 1"),
        ('{"version": 1, "findings": [{}]}', "is no baseline (KeyError"),
        (json.dumps({"version": 1, "findings": [ENTRY | {"accepted": "now"}]}), "is no baseline (ValueError"),
        (json.dumps({"version": 1, "findings": [ENTRY | {"found": "x"}]}), "is no baseline (TypeError"),
    ],
)
def test_what_is_no_baseline(tmp_path: Path, content: str | None, says: str) -> None:
    file = tmp_path / "baseline.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadBaseline) as caught:
        apply_baseline(file, outcome(tmp_path))
    assert says in str(caught.value)
