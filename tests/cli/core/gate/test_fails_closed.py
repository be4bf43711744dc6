"""Each way in which checkov checks less than it seems is a failure with a name. All of them are provoked here."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cli.core.base.errors import ExitCode
from cli.core.gate.gate import Gate
from cli.core.gate.inventory import Declaration, Inventory
from cli.core.gate.model import Request, RuleInfo, Selection, Target
from cli.core.gate.protocol import Place, RulePlace, Scan
from cli.core.gate.targets import NothingToScan, at_path
from cli.core.gate.verdict import judge
from tests.support.gates import NAMED_MEALS, TODAY, checks, found, gate, kinds, rule, terraform, topics

OURS = ("CKV2_MEALS_901",)
"""What is run: in these tests the built-in rules would find much, and prove nothing."""


ONLY_OURS = Request(Selection(only=OURS))


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A directory with one rule."""
    return checks(tmp_path, {"pack/__init__.py": "", "pack/meals_topic.py": rule()})


def text_of(outcome: object, kind: str) -> str:
    """What is said about the only problem of a kind."""
    (text,) = [problem.text for problem in outcome.all_problems if problem.kind == kind]  # type: ignore[attr-defined]
    return str(text)


def test_with_nothing_wrong_it_passes_or_finds(tmp_path: Path, rules: Path) -> None:
    path = terraform(tmp_path, topics("meals"))
    outcome = gate(path, rules=rules, only=OURS)
    assert (kinds(outcome), outcome.exit_code, outcome.results[0].passed) == ([], ExitCode.OK, 1)
    terraform(tmp_path, topics("meals", "other"))
    outcome = gate(path, rules=rules, only=OURS)
    assert (kinds(outcome), outcome.exit_code) == ([], ExitCode.FINDINGS)
    assert found(outcome) == {("CKV2_MEALS_901", "aws_sns_topic.other")}


@pytest.mark.parametrize(
    ("name", "content", "kind", "says"),
    [
        (
            "main.tf.json",
            topics("meals", terraform={"required_version": ">= 1.10"}),
            "terraform-version-block",
            "main.tf.json: terraform.required_version: checkov checks nothing",
        ),
        ("main.tf.json", '{"resource": ', "file-not-json", "main.tf.json: Expecting value"),
        ("main.tf.json", "resource:\n  aws_sns_topic: {}\n", "file-not-json", "main.tf.json: Expecting value"),
        ("main.tf.json", [], "file-not-json", "received list; allowed: an object"),
        ("main.tf.json", {}, "file-not-parsed", "main.tf.json: checkov could not parse it"),
        ("main.tf.json", {"resource": {"aws_sns_topic": {"a": "b"}}}, "file-not-parsed", "could not parse"),
        ("main.tf.json", topics("meals", "__file__"), "resource-not-scanned", "aws_sns_topic.__file__"),
        ("main.tf", 'resource "aws_sns_topic" "t" {', "file-not-parsed", "main.tf"),
        (
            "main.tf",
            'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n',
            "module-not-scanned",
            "module.vpc: checkov has not found its source 'terraform-aws-modules/vpc/aws'",
        ),
        ("main.tf.json", {"module": {"m": {"source": "../elsewhere"}}}, "module-not-scanned", "module.m"),
        ("plan.json", {"terraform_version": "1.11.4", "planned_values": []}, "scan-failed", "checkov failed"),
        (
            "plan.json",
            {"terraform_version": "1.11.4", "planned_values": {}, "errored": True},
            "plan-incomplete",
            "terraform could not plan everything",
        ),
        ("main.tf", 'variable "name" {}\n', "nothing-to-scan", "declares no resource"),
        (
            "plan.json",
            {
                "terraform_version": "1.11.4",
                "resource_changes": [],
                "planned_values": {
                    "root_module": {
                        "resources": [
                            {"address": "aws_sns_topic.t", "mode": "managed", "type": "aws_sns_topic", "name": "t"}
                        ]
                    }
                },
            },
            "plan-incomplete",
            "plan.json: lacks configuration",
        ),
        (
            "plan.json",
            {"terraform_version": "1.11.4", "planned_values": {"root_module": {"resources": [{"type": "x"}]}}},
            "file-not-parsed",
            "KeyError: 'address'",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "-" in value else "",
)
def test_a_file_that_is_not_read_as_a_whole(
    tmp_path: Path, rules: Path, name: str, content: object, kind: str, says: str
) -> None:
    outcome = gate(terraform(tmp_path, content, name), rules=rules, only=OURS)
    assert outcome.exit_code == ExitCode.GATE
    assert kind in kinds(outcome)
    assert any(says in problem.text for problem in outcome.all_problems if problem.kind == kind)


def test_a_file_that_only_asks_for_a_version_is_no_problem(tmp_path: Path, rules: Path) -> None:
    terraform(tmp_path, {"terraform": {"required_version": ">= 1.10"}}, "versions.tf.json")
    outcome = gate(terraform(tmp_path, topics("meals")), rules=rules, only=OURS)
    assert (kinds(outcome), outcome.exit_code) == ([], ExitCode.OK)


def test_one_bad_file_does_not_hide_what_is_found_in_others(tmp_path: Path, rules: Path) -> None:
    terraform(tmp_path, "{", "bad.tf.json")
    outcome = gate(terraform(tmp_path, topics("other")), rules=rules, only=OURS)
    assert outcome.exit_code == ExitCode.GATE
    assert found(outcome) == {("CKV2_MEALS_901", "aws_sns_topic.other")}


@pytest.mark.parametrize("name", ["nothing", "README.md", "package.json"])
def test_where_there_is_nothing_to_scan(tmp_path: Path, name: str) -> None:
    if name != "nothing":
        terraform(tmp_path, "{}", name)
    with pytest.raises(NothingToScan) as caught:
        gate(tmp_path / "terraform")
    assert caught.value.exit_code == ExitCode.GATE


CHECK = """
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class Topics(BaseResourceCheck):
    def __init__(self):
        id = "CKV_MEALS_902"
        super().__init__("Topics", id, [CheckCategories.NETWORKING], ["aws_sns_topic"])

    def scan_resource_conf(self, conf):
        {body}


check = Topics()
"""

GRAPH_CHECK = """
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.runner_filter import RunnerFilter


class Topics(BaseGraphCheck):
    def __init__(self, id):
        super().__init__()
        self.id = id
        self.name = "Topics"

    def run(self, graph):
        {body}


RunnerFilter.notify_external_check("CKV2_MEALS_903")
get_graph_checks_registry("terraform").checks.append(Topics(id="CKV2_MEALS_903"))
"""


@pytest.mark.parametrize(
    ("files", "kind", "says"),
    [
        ({"meals_b.py": rule("CKV2_MEALS_902", end="import no_such_module")}, "rule-not-loaded", "no_such_module"),
        ({"meals_b.py": rule("CKV2_MEALS_902", end="")}, "rule-not-loaded", "CKV2_MEALS_902 of"),
        (
            {"meals_b.py": f"{rule('CKV2_MEALS_902')}\n{{}}['after']\n"},
            "rule-not-loaded",
            "Cannot load external check 'meals_b'",
        ),
        ({"meals_b.py": "def broken(:\n"}, "rule-not-loaded", "invalid syntax"),
        ({"meals_b.py": rule()}, "rule-duplicated", "again in"),
        ({"meals_b.py": rule("CKV_AWS_26")}, "rule-duplicated", "is the id of a rule of checkov"),
        ({"meals_b.py": "ID = 'CKV2_MEALS_902'\n"}, "rule-without-id", "defines no rule"),
        (
            {
                "meals_b.py": rule(
                    "CKV2_MEALS_902", end="object.__setattr__(RULE, 'id', 'X_1')\nregister(RULE, source=__file__)"
                )
            },
            "rule-unexpected",
            "X_1 was loaded",
        ),
        ({"other/meals_b.py": rule("CKV2_MEALS_902")}, "rules-directory-without-init", "other: has no __init__.py"),
        ({"other/meals_b.py": rule("CKV2_MEALS_902")}, "rule-not-loaded", "CKV2_MEALS_902 of"),
        ({"meals_b.py": rule("CKV2_MEALS_902", body="raise KeyError('x')")}, "rule-raised", "KeyError: 'x'"),
        ({"meals_b.py": CHECK.format(body="raise KeyError('x')")}, "rule-raised", "aws_sns_topic.meals: KeyError: 'x'"),
        (
            {"meals_b.py": GRAPH_CHECK.format(body="raise KeyError('x')")},
            "rule-raised",
            "CKV2_MEALS_903 failed: KeyErr",
        ),
        ({"meals_b.py": GRAPH_CHECK.format(body="raise SystemExit")}, "rule-raised", "_903 failed: SystemExit"),
        (
            {"meals_b.py": CHECK.format(body="return CheckResult.UNKNOWN")},
            "rule-undecided",
            "CKV_MEALS_902 says UNKNOWN",
        ),
        (
            {"meals_b.py": GRAPH_CHECK.format(body="return [], [], [v for _, v in graph.nodes()]")},
            "rule-undecided",
            "CKV2_MEALS_903 says UNKNOWN of aws_sns_topic.meals",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("rule") else "",
)
def test_rules_that_are_not_what_they_seem(tmp_path: Path, files: dict[str, str], kind: str, says: str) -> None:
    directory = checks(tmp_path, {"meals_a.py": rule(), **files})
    outcome = gate(terraform(tmp_path, topics("meals")), rules=directory)
    assert outcome.exit_code == ExitCode.GATE
    assert any(says in problem.text for problem in outcome.all_problems if problem.kind == kind), outcome.all_problems


def test_no_rules_at_all(tmp_path: Path) -> None:
    empty = tmp_path / "checks"
    empty.mkdir()
    outcome = gate(terraform(tmp_path, topics("meals")), rules=empty)
    assert outcome.exit_code == ExitCode.GATE
    assert kinds(outcome) == ["rule-not-loaded", "rules-missing"]  # the first: nothing honours suppressions


def test_a_built_in_rule_may_leave_a_resource_to_ours(tmp_path: Path, rules: Path) -> None:
    """CKV_AWS_70 says UNKNOWN of every bucket without a policy."""
    bucket = {"resource": {"aws_s3_bucket": {"b": {"bucket": "b"}}}}
    assert kinds(gate(terraform(tmp_path, bucket), rules=rules, only=("CKV_AWS_70",))) == []


def test_a_resource_that_a_rule_covers_but_has_not_judged() -> None:
    file = Path("/t/main.tf.json")
    target = Target("t", "terraform_json", Path("/t"), (file,), Path("t"))
    inventory = Inventory(
        [Declaration(file, "aws_sns_topic", "aws_sns_topic.a"), Declaration(file, "aws_vpc", "aws_vpc.v")]
    )
    scan = Scan(
        parsed=(str(file),),
        unparsed=(),
        resources=(Place(str(file), "aws_sns_topic.a"), Place(str(file), "aws_vpc.v")),
        modules=(),
        passed=0,
        failed=(),
        skipped=(),
        judged=(),
        raised=(),
        unknown=(),
    )
    known = {"CKV2_MEALS_901": RuleInfo("CKV2_MEALS_901", "", "high", applies_to=("aws_sns_topic",), own=True)}
    problems = judge(target, scan, inventory, known).problems
    assert [(problem.kind, problem.text) for problem in problems] == [
        ("rule-undecided", "CKV2_MEALS_901 has not judged aws_sns_topic.a (t/main.tf.json)")
    ]
    skipping = replace(target, request=Request(Selection(skip=("CKV2_MEALS_901",))))
    assert judge(skipping, scan, inventory, known).problems == ()
    judged = replace(scan, judged=(RulePlace("CKV2_MEALS_901", str(file), "aws_sns_topic.a"),))
    assert judge(target, judged, inventory, known).problems == ()


def kill(running: Gate) -> None:
    os.kill(running.process.pid, signal.SIGKILL)


def starve(running: Gate) -> None:
    resource.prlimit(running.process.pid, resource.RLIMIT_AS, (60 << 20, 60 << 20))


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit of another process is Linux's")
def test_a_child_without_memory(tmp_path: Path, rules: Path) -> None:
    outcome = gate(terraform(tmp_path, topics("meals")), rules=rules, meanwhile=starve)
    assert (outcome.exit_code, kinds(outcome)) == (ExitCode.GATE, ["scanner-died"])


def test_a_child_that_is_killed(tmp_path: Path, rules: Path) -> None:
    outcome = gate(terraform(tmp_path, topics("meals")), rules=rules, meanwhile=kill)
    assert (outcome.exit_code, kinds(outcome)) == (ExitCode.GATE, ["scanner-died"])
    assert "killed (SIGKILL), as the kernel does when memory runs out" in text_of(outcome, "scanner-died")


def test_a_child_that_is_killed_between_two_outcomes(tmp_path: Path, rules: Path) -> None:
    """What it said before stands; what it was to say next is not known, and nothing of the first is told again."""
    directories = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        directories.append(terraform(tmp_path / name, topics("meals")))
    with Gate(TODAY, rules) as running:
        (first, second) = (target for directory in directories for target in at_path(directory, ONLY_OURS))
        running.add(first)
        outcome = running.outcome(is_last=False)
        assert (kinds(outcome), [each.target for each in outcome.results]) == ([], [first])
        kill(running)
        running.add(second)
        outcome = running.outcome(is_last=False)
    assert kinds(outcome) == ["scanner-died"]
    assert [(each.target, each.resources) for each in outcome.results] == [(second, 0)]


def test_a_child_that_is_asked_again_judges_only_what_is_new(tmp_path: Path, rules: Path) -> None:
    with Gate(TODAY, rules) as running:
        told = []
        for name in ("meals", "drinks"):
            (tmp_path / name).mkdir()
            (target,) = at_path(terraform(tmp_path / name, topics(name)), ONLY_OURS)
            running.add(target)
            told.append(running.outcome(is_last=False))
    assert [found(outcome) for outcome in told] == [set(), {("CKV2_MEALS_901", "aws_sns_topic.drinks")}]


def test_a_child_that_takes_too_long(tmp_path: Path, rules: Path) -> None:
    outcome = gate(terraform(tmp_path, topics("meals")), rules=rules, timeout=0.05)
    assert (outcome.exit_code, kinds(outcome)) == (ExitCode.GATE, ["scanner-timed-out"])


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("import os, sys; os.write(int(sys.argv[1]), b'rubbish')", "scanner-garbled"),
        ("import os, sys; os.write(int(sys.argv[1]), b'{}')", "scanner-garbled"),
        ("import os; os._exit(0)", "scanner-incomplete"),
        ("import os; os._exit(7)", "scanner-died"),
    ],
)
def test_a_child_that_does_not_answer_properly(tmp_path: Path, body: str, kind: str) -> None:
    directory = checks(tmp_path, {"meals_a.py": rule(body=f"{body}; return []")})
    outcome = gate(terraform(tmp_path, topics("meals")), rules=directory, only=OURS)
    assert (outcome.exit_code, kinds(outcome)) == (ExitCode.GATE, [kind])


def test_a_scan_that_dies_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    """Each root module is scanned in a process of its own."""
    kill_itself = "import os; os.kill(os.getpid(), 9) if topic.text('name') == 'kill' else None; "
    directory = checks(tmp_path, {"meals_a.py": rule(body=kill_itself + NAMED_MEALS)})
    for name in ("first", "kill", "last"):
        path = terraform(tmp_path, f'resource "aws_sns_topic" "{name}" {{\n  name = "{name}"\n}}\n', f"{name}/main.tf")
    outcome = gate(path, rules=directory, only=OURS)
    assert (outcome.exit_code, outcome.problems) == (ExitCode.GATE, ())
    assert [[problem.kind for problem in target.problems] for target in outcome.results] == [[], ["scanner-died"], []]
    assert found(outcome) == {("CKV2_MEALS_901", f"aws_sns_topic.{name}") for name in ("first", "last")}
    assert "killed (SIGKILL), as the kernel does when memory runs out" in text_of(outcome, "scanner-died")


def test_what_is_done_in_time_is_answered(tmp_path: Path) -> None:
    """Also where what was asked first hangs."""
    body = f"import time; open({str(tmp_path)!r} + '/' + topic.text('name'), 'w').close(); "
    body += "time.sleep(600) if topic.text('name') == 'hangs' else None; " + NAMED_MEALS
    directory = checks(tmp_path, {"meals_a.py": rule(body=body)})
    for name in ("hangs", "other"):
        path = terraform(tmp_path, topics(name), f"{name}/main.tf.json")
    with Gate(TODAY, directory) as running:
        for name in ("hangs", "other"):
            running.add(at_path(path / name, ONLY_OURS)[0])
        while not ((tmp_path / "hangs").exists() and (tmp_path / "other").exists()):
            time.sleep(0.05)
        outcome = running.outcome(3)
    assert outcome.exit_code == ExitCode.GATE
    assert [[problem.kind for problem in each.problems] for each in outcome.results] == [["scanner-timed-out"], []]
    assert found(outcome) == {("CKV2_MEALS_901", "aws_sns_topic.other")}


@pytest.mark.parametrize("timeout", [1.0, 100.0])
def test_a_scan_that_hangs_is_ended_with_the_gate(tmp_path: Path, timeout: float) -> None:
    """By its timeout, or because the worker that would wait for it was killed."""
    pid_file = tmp_path / "pid"
    body = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(600); return []"
    directory = checks(tmp_path, {"meals_a.py": rule(body=body)})

    def kill_once_it_hangs(running: Gate) -> None:
        while not (pid_file.exists() and pid_file.read_text()):
            time.sleep(0.05)
        if timeout == 100:
            kill(running)

    path = terraform(tmp_path, topics("meals"))
    outcome = gate(path, rules=directory, only=OURS, meanwhile=kill_once_it_hangs, timeout=timeout)
    assert outcome.exit_code == ExitCode.GATE
    assert kinds(outcome) == ["scanner-died" if timeout == 100 else "scanner-timed-out"]
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid_file.read_text()}").exists():  # until whoever reaps orphans has done so
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_rule_that_prints_does_no_harm(tmp_path: Path) -> None:
    directory = checks(tmp_path, {"meals_a.py": rule(body="print('rubbish'); return []")})
    assert kinds(gate(terraform(tmp_path, topics("meals")), rules=directory, only=OURS)) == []


def test_variables_that_make_checkov_find_less_are_not_passed_on(
    tmp_path: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECKOV_MAX_IAC_FILE_SIZE", "1")
    monkeypatch.setenv("CKV_IGNORED_DIRECTORIES", "terraform")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert kinds(gate(terraform(tmp_path, topics("meals")), rules=rules, only=OURS)) == []
