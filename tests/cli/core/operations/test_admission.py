"""What an environment takes: the release that was promoted to it, and nothing else while it is frozen."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cli.core.base.errors import ExitCode
from cli.core.base.target import Target
from cli.core.operations.admission import (
    CONDITIONS,
    Frozen,
    NotPromoted,
    Objection,
    find_objections,
    objections,
    require_admitted,
    unfounded,
    unreviewed,
)
from cli.core.operations.overrides import InvalidOverride, overrides_of, recorded
from cli.core.records import Record, Records
from cli.core.records.model import STACK_RECORD, LogRecord, PromotionRecord, ReleaseData
from envs.load import load
from envs.settings import Settings
from tests.support.keys import sign_as
from tests.support.programs import git
from tests.support.records import AT, FREEZE, PROMOTION, RELEASE, applied, chained, log_data, log_record

NOW = AT + datetime.timedelta(hours=2)
CURRENT = ReleaseData.model_validate(RELEASE)
EVIDENCE = {"records": "records/staging", "sequence": 1, "digest": "digest-1", "finished": AT}
OTHER = {"id": "r2", "values": {"application_version": "1.1.0"}, "made_with": {"code": "c1"}}


def log(*data: LogRecord) -> list[Record[LogRecord]]:
    """The log of promotions."""
    return chained(*data)


def promoted(**changes: Any) -> LogRecord:
    """A promotion of the current release to prod on AWS."""
    return log_data(PROMOTION, **{"target": "aws", "release": RELEASE, **changes})


def frozen(**changes: Any) -> LogRecord:
    """A freeze of prod for a day from now."""
    until = NOW + datetime.timedelta(days=1)
    return log_data(FREEZE, **{"environment": "prod", "until": until, "allowed_release": "", **changes})


def names(records: Sequence[Record[LogRecord]], environment: str = "prod", **more: Any) -> list[str]:
    """The conditions that are not met."""
    found = objections(environment, CURRENT, records, **{"applied": [], "now": NOW, **more})
    return [each.condition for each in found]


def test_the_release_that_was_promoted_last_is_taken() -> None:
    assert names(log(promoted())) == []
    assert names(log(promoted(release=OTHER), promoted())) == []


@pytest.mark.parametrize(
    ("records", "why"),
    [
        ([], "no release was promoted to prod on AWS; infra promote staging prod promotes one"),
        ([promoted(target="sandbox")], "no release was promoted to prod on AWS"),
        ([promoted(environment="staging")], "no release was promoted to prod on AWS"),
        ([promoted(), promoted(release=OTHER)], r"release r1 is not r2, which was promoted to prod \(record 2\)"),
        ([promoted(release=OTHER)], "differs in application_version;"),
        ([promoted(release={**RELEASE, "id": "r3", "made_with": {"code": "c0"}})], "differs in code;"),
    ],
)
def test_any_other_release_is_not(records: list[LogRecord], why: str) -> None:
    found = objections("prod", CURRENT, log(*records), applied=[], now=NOW)
    with pytest.raises(NotPromoted, match=why) as caught:
        require_admitted("prod", found, {})
    assert caught.value.exit_code == ExitCode.REFUSED
    assert '--override promotion --reason "..."' in str(caught.value)
    require_admitted("prod", found, {"promotion": "a reason"})


def test_of_two_promotions_on_two_branches_neither_is_taken() -> None:
    one, other = log_record(1, promoted()), log_record(2, promoted(release=OTHER))
    (objection,) = objections("prod", CURRENT, [one, other], applied=[], now=NOW)
    assert objection.text == (
        "two branches promoted r1 (record 1-000000000001) and r2 (record 2-000000000002), and neither knew of the "
        "other, so neither holds; infra promote staging prod promotes one"
    )
    assert names([one, other, log_record(3, promoted(), one, other)]) == []


def test_a_version_of_terraform_that_is_not_known_is_no_difference() -> None:
    promoted_with = {**RELEASE, "id": "r3", "made_with": {"code": "c1", "terraform": "terraform 1.11.4"}}
    without = ReleaseData.model_validate({**RELEASE, "id": "r4", "made_with": {"code": "c1", "terraform": ""}})
    other = ReleaseData.model_validate({**RELEASE, "id": "r5", "made_with": {"code": "c1", "terraform": "tofu 1"}})
    records = log(promoted(release=promoted_with))
    assert objections("prod", without, records, applied=[], now=NOW) == ()
    assert len(objections("prod", other, records, applied=[], now=NOW)) == 1


@pytest.mark.parametrize("environment", ["dev", "qa"])
def test_where_nothing_is_promoted_to_every_release_is_taken(environment: str) -> None:
    assert names([], environment) == []


def test_a_frozen_environment_takes_no_other_release() -> None:
    records = log(promoted(), frozen())
    assert names(records) == ["freeze"]
    with pytest.raises(Frozen, match="prod is frozen until 2027-03-02 12:00 UTC by"):
        require_admitted("prod", objections("prod", CURRENT, records, applied=[], now=NOW), {})


def test_a_freeze_allows_what_it_names_and_what_is_there() -> None:
    assert names(log(promoted(), frozen(allowed_release="r1"))) == []
    assert names(log(promoted(), frozen()), applied=[applied(stack="prod", environment="prod")]) == []
    assert names(log(promoted(), frozen()), now=NOW + datetime.timedelta(days=2)) == []


def test_both_are_said_and_both_have_to_be_overridden() -> None:
    found = objections("prod", CURRENT, log(frozen()), applied=[], now=NOW)
    with pytest.raises(NotPromoted, match="--override promotion --override freeze"):
        require_admitted("prod", found, {})
    with pytest.raises(Frozen):
        require_admitted("prod", found, {"promotion": "a reason"})


def test_an_override_names_a_condition_and_has_a_reason() -> None:
    assert overrides_of(["freeze"], " because ", CONDITIONS) == {"freeze": "because"}
    with pytest.raises(InvalidOverride, match="there is no gate 'soak' to override; gates: promotion, freeze"):
        overrides_of(["soak"], "because", CONDITIONS)
    with pytest.raises(InvalidOverride, match="needs a reason"):
        overrides_of(["freeze"], " ", CONDITIONS)


def test_what_was_not_needed_is_not_recorded() -> None:
    overrides = {"freeze": "because", "promotion": "because"}
    (only,) = recorded(overrides, {Objection("freeze", "").condition}, NOW)
    assert (only.check, only.reason, only.expires) == ("freeze", "because", NOW + datetime.timedelta(days=7))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository in which Bob signs."""
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.name", "Bob")
    git(tmp_path, "config", "user.email", "bob@meals.example")
    git(tmp_path, "commit", "-q", "--allow-empty", "--no-gpg-sign", "-m", "first")
    sign_as(tmp_path, "bob@meals.example")
    return tmp_path


def approved(root: Path, name: str, *, is_signed: bool) -> dict[str, Any]:
    """An approval of a tag that Bob makes, as the record of a promotion has it."""
    git(root, "tag", "-s" if is_signed else "-a", "-m", "Approve", name)
    return {"who": "bob", "tag": name, "object": git(root, "rev-parse", name).strip(), "signed": True, "counted": True}


def problem(root: Path, *, is_signed: bool = True, **changes: Any) -> str:
    """What a promotion to prod, which needs an approval, says of itself more than there is."""
    data = promoted(**{"evidence": EVIDENCE, **changes})
    assert isinstance(data, PromotionRecord)
    source = "prod" if data.kind == "rollback" else "staging"
    finished = AT - datetime.timedelta(hours=24)
    there = [applied(1, environment=source, stack=source, finished=finished), applied(2, environment=source)]
    return unfounded(prod(is_signed=is_signed), Record(7, "d7", (), data), there, root)


def prod(*, is_signed: bool) -> Settings:
    """Its settings: a day of soak, an approval."""
    settings = load("prod")
    rules = settings.promotion.model_copy(update={"signed_approvals": is_signed})
    return settings.model_copy(update={"promotion": rules})


def test_a_promotion_that_somebody_wrote_by_hand_has_no_approvals(repository: Path) -> None:
    needs = "needs 1 signed approval, and git has 0; git fetch --tags brings those that were pushed"
    assert problem(repository) == needs, "no such tag"
    signed = approved(repository, "approval/prod/r1/bob", is_signed=True)
    assert problem(repository, approvals=[signed]) == ""
    assert problem(repository, approvals=[{**signed, "counted": False}]) == needs, "an author's"
    unsigned = approved(repository, "approval/prod/r1/bob.2", is_signed=False)
    assert problem(repository, approvals=[unsigned]) == needs
    assert problem(repository, approvals=[unsigned], is_signed=False) == ""
    other = approved(repository, "approval/prod/r2/bob", is_signed=True)
    assert problem(repository, approvals=[other]) == needs, "of another release"
    override = {"check": "approvals", "reason": "an incident", "expires": AT}
    assert problem(repository, overrides=[override]) == "", "infra status shows it"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"evidence": None}, "rests on an apply of staging that is not here: git fetch, and infra records checkout"),
        ({"evidence": {**EVIDENCE, "digest": "d9"}}, "rests on an apply of staging that is not here"),
        ({"release": OTHER}, "rests on an apply of staging with another release (r1)"),
        ({"at": AT - datetime.timedelta(hours=1)}, "needs 24 h of soak, and staging had the release since 2027-02-28"),
    ],
)
def test_evidence_that_somebody_made_up_does_not_hold(repository: Path, changes: dict[str, Any], why: str) -> None:
    approvals = [approved(repository, "approval/prod/r1/bob", is_signed=True)]
    assert problem(repository, approvals=approvals) == ""
    assert problem(repository, approvals=approvals, **changes).startswith(why)
    check = "soak" if "at" in changes else "apply"
    overrides = [{"check": each, "reason": "an incident", "expires": AT} for each in (check, "approvals")]
    assert problem(repository, overrides=overrides, **changes) == "", "who overrides it says so"


def promotion(sequence: int, digest: str, **changes: Any) -> Record[PromotionRecord]:
    """The record of a promotion."""
    data = promoted(**changes)
    assert isinstance(data, PromotionRecord)
    return Record(sequence, digest * 64, (), data)


def commit(root: Path, record: Record[Any]) -> None:
    """Commit the file of a promotion."""
    (name,) = (name for name in record.file_names if "-" in name)
    path = root / "records" / "promotions" / name
    path.parent.mkdir(parents=True)
    path.touch()
    git(root, "add", "-A")
    git(root, "commit", "-q", "--no-gpg-sign", "-m", "Promote")


def test_a_record_that_is_not_on_main_was_not_reviewed(repository: Path) -> None:
    record = promotion(7, "7")
    assert unreviewed(record, [record], prod(is_signed=False), repository) == "", "there is no such branch"
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    commit(repository, record)
    not_there = "is not on origin/main, so nobody reviewed it: merge it, then git fetch"
    assert unreviewed(record, [record], prod(is_signed=False), repository) == not_there
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert unreviewed(record, [record], prod(is_signed=False), repository) == ""


def test_what_overrides_a_check_is_signed_where_signatures_are_asked_for(repository: Path) -> None:
    overrides = [{"check": "soak", "reason": "an incident", "expires": AT}]
    record = promotion(7, "7", overrides=overrides)
    later = replace(promotion(8, "8", environment="staging"), parents=(record.digest,))
    log: list[Record[LogRecord]] = [record, later]
    nobody = "overrides soak, and nobody signed that: infra records sign, and git push --tags"
    assert unreviewed(record, log, prod(is_signed=True), repository) == nobody
    assert unreviewed(record, log, prod(is_signed=False), repository) == ""

    def sign(name: str, digest: str, option: str) -> None:
        message = f"The newest records\n\npromotions/000008-{digest[:12]}.json {digest}\n"
        git(repository, "tag", option, "-m", message, f"record-heads/{name}")

    sign("other", "e" * 64, "-s")
    sign("unsigned", later.digest, "-a")
    assert unreviewed(record, log, prod(is_signed=True), repository) == nobody
    sign("bob", later.digest, "-s")
    assert unreviewed(record, log, prod(is_signed=True), repository) == "", "what a later head follows is signed too"


def test_a_rollback_brings_back_what_was_applied_and_nothing_else(tmp_path: Path) -> None:
    assert problem(tmp_path, kind="rollback") == ""
    never = "brings back what was never applied here"
    assert problem(tmp_path, kind="rollback", release=OTHER) == never
    assert problem(tmp_path, kind="rollback", evidence={**EVIDENCE, "digest": "d9"}) == never
    assert problem(tmp_path, kind="rollback", evidence=None) == never


def test_where_git_names_no_signers_they_are_those_of_the_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    signed = approved(repository, "approval/prod/r1/bob", is_signed=True)
    (repository / ".github").mkdir()
    (repository / ".git" / "signers").rename(repository / ".github" / "allowed_signers")
    git(repository, "config", "--unset", "gpg.ssh.allowedSignersFile")
    assert problem(repository, approvals=[signed]) == ""


def test_a_log_of_promotions_that_git_does_not_vouch_for_admits_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.core.operations.admission.ROOT", tmp_path)
    monkeypatch.setattr("cli.core.releases.log.ROOT", tmp_path)
    workspace: Any = SimpleNamespace(
        environment="prod",
        stack="prod",
        target=Target.AWS,
        settings=load("prod"),
        terraform=SimpleNamespace(program="terraform 1.11.4"),
        records=Records(tmp_path / "records" / "prod", STACK_RECORD),
    )
    first, second = find_objections(workspace, NOW)
    assert first.text.startswith("the log of promotions is not what git has: git has no history here")
    assert second.text.startswith("no release was promoted to prod on AWS")
    workspace.target = Target.SANDBOX
    assert find_objections(workspace, NOW) == ()
    workspace.target, workspace.environment, workspace.stack, workspace.settings = Target.AWS, "dev", "dev", load("dev")
    (only,) = find_objections(workspace, NOW)
    assert only.condition == "freeze", "a freeze of dev may be what is missing"
