"""Why a release is not written into an environment's file, or not taken from it."""

from __future__ import annotations

from cli.core.base.errors import ExitCode, InfraError, Refusal


class NotRewritable(Refusal, kind="not-rewritable"):
    """The environment's file is written in a form in which a release cannot be put."""


class FileMoved(Refusal, kind="file-moved", exit_code=ExitCode.STALE):
    """The environment's file was changed while a release for it was worked out."""


class NotResolved(Refusal, kind="not-resolved"):
    """The release names its image by a parameter whose value changes."""


class NotResolvable(Refusal, kind="not-resolvable"):
    """What the release names cannot be resolved: a parameter without an image, an artifact that is not there."""


class BranchRefused(Refusal, kind="branch-refused"):
    """git does not make the branch that a promotion should be on."""


class Running(InfraError, kind="running", exit_code=ExitCode.LOCKED):
    """Another promotion is under way."""
