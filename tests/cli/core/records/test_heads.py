"""Signed heads: whoever takes the newest records away, or writes all anew, cannot take the signature along."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from cli.core.records.anchors import altered
from cli.core.records.chain import Chain
from cli.core.records.heads import NotSigned, sign
from tests.support.keys import sign_as
from tests.support.programs import git

AT = datetime.datetime(2027, 3, 1, 10, tzinfo=datetime.UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository in which Bob signs; its records are on no branch."""
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.name", "Bob")
    git(tmp_path, "config", "user.email", "bob@meals.example")
    git(tmp_path, "commit", "-q", "--allow-empty", "--no-gpg-sign", "-m", "first")
    sign_as(tmp_path, "bob@meals.example")
    for number in range(3):
        chain(tmp_path).append({"number": number})
    return tmp_path


def chain(root: Path) -> Chain:
    return Chain(root / "records" / "dev")


def test_what_was_signed_is_missed_when_it_is_gone(root: Path) -> None:
    last = chain(root).read()[-1]
    signed = sign(root, AT)
    assert (signed.tag, signed.records) == (
        "record-heads/bob-meals-example.20270301T100000Z",
        (f"dev/{last.name}",),
    )
    assert altered(root, "dev") == altered(root, "staging") == ""
    chain(root).append({"number": 3})
    assert altered(root, "dev") == ""
    for path in sorted((root / "records" / "dev").iterdir())[2:]:
        path.unlink()
    assert altered(root, "dev") == (
        f"records/dev/{last.name}, which the tag {signed.tag} names (signed by bob@meals.example), is missing"
    )


def test_a_chain_that_was_written_anew_is_not_the_signed_one(root: Path) -> None:
    sign(root, AT)
    shutil.rmtree(root / "records" / "dev")
    for number in range(5):
        chain(root).append({"number": number, "earlier": True})
    assert "(signed by bob@meals.example), is missing" in altered(root, "dev")


def test_a_tag_that_git_does_not_verify_is_called_so(root: Path) -> None:
    last = chain(root).read()[-1]
    git(root, "tag", "-a", "-m", f"The newest records\n\ndev/{last.name} {'0' * 64}", "record-heads/mallory")
    assert "(without a valid signature, by bob@meals.example), is missing" in altered(root, "dev")


def test_every_branch_of_a_chain_is_signed(root: Path) -> None:
    other = root / "other"
    shutil.copytree(root / "records", other / "records")
    one, two = chain(root).append({"here": 1}), Chain(other / "records" / "dev").append({"there": 1})
    shutil.copytree(other / "records", root / "records", dirs_exist_ok=True)
    assert set(sign(root, AT).records) == {f"dev/{one.name}", f"dev/{two.name}"}
    (root / "records" / "dev" / one.name).unlink()
    assert one.name in altered(root, "dev")


def test_nothing_is_signed_without_records_or_a_key(root: Path) -> None:
    git(root, "config", "user.signingkey", str(root / "nowhere"))
    with pytest.raises(NotSigned, match="git does not sign the tag record-heads/bob-meals-example"):
        sign(root, AT)
    assert git(root, "tag") == ""
    shutil.rmtree(root / "records")
    with pytest.raises(NotSigned, match="there are no records"):
        sign(root, AT)
