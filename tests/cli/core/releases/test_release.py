"""A release is addressed by its content: values, code, locks and versions, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.base.digests import SHORT
from cli.core.releases import release as module
from cli.core.releases.release import Release, read, release
from envs.load import load
from tests.support.helpers import ROOT, write_files

LOCKS = ("requirements.lock", ".terraform.lock.hcl")
"""The locks of packages and of providers."""


def made_in(root: Path) -> dict[str, str]:
    """What a checkout adds to its releases, looked at anew."""
    module._checkout.cache_clear()
    return module._checkout(root)


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A checkout in small."""
    names = ("main.py", "envs/load.py", "envs/dev.yaml", "modules/part/vpc.py", "docs/x.md", *LOCKS)
    return write_files(tmp_path, {name: name for name in names})


def test_the_same_content_has_the_same_id() -> None:
    settings = load("dev")
    first = release(settings, terraform="terraform 1.11.4")
    assert first.id == release(settings, terraform="terraform 1.11.4").id
    assert len(first.id) == SHORT
    assert read(first.as_data()) == first
    assert first.made_with["code"] == module.code_digest(ROOT)


@pytest.mark.parametrize("terraform", ["terraform 1.12.0", ""])
def test_another_terraform_is_another_release(terraform: str) -> None:
    settings = load("dev")
    assert release(settings, terraform=terraform).id != release(settings, terraform="terraform 1.11.4").id


@pytest.mark.parametrize("name", ["main.py", "envs/load.py", "modules/part/vpc.py", "addresses.json", *LOCKS])
def test_other_code_packages_or_providers_are_another_release(code: Path, name: str) -> None:
    before = made_in(code)
    (code / name).write_text("other")
    assert made_in(code) != before


@pytest.mark.parametrize("name", ["envs/dev.yaml", "envs/schema.json", "docs/x.md", "modules/__pycache__/vpc.pyc"])
def test_environments_documents_and_bytecode_are_not_part_of_it(code: Path, name: str) -> None:
    before = made_in(code)
    write_files(code, {name: "other"})
    assert made_in(code) == before


def test_a_file_that_moved_is_other_code(code: Path) -> None:
    before = made_in(code)
    (code / "modules/part/vpc.py").rename(code / "modules/part/network.py")
    assert made_in(code) != before


def test_a_release_that_was_edited_is_none() -> None:
    data = Release({"ami": "a"}, {"code": "c"}).as_data()
    with pytest.raises(ValueError, match=data.id):
        read(data.model_copy(update={"values": {"ami": "b"}}))
