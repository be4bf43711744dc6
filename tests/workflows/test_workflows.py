"""What the workflows of GitHub Actions may do, and that the commands in them exist."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from cli.core.operations.drift_report import MARKER
from cli.core.plans.report.markdown import marker
from cli.main import toolkit
from tests.support.checkouts import OWN_CHAIN
from tests.support.helpers import ROOT, write_files
from tests.support.programs import git, run_program

FILES = sorted((ROOT / ".github").glob("*/**/*.yml"))
PARSED: Mapping[Path, Any] = {path: YAML(typ="safe").load(path) for path in FILES}
WORKFLOWS: Mapping[str, Any] = {path.stem: file for path, file in PARSED.items() if path.parent.name == "workflows"}
COMPOSITES: Mapping[str, Any] = {path.parent.name: file for path, file in PARSED.items() if path.name == "action.yml"}
JOBS = [
    (name, job) for name, workflow in WORKFLOWS.items() for job, found in workflow["jobs"].items() if "steps" in found
]
"""Those that run something themselves; `deploy` only calls a workflow for each environment."""

PERMISSIONS = {
    ("check", "test"): {"contents": "read"},
    ("check", "gate"): {"actions": "read", "contents": "read", "security-events": "write"},
    ("check", "plan"): {"contents": "read", "id-token": "write"},
    ("check", "difference"): {"contents": "read"},
    ("check", "comment"): {"pull-requests": "write"},
    ("opens", "opens"): {"contents": "read"},
    ("deploy", "deploy"): {"contents": "write", "id-token": "write"},
    ("deploy-environment", "plan"): {"contents": "read", "id-token": "write"},
    ("deploy-environment", "apply"): {"contents": "write", "id-token": "write"},
    ("drift", "drift"): {"contents": "read", "id-token": "write"},
    ("drift", "issue"): {"issues": "write"},
    ("promote", "promote"): {
        "actions": "write",
        "contents": "write",
        "id-token": "write",
        "pull-requests": "write",
    },
    ("report", "report"): {"contents": "read"},
    ("report", "publish"): {"id-token": "write", "pages": "write"},
}
"""What the token of each job may do. A job that is new, or wants more, is to be decided about here."""

ACTIONS = {
    "actions/checkout",
    "actions/deploy-pages",
    "actions/upload-artifact",
    "actions/upload-pages-artifact",
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
    """The arguments of every call of ./infra. Variables stand for an environment, but the runner's own directory."""
    for step in steps():
        for line in step.get("run", "").replace("\\\n", " ").splitlines():
            for call in re.findall(r"\./infra (.*)", line):
                words = shlex.split(re.split(r"\s(?:2?>>?|\|\|?|&&)\s", f"{call} ")[0])
                words = [word for word in words if "[@]" not in word]  # an array of options
                words = [re.sub(r"\$RUNNER_TEMP/(\w+/)*", "", word) for word in words]
                yield [re.sub(r"\$\w+", "dev", word) for word in words]


def test_actions_are_pinned_to_commits_one_version_each() -> None:
    text = "".join(path.read_text() for path in FILES)
    used = {action for action in re.findall(r"^\s*(?:- )?uses:\s*(.*)$", text, re.M) if not action.startswith("./")}
    pins = {re.sub(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", "", action) for action in used}
    assert pins == ACTIONS
    assert len(used) == len(ACTIONS)


def test_composite_actions_get_the_inputs_that_they_declare() -> None:
    calls = list(calls_of_composites())
    assert {name for name, _ in calls} == set(COMPOSITES) - {"gate"}  # which is for other repositories
    for name, inputs in calls:
        declared = COMPOSITES[name].get("inputs", {})
        assert {key for key, value in declared.items() if value.get("required")} <= set(inputs) <= set(declared)


def run_gate(directory: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the action for other repositories in a directory."""
    (step, _) = COMPOSITES["gate"]["runs"]["steps"]
    given = {key: str(value["default"]) for key, value in COMPOSITES["gate"]["inputs"].items()}
    variables = {
        **os.environ,
        **{f"GIVEN_{key.upper()}": value for key, value in {**given, **inputs}.items()},
        "GITHUB_ACTION_PATH": str(ROOT / ".github" / "actions" / "gate"),
        "GITHUB_OUTPUT": str(directory / "output"),
        "RUNNER_TEMP": str(directory),
    }
    return run_program(["bash", "-eo", "pipefail", "-c", step["run"]], cwd=directory, env=variables)


def test_the_gate_for_other_repositories_leaves_what_is_to_be_uploaded(tmp_path: Path) -> None:
    """It checks every path, also a directory that is called as an environment of the toolkit is."""
    for name in ("dev", "live"):
        write_files(tmp_path / name, {"main.tf": 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'})
    done = run_gate(tmp_path, paths=f"dev\n{tmp_path}/live\n", options="--only CKV_AWS_26")
    assert done.returncode == 3, done.stderr
    assert (tmp_path / "output").read_text() == f"sarif={tmp_path}/infra-check.sarif\n"
    (run,) = json.loads((tmp_path / "infra-check.sarif").read_text())["runs"]
    found = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in run["results"]}
    assert {uri.rpartition("/")[0].rpartition("/")[2] or "dev" for uri in found} == {"dev", "live"}


def test_the_gate_for_other_repositories_wants_a_path(tmp_path: Path) -> None:
    (tmp_path / "infra-check.sarif").write_text("of an earlier step")
    done = run_gate(tmp_path, paths=" \n")
    assert (done.returncode, done.stdout) == (
        64,
        "::error::paths is empty; allowed: directories with Terraform, or plans as JSON\n",
    )
    assert not (tmp_path / "output").exists()


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


GROUPS = {
    "opens": ("opens-${{ github.ref }}", True),
    "check": ("check-${{ github.ref }}", "${{ github.event_name == 'pull_request' }}"),
    "deploy": None,  # whole runs may overlap: one that waits for an approval keeps no newer commit from dev
    "deploy-environment": None,  # its jobs
    "drift": ("drift-issue", False),
    "promote": ("promote-log", False),
    "report": ("report", True),
}
"""Of which runs of a workflow there is one at a time, and whether a newer one cancels it."""


def test_runs_are_held_apart_by_what_they_write() -> None:
    def group(found: Mapping[str, Any]) -> Any:
        return (
            (found["concurrency"]["group"], found["concurrency"]["cancel-in-progress"])
            if "concurrency" in found
            else None
        )

    assert {name: group(workflow) for name, workflow in WORKFLOWS.items()} == GROUPS
    jobs = {job: group(job_of(*job)) for job in JOBS if "concurrency" in job_of(*job)}
    assert jobs == {
        ("deploy-environment", "plan"): ("plan-${{ inputs.environment }}", False),
        ("deploy-environment", "apply"): ("apply-${{ inputs.environment }}", False),
    }, "neither is cut short: it would leave its lock, or resources half made"


def test_checkouts_leave_no_credentials_behind() -> None:
    checkouts = [step for step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    posting = [("check", "comment"), ("drift", "issue"), ("report", "publish")]
    assert len(checkouts) == len(JOBS) - len(posting)
    used = [step.get("uses", "") for job in posting for step in job_of(*job)["steps"]]
    assert {each.partition("@")[0] for each in used} == {"", "actions/deploy-pages"}, "who may write runs no code"
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
    every = list(OWN_CHAIN)
    assert job_of("check", "plan")["env"]["ENVIRONMENT"] == OWN_CHAIN[0], "the others trust main alone"
    assert list(job_of("check", "difference")["outputs"]) == [name for name in every if name != OWN_CHAIN[0]]
    (comment,) = job_of("check", "comment")["steps"]
    assert {name for name in comment["env"] if name.startswith("REPORT_")} == {f"REPORT_{name}" for name in every}
    roles = [step["with"] for step in job_of("drift", "drift")["steps"] if step.get("uses") == "./.github/actions/role"]
    assert [(each["environment"], each["profile"]) for each in roles] == [(name, name) for name in every]
    assert WORKFLOWS["deploy"]["on"]["workflow_dispatch"]["inputs"]["environment"]["options"] == every
    assert json.dumps(every) in job_of("deploy", "deploy")["strategy"]["matrix"]["environment"]
    inputs = WORKFLOWS["promote"]["on"]["workflow_dispatch"]["inputs"]
    assert inputs["source"]["options"] == inputs["target"]["options"] == every, "a rollback is from one to itself"


def test_apply_is_behind_a_github_environment_and_planning_is_not() -> None:
    """The trust of the roles names both: `environment:ENV`, and pull requests or main."""
    assert job_of("deploy-environment", "apply")["environment"] == "${{ inputs.environment }}"
    others = [("report", "publish")]
    assert [job for job in JOBS if "environment" in job_of(*job)] == [("deploy-environment", "apply"), *others]
    assert {job_of(*job)["environment"]["name"] for job in others}.isdisjoint(OWN_CHAIN), "roles trust these"


@pytest.mark.parametrize(
    ("workflow", "job", "role"),
    [
        ("check", "plan", "plan"),
        ("deploy-environment", "plan", "plan"),
        ("deploy-environment", "apply", "apply"),
        ("drift", "drift", "plan"),
        ("promote", "promote", "plan"),
    ],
)
def test_each_job_takes_the_role_that_trusts_it(workflow: str, job: str, role: str) -> None:
    steps_of_job = job_of(workflow, job)["steps"]
    assert {step["with"]["role"] for step in steps_of_job if step.get("uses") == "./.github/actions/role"} == {role}
    script = COMPOSITES["role"]["runs"]["steps"][0]["run"]
    assert r":role/\(.project)-\(.environment)-\(env.ROLE)" in script


@pytest.mark.parametrize(
    ("workflow", "job"),
    [
        ("check", "plan"),
        ("deploy-environment", "plan"),
        ("deploy-environment", "apply"),
        ("drift", "drift"),
        ("promote", "promote"),
    ],
)
def test_the_role_is_named_before_the_records_are_laid_out(workflow: str, job: str) -> None:
    """The branch of the records is less protected than main: it must not name the role."""
    used = [step["uses"].rpartition("/")[2] for step in job_of(workflow, job)["steps"] if "uses" in step]
    assert used[-1] == "records"
    assert "role" in used


def test_every_command_is_understood() -> None:
    called = list(commands())
    assert {words[0] for words in called} == {
        *(
            "apply",
            "change",
            "check",
            "diff",
            "drift",
            "env",
            "plan",
            "promote",
            "records",
            "release",
            "report",
            "rollback",
            "test",
        )
    }
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


def test_pull_requests_get_no_role_but_the_plan_role_of_dev() -> None:
    """They run their own code with it, and the state that a plan reads holds the broker's password."""
    jobs = {
        job for (workflow, job) in JOBS if workflow == "check" and "id-token" in job_of(workflow, job)["permissions"]
    }
    assert jobs == {"plan"}
    on_pull_requests = {name for name, workflow in WORKFLOWS.items() if "pull_request" in workflow["on"]}
    assert on_pull_requests == {"check", "opens"}


def play(script: str, directory: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step as a runner does."""
    path = {"PATH": f"{directory / 'bin'}:{os.environ['PATH']}", "HOME": str(directory)}
    runner = {name: str(directory / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        cwd=directory,
        env={**path, **runner, "RUNNER_TEMP": str(directory), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def step_of(workflow: str, job: str, name: str) -> str:
    """The script of a named step."""
    return next(str(step["run"]) for step in job_of(workflow, job)["steps"] if step.get("name") == name)


GH = r"""#!/usr/bin/env python3
import json, os, sys
words = sys.argv[1:]
if "--jq" in words:  # as the filter selects it; jq need not be on this machine
    for each in json.load(open(os.environ["HOME"] + "/there.json")):
        author = each.get("user", {"login": "github-actions[bot]"})["login"]
        if author == "github-actions[bot]" and (each["body"] or "").startswith(os.environ["MARKER"]):
            print(each.get("id") or each["number"])
else:
    body = next(word.partition("@")[2] for word in words if word.startswith("body=@"))
    fields = [word for word in words if "=" in word and not word.startswith("body=")]
    url = next(word for word in words if word.startswith("repos/"))
    with open(os.environ["HOME"] + "/requests", "a") as log:
        log.write(json.dumps([words[2], url, fields, open(body).read()]) + "\n")
"""
"""GitHub's command line, which answers with a file and writes down what it is asked to write."""


def requests(directory: Path, script: str, there: list[Any], **variables: str) -> list[Any]:
    """What a step asks GitHub to write, when these comments or issues are there."""
    (directory / "bin").mkdir(exist_ok=True)
    (directory / "bin" / "gh").write_text(GH)
    (directory / "bin" / "gh").chmod(0o755)
    (directory / "there.json").write_text(json.dumps(there))
    (directory / "requests").write_text("")
    assert "startswith(env.MARKER)" in script
    done = play(script, directory, GITHUB_REPOSITORY="owner/name", RUN="https://run", COMMIT="abc", **variables)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in (directory / "requests").read_text().splitlines()]


BOT = {"login": "github-actions[bot]"}


def test_a_comment_of_an_older_plan_is_replaced_also_when_there_is_none(tmp_path: Path) -> None:
    script = step_of("check", "comment", "Comment")
    there = [
        {"id": 1, "user": {"login": "eve"}, "body": f"{marker('dev')} mine"},
        {"id": 2, "user": BOT, "body": f"{marker('dev')}\n## Plan of dev: no changes"},
        {"id": 3, "user": BOT, "body": "something else"},
    ]
    reports = {
        "REPORT_dev": "",
        "REPORT_staging": "## staging: `$(id)`",
        "COMMENTS": "repos/owner/name/issues/7/comments",
    }
    dev, staging = requests(tmp_path, script, there, **reports)
    assert dev[:2] == ["PATCH", "repos/owner/name/issues/comments/2"]
    assert dev[3].startswith(f"{marker('dev')}\n## dev: no result\n")
    assert "[the run](https://run) says why" in dev[3]
    assert staging[:2] == ["POST", "repos/owner/name/issues/7/comments"]
    assert staging[3] == f"{marker('staging')}\n## staging: `$(id)`\n"


@pytest.mark.parametrize(
    ("code", "report", "issue", "expected"),
    [
        ("0", "nothing", False, None),
        ("0", "nothing", True, ("PATCH", "repos/owner/name/issues/5", ["state=closed"])),
        (
            "2",
            "dev: 1 resource drifted",
            False,
            ("POST", "repos/owner/name/issues", ["title=AWS has drifted from the Terraform"]),
        ),
        ("2", "dev: 1 resource drifted", True, ("PATCH", "repos/owner/name/issues/5", ["state=open"])),
        ("", "", False, ("POST", "repos/owner/name/issues", ["title=AWS has drifted from the Terraform"])),
    ],
)
def test_there_is_one_issue_about_drift_as_long_as_there_is_any(
    tmp_path: Path, code: str, report: str, issue: bool, expected: tuple[str, str, list[str]] | None
) -> None:
    there: list[Any] = [{"number": 4, "body": None}]
    there += [{"number": 5, "body": f"{MARKER}\nold"}] if issue else []
    found = requests(tmp_path, step_of("drift", "issue", "Keep the issue"), there, CODE=code, REPORT=report)
    assert [tuple(each[:3]) for each in found] == ([expected] if expected else [])
    for *_, body in found:
        assert body.startswith(f"{MARKER}\n")
        assert (report or "The comparison failed.") in body
        assert "[this run](https://run)" in body


@pytest.mark.parametrize(("workflow", "job", "step"), [("check", "plan", "Plan"), ("drift", "drift", "Compare")])
@pytest.mark.parametrize(("code", "ends"), [(0, {0}), (2, {0, 2}), (3, {3})])
def test_a_report_is_handed_over_whatever_the_code_is(
    tmp_path: Path, workflow: str, job: str, step: str, code: int, ends: set[int]
) -> None:
    (tmp_path / "infra").write_text(f"#!/bin/sh\necho 'the report'\nexit {code}\n")
    (tmp_path / "infra").chmod(0o755)
    assert play(step_of(workflow, job, step), tmp_path, ENVIRONMENT="dev").returncode in ends
    assert "report<<END-OF-REPORT\nthe report\n" in (tmp_path / "github_output").read_text()


def test_a_difference_that_is_too_long_for_a_comment_is_named(tmp_path: Path) -> None:
    (tmp_path / "infra").write_text(
        '#!/bin/sh\necho "$2"; echo 2; echo 3; echo 4; [ "$1" = diff ] || exit 0; seq 20000; exit 2\n'
    )
    (tmp_path / "infra").chmod(0o755)
    done = play(step_of("check", "difference", "Compare"), tmp_path, BASE="abc")
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "github_output").read_text()
    assert len(written) < 2000
    assert "staging@abc" in written
    assert "prod<<END-OF-REPORT" in written
    assert "too long for a comment" in written
    assert "20000" in (tmp_path / "github_step_summary").read_text()


def test_a_comment_about_a_difference_begins_with_what_opens(tmp_path: Path) -> None:
    (tmp_path / "infra").write_text('#!/bin/sh\necho "$1 of $2"; [ "$1" = change ] || exit 2\n')
    (tmp_path / "infra").chmod(0o755)
    done = play(step_of("check", "difference", "Compare"), tmp_path, BASE="abc")
    assert done.returncode == 0, done.stderr
    assert "prod<<END-OF-REPORT\nchange of prod\n" in (tmp_path / "github_output").read_text()


@pytest.mark.parametrize(
    ("labels", "code", "given"), [("", 0, ""), ("bug,opens abc", 0, " --acknowledge=abc"), ("", 3, ""), ("", 1, "")]
)
def test_a_label_accepts_what_its_id_stands_for(tmp_path: Path, labels: str, code: int, given: str) -> None:
    (tmp_path / "infra").write_text(f'#!/bin/sh\necho "$@" >> calls\nexit {code}\n')
    (tmp_path / "infra").chmod(0o755)
    done = play(step_of("opens", "opens", "Compare"), tmp_path, BASE="abc", LABELS=labels)
    assert done.returncode == code, done.stderr
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls[0] == f"change dev --since abc --expect nothing-opens{given}"
    assert len(calls) == (1 if code == 1 else len(OWN_CHAIN)), (
        "all environments are shown, also where one opens something"
    )


@pytest.mark.parametrize(("file", "is_named"), [("envs/dev.yaml", False), ("policies/claims.yaml", True)])
def test_a_change_of_what_judges_it_is_named(tmp_path: Path, file: str, is_named: bool) -> None:
    (tmp_path / "infra").write_text("#!/bin/sh\n")
    (tmp_path / "infra").chmod(0o755)
    git(tmp_path, "init", "-q")
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@meals.example")
    git(tmp_path, *who, "commit", "-q", "--allow-empty", "-m", "base")
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).write_text("")
    git(tmp_path, "add", file)
    git(tmp_path, *who, "commit", "-q", "-m", "change")
    base = job_of("opens", "opens")["env"]["BASE"]
    done = play(step_of("opens", "opens", "Compare"), tmp_path, BASE=base, LABELS="")
    assert done.returncode == 0, done.stderr
    assert ("::warning::" in done.stdout) is is_named


def test_an_old_run_that_is_run_again_is_refused(tmp_path: Path) -> None:
    repository = tmp_path / "owner" / "name"
    repository.mkdir(parents=True)
    git(repository, "init", "-q", "-b", "main")
    commits = []
    for message in ("old", "new"):
        who = ("-c", "user.name=Ann", "-c", "user.email=ann@meals.example")
        git(repository, *who, "commit", "-q", "--allow-empty", "-m", message)
        commits.append(git(repository, "rev-parse", "HEAD").strip())
    (script,) = (step["run"] for step in COMPOSITES["newest"]["runs"]["steps"])
    here = {"GITHUB_SERVER_URL": tmp_path.as_uri(), "GITHUB_REPOSITORY": "owner/name"}
    assert play(script, tmp_path, GITHUB_SHA=commits[1], **here).returncode == 0
    old = play(script, tmp_path, GITHUB_SHA=commits[0], **here)
    assert old.returncode == 10
    assert f"main is at {commits[1]}, and this run is of {commits[0]}" in old.stderr
    assert play(script, tmp_path, GITHUB_SHA=commits[1], **{**here, "GITHUB_REPOSITORY": "gone"}).returncode != 0


@pytest.mark.parametrize(
    ("admitted", "code", "output", "ends"),
    [(0, 2, "id=4711\n", 0), (0, 0, "id=\n", 0), (0, 3, "", 3), (10, 2, "", 0), (5, 2, "", 5)],
)
def test_what_is_planned_is_handed_to_the_apply(
    tmp_path: Path, admitted: int, code: int, output: str, ends: int
) -> None:
    plan_id = "4711" if code == 2 else ""
    (tmp_path / "plan.txt").write_text(f"<!-- infra-plan: prod -->\n<!-- infra-plan-id: {plan_id} -->\n## Plan\n")
    release = f'[ "$1" != release ] || {{ echo "infra: never promoted" >&2; exit {admitted}; }}'
    (tmp_path / "infra").write_text(f"#!/bin/sh\n{release}\ncat plan.txt\nexit {code}\n")
    (tmp_path / "infra").chmod(0o755)
    done = play(step_of("deploy-environment", "plan", "Plan"), tmp_path, ENVIRONMENT="prod")
    assert done.returncode == ends, done.stderr
    written = tmp_path / "github_output"
    assert (written.read_text() if written.exists() else "") == output
    summary = tmp_path / "github_step_summary"
    assert ("never promoted" in summary.read_text() if summary.exists() else False) == (admitted == 10)
    assert job_of("deploy-environment", "apply")["if"] == "needs.plan.outputs.plan != ''"


@pytest.mark.parametrize(("code", "ends"), [(0, 1), (2, 0), (3, 3), (10, 10)])
def test_the_plan_after_the_approval_has_changes_or_nothing_is_applied(tmp_path: Path, code: int, ends: int) -> None:
    (tmp_path / "infra").write_text(f"#!/bin/sh\nexit {code}\n")
    (tmp_path / "infra").chmod(0o755)
    again = step_of("deploy-environment", "apply", "Plan again")
    assert play(again, tmp_path, ENVIRONMENT="prod").returncode == ends
    assert '--plan "$PLAN"' in step_of("deploy-environment", "apply", "Apply")


@pytest.mark.parametrize(
    ("inputs", "calls"),
    [
        ({"SOURCE": "dev", "TARGET": "staging"}, "promote dev staging"),
        ({"SOURCE": "prod", "TARGET": "prod"}, "rollback prod"),
        ({"SOURCE": "prod", "TARGET": "prod", "RELEASE": "abc"}, "rollback prod abc"),
        ({"SOURCE": "dev", "TARGET": "staging", "ACKNOWLEDGE": "i1"}, "--acknowledge i1"),
        (
            {"SOURCE": "dev", "TARGET": "staging", "OVERRIDE": "soak drift", "REASON": "r"},
            "soak --override drift --reason r",
        ),
        (
            {"SOURCE": "dev", "TARGET": "staging", "OVERRIDE": "soak", "REASON": 'an $(id) "incident"'},
            '--override soak --reason an $(id) "incident"',
        ),
    ],
)
def test_the_inputs_of_a_promotion_become_its_options(tmp_path: Path, inputs: dict[str, str], calls: str) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "infra").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "infra").chmod(0o755)
    empty = dict.fromkeys(("RELEASE", "ACKNOWLEDGE", "OVERRIDE", "REASON"), "")
    done = play(step_of("promote", "promote", "Promote"), tmp_path, **{**empty, "BRANCH": "promote/x", **inputs})
    assert done.returncode == 0, done.stderr
    assert calls in (tmp_path / "body.md").read_text()
    signers = git(tmp_path, "config", "gpg.ssh.allowedSignersFile").strip()
    assert signers == str(tmp_path / ".github" / "allowed_signers")
    assert (ROOT / ".github" / "allowed_signers").is_file()
