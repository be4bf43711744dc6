"""Every reason for which a saved plan is not applied has its own name, message and exit code.

Plans and applies of terraform's own: a tiny configuration without a provider, so that each takes a moment.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.core.base.digests import bytes_digest, json_digest
from cli.core.base.errors import ExitCode, InfraError, Refusal
from cli.core.base.target import Target
from cli.core.operations.apply import apply_plan, check_saved, load_saved, require_plan, require_unmoved
from cli.core.operations.apply_record import ApplyRecorder
from cli.core.operations.plan import check_again, make_plan, submit_terraform
from cli.core.operations.plan_policy import PolicyGateFailed, open_gate
from cli.core.operations.provenance import Commit, current_commit, operator
from cli.core.operations.recover import require_recovered
from cli.core.operations.refusals import DirtyCheckout, NotLocked, OtherPlan
from cli.core.plans.saved_plan import LIFETIME, NoPlan, PlanChanged, SavedPlan, discard_plan
from cli.core.records import BrokenChain
from cli.core.records.model import ApplyRecord, Result
from cli.core.terraform.cli import Interrupted
from cli.core.terraform.failures import PlanStale, StateLocked
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace
from envs.load import load
from tests.support.programs import git
from tests.support.progress import CallbackReporter
from tests.support.saved_plans import DOCUMENT, NOW, plan, workspace_in, write


@pytest.fixture(scope="module", autouse=True)
def standing_still() -> Iterator[None]:
    """One commit for the time of these tests, whatever is committed meanwhile in the checkout that they run in."""
    here = Commit("fedcba9876543210", False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cli.core.operations.plan.current_commit", lambda: here)
        patch.setattr("cli.core.operations.apply.current_commit", lambda: here)
        yield


@pytest.fixture(scope="module")
def planned(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a state that was applied once, and a saved plan to change it. Not to be changed."""
    directory = tmp_path_factory.mktemp("planned")
    for value in ("one", "two"):
        write(directory, value)
        kept = plan(directory)
        if value == "one":
            apply_plan(workspace_in(directory), kept, "", lambda: NOW)
    return directory


@pytest.fixture
def here(planned: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(planned, tmp_path / "here", symlinks=True)


def check(directory: Path, now: datetime.datetime = NOW, workspace: Workspace | None = None) -> SavedPlan:
    """Everything that is checked before an apply."""
    found = workspace or workspace_in(directory)
    kept = load_saved(found, now)
    with open_gate(now.date()) as gate:
        check_saved(found, kept, directory, gate, allowed=())
    return kept


def refused(error: InfraError) -> tuple[str | None, ExitCode]:
    """Name and exit code of a refusal."""
    return error.kind, error.exit_code


def results(directory: Path) -> list[Result]:
    """How the applies ended, by their records."""
    records = workspace_in(directory).records.read()
    return [record.data.result for record in records if isinstance(record.data, ApplyRecord)]


def test_a_plan_that_nothing_has_happened_to_is_applied_and_used_up(here: Path) -> None:
    kept = check(here)
    record = apply_plan(workspace_in(here), kept, "digest", lambda: NOW)
    assert record.data.result is Result.SUCCEEDED
    assert record.data.made_from.policies == "digest"
    assert record.sequence == 2
    assert record.data.state.serial_after is not None
    assert record.data.state.serial_before < record.data.state.serial_after
    with pytest.raises(NoPlan, match="run infra plan dev"):
        check(here)


def test_a_plan_of_another_id(here: Path) -> None:
    kept = load_saved(workspace_in(here), NOW)
    require_plan(kept, kept.evidence.id)
    later = replace(kept, evidence=replace(kept.evidence, created=NOW, expires=NOW, serial=9))
    require_plan(later, kept.evidence.id)
    evidence = kept.evidence
    others = (
        replace(evidence, semantics="m2"),
        replace(evidence, content="c2"),
        replace(evidence, synthesis="s2"),
        replace(evidence, lock_file="l2"),
        replace(evidence, arguments=("-target=a",)),
    )
    for other in others:
        with pytest.raises(OtherPlan, match=f"and not {evidence.id}: what it does") as caught:
            require_plan(replace(kept, evidence=other), evidence.id)
    assert refused(caught.value) == ("other-plan", ExitCode.STALE)


def test_the_id_of_a_plan_covers_every_value(here: Path) -> None:
    first, again = plan(here), plan(here)
    assert first.evidence.content == again.evidence.content
    assert first.evidence.id == again.evidence.id
    write(here, "three")
    assert plan(here).evidence.content != first.evidence.content


def test_without_a_lock_file_nothing_is_applied_on_aws(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.core.operations.apply.COMMITTED", here / ".terraform.lock.hcl")
    workspace = replace(workspace_in(here), target=Target.AWS)
    with pytest.raises(NotLocked, match="run infra lock, commit the file") as caught:
        check(here, workspace=workspace)
    assert refused(caught.value) == ("not-locked", ExitCode.REFUSED)
    (here / ".terraform.lock.hcl").touch()
    check(here, workspace=workspace)


@pytest.mark.parametrize(
    ("commit", "says"),
    [
        (Commit("fedcba9876543210", True), "had changes that no commit has"),
        (Commit("", False), "is in no git repository"),
    ],
)
def test_what_no_commit_has_is_not_applied_on_aws(
    here: Path, monkeypatch: pytest.MonkeyPatch, commit: Commit, says: str
) -> None:
    monkeypatch.setattr("cli.core.operations.plan.current_commit", lambda: commit)
    monkeypatch.setattr("cli.core.operations.apply.current_commit", lambda: commit)
    plan(here)
    with pytest.raises(DirtyCheckout, match=says) as caught:
        check(here, workspace=replace(workspace_in(here), target=Target.AWS))
    assert refused(caught.value) == ("dirty-checkout", ExitCode.REFUSED)
    check(here)  # in the sandbox it is


def test_without_a_plan(here: Path) -> None:
    discard_plan(here / "store" / "saved")
    with pytest.raises(NoPlan, match="there is no saved plan of dev: run infra plan dev") as caught:
        check(here)
    assert refused(caught.value) == ("plan-missing", ExitCode.STALE)


def test_a_plan_to_destroy_that_nobody_confirmed_is_not_applied(here: Path) -> None:
    plan(here, mode="destroy")
    with pytest.raises(NoPlan):
        load_saved(workspace_in(here), NOW)


@pytest.mark.parametrize("name", ["tfplan", "plan.json", "cdk.tf.json"])
def test_a_changed_plan(here: Path, name: str) -> None:
    with (here / "store" / "saved" / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(PlanChanged, match=f"was changed after it was saved \\({name}\\)") as caught:
        check(here)
    assert refused(caught.value) == ("plan-changed", ExitCode.STALE)


def forge(directory: Path, **files: bytes) -> None:
    """Change a saved plan, with the digests in its sidecar."""
    saved = directory / "store" / "saved"
    sidecar = json.loads((saved / "sidecar.json").read_bytes())
    sidecar["evidence"] |= {name: content.decode() for name, content in files.items() if name in sidecar["evidence"]}
    if "plan" in files:
        (saved / "plan.json").write_bytes(files["plan"])
        sidecar["digests"]["plan.json"] = bytes_digest(files["plan"])
    sidecar["digests"]["evidence"] = json_digest(sidecar["evidence"])
    (saved / "sidecar.json").write_text(json.dumps(sidecar))


def test_evidence_that_was_changed(here: Path) -> None:
    sidecar = here / "store" / "saved" / "sidecar.json"
    sidecar.write_text(sidecar.read_text().replace('"expires": "2026', '"expires": "2096'))
    with pytest.raises(PlanChanged, match=r"was changed after it was saved \(evidence\)"):
        check(here)


def test_a_plan_that_is_shown_is_the_one_that_is_applied(here: Path) -> None:
    forge(here, plan=(here / "store" / "saved" / "plan.json").read_bytes().replace(b'"two"', b'"one"'))
    with pytest.raises(PlanChanged, match=r"plan\.json does not say what tfplan does") as caught:
        check(here)
    assert refused(caught.value) == ("plan-changed", ExitCode.STALE)


@pytest.mark.parametrize("name", ["content", "semantics"])
def test_evidence_of_another_plan(here: Path, name: str) -> None:
    forge(here, **{name: b"0" * 64})
    with pytest.raises(PlanChanged, match="its evidence does not say what tfplan does"):
        check(here)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"evidence": 1, "digests": {}}'])
def test_a_sidecar_that_is_none(here: Path, content: bytes) -> None:
    (here / "store" / "saved" / "sidecar.json").write_bytes(content)
    with pytest.raises(PlanChanged, match="cannot be read"):
        check(here)


def test_an_expired_plan(here: Path) -> None:
    load_saved(workspace_in(here), NOW + LIFETIME - datetime.timedelta(seconds=1))
    with pytest.raises(Refusal, match="expired on 2026-11-23 at 00:00 UTC") as caught:
        check(here, NOW + LIFETIME)
    assert refused(caught.value) == ("plan-expired", ExitCode.STALE)


def test_other_settings(here: Path) -> None:
    workspace = workspace_in(here)
    settings = workspace.settings.model_copy(update={"domain_name": "other.example"})
    with pytest.raises(
        Refusal, match=r"envs/dev\.yaml, or envs/company\.yaml, has changed since the plan was made"
    ) as caught:
        check(here, workspace=replace(workspace, settings=settings))
    assert refused(caught.value) == ("other-settings", ExitCode.STALE)


def test_another_commit(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.core.operations.apply.current_commit", lambda: Commit("0123456789abcdef", True))
    with pytest.raises(Refusal, match=r"the checkout is at 0123456789ab with changes") as caught:
        check(here)
    assert refused(caught.value) == ("other-commit", ExitCode.STALE)


def test_the_commit_and_whether_there_are_changes(tmp_path: Path) -> None:
    def run_git(*arguments: str) -> None:
        git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", *arguments)

    assert current_commit(tmp_path) == Commit("", False)
    run_git("init", "-q")
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "dev.yaml").write_text("1")
    run_git("add", ".")
    run_git("commit", "-qm", "One")
    clean = current_commit(tmp_path)
    assert (len(clean.id), clean.dirty) == (40, False)
    (tmp_path / "records" / "dev").mkdir(parents=True)
    (tmp_path / "records" / "dev" / "000001.json").write_text("{}")
    assert not current_commit(tmp_path).dirty, "records are no change of what is planned"
    run_git("config", "status.showUntrackedFiles", "no")
    (tmp_path / "records" / "promotions").mkdir()
    (tmp_path / "records" / "promotions" / "000001.json").write_text("{}")
    assert current_commit(tmp_path).dirty, "they decide what is applied"
    (tmp_path / "records" / "promotions" / "000001.json").unlink()
    (tmp_path / "envs" / "dev.yaml").write_text("2")
    assert current_commit(tmp_path) == Commit(clean.id, True)


@pytest.mark.parametrize("way", ["ignored", "for this user", "--assume-unchanged", "--skip-worktree", "git replace"])
def test_code_that_git_is_told_to_overlook_is_a_change(tmp_path: Path, way: str) -> None:
    def run_git(*arguments: str) -> str:
        return git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", *arguments)

    run_git("init", "-q")
    code = tmp_path / "modules" / "stacks.py"
    code.parent.mkdir()
    code.write_text("one")
    (tmp_path / ".gitignore").write_text("ignored.py\n__pycache__\n.DS_Store\n")
    run_git("add", ".")
    run_git("commit", "-qm", "One")
    (code.parent / "__pycache__").mkdir()
    (code.parent / "__pycache__" / "stacks.py").touch()
    (code.parent / ".DS_Store").touch()
    assert not current_commit(tmp_path).dirty
    if way == "ignored":
        (code.parent / "ignored.py").write_text("evil")
    elif way == "for this user":
        (tmp_path / ".git" / "info").mkdir(exist_ok=True)
        (tmp_path / ".git" / "info" / "exclude").write_text("mine.py\n")
        (code.parent / "mine.py").write_text("evil")
    else:
        code.write_text("evil")
        if way == "git replace":
            evil = run_git("hash-object", "-w", "modules/stacks.py").strip()
            run_git("replace", run_git("rev-parse", "HEAD:modules/stacks.py").strip(), evil)
        else:
            run_git("update-index", way, "modules/stacks.py")
            assert run_git("status", "--porcelain") == ""
    assert current_commit(tmp_path).dirty


def test_another_synthesis(here: Path) -> None:
    write(here, "three")
    with pytest.raises(Refusal, match="the synthesized Terraform has changed since the plan was made") as caught:
        check(here)
    assert refused(caught.value) == ("other-synthesis", ExitCode.STALE)


def test_other_tools(here: Path) -> None:
    workspace = workspace_in(here)
    program = replace(workspace.terraform.program, version="9.9.9")
    with pytest.raises(Refusal, match=r"\w+ 9\.9\.9 is installed") as caught:
        check(here, workspace=replace(workspace, terraform=replace(workspace.terraform, program=program)))
    assert refused(caught.value) == ("other-tools", ExitCode.STALE)
    (here / "stacks" / "dev" / ".terraform.lock.hcl").write_text("")
    with pytest.raises(Refusal, match="the provider versions have changed") as caught:
        check(here)
    assert refused(caught.value) == ("other-tools", ExitCode.STALE)


def broken(directory: Path) -> Path:
    """A directory with Terraform of dev that the gate does not let pass: a topic that is not encrypted."""
    other = directory / "other" / "stacks" / "dev"
    other.mkdir(parents=True)
    (other / "cdk.tf.json").write_text(json.dumps({"resource": {"aws_sns_topic": {"t": {"name": "t"}}}}))
    return directory / "other"


def rules_found(stopped: PolicyGateFailed) -> set[str]:
    """The rules of the findings that stopped it."""
    assert stopped.outcome.exit_code == ExitCode.FINDINGS
    return {finding.rule.id for finding in stopped.outcome.findings}


def test_a_gate_that_passes_no_longer(here: Path) -> None:
    """The Terraform that is judged is another; the digest of the plan's own Terraform is another file's."""
    workspace = workspace_in(here)
    with open_gate(NOW.date()) as gate, pytest.raises(PolicyGateFailed) as caught:
        check_again(workspace, load_saved(workspace, NOW), broken(here), gate)
    assert "CKV_AWS_26" in rules_found(caught.value)


@pytest.mark.parametrize("is_ready", [True, False])
def test_nothing_is_planned_before_the_terraform_has_passed(here: Path, is_ready: bool) -> None:
    """Nor is the plan of before lost. Where terraform is not ready either, what the gate found is told."""
    if not is_ready:
        nowhere = {"terraform": {"required_providers": {"none": {"source": "example.invalid/none/none"}}}}
        (here / "stacks" / "dev" / "more.tf.json").write_text(json.dumps(nowhere))
    (here / "store" / "plan.log").unlink(missing_ok=True)
    with open_gate(NOW.date()) as gate:
        submit_terraform(gate, load("dev"), "dev", broken(here))
        with pytest.raises(PolicyGateFailed) as caught:
            make_plan(workspace_in(here), gate, Options(), NOW)
    assert "CKV_AWS_26" in rules_found(caught.value)
    assert not (here / "store" / "plan.log").exists(), "terraform plan was run"
    load_saved(workspace_in(here), NOW)


def test_a_state_that_moved(here: Path) -> None:
    kept = load_saved(workspace_in(here), NOW)
    state = here / "stacks" / "dev" / "terraform.tfstate"
    state.write_text(json.dumps(json.loads(state.read_text()) | {"serial": 77}))
    with pytest.raises(Refusal, match=rf"serial {kept.evidence.serial} then, serial 77 now") as caught:
        require_unmoved(workspace_in(here), kept)
    assert refused(caught.value) == ("state-moved", ExitCode.STALE)
    with pytest.raises(PlanStale, match="has changed since the plan was made"):  # terraform's own word
        apply_plan(workspace_in(here), kept, "", lambda: NOW)
    assert results(here)[-1] is Result.FAILED


def test_a_state_that_somebody_holds(here: Path) -> None:
    lock = {"ID": "4711", "Operation": "OperationTypeApply", "Who": "ann@host", "Created": "2026-11-22T12:00:00Z"}
    (here / "stacks" / "dev" / ".terraform.tfstate.lock.info").write_text(json.dumps(lock))
    hold = "import fcntl, sys; f = open(sys.argv[1], 'r+'); fcntl.lockf(f, fcntl.LOCK_EX); print(flush=True); input()"
    state = here / "stacks" / "dev" / "terraform.tfstate"
    holder = subprocess.Popen([sys.executable, "-c", hold, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        with pytest.raises(
            StateLocked, match=r"locked by ann@host, OperationTypeApply, since .* \(lock 4711\)"
        ) as caught:
            check(here)
    finally:
        holder.communicate()
    assert caught.value.exit_code == ExitCode.LOCKED


def test_a_broken_chain_of_records_stops_an_apply_before_it_begins(here: Path) -> None:
    kept = load_saved(workspace_in(here), NOW)
    (record,) = (here / "records").iterdir()
    record.write_text(record.read_text().replace("succeeded", "failed"))
    before = (here / "stacks" / "dev" / "terraform.tfstate").read_bytes()
    with pytest.raises(BrokenChain, match=record.name):
        apply_plan(workspace_in(here), kept, "", lambda: NOW)
    assert (here / "stacks" / "dev" / "terraform.tfstate").read_bytes() == before


def test_an_apply_whose_run_died_is_recorded_by_the_next_one(here: Path) -> None:
    kept = load_saved(workspace_in(here), NOW)
    ApplyRecorder.begin(workspace_in(here), kept, kept.read(), "", lambda: NOW, allowed=(), overrides=())
    notes: list[str] = []
    require_recovered(workspace_in(here, CallbackReporter(note=notes.append)))
    assert notes == ["an earlier apply of dev had no record; terraform's log says that it ended as unknown (record 2)"]
    assert results(here) == [Result.SUCCEEDED, Result.UNKNOWN]
    with pytest.raises(NoPlan):  # nobody knows how much of it was done
        check(here)


def test_an_apply_that_is_interrupted_ends_in_order_and_is_recorded(here: Path) -> None:
    """terraform is asked once, finishes, writes its state; what was there is still there."""
    document = json.loads(json.dumps(DOCUMENT).replace("one", "two"))
    slow = {"input": "x", "provisioner": [{"local-exec": {"command": "sleep 3"}}], "depends_on": ["terraform_data.a"]}
    document["resource"]["terraform_data"]["b"] = slow
    (here / "stacks" / "dev" / "cdk.tf.json").write_text(json.dumps(document))
    kept = plan(here)
    signals: list[int] = []

    def event(event: Mapping[str, Any]) -> None:
        if event["type"] == "apply_start" and event["hook"]["resource"]["addr"] == "terraform_data.b":
            os.kill(os.getpid(), signal.SIGTERM)

    workspace = workspace_in(here)
    watched = replace(workspace.terraform, progress=CallbackReporter(event=event, interrupted=signals.append))
    with pytest.raises(Interrupted):
        apply_plan(replace(workspace, terraform=watched), kept, "", lambda: NOW)
    assert signals == [1]
    record = workspace.records.read()[-1].data
    assert isinstance(record, ApplyRecord)
    assert record.result is Result.INTERRUPTED
    assert record.resources["terraform_data.a"].result == "done"
    state = json.loads((here / "stacks" / "dev" / "terraform.tfstate").read_bytes())
    assert state["serial"] == record.state.serial_after
    assert "terraform_data.a" in {f"{each['type']}.{each['name']}" for each in state["resources"]}


def test_in_github_actions_the_operator_is_who_started_the_run() -> None:
    run = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_TRIGGERING_ACTOR": "ann",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "meals-example/infrastructure",
        "GITHUB_RUN_ID": "4711",
        "GITHUB_RUN_ATTEMPT": "2",
    }
    found = operator(variables=run)
    assert found.name == "ann"
    assert found.host == "https://github.com/meals-example/infrastructure/actions/runs/4711/attempts/2"
