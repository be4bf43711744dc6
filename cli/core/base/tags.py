"""Annotated tags of git, as their objects have them: a signature covers all of that, and nothing of the ref's name."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.core.base import git

APPROVALS = "approval"
"""Where the tags of approvals are: `approval/<environment>/<release>/<who>.<when>`."""

SIGNERS = ".github/allowed_signers"
"""Whose key is whose, for a checkout whose git does not say."""

_OBJECT = re.compile(
    r"object \S+\ntype commit\ntag (?P<name>[^\n]+)\ntagger [^<>\n]*<(?P<who>[^<>\n]+)> (?P<at>\d+) [+-]\d{4}\n\n"
    r"(?P<message>.*)",
    re.DOTALL,
)
_SIGNER = re.compile(r'^(?:Good "git" signature for (\S+) with|\[GNUPG:\] GOODSIG \S+ .*<([^<>]+)>$)', re.MULTILINE)
"""How git says whose signature it verified: with SSH, with GPG."""


@dataclass(frozen=True, slots=True)
class Tag:
    """An annotated tag."""

    root: Path
    name: str
    object: str
    """Git's name of the tag, a digest of everything in it."""
    who: str
    """E-mail address of the tagger, in lower case."""
    at: datetime.datetime
    """When, as the tagger says."""
    message: str
    """With the signature, if there is one."""

    def is_signed(self) -> bool:
        """Whether git verifies a signature, and the key is that of the tagger.

        Anybody may write any name into a tag, so the key counts: with SSH its principal in the allowed signers file,
        with GPG the user id.
        """
        options = []
        if not git.ask(self.root, "config", "gpg.ssh.allowedSignersFile"):
            options = ["-c", f"gpg.ssh.allowedSignersFile={self.root / SIGNERS}"]
        try:
            done = git.run(self.root, *options, "verify-tag", "--raw", self.object)
        except git.GitFailed:
            return False
        return self.who in signers_in((done.stderr + done.stdout).decode(errors="replace"))


def signers_in(output: str) -> frozenset[str]:
    """The signers that `git verify-tag --raw` names, as e-mail addresses in lower case."""
    return frozenset(each.lower() for pair in _SIGNER.findall(output) for each in pair if each)


def read(root: Path, prefix: str) -> Iterator[Tag]:
    """The annotated tags of commits below a prefix whose refs have the names that the tags say."""
    pattern = f"refs/tags/{prefix}/"
    for line in git.ask(root, "for-each-ref", "--format=%(objecttype) %(objectname) %(refname)", pattern).split("\n"):
        kind, _, rest = line.partition(" ")
        name, _, ref = rest.partition(" ")
        if kind != "tag":
            continue
        match = _OBJECT.match(git.run(root, "cat-file", "tag", name).stdout.decode(errors="replace"))
        if match is not None and ref == f"refs/tags/{match['name']}":
            at = datetime.datetime.fromtimestamp(int(match["at"]), datetime.UTC)
            who, message = match["who"].lower(), match["message"]
            yield Tag(root, name=match["name"], object=name, who=who, at=at, message=message)


def make(root: Path, name: str, message: str, *, is_signed: bool) -> None:
    """Tag the commit of the checkout. Raises `GitFailed` with git's reason."""
    done = git.run(root, "tag", "--sign" if is_signed else "--annotate", "--message", message, name)
    if is_signed and b"\n-----BEGIN " not in git.run(root, "cat-file", "tag", name).stdout:
        git.run(root, "tag", "--delete", name)  # git 2.39 makes it all the same where ssh-keygen refuses
        raise git.GitFailed(f"git tag failed: {done.stderr.decode(errors='replace').strip()}")


def person(root: Path) -> str:
    """The e-mail address of whoever git says is at work, in lower case; empty where it does not know."""
    return git.ask(root, "config", "user.email").strip().lower()


def stamped(who: str, at: datetime.datetime) -> str:
    """The end of a tag's name: who and when, so that the same person may make another one later."""
    return f"{re.sub(r'[^a-z0-9]+', '-', who)}.{at:%Y%m%dT%H%M%SZ}"
