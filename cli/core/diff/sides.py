"""The two sides of a difference: an environment of the working tree, or as it was at a git revision.

What it was is read and synthesized by the code of that revision, taken from git into a directory that is removed
afterwards, and by the packages that are installed now.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from cli.core.base import git
from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.project import ROOT
from cli.core.base.sources import FILES, FOLDERS, is_code_of
from cli.core.base.trace import traced_program
from cli.core.change.terms import Terms
from cli.core.synthesis import cache
from cli.core.synthesis.synthesize import synthesize
from envs.errors import SettingsError
from envs.load import load
from envs.settings import Settings

_DUMP = """
import json, sys
from envs.load import load
print(json.dumps(load(sys.argv[1]).model_dump(mode="json")))
"""
_SYNTHESIZE = """
import json, sys
from pathlib import Path
import main
from envs.settings import Settings
main.synthesize([Settings.model_validate(json.load(sys.stdin))], Path(sys.argv[1]))
"""
_WRITE = """
import json, sys
from pathlib import Path
import main
from envs.load import load
main.synthesize([load(sys.argv[1])], Path(sys.argv[2]))
print(json.dumps([str(path) for path in getattr(main, "installed_files", list)()]))
"""


class Side(Protocol):
    """One side of a difference."""

    @property
    def name(self) -> str:
        """As the user wrote it: `prod` or `prod@v1.2.0`."""

    @property
    def environment(self) -> str:
        """The environment's name."""

    def settings(self) -> dict[str, Any]:
        """The environment's settings with all defaults."""

    def synthesized(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """The Terraform that this side's code makes of settings, by stack: `environment` and `bootstrap`."""


@dataclass(frozen=True)
class WorkingTreeSide:
    """An environment of the working tree."""

    name: str
    environment: str
    current: Settings | None = None
    """Its settings where they are not those of its file: with a release that was rehearsed."""

    def settings(self) -> dict[str, Any]:
        """As `Side` says. Raises `SettingsError`."""
        return (self.current or load(self.environment)).model_dump(mode="json")

    def synthesized(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """As `Side` says. Raises `ComparisonError` where the settings do not go together."""
        try:
            valid = Settings.model_validate(settings)
        except ValidationError as error:
            raise ComparisonError(
                f"{self.name} cannot have the identity and sizes of the other side: {error.errors()[0]['msg']}"
            ) from None
        with tempfile.TemporaryDirectory(prefix="infra-diff-") as out:
            synthesize(valid, Path(out))
            return _stacks(Path(out))


@dataclass(frozen=True)
class RevisionSide:
    """An environment as a git revision has it, in a directory with the files of that revision."""

    name: str
    environment: str
    checkout: Path

    def settings(self) -> dict[str, Any]:
        """As `Side` says. Raises `ComparisonError` where the revision has no such environment."""
        data = json.loads(self._run(_DUMP, self.environment))
        assert isinstance(data, dict)
        return data

    def synthesized(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """As `Side` says. Raises `ComparisonError` where the code of the revision cannot do it."""
        with tempfile.TemporaryDirectory(prefix="infra-diff-") as out:
            self.write_with(settings, Path(out))
            return _stacks(Path(out))

    def write_with(self, settings: Mapping[str, Any], directory: Path) -> None:
        """Write the stacks that the code of the revision makes of settings to a directory. Raises `ComparisonError`."""
        self._run(_SYNTHESIZE, str(directory), stdin=json.dumps(settings))

    def write(self, directory: Path) -> list[Path]:
        """Write the stacks of the revision's own settings to a directory. The installed files that went into them; none
        where the code of the revision does not say."""
        return [Path(path) for path in json.loads(self._run(_WRITE, self.environment, str(directory)))]

    def _run(self, program: str, *arguments: str, stdin: str = "") -> str:
        """The output of a program that runs with the code of the revision."""
        with traced_program([sys.executable, "-c", "...", *arguments], self.checkout):
            done = subprocess.run(
                [sys.executable, "-c", program, *arguments],
                cwd=self.checkout,
                env={**os.environ, "PYTHONPATH": str(self.checkout)},
                input=stdin,
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise ComparisonError(f"{self.name}: the code of that revision fails: {reason}")
        return done.stdout


class ComparisonError(InfraError, exit_code=ExitCode.USAGE):
    """A side does not exist, or its code cannot synthesize the settings."""


@contextlib.contextmanager
def side(name: str) -> Iterator[Side]:
    """The side that `ENV` or `ENV@REVISION` names.

    Raises `ComparisonError` for a revision that git does not know.
    """
    environment, _, revision = name.partition("@")
    if not revision:
        yield WorkingTreeSide(name, environment)
        return
    with _checkout(_commit(name, revision)) as checkout:
        yield RevisionSide(name, environment, checkout)


def require_revision(environment: str, revision: str) -> None:
    """Raise `ComparisonError` for a revision that git does not know."""
    _commit(f"{environment}@{revision}", revision)


def has_environment(environment: str, revision: str) -> bool:
    """Whether a revision has the file of an environment. Raises `ComparisonError`."""
    commit = _commit(f"{environment}@{revision}", revision)
    return bool(git.ask(ROOT, "ls-tree", commit, f"envs/{environment}.yaml"))


def terms_of(environment: str, revision: str) -> Terms:
    """What an environment is judged by at a revision; of an empty one nobody knows."""
    return Terms(environment, partial(_content, revision))


def _content(revision: str, path: str) -> bytes:
    """The content of a file at a revision; empty where it has none."""
    try:
        return git.run(ROOT, "show", "--end-of-options", f"{revision}:{path}").stdout if revision else b""
    except git.GitFailed:
        return b""


def settings_by_this_code(environment: str, revision: str, release: Mapping[str, Any] | None = None) -> Settings | None:
    """The settings of an environment at a revision, perhaps with another release, if that revision has the code of this
    checkout: then the code here makes of them what that of the revision does, without a process of its own.

    None for other code, and for settings that are not valid. Raises `ComparisonError`.
    """
    commit = _commit(f"{environment}@{revision}", revision)
    if not is_code_of(ROOT, commit):
        return None
    try:
        with _checkout(commit, "envs") as checkout:
            settings = load(environment, directory=checkout / "envs")
        changed = {**settings.model_dump(mode="json"), "release": release}
        return settings if release is None else Settings.model_validate(changed)
    except (SettingsError, ValidationError):
        return None


def write_revision(environment: str, revision: str, directory: Path) -> None:
    """Write the stacks of an environment, as a revision makes them of its own settings, to an empty directory.

    They are taken from the synthesis cache where it has them. Raises `ComparisonError`.
    """
    name = f"{environment}@{revision}"
    commit = _commit(name, revision)
    key = cache.revision_key(commit, environment)
    if not cache.load(key, directory):
        with _checkout(commit) as checkout:
            installed = RevisionSide(name, environment, checkout).write(directory)
        if installed:
            cache.store(key, directory, installed)


def write_release(environment: str, revision: str, directory: Path, *, release: Mapping[str, Any]) -> None:
    """Write the stacks of an environment as `write_revision` does, with another release than its file has there.

    Raises `ComparisonError`.
    """
    name = f"{environment}@{revision}"
    with _checkout(_commit(name, revision)) as checkout:
        old = RevisionSide(name, environment, checkout)
        old.write_with({**old.settings(), "release": release}, directory)


def write_organization(environment: str, revision: str, directory: Path) -> Path | None:
    """Write the organization's policies as a revision has them to a directory; None where it has none."""
    commit = _commit(f"{environment}@{revision}", revision)
    if not git.ask(ROOT, "ls-tree", "-d", commit, "envs/organization"):
        return None
    _extract(git.run(ROOT, "archive", commit, "envs/organization").stdout, directory)
    return directory / "envs" / "organization"


def _commit(name: str, revision: str) -> str:
    """The commit of a revision. Raises `ComparisonError`."""
    try:
        found = git.run(ROOT, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").stdout
    except git.GitMissing:
        raise ComparisonError("git is not installed, and a revision needs it; name environments without @") from None
    except git.GitFailed:
        allowed = "a branch, a tag or a commit"
        raise ComparisonError(f"{name}: git knows no revision {revision!r}; allowed: {allowed}") from None
    return found.decode().strip()


@contextlib.contextmanager
def _checkout(commit: str, *places: str) -> Iterator[Path]:
    """A directory with what a commit has at some places, which is removed afterwards: without any with all that a
    synthesis needs, a tenth of the files."""
    there = git.run(ROOT, "ls-tree", "--name-only", "-z", commit, *(places or (*FILES, *FOLDERS))).stdout.decode()
    with tempfile.TemporaryDirectory(prefix="infra-diff-") as checkout:
        _extract(git.run(ROOT, "archive", commit, "--", *filter(None, there.split("\0"))).stdout, Path(checkout))
        yield Path(checkout)


def _extract(content: bytes, directory: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        # Python 3.11.2, which Debian 12 has, knows no filters.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(directory)


def _stacks(out: Path) -> Mapping[str, Any]:
    files = sorted(out.glob("stacks/*/cdk.tf.json"))
    return {
        "bootstrap" if file.parent.name.endswith("-bootstrap") else "environment": json.loads(file.read_bytes())
        for file in files
    }
