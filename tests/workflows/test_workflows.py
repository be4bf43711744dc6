"""What the workflows of GitHub Actions may do, and that the commands in them exist."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from cli.core.plans.report.markdown import marker
from cli.main import toolkit
from envs.load import environments
from tests.support.helpers import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS: Mapping[str, Any] = {path.stem: YAML(typ="safe").load(path) for path in FILES}
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


def steps() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every step, with its workflow."""
    for workflow, job in JOBS:
        for step in job_of(workflow, job)["steps"]:
            yield workflow, step


def commands() -> Iterator[list[str]]:
    """The arguments of every call of ./infra. Variables stand for an environment."""
    for _, step in steps():
        for line in step.get("run", "").replace("\\\n", " ").splitlines():
            for call in re.findall(r"\./infra (.*)", line):
                words = shlex.split(re.split(r"\s(?:>>?|\|\|?|&&)\s", f"{call} ")[0])
                yield ["dev" if word.startswith("$") else word for word in words]


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_actions_are_pinned_to_commits_and_say_their_version(workflow: str) -> None:
    text = (ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text()
    used = re.findall(r"^\s*(?:- )?uses:\s*(.*)$", text, re.M)
    assert used
    for each in used:
        pinned = re.fullmatch(r"([\w./-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)
        assert pinned, each
        assert pinned[1] in ACTIONS


def test_each_action_has_one_version() -> None:
    text = "".join(path.read_text() for path in FILES)
    pins = {match.partition("@")[::2] for match in re.findall(r"uses:\s*(\S+)", text)}
    assert len(pins) == len({action for action, _ in pins}) == len(ACTIONS)


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
    checkouts = [step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == len(JOBS)
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_no_secret_is_stored() -> None:
    """AWS takes GitHub's signed token, GitHub the job's own."""
    for path in FILES:
        assert "secrets." not in path.read_text()
        assert "pull_request_target" not in path.read_text()


def test_no_expression_stands_in_a_script() -> None:
    """A value with a quote in it would be a command (GitHub documentation, "Script injections")."""
    assert [step for _, step in steps() if "${{" in step.get("run", "")] == []


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
    text = "".join(step.get("run", "") for step in job_of(workflow, job)["steps"])
    assert set(re.findall(r":role/\\\(\.project\)-\\\(\.environment\)-(\w+)", text)) == {role}


def test_every_command_is_understood() -> None:
    called = list(commands())
    assert {words[0] for words in called} == {"apply", "check", "env", "plan", "promote", "test"}
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
    script = next(step["run"] for _, step in steps() if step.get("name") == "Comment")
    assert marker("ENV") in script
    assert "startswith(env.MARKER)" in script
