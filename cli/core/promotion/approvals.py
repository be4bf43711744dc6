"""Approvals: annotated git tags `approval/<environment>/<release>/<who>`, signed where that is asked for.

A tag says by itself who made it and when, can be signed by git's own means, and is shared by `git push --tags`. The
release in its name is content-addressed, so an approval is worth nothing for any other; and it names the record of the
apply that was looked at. All that counts is in the tag object, which a signature covers: the name of the ref can be
changed by whoever may push.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.core.base import git, tags
from cli.core.base.environments import load_settings
from cli.core.base.errors import Refusal
from cli.core.base.project import ROOT
from cli.core.base.sources import PATHS
from cli.core.base.target import Target
from cli.core.promotion.refusals import NoRelease, NoSuchStep
from cli.core.records import Record
from cli.core.records.model import ReleaseData, StackRecord
from cli.core.records.queries import is_applied, of_stack, since_destroy, successful_applies
from cli.core.terraform.lockfile import LOCK_FILE
from cli.core.workspace.workspace import records_of
from envs.environment_files import COMPANY_FILE
from envs.promotion_chain import PROMOTION_CHAIN

_EMAIL = re.compile(r"[^\s<>]+@[^\s<>]+")
_RECORD = re.compile(r"^Record: ([0-9a-f]{64})$", re.MULTILINE)


class NotApproved(Refusal, kind="not-approved"):
    """An approval could not be given."""


@dataclass(frozen=True)
class Approval:
    """One approval."""

    who: str
    """E-mail address, in lower case."""
    at: datetime.datetime
    """When, as the tag says."""
    record: str
    """The digest of the record of the apply that was looked at; empty where the tag names none."""
    tag: str
    object: str
    """Git's name of the tag, a digest of everything in it."""
    is_signed: bool
    """Whether git verified a signature, and the key is that of the same person."""


def approve(
    environment: str, target: Target, *, is_signed: bool | None, now: datetime.datetime
) -> tuple[ReleaseData, Approval]:
    """Approve for an environment the release that is applied in the one before it in the promotion chain.

    ``is_signed``: whether to sign the tag; None: where the environment's settings ask for it. Raises
    `UnknownEnvironment`, `NoSuchStep`, `NoRelease`, `NotApproved`.
    """
    settings = load_settings(environment)
    if environment not in PROMOTION_CHAIN[1:]:
        raise NoSuchStep(f"nothing is promoted to {environment}; allowed: {', '.join(PROMOTION_CHAIN[1:])}")
    source = PROMOTION_CHAIN[PROMOTION_CHAIN.index(environment) - 1]
    done = of_stack(records_of(source, target).read(), source)
    if not done or not is_applied(done[-1]):
        what = f"the last operation on it is the {done[-1].data.kind} of record {done[-1].sequence}" if done else ""
        raise NoRelease(f"{source} has no release to approve: {what or 'nothing was applied'}")
    last = done[-1]
    release = last.data.release
    message = (
        f"Approve release {release.id} (application {release.values['application_version']}) for {environment}\n\n"
        f"Record: {last.digest}"
    )
    is_signed = settings.promotion.signed_approvals if is_signed is None else is_signed
    return release, give(ROOT, environment, release.id, message, is_signed=is_signed, now=now)


def read(root: Path, environment: str, release: str) -> Iterator[Approval]:
    """The approvals of a release for an environment. A tag that is not annotated says nothing of who, so it is none."""
    for tag in tags.read(root, f"{tags.APPROVALS}/{environment}/{release}"):
        record = _RECORD.search(tag.message)
        yield Approval(
            who=tag.who,
            at=tag.at,
            record=record[1] if record else "",
            tag=tag.name,
            object=tag.object,
            is_signed=tag.is_signed(),
        )


def give(
    root: Path, environment: str, release: str, message: str, *, is_signed: bool, now: datetime.datetime
) -> Approval:
    """Approve a release as whoever git says is at work. Raises `NotApproved` with git's reason."""
    who = tags.person(root)
    if not who:
        raise NotApproved("git does not know who you are: git config user.email YOU@EXAMPLE, and user.name")
    tag = f"{tags.APPROVALS}/{environment}/{release}/{tags.stamped(who, now)}"
    try:
        tags.make(root, tag, message, is_signed=is_signed)
    except git.GitFailed as error:
        raise NotApproved(f"git refuses the tag {tag}: {error}") from None
    return next(each for each in read(root, environment, release) if each.tag == tag)


def looked_at(records: Iterable[Record[StackRecord]], source: str, release: str) -> dict[str, datetime.datetime]:
    """The applies of a release in its source that an approval may name: by digest, when they ended.

    A destroy of the source ends what was approved before it.
    """
    applies = successful_applies(since_destroy(records, source), source)
    return {record.digest: record.data.finished for record in applies if record.data.release.id == release}


def authors(root: Path, environment: str, since: str, until: str) -> frozenset[str] | None:
    """Who wrote a release: the authors and co-authors of all commits after ``since`` up to ``until`` that touch what
    makes it, with the files of the company, of its environment and of those before it in the promotion chain. Without
    ``since``, or where it is no ancestor, of all commits up to ``until``. None where git cannot say, as in a shallow
    clone.
    """
    if not until or git.ask(root, "rev-parse", "--is-shallow-repository") != "false":
        return None
    chain = PROMOTION_CHAIN[: PROMOTION_CHAIN.index(environment) + 1]
    paths = (*PATHS, LOCK_FILE, f"envs/{COMPANY_FILE}", *(f"envs/{name}.yaml" for name in chain))
    base = git.ask(root, "rev-parse", "--verify", "--quiet", f"{since}^{{commit}}") if since else ""
    is_ancestor = bool(base) and git.ask(root, "merge-base", base, until) == base
    try:
        log = git.run(
            root,
            "log",
            "--full-history",  # with what is on a branch that a merge took nothing of: it is there all the same
            "--format=%ae%n%aE%n%(trailers:key=Co-authored-by,valueonly,unfold)",
            f"{base}..{until}" if is_ancestor else until,
            "--",
            *paths,
        )
    except git.GitFailed:
        return None
    found = _EMAIL.findall(log.stdout.decode(errors="replace"))
    return frozenset(each.lower() for each in found)
