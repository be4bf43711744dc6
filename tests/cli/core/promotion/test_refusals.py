"""Every reason for which a promotion does not happen has its own name, message and exit code."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import json
import threading
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.core.base.errors import ExitCode, InfraError, Refusal
from cli.core.base.files import locked
from cli.core.base.target import Target
from cli.core.operations.refusals import StatefulLoss
from cli.core.plans.model import Plan
from cli.core.promotion import refusals, service
from cli.core.promotion.approvals import NotApproved
from cli.core.promotion.checks import Check
from cli.core.promotion.comparison import Comparison, UnexplainedChange
from cli.core.promotion.proposal import Decision, Proposal, Step
from cli.core.records.model import Operator
from cli.core.releases.refusals import Running
from cli.core.releases.release import Release
from cli.core.workspace.options import Options
from cli.ui.app import Application
from cli.ui.proposals import Answers, acknowledge, carry_out
from tests.support.stories import Tiny, make

PACKAGES = ("cli.core.promotion", "cli.core.releases")
CLOSED = Check("soak", False, "needs 1 h")
CHANGE = UnexplainedChange("aws_a.x", "part/x", "update: ami", "")


def proposal(*checks: Check, changes: tuple[UnexplainedChange, ...] = ()) -> Proposal:
    """A promotion before anything is written."""
    release = Release({"application_version": "1.1.0"}, {})
    return Proposal(
        step=Step("dev", "staging", release, ""),
        planned_on=Target.AWS,
        evidence=None,
        checks=checks,
        plan=Plan("staging", "staging", (), (), (), ()),
        previewed=Release({"application_version": "1.1.0"}, {"code": "of now"}).as_data(),
        policies_digest="",
        comparison=Comparison(changes),
        approvals={},
        before=b"",
        after=b"",
    )


def test_the_record_has_the_release_that_an_apply_takes() -> None:
    """Of a rollback the values are of then, and the code is of now."""
    made = proposal()
    record = made.record(Decision(), Operator(user="ann", host="", git=""), datetime.datetime.now(datetime.UTC))
    assert record.release == made.previewed != made.step.release.as_data()


def test_a_proof_lets_unexplained_changes_pass_and_is_recorded() -> None:
    made, now = proposal(changes=(CHANGE,)), datetime.datetime.now(datetime.UTC)
    assert made.needs_acknowledgement({})
    proved = replace(made, proof="a" * 64)
    assert not proved.needs_acknowledgement({})
    found = proved.record(Decision(), Operator(user="ann", host="", git=""), now).unexplained
    assert (found.proof, found.acknowledged, found.changes) == ("a" * 64, False, 1)


def test_every_reason_has_its_name_and_code() -> None:
    every: list[type[InfraError]] = [
        *(
            each
            for each in Refusal.__subclasses__()
            if each.__module__.startswith(("cli.core.promotion", "cli.core.releases"))
        ),
        StatefulLoss,
        Running,
    ]
    kinds = {each.kind: each.exit_code for each in every}
    assert kinds == {
        "branch-refused": ExitCode.REFUSED,
        "file-moved": ExitCode.STALE,
        "gates-closed": ExitCode.REFUSED,
        "no-release": ExitCode.REFUSED,
        "no-such-step": ExitCode.REFUSED,
        "not-acknowledged": ExitCode.REFUSED,
        "not-approved": ExitCode.REFUSED,
        "not-resolvable": ExitCode.REFUSED,
        "not-resolved": ExitCode.REFUSED,
        "not-rewritable": ExitCode.REFUSED,
        "running": ExitCode.LOCKED,
        "stateful-loss": ExitCode.REFUSED,
    }
    assert NotApproved.kind == "not-approved"


def test_closed_gates_are_listed_with_reasons_and_the_way_round() -> None:
    found = proposal(CLOSED, Check("drift", True, "no drift"))
    with pytest.raises(refusals.GatesClosed) as refused:
        service.require_open(found, Decision({"freeze": "r"}))
    assert str(refused.value).splitlines()[1:] == [
        "  soak: closed; needs 1 h",
        'To override a gate, and have that recorded: --override GATE --reason "..."',
    ]
    service.require_open(found, Decision({"soak": "hotfix"}))


@pytest.mark.parametrize(
    ("acknowledged", "received"), [("", ""), ("0123456789ab", "; received --acknowledge 0123456789ab")]
)
def test_unexplained_changes_are_acknowledged_by_their_id(acknowledged: str, received: str) -> None:
    found = proposal(changes=(CHANGE,))
    decision = Decision(acknowledged=acknowledged)
    with pytest.raises(refusals.NotAcknowledged) as refused:
        service.require_acknowledged(found, decision)
    assert str(refused.value) == (
        f"nobody acknowledged the unexplained changes{received}. If they are intended: --acknowledge "
        f"{found.comparison.id} (--yes acknowledges nothing)"
    )
    service.require_acknowledged(found, decision.acknowledging(found))
    service.require_acknowledged(found, Decision({"unexplained": "r"}))
    service.require_acknowledged(proposal(), decision)


def test_without_a_terminal_nothing_is_acknowledged() -> None:
    found = proposal(changes=(CHANGE,))
    command = click.Command("ask", callback=lambda: acknowledge(found, Decision()))
    done = CliRunner().invoke(command, standalone_mode=False)
    assert done.return_value == Decision()
    assert "1 unexplained change, as listed. Go on?" in done.output
    done = CliRunner().invoke(command, input="y\n", standalone_mode=False)
    assert done.return_value == Decision(acknowledged=found.comparison.id)


def test_programs_get_the_gates_of_a_refused_promotion(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cli.ui.proposals.open_gate", lambda _day: contextlib.nullcontext())
    application = Application()
    application.format = "json"
    answers: Answers = {
        "dry_run": False,
        "branch": None,
        "overridden": (),
        "reason": None,
        "acknowledged": "",
        "yes": False,
        "options": Options(),
    }
    with pytest.raises(refusals.GatesClosed) as refused:
        carry_out(application, "staging", lambda _context: proposal(CLOSED, changes=(CHANGE,)), answers)
    assert application.fail(refused.value) is ExitCode.REFUSED
    document = json.loads(capsys.readouterr().out)
    assert (document["refused"], document["exit_code"]) == ("gates-closed", 10)
    assert document["result"] == "Refused: nothing was written."
    assert document["checks"] == [{"name": "soak", "is_open": False, "text": "needs 1 h", "override": None}]
    assert document["unexplained"]["changes"][0]["address"] == "aws_a.x"


@pytest.mark.parametrize(("source", "target"), list(itertools.permutations(["dev", "staging", "prod"], 2)))
def test_a_release_climbs_one_step_at_a_time(source: str, target: str) -> None:
    if (source, target) in (("dev", "staging"), ("staging", "prod")):
        service.require_next(source, target)
        return
    with pytest.raises(refusals.NoSuchStep) as refused:
        service.require_next(source, target)
    assert str(refused.value) == (
        f"received {source} to {target}; a release climbs one step at a time: dev to staging, staging to prod"
    )


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """A checkout in which nothing was ever applied."""
    return make(tmp_path_factory.mktemp("refusals"))


def test_programs_get_the_reason_as_a_document(tiny: Tiny) -> None:
    refused = tiny.data("promote", "dev", "prod", code=10)
    assert (refused["refused"], refused["exit_code"]) == ("no-such-step", 10)


def test_an_image_that_is_a_parameter_s_name_is_not_promoted(tiny: Tiny) -> None:
    document = tiny.data("promote", "dev", "staging", "--sandbox", "--override", "artifacts", "--reason", "r", code=10)
    assert document["refused"] == "not-resolved"
    assert "Run infra release resolve dev, then plan and apply dev, then promote" in document["message"]


def test_there_is_nothing_to_approve_where_nothing_was_applied(tiny: Tiny) -> None:
    refused = tiny.data("approve", "prod", code=10)
    assert refused["refused"] == "no-release"
    assert refused["message"] == ("staging has no release to approve: nothing was applied")


def test_nothing_is_approved_for_the_first_environment(tiny: Tiny) -> None:
    refused = tiny.data("approve", "dev", code=10)
    assert refused["refused"] == "no-such-step"
    assert refused["message"] == "nothing is promoted to dev; allowed: staging, prod"


@pytest.mark.parametrize(
    ("release", "message"),
    [
        ((), "prod has no record of an apply of a release older than the one it has; applied there: none, nothing"),
        (("abc",), "prod has no record of an apply of a release abc; applied there: none, nothing was applied"),
    ],
)
def test_there_is_no_way_back_to_what_was_never_applied(
    tiny: Tiny, terraform: str, release: tuple[str, ...], message: str
) -> None:
    assert terraform
    refused = tiny.data("rollback", "prod", *release, code=10)
    assert refused["refused"] == "no-release"
    assert refused["message"].startswith(message)


def test_while_one_promotion_is_under_way_another_says_so(tiny: Tiny) -> None:
    with locked(tiny.root / "records" / "promotions" / ".lock", waiting=threading.Event().set):
        refused = tiny.data("freeze", "prod", "--until", "2199-01-01", "--reason", "r", code=9)
        assert refused["refused"] == "running"
        assert "another promotion is under way" in refused["message"]
        assert tiny.data("thaw", "prod", code=9)["refused"] == "running"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["promote", "dev", "staging", "--override", "soak"], "an override needs a reason"),
        (["promote", "dev", "staging", "--override", "luck", "--reason", "r"], "there is no gate 'luck' to override"),
        (["rollback", "dev", "--override", "stateful-loss", "--reason", "r"], "there is no gate 'stateful-loss'"),
        (["promote", "dev", "stagin"], "there is no environment 'stagin'"),
        (["freeze", "prod", "--until", "2026-01-01", "--reason", "r"], "--until 2026-01-01 00:00 UTC has passed"),
        (["freeze", "prod", "--until", "2199-01-01", "--reason", " "], "a freeze needs a reason"),
        (["release", "diff", "dev", "0123456789ab"], "there is no release '0123456789ab'"),
        (["promotions", "pord"], "there is no environment 'pord'"),
    ],
)
def test_a_command_line_that_makes_no_sense_ends_with_64(tiny: Tiny, arguments: list[str], message: str) -> None:
    assert message in tiny.infra(*arguments, code=64).stderr


def test_only_the_log_s_last_word_counts(tiny: Tiny) -> None:
    assert tiny.infra("promotions").stdout == "nothing was promoted yet\n"
    assert "prod is not frozen" in tiny.infra("thaw", "prod").stdout
    assert not list(Path(tiny.root, "records", "promotions").glob("*.json"))


def test_the_log_warns_of_a_record_that_git_has_and_the_checkout_has_not(tiny: Tiny) -> None:
    tiny.infra("freeze", "prod", "--until", "2199-01-01", "--reason", "holidays")
    tiny.commit()
    (path,) = Path(tiny.root, "records", "promotions").glob("*.json")
    path.unlink()
    done = tiny.infra("promotions")
    assert done.stdout == "nothing was promoted yet\n"
    assert done.stderr == (
        f"warning: records/promotions/{path.name}, which HEAD has, is missing; git restore records brings it back\n"
    )
