"""A checkout that grew by the commands of docs/extending.md: a server, a consumer and an environment `qa`.

It is that of another company in another region than the project's, so that what is added there, and what passes the
gate and is rehearsed, is theirs too.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from pathlib import Path
from typing import Any

from tests.support import checkouts
from tests.support.helpers import ENVIRONMENTS, ROOT, infra
from tests.support.programs import git

COMMANDS = (
    ("server", "loyalty", "--public", "--path", "/loyalty", "--uses", "event-store", "--uses", "stream"),
    ("consumer", "billing", "--topic", "data-reporting", "--to", "sqs"),
    ("environment", "qa", "--account", "444455556666", "--after", "dev"),
)
"""A server, a consumer and an environment, in the words of the document."""


def data(root: Path, *arguments: str) -> Any:
    """What a command says with --json, which must end well."""
    done = infra(*arguments, "--json", root=root, cwd=root, timeout=300)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return json.loads(done.stdout)


def shared() -> Path:
    """One checkout for all processes of a run, in which each command's files are committed. Not to be changed."""
    root = checkouts.SHARED.with_name("grown")
    with root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "done").exists():
            shutil.rmtree(root, ignore_errors=True)
            _grow(root / "checkout")
            (root / "done").touch()
    return root / "checkout"


def _grow(root: Path) -> None:
    checkouts.copy(root)
    for name in (".github", "docs/policies", "tests/own", "tests/support", "tests/environments"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "test_*"))
    for name in ("docs/additions.md", "docs/claims.md", "docs/policies.md", "tests/conftest.py"):
        shutil.copy(ROOT / name, root / name)
    shutil.copy(ENVIRONMENTS / "addresses.json", root)  # of us-east-1: addresses are the same in every region
    for path in (root / "envs").glob("*.yaml"):
        path.write_text(path.read_text().replace("meals", "soup").replace("us-east-1", "eu-west-1"))
    git(root, "init", "-q")
    for command in (None, *COMMANDS):
        if command:
            written = data(root, "new", *command)["written"]
            changed = git(root, "status", "--porcelain", "--untracked-files=all").splitlines()
            assert sorted(line[3:] for line in changed) == written, "git has everything that was written"
        git(root, "add", "-A")
        git(root, "-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-qm", "Add")
