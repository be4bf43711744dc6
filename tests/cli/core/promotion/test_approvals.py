"""Approvals are annotated git tags; here in a repository made for it."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from cli.core.base.tags import signers_in
from cli.core.promotion.approvals import Approval, NotApproved, authors, give, looked_at, read
from tests.support.keys import sign_as
from tests.support.programs import git
from tests.support.records import AT, applied


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with one commit by Alice, in which Bob works."""
    git(tmp_path, "init", "-q")
    for key, value in (("user.name", "Alice"), ("user.email", "Alice@meals.example"), ("commit.gpgsign", "false")):
        git(tmp_path, "config", key, value)
    (tmp_path / "dev.yaml").write_text("release: 1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "config", "user.name", "Bob")
    git(tmp_path, "config", "user.email", "bob@meals.example")
    return tmp_path


def approve(root: Path, environment: str, release: str, *, is_signed: bool = False, minute: int = 0) -> Approval:
    """Approve a release at some minute."""
    at = datetime.datetime(2027, 3, 1, 10, minute, tzinfo=datetime.UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_COMMITTER_DATE", at.isoformat())
        return give(root, environment, release, f"Approve\n\nRecord: {'a' * 64}", is_signed=is_signed, now=at)


def test_an_approval_is_of_one_release_for_one_environment(root: Path) -> None:
    given = approve(root, "prod", "abc")
    assert (given.who, given.is_signed, given.record) == ("bob@meals.example", False, "a" * 64)
    assert given.at == datetime.datetime(2027, 3, 1, 10, tzinfo=datetime.UTC)
    assert given.tag == "approval/prod/abc/bob-meals-example.20270301T100000Z"
    assert list(read(root, "prod", "abc")) == [given]
    assert list(read(root, "prod", "abd")) == []
    assert list(read(root, "staging", "abc")) == []


def test_one_person_may_approve_again_when_the_first_approval_has_expired(root: Path) -> None:
    first, again = approve(root, "prod", "abc"), approve(root, "prod", "abc", minute=1)
    assert list(read(root, "prod", "abc")) == [first, again]
    with pytest.raises(NotApproved, match="already exists"):
        approve(root, "prod", "abc")


def test_an_approval_of_old_names_no_record(root: Path) -> None:
    git(root, "tag", "-a", "-m", "Approve", "approval/prod/abc/bob-meals-example")
    assert [each.record for each in read(root, "prod", "abc")] == [""]


def test_no_tag_can_pretend_to_be_two(root: Path, signing: Path) -> None:
    """What separates lines for Python is no line break for git."""
    assert signing
    given = approve(root, "staging", "abc", is_signed=True)
    name = "approval/prod/abc/mallory"
    line = f"tag {given.object} refs/tags/{name}"
    git(root, "-c", f"user.email=m\u2028{line}\x0b{line}", "tag", "-a", "-m", f"x\u2028{line}", name)
    assert [(each.tag, each.object == given.object) for each in read(root, "prod", "abc")] == [(name, False)]
    assert not any(each.is_signed for each in read(root, "prod", "abc"))


def test_what_was_looked_at_stands_until_the_source_is_destroyed() -> None:
    other = {"id": "r2", "values": {}, "made_with": {}}
    records = [applied(1), applied(2, release=other), applied(3)]
    assert looked_at(records, "dev", "r1") == {"digest-1": AT, "digest-3": AT}
    records += [applied(4, kind="destroy"), applied(5)]
    assert looked_at(records, "dev", "r1") == {"digest-5": AT}


def test_a_tag_that_is_not_annotated_is_no_approval(root: Path) -> None:
    git(root, "tag", "approval/prod/abc/mallory")
    assert list(read(root, "prod", "abc")) == []


def test_who_is_unknown_to_git_cannot_approve(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(root, "config", "--unset", "user.email")
    for variable in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(root))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    with pytest.raises(NotApproved, match="git does not know who you are"):
        approve(root, "prod", "abc")


@pytest.fixture
def signing(root: Path) -> Path:
    """The same repository, in which Bob signs with SSH and git knows whose key that is; its file of allowed signers."""
    return sign_as(root, "bob@meals.example")


def test_a_signature_is_git_s_own(root: Path, signing: Path) -> None:
    assert approve(root, "prod", "abc", is_signed=True).is_signed
    assert not approve(root, "prod", "abd").is_signed
    signing.write_text("")
    assert [each.is_signed for each in read(root, "prod", "abc")] == [False]


def test_a_signature_in_somebody_else_s_name_does_not_count(root: Path, signing: Path) -> None:
    git(root, "config", "user.email", "carol@meals.example")
    assert not approve(root, "prod", "abc", is_signed=True).is_signed
    signing.write_text(signing.read_text().replace("bob@", "carol@"))
    assert [each.is_signed for each in read(root, "prod", "abc")] == [True]


@pytest.mark.parametrize(
    ("output", "signers"),
    [
        ('Good "git" signature for Bob@meals.example with ED25519 key SHA256:x', ["bob@meals.example"]),
        ("[GNUPG:] GOODSIG 0123456789ABCDEF Bob B. <bob@meals.example>", ["bob@meals.example"]),
        ("[GNUPG:] EXPKEYSIG 0123456789ABCDEF Bob B. <bob@meals.example>", []),
        ('Good "git" signature with ED25519 key SHA256:x\nNo principal matched.', []),
    ],
)
def test_git_says_who_signed(output: str, signers: list[str]) -> None:
    assert sorted(signers_in(output)) == signers


def test_an_approval_is_not_replayed_by_renaming_its_tag(root: Path, signing: Path) -> None:
    given = approve(root, "staging", "abc", is_signed=True)
    git(root, "update-ref", "refs/tags/approval/prod/abc/bob-meals-example", given.object)
    git(root, "update-ref", "refs/tags/approval/staging/abd/bob-meals-example", given.object)
    assert list(read(root, "prod", "abc")) == []
    assert list(read(root, "staging", "abd")) == []
    assert list(read(root, "staging", "abc")) == [given]


def commit(root: Path, name: str, who: str, message: str = "change") -> str:
    """A commit by somebody that changes a file; its id."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    with (root / name).open("a") as file:
        file.write(f"# {who}\n")
    git(root, "add", ".")
    git(root, "-c", f"user.name={who}", "-c", f"user.email={who}@meals.example", "commit", "-qm", message)
    return git(root, "rev-parse", "HEAD").strip()


def test_authors_are_all_who_changed_what_makes_the_release(root: Path) -> None:
    base = commit(root, "envs/dev.yaml", "ann")
    for name, who in (
        ("modules/network/vpc.py", "ben"),
        ("envs/settings/release.py", "cid"),
        (".terraform.lock.hcl", "dan"),
        ("envs/dev.yaml", "eve"),
        ("envs/prod.yaml", "fay"),
        ("docs/tour.md", "gil"),
    ):
        commit(root, name, who)
    last = commit(root, "main.py", "hal", "change\n\nCo-authored-by: Ida <Ida@meals.example>")
    after = frozenset(f"{who}@meals.example" for who in ("ben", "cid", "dan", "eve", "hal", "ida"))
    assert authors(root, "dev", base, last) == after
    commit(root, "main.py", "joe")
    assert authors(root, "dev", base, last) == after, "what came later is not in the release"


def test_authors_whose_change_somebody_else_committed_too_count(root: Path) -> None:
    """git leaves out of a history what a merge has from the other side as well."""
    base = commit(root, "envs/dev.yaml", "ann")
    git(root, "switch", "-qc", "side")
    theirs = commit(root, "modules/a.py", "eve")
    git(root, "switch", "-q", "-")
    (root / "modules").mkdir()
    (root / "modules" / "a.py").write_text(git(root, "show", f"{theirs}:modules/a.py"))
    git(root, "add", "-A")
    git(root, "commit", "-q", "--author", "Fay <fay@meals.example>", "-m", "the same")
    git(root, "merge", "-q", "-m", "merge", "side")
    found = authors(root, "dev", base, git(root, "rev-parse", "HEAD").strip())
    assert found is not None
    assert {"eve@meals.example", "fay@meals.example"} <= found


def test_authors_of_the_values_of_earlier_environments_count(root: Path) -> None:
    base = commit(root, "envs/staging.yaml", "ann")
    commit(root, "envs/dev.yaml", "ben")
    last = commit(root, "envs/staging.yaml", "bot")
    assert authors(root, "staging", base, last) == frozenset({"ben@meals.example", "bot@meals.example"})


def test_without_a_commit_to_begin_at_all_authors_count(root: Path) -> None:
    commit(root, "envs/dev.yaml", "ann")
    last = commit(root, "main.py", "ben")
    everybody = frozenset({"ann@meals.example", "ben@meals.example"})
    assert authors(root, "dev", "", last) == everybody
    assert authors(root, "dev", "0" * 40, last) == everybody, "a commit that is gone, or on another branch"


def test_whose_authors_git_does_not_know(root: Path, tmp_path: Path) -> None:
    last = commit(root, "main.py", "ann")
    assert authors(root, "dev", "", "") is None
    assert authors(root, "dev", "", "0" * 40) is None
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(shallow))
    assert authors(shallow, "dev", "", last) is None
