"""A checkout with a tiny system, its own git and its own sandbox, in which `infra` runs as users run it."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import checkouts
from tests.support.helpers import ROOT, infra, infra_command, infra_environment
from tests.support.programs import git, without

_TINY = ROOT / "tests" / "support" / "tiny.py"


@dataclass(frozen=True)
class Tiny:
    """The checkout."""

    root: Path
    sandbox: Path
    planned: str = ""
    """What the first plan of dev showed."""

    @property
    def variables(self) -> dict[str, str]:
        """What names the sandbox."""
        return {"INFRA_SANDBOX_DIRECTORY": str(self.sandbox)}

    @property
    def store(self) -> Path:
        """The private directory of the stack dev."""
        return self.sandbox / "dev" / ".infra" / "dev"

    @property
    def records(self) -> Path:
        """The records of what was rehearsed in dev."""
        return self.sandbox / "dev" / "records"

    def infra(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command that must end with a code."""
        done = infra(*arguments, root=self.root, cwd=self.root, variables=self.variables, timeout=300)
        assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def data(self, *arguments: str, code: int = 0) -> Any:
        """Run a command with --json; its document."""
        return json.loads(self.infra(*arguments, "--json", code=code).stdout)

    def client(self, service: str, environment: str = "dev") -> Any:
        """A service of an environment's sandbox."""
        import boto3

        server = json.loads((self.sandbox / environment / "server.json").read_bytes())
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{server['port']}",
            region_name="us-east-1",
            aws_access_key_id="sandbox",
            aws_secret_access_key="sandbox",
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            infra_command(*arguments),
            cwd=self.root,
            env=infra_environment(self.root, self.variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    def change(self, old: str, new: str, *, file: str = "envs/dev.yaml") -> None:
        """Change a text that is there once."""
        path = self.root / file
        text = path.read_text()
        assert text.count(old) == 1, (old, text.count(old))
        path.write_text(text.replace(old, new))

    def commit(self) -> None:
        """Commit everything."""
        for arguments in (["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "Change"]):
            git(self.root, *arguments)


def make(directory: Path, system: Path = _TINY) -> Tiny:
    """A checkout with the tiny system in it, or another one."""
    root = checkouts.copy(directory / "checkout")
    shutil.copy(system, root / "modules" / "stacks.py")
    for arguments in (
        ["init", "-q"],
        ["config", "user.name", "Somebody"],
        ["config", "user.email", "some@body.example"],
    ):
        git(root, *arguments)
    tiny = Tiny(root, directory / "sandbox")
    tiny.change("  flow_log_retention_days: 30\n", "")  # of the one log group, which suppresses no finding
    tiny.commit()
    return tiny


@contextlib.contextmanager
def begun(made: Tiny, *arguments: str, code: int) -> Iterator[str]:
    """What the first command with terraform prints; the test ends with it where there is no provider. In the end the
    sandbox is forgotten."""
    done = infra(*arguments, root=made.root, cwd=made.root, variables=made.variables, timeout=300)
    if done.returncode == 7:
        without("terraform", done.stderr.strip())
    assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
    yield done.stdout
    infra("sandbox", "reset", root=made.root, cwd=made.root, variables=made.variables)
