"""The sides of a change: an environment as the working tree or a git revision makes it, or Terraform of anybody."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from cli.core.base.environments import load_settings
from cli.core.base.project import ROOT
from cli.core.change.compare import compare
from cli.core.change.model import ChangeProof
from cli.core.change.snapshot import Snapshot, holds_nothing, nothing, snapshot
from cli.core.change.terms import Terms
from cli.core.diff.sides import (
    has_environment,
    require_revision,
    settings_by_this_code,
    terms_of,
    write_organization,
    write_release,
    write_revision,
)
from cli.core.plans.stateful import is_stateful
from cli.core.synthesis.publish import BOOTSTRAP
from cli.core.synthesis.synthesize import synthesize
from envs.settings import Settings


def change_since(
    environment: str, revision: str, current: Settings | None = None, release: Mapping[str, Any] | None = None
) -> ChangeProof:
    """What the working tree changes of an environment, compared with a revision.

    ``current`` and ``release`` are what a rehearsal has where the files have something else: the settings now, and the
    release that was applied from the revision.

    The revision is synthesized by its own code, at once in a process of its own where that is other code than here. Of
    an environment that the revision does not have, everything is new. Raises `ComparisonError`, and what synthesis
    raises.
    """
    require_revision(environment, revision)
    settings = current or load_settings(environment)
    write = write_revision if release is None else partial(write_release, release=release)
    is_first = not has_environment(environment, revision)
    with tempfile.TemporaryDirectory(prefix="infra-change-") as directory, ThreadPoolExecutor(1) as pool:
        before, after, policies = (Path(directory) / name for name in ("before", "after", "organization"))
        before.mkdir()
        after.mkdir()
        earlier = None if is_first else settings_by_this_code(environment, revision, release)
        is_elsewhere = not is_first and earlier is None
        writing = pool.submit(write, environment, revision, before) if is_elsewhere else None
        if earlier is not None:
            synthesize(earlier, before)
        synthesize(settings, after)
        terms = Terms(environment, loaded=settings)
        now = _environment(environment, environment, after, ROOT / "envs" / "organization", terms=terms)
        name = f"{environment}@{revision}"
        if is_first:
            return compare(nothing(name, len(now.stacks)), now, is_stateful)
        if writing is not None:
            now.work_out()
            writing.result()
        organization = write_organization(environment, revision, policies)
        past = _environment(name, environment, before, organization, terms=terms_of(environment, revision))
        return compare(past, now, is_stateful)


def change_between(before: Path, after: Path) -> ChangeProof:
    """What differs between two directories of Terraform, or plans as JSON. Raises NotReadable.

    A directory before that holds no Terraform is that of a first change: all of the other one is new.
    """
    past = nothing(str(before)) if holds_nothing(before) else snapshot(str(before), [before])
    return compare(past, snapshot(str(after), [after]), is_stateful)


def _environment(
    name: str, environment: str, out: Path, organization: Path | None, terms: Terms | None = None
) -> Snapshot:
    stacks = [out / "stacks" / environment, out / "stacks" / f"{environment}{BOOTSTRAP}"]
    return snapshot(name, stacks, organization, terms)
