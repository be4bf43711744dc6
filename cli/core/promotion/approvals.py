"""Approvals: annotated git tags `approval/<environment>/<release>/<who>`, signed where that is asked for.

A tag says by itself who made it, can be signed by git's own means, and is shared by `git push --tags`. The release in
its name is content-addressed, so an approval is worth nothing for any other. The name that counts is the one in the tag
object, which a signature covers: the name of the ref can be changed by whoever may push.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.core.base import git
from cli.core.base.environments import load_settings
from cli.core.base.errors import Refusal
from cli.core.base.project import ROOT
from cli.core.base.sources import PATHS
from cli.core.base.target import Target
from cli.core.promotion.refusals import NoRelease, NoSuchStep
from cli.core.records.model import ReleaseData, Result
from cli.core.records.queries import last_apply
from cli.core.terraform.lockfile import LOCK_FILE
from cli.core.workspace.workspace import records_of
from envs.promotion_chain import PROMOTION_CHAIN

_PREFIX = "approval"
_EMAIL = re.compile(r"[^\s<>]+@[^\s<>]+")
_SIGNER = re.compile(r'^(?:Good "git" signature for (\S+) with|\[GNUPG:\] GOODSIG \S+ .*<([^<>]+)>$)', re.MULTILINE)
"""How git says whose signature it verified: with SSH, with GPG."""


class NotApproved(Refusal, kind="not-approved"):
    """An approval could not be given."""


@dataclass(frozen=True)
class Approval:
    """One approval."""

    who: str
    """E-mail address, in lower case."""
    tag: str
    object: str
    """Git's name of the tag, a digest of everything in it."""
    is_signed: bool
    """Whether git verified a signature, and the key is that of the same person."""


def approve(environment: str, target: Target, *, is_signed: bool | None) -> tuple[ReleaseData, Approval]:
    """Approve for an environment the release that is applied in the one before it in the promotion chain.

    ``is_signed``: whether to sign the tag; None: where the environment's settings ask for it. Raises
    `UnknownEnvironment`, `NoSuchStep`, `NoRelease`, `NotApproved`.
    """
    settings = load_settings(environment)
    if environment not in PROMOTION_CHAIN[1:]:
        raise NoSuchStep(f"nothing is promoted to {environment}; allowed: {', '.join(PROMOTION_CHAIN[1:])}")
    source = PROMOTION_CHAIN[PROMOTION_CHAIN.index(environment) - 1]
    last = last_apply(records_of(source, target).read(), source)
    if last is None or last.data.result is not Result.SUCCEEDED:
        raise NoRelease(f"{source} has no release to approve: its last apply failed, or there is none")
    release = last.data.release
    message = f"Approve release {release.id} (application {release.values['application_version']}) for {environment}"
    is_signed = settings.promotion.signed_approvals if is_signed is None else is_signed
    return release, give(ROOT, environment, release.id, message, signed=is_signed)


def read(root: Path, environment: str, release: str) -> Iterator[Approval]:
    """The approvals of a release for an environment. A tag that is not annotated says nothing of who, so it is none."""
    pattern = f"refs/tags/{_PREFIX}/{environment}/{release}/"
    form = "--format=%(objecttype) %(objectname) %(refname:short) %(tag) %(taggeremail:trim)"
    for line in git.ask(root, "for-each-ref", form, pattern).splitlines():
        kind, name, tag, signed_name, who = line.split(" ", 4)
        if kind == "tag" and who and signed_name == tag:
            yield Approval(who.lower(), tag, name, who.lower() in _signers(root, name))


def give(root: Path, environment: str, release: str, message: str, *, signed: bool) -> Approval:
    """Approve a release as whoever git says is at work. Raises `NotApproved` with git's reason."""
    who = git.ask(root, "config", "user.email").strip().lower()
    if not who:
        raise NotApproved("git does not know who you are: git config user.email YOU@EXAMPLE, and user.name")
    tag = f"{_PREFIX}/{environment}/{release}/{re.sub(r'[^a-z0-9]+', '-', who)}"
    try:
        git.run(root, "tag", "--sign" if signed else "--annotate", "--message", message, tag)
    except git.GitFailed as error:
        raise NotApproved(f"git refuses the tag {tag}: {error}") from None
    return next(each for each in read(root, environment, release) if each.tag == tag)


def authors(root: Path, environment: str, since: str, until: str) -> frozenset[str] | None:
    """Who wrote a release: the authors and co-authors of all commits after ``since`` up to ``until`` that touch what
    makes it, with the files of its environment and of those before it in the promotion chain. Without ``since``, or
    where it is no ancestor, of all commits up to ``until``. None where git cannot say, as in a shallow clone.
    """
    if not until or git.ask(root, "rev-parse", "--is-shallow-repository") != "false":
        return None
    chain = PROMOTION_CHAIN[: PROMOTION_CHAIN.index(environment) + 1]
    paths = (*PATHS, LOCK_FILE, *(f"envs/{name}.yaml" for name in chain))
    base = git.ask(root, "rev-parse", "--verify", "--quiet", f"{since}^{{commit}}") if since else ""
    is_ancestor = bool(base) and git.ask(root, "merge-base", base, until) == base
    try:
        log = git.run(
            root,
            "log",
            "--format=%ae%n%aE%n%(trailers:key=Co-authored-by,valueonly,unfold)",
            f"{base}..{until}" if is_ancestor else until,
            "--",
            *paths,
        )
    except git.GitFailed:
        return None
    found = _EMAIL.findall(log.stdout.decode(errors="replace"))
    return frozenset(each.lower() for each in found)


def _signers(root: Path, tag: str) -> frozenset[str]:
    """Whose signature of a tag git verifies.

    Anybody may write any name into a tag, so the key counts: with SSH its principal in the allowed signers file, with
    GPG the user id.
    """
    try:
        done = git.run(root, "verify-tag", "--raw", tag)
    except git.GitFailed:
        return frozenset()
    return signers_in((done.stderr + done.stdout).decode(errors="replace"))


def signers_in(output: str) -> frozenset[str]:
    """The signers that `git verify-tag --raw` names, as e-mail addresses in lower case."""
    return frozenset(each.lower() for pair in _SIGNER.findall(output) for each in pair if each)
