"""What the workflows of GitHub Actions may do, and that the commands in them exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from cli.core.plans.report.markdown import marker
from cli.main import toolkit
from envs.load import environments
from tests.support.helpers import ROOT

FILES = sorted((ROOT / ".github").glob("*/**/*.yml"))
PARSED: Mapping[Path, Any] = {path: YAML(typ="safe").load(path) for path in FILES}
WORKFLOWS: Mapping[str, Any] = {path.stem: file for path, file in PARSED.items() if path.parent.name == "workflows"}
COMPOSITES: Mapping[str, Any] = {path.parent.name: file for path, file in PARSED.items() if path.name == "action.yml"}
JOBS = [(name, job) for name, workflow in WORKFLOWS.items() for job in workflow["jobs"]]

PERMISSIONS = {
    ("check", "test"): {"contents": "read"},
    ("check", "gate"): {"actions": "read", "contents": "read", "security-events": "write"},
    ("check", "plan"): {"contents": "read", "id-token": "write", "pull-requests": "write"},
    ("deploy", "choose"): {"contents": "read"},
    ("deploy", "apply"): {"contents": "write", "id-token": "write"},
    ("promote", "promote"): {
        "actions": "write",
        "contents": "write",
        "id-token": "write",
        "pull-requests": "write",
    },
}
"""What the token of each job may do. A job that is new, or wants more, is to be decided about here."""

ACTIONS = {
    "actions/checkout",
    "aws-actions/configure-aws-credentials",
    "github/codeql-action/upload-sarif",
    "hashicorp/setup-terraform",
}


def job_of(workflow: str, job: str) -> Mapping[str, Any]:
    """One job."""
    found: Mapping[str, Any] = WORKFLOWS[workflow]["jobs"][job]
    return found


def steps() -> Iterator[Mapping[str, Any]]:
    """Every step of the workflows, then every step of the composite actions."""
    for name in JOBS:
        yield from job_of(*name)["steps"]
    for composite in COMPOSITES.values():
        yield from composite["runs"]["steps"]


def calls_of_composites() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each use of a composite action of this repository: its name and what it is given."""
    for step in steps():
        if step.get("uses", "").startswith("."):
            yield step["uses"].removeprefix("./.github/actions/"), step.get("with", {})


def commands() -> Iterator[list[str]]:
    """The arguments of every call of ./infra. Variables stand for an environment."""
    for step in steps():
        for line in step.get("run", "").replace("\\\n", " ").splitlines():
            for call in re.findall(r"\./infra (.*)", line):
                words = shlex.split(re.split(r"\s(?:>>?|\|\|?|&&)\s", f"{call} ")[0])
                yield ["dev" if word.startswith("$") else word for word in words]


def test_actions_are_pinned_to_commits_one_version_each() -> None:
    text = "".join(path.read_text() for path in FILES)
    used = {action for action in re.findall(r"^\s*(?:- )?uses:\s*(.*)$", text, re.M) if not action.startswith("./")}
    pins = {re.sub(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", "", action) for action in used}
    assert pins == ACTIONS
    assert len(used) == len(ACTIONS)


def test_composite_actions_get_the_inputs_that_they_declare() -> None:
    calls = list(calls_of_composites())
    assert {name for name, _ in calls} == set(COMPOSITES)
    for name, inputs in calls:
        declared = COMPOSITES[name].get("inputs", {})
        assert {key for key, value in declared.items() if value.get("required")} <= set(inputs) <= set(declared)


@pytest.mark.parametrize("name", COMPOSITES)
def test_composite_actions_name_the_shell_of_each_script(name: str) -> None:
    runs = COMPOSITES[name]["runs"]
    assert runs["using"] == "composite"
    assert all(step["shell"] == "bash" for step in runs["steps"] if "run" in step)


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_tokens_may_do_nothing_but_what_a_job_asks_for(workflow: str) -> None:
    assert WORKFLOWS[workflow]["permissions"] == {}
    for name, job in WORKFLOWS[workflow]["jobs"].items():
        assert job["permissions"] == PERMISSIONS[workflow, name]


@pytest.mark.parametrize(("workflow", "job"), JOBS)
def test_jobs_end_and_run_on_a_runner_whose_version_is_named(workflow: str, job: str) -> None:
    assert job_of(workflow, job)["runs-on"] == "ubuntu-24.04"
    assert 0 < job_of(workflow, job)["timeout-minutes"] <= 240


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_runs_are_held_apart(workflow: str) -> None:
    assert WORKFLOWS[workflow]["concurrency"]["group"].startswith(f"{workflow}-")


def test_an_apply_waits_for_the_one_before_it_and_is_never_cut_short() -> None:
    group = job_of("deploy", "apply")["concurrency"]
    assert group == {"group": "apply-${{ matrix.environment }}", "cancel-in-progress": False}
    assert WORKFLOWS["deploy"]["concurrency"]["cancel-in-progress"] is False


def test_checkouts_leave_no_credentials_behind() -> None:
    checkouts = [step for step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == len(JOBS)
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_no_secret_is_stored() -> None:
    """AWS takes GitHub's signed token, GitHub the job's own."""
    for path in FILES:
        assert "secrets." not in path.read_text()
        assert "pull_request_target" not in path.read_text()


def test_no_expression_stands_in_a_script() -> None:
    """A value with a quote in it would be a command (GitHub documentation, "Script injections")."""
    assert [step for step in steps() if "${{" in step.get("run", "")] == []


def test_the_environments_are_those_that_there_are() -> None:
    every = list(environments())
    assert job_of("check", "plan")["strategy"]["matrix"]["environment"] == every
    assert WORKFLOWS["deploy"]["on"]["workflow_dispatch"]["inputs"]["environment"]["options"] == every
    inputs = WORKFLOWS["promote"]["on"]["workflow_dispatch"]["inputs"]
    assert inputs["source"]["options"] == every[:-1]
    assert inputs["target"]["options"] == every[1:]


def test_apply_is_behind_a_github_environment_and_planning_is_not() -> None:
    """The trust of the roles names both: `environment:ENV`, and pull requests or main."""
    assert job_of("deploy", "apply")["environment"] == "${{ matrix.environment }}"
    assert [job for job in JOBS if "environment" in job_of(*job)] == [("deploy", "apply")]


@pytest.mark.parametrize(
    ("workflow", "job", "role"),
    [("check", "plan", "plan"), ("deploy", "apply", "apply"), ("promote", "promote", "plan")],
)
def test_each_job_takes_the_role_that_trusts_it(workflow: str, job: str, role: str) -> None:
    steps_of_job = job_of(workflow, job)["steps"]
    assert {step["with"]["role"] for step in steps_of_job if step.get("uses") == "./.github/actions/role"} == {role}
    script = COMPOSITES["role"]["runs"]["steps"][0]["run"]
    assert r":role/\(.project)-\(.environment)-\(env.ROLE)" in script


@pytest.mark.parametrize(("workflow", "job"), [("check", "plan"), ("deploy", "apply"), ("promote", "promote")])
def test_the_role_is_named_before_the_records_are_laid_out(workflow: str, job: str) -> None:
    """The branch of the records is less protected than main: it must not name the role."""
    used = [step["uses"].rpartition("/")[2] for step in job_of(workflow, job)["steps"] if "uses" in step]
    assert used[-1] == "records"
    assert "role" in used


def test_every_command_is_understood() -> None:
    called = list(commands())
    assert {words[0] for words in called} == {"apply", "check", "env", "plan", "promote", "records", "test"}
    for words in called:
        _understand(toolkit, words)


@pytest.mark.parametrize("words", [["plan", "--no-such-option", "dev"], ["plan"], ["deploy", "dev"]])
def test_a_wrong_command_is_not_understood(words: list[str]) -> None:
    with pytest.raises(click.UsageError):
        _understand(toolkit, words)


def _understand(command: click.Command, words: list[str]) -> None:
    """Parse a command line without running it."""
    context = command.make_context("infra", list(words))
    if isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        _understand(found, rest)


def test_the_comment_is_found_again_by_its_marker() -> None:
    script = next(step["run"] for step in steps() if step.get("name") == "Comment")
    assert marker("ENV") in script
    assert "startswith(env.MARKER)" in script
