"""What the gate says, in each format."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema  # type: ignore[import-untyped]
import pytest

from cli.core.base.source_lines import SourceLine
from cli.core.gate.model import (
    Detail,
    Finding,
    Location,
    Outcome,
    Problem,
    Request,
    RuleInfo,
    Selection,
    SuppressedFinding,
    Target,
    TargetResult,
)
from cli.core.gate.report import FORMATS, renderer
from policies.library.rule import FindingKind

OWN = RuleInfo("CKV2_MEALS_901", "Topics | are *meals*", "critical", "C7", ("NIST 800-53 SC-8",), "Fix <it>.", own=True)
BUILT_IN = RuleInfo("CKV_AWS_26", "Ensure SNS is encrypted", "medium")
HOLDS = RuleInfo("CKV2_MEALS_902", "Queues are meals", "low", own=True)
FILE = Path("cdktf.out/stacks/dev/cdk.tf.json")


def location(name: str, path: str | None = None) -> Location:
    """Where a resource is."""
    return Location(f"aws_sns_topic.{name}", path, FILE, 7, 9)


def outcome(*problems: Problem, findings: bool = True) -> Outcome:
    """What two environments came to, with everything that a format has to show."""
    found = (
        Finding(OWN, location("a", "dev/notifications/a"), (Detail("100 %,\nor: <b>", "meals"), Detail("x", ""))),
        Finding(BUILT_IN, location("b"), ()),
    )
    suppressed = tuple(
        SuppressedFinding(
            BUILT_IN, location(name, f"dev/{name}"), "Because | so", "platform", datetime.date(2027, 12, 31)
        )
        for name in ("c", "d")
    )
    dev = Target("dev", "terraform_json", Path("/tmp/x"), (Path("/tmp/x/stacks/dev/cdk.tf.json"),), Path("cdktf.out"))
    prod = Target("prod", "terraform_json", Path("/tmp/y"), (), Path("cdktf.out"))
    return Outcome(
        (
            TargetResult(dev, 10, 20, found if findings else (), suppressed, ()),
            TargetResult(prod, 11, 21, (), (), ()),
        ),
        problems,
        {rule.id: rule for rule in (OWN, BUILT_IN, HOLDS)},
        "3.3.30",
    )


PROBLEM = Problem("file-not-json", "a/b.tf.json: Expecting value", "a/b.tf.json")


@pytest.mark.parametrize("name", ["table", "markdown", "github"])
@pytest.mark.parametrize(
    ("today", "is_warned"),
    [
        (datetime.date(2027, 10, 31), False),
        (datetime.date(2027, 11, 1), True),
        (datetime.date(2027, 12, 31), True),
    ],
    ids=str,
)
def test_suppressions_are_named_from_60_days_before_their_last(
    name: str, today: datetime.date, is_warned: bool
) -> None:
    text = " ".join(renderer(name)(replace(outcome(), today=today)).split())
    line = "suppressions end soon: CKV_AWS_26 on 2027-12-31"
    assert (line in text.replace("%3A", ":").replace("\\_", "_")) is is_warned


def of_line(environment: str, name: str, *lines: tuple[str, int]) -> TargetResult:
    """An environment with a finding on a resource that some lines of Python make."""
    at = replace(
        location(name, f"{environment}/{name}"),
        file=Path(f"cdktf.out/stacks/{environment}/cdk.tf.json"),
        source_lines=tuple(SourceLine(Path(file), line) for file, line in lines),
    )
    target = Target(environment, "terraform_json", Path("/tmp/x"), (), Path("cdktf.out"), is_environment=True)
    return TargetResult(target, 1, 0, (Finding(OWN, at, (Detail("open", "closed"),)),), (), ())


PART, OTHER, CONSTRUCT = ("modules/a/part.py", 7), ("modules/b/part.py", 8), ("modules/c/construct.py", 9)


@pytest.mark.parametrize(
    ("results", "places", "related"),
    [
        ([of_line("dev", "a", PART), of_line("prod", "a", PART)], [PART], []),
        ([of_line("dev", "a", PART, CONSTRUCT), of_line("prod", "a", PART, CONSTRUCT)], [PART], [CONSTRUCT]),
        ([of_line("dev", "a", PART, CONSTRUCT), of_line("dev", "b", OTHER, CONSTRUCT)], [CONSTRUCT], [PART, OTHER]),
        ([of_line("dev", "a", PART), of_line("dev", "b", OTHER)], [PART, OTHER], []),
    ],
    ids=["environments share a line", "one part", "several parts of a construct", "several lines"],
)
def test_a_line_of_python_is_annotated_once(
    results: list[TargetResult], places: list[tuple[str, int]], related: list[tuple[str, int]]
) -> None:
    given = replace(outcome(), results=tuple(results))
    lines = [line for line in renderer("github")(given).splitlines() if line.startswith("::error")]
    assert [re.findall(r"file=(.*?),line=(\d+),endLine=(\d+)", line) for line in lines] == [
        [(file, str(line), str(line))] for file, line in places
    ]
    found = json.loads(renderer("sarif")(given))["runs"][0]["results"]
    assert [line_of(result["locations"][0]) for result in found] == places
    assert [line_of(each) for result in found for each in result.get("relatedLocations", ())] == related
    named = [each["fullyQualifiedName"] for result in found for each in result["locations"][0]["logicalLocations"]]
    assert named == [result.findings[0].at.name for result in results]


def line_of(where: dict[str, Any]) -> tuple[str, int]:
    """File and line of a place in SARIF."""
    place = where["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"]


@pytest.mark.parametrize("name", ["table", "markdown", "junit"])
def test_findings_name_the_python_line(name: str) -> None:
    text = renderer(name)(replace(outcome(), results=(of_line("dev", "a", PART, CONSTRUCT),)))
    assert "cdktf.out" not in text
    assert re.search(r'modules/a/part.py(:|" line=")7', text)
    data = json.loads(renderer("json")(replace(outcome(), results=(of_line("dev", "a", PART, CONSTRUCT),))))
    assert [(each["file"], each["line"]) for each in data["targets"][0]["findings"][0]["source_lines"]] == [
        PART,
        CONSTRUCT,
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_says_the_same_each_time_and_ends_a_line(name: str) -> None:
    render = renderer(name)
    text = render(outcome(PROBLEM))
    assert text == render(outcome(PROBLEM))
    assert text.endswith("\n")
    assert not text.endswith("\n\n\n")


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_says_rule_place_reason_and_problem(name: str) -> None:
    text = renderer(name)(outcome(PROBLEM))
    for part in ("CKV2_MEALS_901", "CKV_AWS_26", "dev/notifications/a", "file-not-json", "Expecting value"):
        assert part in text
    if name not in ("github", "table"):  # they are about what is wrong
        assert "Because" in text


def test_table() -> None:
    text = renderer("table")(outcome(PROBLEM))
    assert "\x1b" not in text
    lines = [line.strip() for line in text.splitlines()]
    assert lines[:2] == ["problem  file-not-json", "a/b.tf.json: Expecting value"]
    assert lines[3:5] == [
        "critical  CKV2_MEALS_901  1  Topics | are *meals*",
        "medium    CKV_AWS_26      1  Ensure SNS is encrypted",
    ]
    assert lines[6] == "critical  CKV2_MEALS_901  Topics | are *meals*"
    assert lines.index("fix      Fix <it>.") < lines.index("medium  CKV_AWS_26  Ensure SNS is encrypted")
    assert "dev/notifications/a  cdktf.out/stacks/dev/cdk.tf.json:7" in lines
    assert "2 suppressed findings; the first suppression ends on 2027-12-31 (--format" in lines
    assert [line.split() for line in lines[-4:-1]] == [
        ["resources", "passed", "critical", "medium", "suppressed"],
        ["dev", "10", "20", "1", "1", "2"],
        ["prod", "11", "21", "-", "-", "0"],
    ]
    assert lines[-1] == "not passed: the gate could not do its job (1 problem), and 2 findings"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (outcome(findings=False), "passed"),
        (outcome(), "not passed: 2 findings"),
        (outcome(PROBLEM, findings=False), "not passed: the gate could not do its job (1 problem)"),
    ],
    ids=["passed", "findings", "problem"],
)
def test_verdicts(given: Outcome, says: str) -> None:
    assert renderer("table")(given).splitlines()[-1] == says


def many(count: int) -> Outcome:
    """An outcome with findings of one rule on so many resources."""
    target = Target("app", "terraform", Path("/tmp/x"), (), Path("app"))
    found = tuple(
        Finding(OWN, Location(f"module.m.aws_sns_topic.t{n}", None, Path("app/m/main.tf"), n, n), (Detail("x", "y"),))
        for n in range(count)
    )
    return Outcome((TargetResult(target, count, 0, found, (), ()),), (), {OWN.id: OWN}, "3.3.30")


def test_many_findings_of_one_cause_take_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = renderer("table")(many(500)).splitlines()
    assert len(lines) < 515
    assert max(map(len, lines)) <= 80
    assert [line.strip() for line in lines].count("found    x") == 1


def test_the_short_form_has_a_line_per_rule() -> None:
    assert renderer("table", is_short=True)(many(500)).splitlines() == [
        "critical  CKV2_MEALS_901  500  Topics | are *meals*",
        "",
        "not passed: 500 findings",
    ]


def test_instances_of_a_resource_share_a_line() -> None:
    target = Target("app", "terraform", Path("/tmp/x"), (), Path("app"))
    found = tuple(
        Finding(OWN, Location(f"aws_sns_topic.t[{n}]", None, Path("main.tf"), 3, 5), (Detail("x", "y"),))
        for n in range(3)
    )
    text = renderer("table")(Outcome((TargetResult(target, 3, 0, found, (), ()),), (), {}, ""))
    assert "\n    aws_sns_topic.t (3 instances)  main.tf:3\n" in text


def test_a_cause_is_the_same_whatever_resource_it_names() -> None:
    target = Target("app", "terraform", Path("/tmp/x"), (), Path("app"))
    found = tuple(
        Finding(OWN, location(name), (Detail(f"open (aws_sns_topic.{name}.ingress) (aws_sns_topic.{name})", ""),))
        for name in ("a", "b")
    )
    text = renderer("table")(Outcome((TargetResult(target, 2, 0, found, (), ()),), (), {}, ""))
    assert text.count("found    open (ingress)\n    aws_sns_topic.a") == 1


def test_what_cannot_be_worked_out_has_a_severity_of_its_own() -> None:
    unknown = Finding(OWN, location("u"), (Detail("unknown", "known", FindingKind.UNKNOWN, "var.x"),))
    target = Target("app", "terraform", Path("/tmp/x"), (), Path("app"))
    given = Outcome((TargetResult(target, 1, 0, (unknown,), (), ()),), (), {}, "")
    assert renderer("table")(given).startswith("unknown   CKV2_MEALS_901  1  ")
    assert json.loads(renderer("json")(given))["targets"][0]["by_severity"]["unknown"] == 1


def test_what_another_rule_says_better_is_one_issue() -> None:
    ours = RuleInfo("CKV2_MEALS_140", "KMS keys rotate", "medium", own=True)
    theirs = RuleInfo("CKV_AWS_7", "Ensure rotation", "medium")
    at = Location("aws_kms_key.k", None, Path("main.tf"), 1, 3)
    target = Target("app", "terraform", Path("/tmp/x"), (), Path("app"))
    found = (Finding(ours, at, (Detail("off", "on"),)), Finding(theirs, at, ()))
    given = Outcome((TargetResult(target, 1, 0, found, (), ()),), (), {}, "")
    assert "  also     CKV_AWS_7\n" in renderer("table")(given)
    assert renderer("table")(given).endswith("not passed: 1 finding\n")
    data = json.loads(renderer("json")(given))
    assert [(each["rule"], each["covered_by"]) for each in data["targets"][0]["findings"]] == [
        ("CKV2_MEALS_140", None),
        ("CKV_AWS_7", "CKV2_MEALS_140"),
    ]
    results = json.loads(renderer("sarif")(given))["runs"][0]["results"]
    assert [(each["ruleId"], [why["justification"] for why in each.get("suppressions", ())]) for each in results] == [
        ("CKV2_MEALS_140", []),
        ("CKV_AWS_7", ["CKV2_MEALS_140 says the same"]),
    ]
    assert "also: CKV_AWS_7" in renderer("github")(given)


def test_json() -> None:
    data = json.loads(renderer("json")(outcome(PROBLEM)))
    assert (data["passed"], data["exit_code"], data["checkov"]) == (False, 4, "3.3.30")
    assert data["rules"] == {"own": 2, "built_in": 1}
    assert data["problems"] == [
        {"kind": "file-not-json", "text": "a/b.tf.json: Expecting value", "file": "a/b.tf.json"}
    ]
    dev = data["targets"][0]
    assert (dev["name"], dev["files"]) == ("dev", ["cdktf.out/stacks/dev/cdk.tf.json"])
    assert dev["findings"][0] == {
        "rule": "CKV2_MEALS_901",
        "name": "Topics | are *meals*",
        "severity": "critical",
        "built_in": False,
        "pack": None,
        "claim": "C7",
        "controls": ["NIST 800-53 SC-8"],
        "resource": "aws_sns_topic.a",
        "construct_path": "dev/notifications/a",
        "file": "cdktf.out/stacks/dev/cdk.tf.json",
        "line": 7,
        "end_line": 9,
        "source_lines": [],
        "details": [{"found": "100 %,\nor: <b>", "allowed": "meals"}, {"found": "x", "allowed": ""}],
        "fix": "Fix <it>.",
        "covered_by": None,
    }
    assert [each["expires"] for each in dev["suppressed"]] == ["2027-12-31"] * 2


TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LOCATION = {
    "type": "object",
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {"properties": {"uri": {"type": "string", "format": "uri-reference"}}},
                "region": {
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "endLine": {"type": "integer", "minimum": 1},
                    }
                },
            },
            "additionalProperties": False,
        },
        "logicalLocations": {"type": "array", "items": {"required": ["fullyQualifiedName"]}},
    },
    "additionalProperties": False,
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "tool": {
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "required": ["name"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": TEXT,
                                                "help": TEXT,
                                                "defaultConfiguration": {"properties": {"level": LEVEL}},
                                                "properties": {
                                                    "properties": {
                                                        "tags": {"type": "array", "uniqueItems": True},
                                                        "security-severity": {"type": "string"},
                                                    }
                                                },
                                            },
                                            "additionalProperties": False,
                                        },
                                    },
                                },
                                "additionalProperties": False,
                            },
                            "extensions": {"type": "array", "items": {"required": ["name"]}},
                        },
                        "additionalProperties": False,
                    },
                    "invocations": {
                        "type": "array",
                        "items": {
                            "required": ["executionSuccessful"],
                            "properties": {
                                "executionSuccessful": {"type": "boolean"},
                                "exitCode": {"type": "integer"},
                                "toolExecutionNotifications": {
                                    "type": "array",
                                    "items": {
                                        "required": ["message"],
                                        "properties": {
                                            "level": LEVEL,
                                            "message": TEXT,
                                            "descriptor": {"required": ["id"]},
                                            "locations": {"type": "array", "items": LOCATION},
                                        },
                                        "additionalProperties": False,
                                    },
                                },
                            },
                            "additionalProperties": False,
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": LEVEL,
                                "message": TEXT,
                                "locations": {"type": "array", "items": LOCATION},
                                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                                "suppressions": {
                                    "type": "array",
                                    "uniqueItems": True,
                                    "items": {
                                        "required": ["kind"],
                                        "properties": {
                                            "kind": {"enum": ["inSource", "external"]},
                                            "status": {"enum": ["accepted", "underReview", "rejected"]},
                                            "justification": {"type": "string"},
                                        },
                                        "additionalProperties": False,
                                    },
                                },
                            },
                            "additionalProperties": False,
                        },
                    },
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
"""The part of OASIS's sarif-schema-2.1.0.json that is about what is written here, with its types and enumerations."""


def test_sarif() -> None:
    data = json.loads(renderer("sarif")(outcome(PROBLEM)))
    jsonschema.validate(data, SARIF)
    (run,) = data["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["CKV2_MEALS_901", "CKV2_MEALS_902", "CKV_AWS_26"]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert [(result["ruleId"], result["level"], "suppressions" in result) for result in run["results"]] == [
        ("CKV2_MEALS_901", "error", False),
        ("CKV_AWS_26", "warning", False),
        ("CKV_AWS_26", "warning", True),
        ("CKV_AWS_26", "warning", True),
    ]
    fingerprints = [result["partialFingerprints"]["ruleAndResource/v1"] for result in run["results"]]
    assert len(set(fingerprints)) == 4
    invocation = run["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 4)
    assert json.loads(renderer("sarif")(outcome()))["runs"][0]["invocations"][0]["executionSuccessful"] is True


@pytest.mark.parametrize("name", FORMATS)
def test_text_that_is_no_unicode_can_be_written(name: str) -> None:
    """JSON can name a resource by half a surrogate pair, which no terminal and no file takes."""
    text = renderer(name)(outcome(Problem("file-not-json", "<\ud800\x00>", "a\ud800\x1b/b.tf.json")))
    assert text.encode()
    if name == "junit":
        assert ElementTree.fromstring(text).find("testsuite/testcase") is not None


def test_sarif_names_files_by_uris() -> None:
    data = json.loads(renderer("sarif")(outcome(Problem("file-not-json", "x", "/a b/ä%.tf.json"))))
    (notification,) = data["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    location = notification["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "file:///a%20b/%C3%A4%25.tf.json"}


def test_junit() -> None:
    root = ElementTree.fromstring(renderer("junit")(outcome(PROBLEM)))
    gate, dev, prod = root.findall("testsuite")
    assert [case.get("name") for case in gate.iter("testcase")] == ["file-not-json"]
    assert gate.find("testcase/error") is not None
    assert [(case.get("classname"), case[0].tag if len(case) else "passed") for case in dev.iter("testcase")] == [
        ("CKV2_MEALS_901", "failure"),
        ("CKV_AWS_26", "failure"),
        ("CKV_AWS_26", "skipped"),
        ("CKV_AWS_26", "skipped"),
        ("CKV2_MEALS_902", "passed"),
    ]
    assert (dev.get("failures"), dev.get("skipped"), dev.get("tests")) == ("2", "2", "5")
    assert [case.get("classname") for case in prod.iter("testcase")] == ["CKV2_MEALS_901", "CKV2_MEALS_902"]
    failure = dev.find("testcase/failure")
    assert failure is not None
    assert "found: 100 %,\nor: <b>" in (failure.text or "")


def test_junit_passes_no_rule_that_was_not_run() -> None:
    given = outcome(findings=False)
    target = replace(given.results[1].target, request=Request(Selection(skip=("CKV2_MEALS_902",))))
    root = ElementTree.fromstring(
        renderer("junit")(replace(given, results=(replace(given.results[1], target=target),)))
    )
    assert [case.get("classname") for case in root.iter("testcase")] == ["CKV2_MEALS_901"]


def test_github_escapes_what_would_end_a_command() -> None:
    lines = renderer("github")(outcome(PROBLEM)).splitlines()
    assert lines[0] == "::error file=a/b.tf.json,title=infra check%3A file-not-json::a/b.tf.json: Expecting value"
    assert lines[1] == (
        "::error file=cdktf.out/stacks/dev/cdk.tf.json,line=7,endLine=9,title=CKV2_MEALS_901 (critical)::"
        "Topics | are *meals*: dev/notifications/a%0A"
        "found: 100 %25,%0Aor: <b>%0Aallowed: meals%0Afound: x%0Afix: Fix <it>."
    )
    assert lines[2].startswith("::warning file=")
    assert len(lines) == 4


def test_markdown_shows_texts_as_they_are() -> None:
    text = renderer("markdown")(outcome(PROBLEM))
    assert text.startswith("## Policy gate: not passed: the gate could not do its job (1 problem), and 2 findings\n")
    assert "### critical: CKV2_MEALS_901 Topics \\| are \\*meals\\*\n" in text
    assert "found: 100 %, or: \\<b\\>" in text
    assert "| dev | 10 | 20 | 1 |  | 1 |  |  |  | 2 |" in text
    assert "| CKV_AWS_26 | `dev/c`<br>`dev/d` | Because \\| so | platform, until 2027-12-31 |" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {11, 5}
