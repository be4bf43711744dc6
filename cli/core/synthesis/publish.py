"""From settings to Terraform files: synthesized aside, then put in place whole, one run at a time.

Users keep `.terraform/` and state in `<out>/stacks/<stack>/`, so no directory there is ever replaced or emptied: only
the files written here are. The lock is held from start to end, so two runs never mix, and a temporary directory that
is found under the lock was left by a run that died.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.core.base.errors import InfraError
from cli.core.base.files import locked, write_whole
from envs.settings import Settings

BOOTSTRAP = "-bootstrap"
"""Ending of the name of the stack that an environment's state lives in."""

MANIFEST = "manifest.json"
CONFIGURATION = "cdk.tf.json"
_LOCK = ".infra.lock"
_TEMPORARY = ".infra-synth-"

_STEERING = (
    "CDKTF_CONTEXT_JSON",
    "CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS",
    "CDKTF_TARGET_STACK_ID",
    "SYNTH_HCL_OUTPUT",
)
"""Variables by which cdktf's own command steers the library; left over in a shell they would change what is written."""

Synthesize = Callable[[Settings, Path], bool]
"""Writes the stacks of an environment, and a manifest, to an empty directory; whether they are from an earlier time."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One synthesized stack."""

    name: str
    path: Path
    """The Terraform file, where it was put."""
    resources: Mapping[str, int]
    """Resources by part: the second element of their construct paths."""

    @property
    def total(self) -> int:
        """Resources in all parts."""
        return sum(self.resources.values())


@dataclass(frozen=True, slots=True)
class Synthesized:
    """One synthesized environment."""

    environment: str
    seconds: float
    is_reused: bool
    """Whether it was taken from an earlier synthesis that was made from the very same."""
    stacks: tuple[Stack, ...]


@dataclass(frozen=True, slots=True)
class Synthesis:
    """What one run did."""

    environments: tuple[Synthesized, ...]
    removed: tuple[Path, ...]
    """Configurations of environments that are gone, removed because terraform never ran on them."""
    kept: tuple[Path, ...]
    """Configurations of environments that are gone, kept because terraform ran there and needs them to destroy."""


def clean_environment() -> None:
    """Forget the variables that would change what is written. Called before the constructs are imported."""
    for name in _STEERING:
        os.environ.pop(name, None)


def publish(
    settings: Sequence[Settings],
    out: Path,
    *,
    write: Synthesize,
    known: Sequence[str],
    started: Callable[[str], None],
    finished: Callable[[Synthesized], None],
    waiting: Callable[[], None],
) -> Synthesis:
    """Synthesize ``settings`` into ``out``; ``known`` names every environment that has a file.

    Whatever ``write`` raises comes through, and then nothing in ``out`` has changed. Raises ``InfraError`` when ``out``
    cannot be written to.
    """
    if out.exists() and not out.is_dir():
        raise InfraError(f"{out} is not a directory: --out names the directory to write to")
    is_new = not out.exists()
    with locked(out / _LOCK, waiting=waiting):
        for stale in out.glob(f"{_TEMPORARY}*"):
            shutil.rmtree(stale)
        temporary = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=out))
        try:
            done = []
            for environment in settings:
                started(environment.environment)
                done.append(_one(environment, temporary, out, write))
                finished(done[-1])
            removed, kept = _put_in_place(temporary, out, [item.environment for item in done], known)
        finally:
            shutil.rmtree(temporary)
            if is_new and {path.name for path in out.iterdir()} == {_LOCK}:
                (out / _LOCK).unlink()
                out.rmdir()
    return Synthesis(tuple(done), removed, kept)


def _one(settings: Settings, temporary: Path, out: Path, write: Synthesize) -> Synthesized:
    """Synthesize one environment aside and count what came out."""
    start = time.perf_counter()
    directory = temporary / settings.environment
    directory.mkdir()
    is_reused = write(settings, directory)
    stacks = tuple(
        Stack(name, out / stack["synthesizedStackPath"], _count(directory / stack["synthesizedStackPath"]))
        for name, stack in sorted(_stacks(directory).items())
    )
    return Synthesized(settings.environment, time.perf_counter() - start, is_reused, stacks)


def _count(configuration: Path) -> Mapping[str, int]:
    """Resources of a stack by part, in order of their names."""
    document = json.loads(configuration.read_bytes())
    parts = Counter(
        resource["//"]["metadata"]["path"].split("/")[1]
        for resources in document.get("resource", {}).values()
        for resource in resources.values()
    )
    return dict(sorted(parts.items()))


def _stacks(directory: Path) -> dict[str, dict[str, Any]]:
    """The stacks that a directory's manifest lists; those that cdktf would not have listed so are left out."""
    try:
        stacks = json.loads((directory / MANIFEST).read_bytes())["stacks"]
        return {
            name: stack
            for name, stack in stacks.items()
            if "/" not in name and stack["synthesizedStackPath"] == f"stacks/{name}/{CONFIGURATION}"
        }
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
        return {}


def _put_in_place(
    temporary: Path, out: Path, environments: Sequence[str], known: Sequence[str]
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Put the files in place, the manifest last; remove the configurations of stacks that are gone."""
    manifests = [json.loads((temporary / name / MANIFEST).read_bytes()) for name in environments]
    new = {name: stack for manifest in manifests for name, stack in manifest["stacks"].items()}
    old = _stacks(out)
    for name in environments:
        for source in sorted((temporary / name / "stacks").rglob("*")):
            target = out / source.relative_to(temporary / name)
            if source.is_dir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                with source.open("rb") as file:
                    os.fsync(file.fileno())
                os.replace(source, target)

    gone = [
        name
        for name in sorted(old.keys() - new.keys())
        if name.removesuffix(BOOTSTRAP) not in known or name.removesuffix(BOOTSTRAP) in environments
    ]
    removed, kept = _remove(out, gone)
    still = {
        name: stack
        for name, stack in old.items()
        if name not in gone and (out / stack["synthesizedStackPath"]).exists()
    }
    write_whole(out / MANIFEST, _as_cdktf_writes({"stacks": still | new, "version": manifests[0]["version"]}))
    return removed, kept


def _as_cdktf_writes(manifest: Mapping[str, Any]) -> bytes:
    """A manifest as cdktf's own writer (json-stable-stringify) has it: sorted keys, empty lists on two lines."""
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    return re.sub(r"^( *)(.*)\[\](,?)$", r"\1\2[\n\1]\3", text, flags=re.MULTILINE).encode()


def _remove(out: Path, names: Sequence[str]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Remove the configurations of stacks that are gone, except where terraform has run: there they are needed.

    Without its configuration `terraform destroy` finds neither backend nor provider, so what may still exist in AWS
    could no longer be removed by its own means.
    """
    removed, kept = [], []
    for name in names:
        directory = out / "stacks" / name
        configuration = directory / CONFIGURATION
        if not configuration.exists():
            continue
        if any(path != configuration for path in directory.iterdir()):
            kept.append(configuration)
            continue
        configuration.unlink()
        directory.rmdir()
        removed.append(configuration)
    return tuple(removed), tuple(kept)
