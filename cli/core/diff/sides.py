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
from pathlib import Path
from typing import Any, Protocol

from pydantic import ValidationError

from cli.core.base import git
from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.project import ROOT
from cli.core.synthesis.synthesize import synthesize
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

    def settings(self) -> dict[str, Any]:
        """As `Side` says. Raises `SettingsError`."""
        return load(self.environment).model_dump(mode="json")

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
            self._run(_SYNTHESIZE, out, stdin=json.dumps(settings))
            return _stacks(Path(out))

    def _run(self, program: str, *arguments: str, stdin: str = "") -> str:
        """The output of a program that runs with the code of the revision."""
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
    try:
        commit = git.run(ROOT, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").stdout
    except git.GitMissing:
        raise ComparisonError("git is not installed, and a revision needs it; name environments without @") from None
    except git.GitFailed:
        allowed = "a branch, a tag or a commit"
        raise ComparisonError(f"{name}: git knows no revision {revision!r}; allowed: {allowed}") from None
    with tempfile.TemporaryDirectory(prefix="infra-diff-") as checkout:
        with tarfile.open(fileobj=io.BytesIO(git.run(ROOT, "archive", commit.decode().strip()).stdout)) as archive:
            # Python 3.11.2, which Debian 12 has, knows no filters.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(checkout)
        yield RevisionSide(name, environment, Path(checkout))


def _stacks(out: Path) -> Mapping[str, Any]:
    files = sorted(out.glob("stacks/*/cdk.tf.json"))
    return {
        "bootstrap" if file.parent.name.endswith("-bootstrap") else "environment": json.loads(file.read_bytes())
        for file in files
    }
