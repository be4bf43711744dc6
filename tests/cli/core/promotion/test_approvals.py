"""Approvals are annotated git tags; here in a repository made for it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cli.core.promotion.approvals import NotApproved, authors, give, read, signers_in
from tests.support.programs import git, required


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


def test_an_approval_is_of_one_release_for_one_environment(root: Path) -> None:
    given = give(root, "prod", "abc", "Approve", signed=False)
    assert (given.who, given.is_signed) == ("bob@meals.example", False)
    assert list(read(root, "prod", "abc")) == [given]
    assert list(read(root, "prod", "abd")) == []
    assert list(read(root, "staging", "abc")) == []


def test_one_person_approves_once(root: Path) -> None:
    give(root, "prod", "abc", "Approve", signed=False)
    with pytest.raises(NotApproved, match="already exists"):
        give(root, "prod", "abc", "Approve", signed=False)


def test_a_tag_that_is_not_annotated_is_no_approval(root: Path) -> None:
    git(root, "tag", "approval/prod/abc/mallory")
    assert list(read(root, "prod", "abc")) == []


def test_who_is_unknown_to_git_cannot_approve(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(root, "config", "--unset", "user.email")
    for variable in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(root))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    with pytest.raises(NotApproved, match="git does not know who you are"):
        give(root, "prod", "abc", "Approve", signed=False)


@pytest.fixture
def signing(root: Path) -> Path:
    """The same repository, in which Bob signs with SSH and git knows whose key that is; its file of allowed signers."""
    signers = root / "signers"
    subprocess.run([required("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(root / "key")], check=True)
    signers.write_text(f"bob@meals.example {(root / 'key.pub').read_text()}")
    git(root, "config", "gpg.format", "ssh")
    git(root, "config", "user.signingkey", str(root / "key"))
    git(root, "config", "gpg.ssh.allowedSignersFile", str(signers))
    return signers


def test_a_signature_is_git_s_own(root: Path, signing: Path) -> None:
    assert give(root, "prod", "abc", "Approve", signed=True).is_signed
    assert not give(root, "prod", "abd", "Approve", signed=False).is_signed
    signing.write_text("")
    assert [each.is_signed for each in read(root, "prod", "abc")] == [False]


def test_a_signature_in_somebody_else_s_name_does_not_count(root: Path, signing: Path) -> None:
    git(root, "config", "user.email", "carol@meals.example")
    assert not give(root, "prod", "abc", "Approve", signed=True).is_signed
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


def test_authors_are_those_of_the_commit_and_of_the_file(root: Path) -> None:
    (root / "other").write_text("")
    git(root, "add", ".")
    git(root, "commit", "-qm", "second")
    assert authors(root, root / "dev.yaml", "HEAD") == {"alice@meals.example", "bob@meals.example"}
    assert authors(root, root / "dev.yaml", "") == {"alice@meals.example"}
