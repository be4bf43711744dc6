"""Copies of the checkout that stand on the tests' own environments, whatever a user has made of `envs/`.

`tests/environments` has the environments as the project ships them, and `addresses.json` for them. This process reads
them there; a command runs in a copy of the checkout that has them in `envs/`. `infra check` judges a user's settings.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path

import pytest

from envs import load, promotion_chain

ROOT = Path(__file__).resolve().parents[2]

ENVIRONMENTS = ROOT / "tests" / "environments"
"""Where the tests' environment files are."""

OWN_CHAIN = promotion_chain.PROMOTION_CHAIN
"""The promotion chain of `envs/`."""

CHAIN = ("dev", "staging", "prod")
"""The promotion chain of the tests."""

SHARED = Path()
"""Where `shared` makes its copy; set for each run of the tests."""


def stand_on_own_environments() -> None:
    """Have this process read the tests' environments. Comes before the first import of what reads the chain."""
    patch = pytest.MonkeyPatch()
    patch.setattr(load, "DIRECTORY", ENVIRONMENTS)
    for module in (load, promotion_chain):
        patch.setattr(module, "PROMOTION_CHAIN", CHAIN)


def copy(directory: Path) -> Path:
    """Copy the code to a new ``directory``, with the tests' environments in `envs/`."""
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("cli", "envs", "modules", "policies"):
        shutil.copytree(ROOT / name, directory / name, ignore=ignore)
    for name in (
        ".gitignore",
        "cdktf.json",
        "infra",
        "main.py",
        "pyproject.toml",
        "requirements.lock",
        "requirements-cdktn.lock",
    ):
        shutil.copy(ROOT / name, directory / name)
    for path in (directory / "envs").glob("*.yaml"):
        path.unlink()
    for path in ENVIRONMENTS.glob("*.yaml"):
        shutil.copy(path, directory / "envs")
    (directory / "envs" / "promotion_chain.py").write_text(
        f"PROMOTION_CHAIN: tuple[str, ...] = {CHAIN}\n".replace("'", '"')
    )
    return directory


def choose_cdk(directory: Path, library: str) -> None:
    """Choose a CDK in a copy of the checkout."""
    file = directory / "cdktf.json"
    file.write_text(json.dumps({**json.loads(file.read_bytes()), "context": {"cdk": library}}))


def shared() -> Path:
    """One copy for all processes of a run, with `addresses.json`. Not to be changed."""
    if not SHARED.exists():
        own = copy(SHARED.with_name(f"{SHARED.name}-{os.getpid()}"))
        shutil.copy(ENVIRONMENTS / "addresses.json", own)
        with contextlib.suppress(OSError):  # another process was faster
            own.rename(SHARED)
    return SHARED
