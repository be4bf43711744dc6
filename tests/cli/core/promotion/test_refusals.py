"""Every reason for which a promotion does not happen has its own name, message and exit code."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

import click
import pytest

from cli.core.base.errors import ExitCode
from cli.core.base.files import locked
from cli.core.plans.model import Plan
from cli.core.promotion import refusals
from cli.core.promotion.approvals import NotApproved
from cli.core.promotion.checks import Gate
from cli.core.promotion.proposal import Proposal, Step
from cli.core.promotion.unexplained import Residual, Unlike
from cli.core.releases.release import Release
from cli.ui import promoting
from tests.support.stories import Tiny, make

SHUT = Gate("soak", False, "1 h are asked for")
UNLIKE = Unlike("aws_a.x", "part/x", "update: ami", "")


def proposal(*gates: Gate, unlike: tuple[Unlike, ...] = ()) -> Proposal:
    """A promotion that was worked out."""
    release = Release({"application_version": "1.1.0"}, {})
    return Proposal(
        Step("promotion", "dev", "staging", release, ""),
        "aws",
        {},
        gates,
        Plan("staging", "staging", (), (), (), ()),
        "",
        Residual(unlike),
        (),
        b"",
        b"",
    )


def test_every_reason_has_its_name_and_code() -> None:
    every: list[type[refusals.Refused] | type[refusals.Running]] = [
        *refusals.Refused.__subclasses__(),
        refusals.Running,
    ]
    kinds = {each.kind: each.exit_code for each in every}
    assert kinds == {
        "file-moved": ExitCode.STALE,
        "gates-closed": ExitCode.REFUSED,
        "no-release": ExitCode.REFUSED,
        "no-such-step": ExitCode.REFUSED,
        "not-acknowledged": ExitCode.REFUSED,
        "not-approved": ExitCode.REFUSED,
        "not-rewritable": ExitCode.REFUSED,
        "running": ExitCode.LOCKED,
        "stateful-loss": ExitCode.REFUSED,
    }
    assert NotApproved.kind == "not-approved"


def test_gates_are_told_with_their_reasons_and_the_way_round() -> None:
    with pytest.raises(refusals.GatesClosed) as refused:
        promoting.require_open(proposal(SHUT, Gate("drift", True, "nothing drifted")), {"freeze": "r"})
    assert str(refused.value).splitlines()[1:] == [
        "  soak: 1 h are asked for",
        'A gate is overridden, and that recorded, by --override GATE --reason "..."',
    ]
    promoting.require_open(proposal(SHUT), {"soak": "hotfix"})


@pytest.mark.parametrize(
    ("acknowledged", "yes", "text"),
    [
        ("", True, "--yes does not acknowledge it: the difference to what was done below is {id}; if it is meant, say"),
        ("0123456789ab", False, "received --acknowledge 0123456789ab, but the difference to what was done below is"),
    ],
)
def test_a_difference_is_acknowledged_by_its_id(acknowledged: str, yes: bool, text: str) -> None:
    found = proposal(unlike=(UNLIKE,))
    with pytest.raises(refusals.NotAcknowledged) as refused:
        promoting.require_acknowledged(found, acknowledged, yes=yes, overrides={})
    assert str(refused.value).startswith(text.format(id=found.residual.id))
    assert str(refused.value).endswith(f"say so with --acknowledge {found.residual.id}")
    assert promoting.require_acknowledged(found, found.residual.id, yes=yes, overrides={})
    assert not promoting.require_acknowledged(found, "", yes=yes, overrides={"residual": "r"})
    assert not promoting.require_acknowledged(proposal(), acknowledged, yes=yes, overrides={})


def test_nobody_is_asked_where_there_is_no_terminal() -> None:
    @click.command()
    def ask() -> None:
        promoting.require_acknowledged(proposal(unlike=(UNLIKE,)), "", yes=False, overrides={})

    from click.testing import CliRunner

    done = CliRunner().invoke(ask)
    assert isinstance(done.exception, refusals.NotAcknowledged)
    assert "1 resource as listed is handled otherwise. Go on?" in done.output
    assert CliRunner().invoke(ask, input="y\n").exception is None


@pytest.mark.parametrize(("source", "target"), list(itertools.permutations(["dev", "staging", "prod"], 2)))
def test_a_release_climbs_one_step_at_a_time(source: str, target: str) -> None:
    if (source, target) in (("dev", "staging"), ("staging", "prod")):
        promoting.require_step(source, target)
        return
    with pytest.raises(refusals.NoSuchStep) as refused:
        promoting.require_step(source, target)
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


def test_there_is_nothing_to_approve_where_nothing_was_applied(tiny: Tiny) -> None:
    refused = tiny.data("approve", "prod", code=10)
    assert refused["refused"] == "no-release"
    assert refused["message"] == (
        "the last apply of staging did not succeed, or there is none: there is no release to approve"
    )


def test_nothing_is_approved_for_the_first_environment(tiny: Tiny) -> None:
    refused = tiny.data("approve", "dev", code=10)
    assert refused["refused"] == "no-such-step"
    assert refused["message"] == "nothing is promoted to dev; allowed: staging, prod"


@pytest.mark.parametrize(
    ("release", "message"),
    [
        ((), "prod has no record of an apply of a release older than the one it has; applied there: none, for nothing"),
        (("abc",), "prod has no record of an apply of a release abc; applied there: none, for nothing was applied"),
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
