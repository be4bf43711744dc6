"""Signed heads: the newest records, named by a tag that somebody signed.

A chain does not show that its newest records were taken away, or that all were written anew. A tag that names them
does: whoever may push records cannot sign it, and everybody who has fetched it has it.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from cli.core.base import git, tags
from cli.core.base.errors import Refusal
from cli.core.base.project import RECORDS
from cli.core.records.chain import Chain, heads

_PREFIX = "record-heads"
_HEAD = re.compile(r"^(?P<directory>[a-z0-9-]+)/(?P<name>[0-9a-f-]+\.json) (?P<digest>[0-9a-f]{64})$", re.MULTILINE)


class NotSigned(Refusal, kind="not-signed"):
    """git does not sign the newest records."""


@dataclass(frozen=True, slots=True)
class SignedHeads:
    """The newest records of every directory, as they were signed."""

    tag: str
    records: tuple[str, ...]
    """Their files, below the directory of records."""


def sign(root: Path, now: datetime.datetime) -> SignedHeads:
    """Sign the newest records of a checkout. Raises `NotSigned`, `BrokenChain`."""
    lines: dict[str, str] = {}
    for directory in sorted(path for path in (root / RECORDS).glob("*") if path.is_dir()):
        links = Chain(directory).read()
        newest = heads(links)
        lines |= {f"{directory.name}/{link.name}": link.digest for link in links if link.digest in newest}
    if not lines:
        raise NotSigned("there are no records: fetch them with git fetch, and infra records checkout")
    tag = f"{_PREFIX}/{tags.stamped(tags.person(root), now)}"
    listed = "".join(f"{name} {digest}\n" for name, digest in lines.items())
    try:
        tags.make(root, tag, f"The newest records\n\n{listed}", is_signed=True)
    except git.GitFailed as error:
        raise NotSigned(f"git does not sign the tag {tag}: {error}. See gpg.format and user.signingkey") from None
    return SignedHeads(tag, tuple(lines))


def signed(root: Path, directory: str) -> frozenset[str]:
    """The digests of the records of a directory that tags name whose signature git verifies."""
    return frozenset(
        head["digest"]
        for tag in tags.read(root, _PREFIX)
        if tag.is_signed()
        for head in _HEAD.finditer(tag.message)
        if head["directory"] == directory
    )


def missing(root: Path, directory: str) -> str:
    """Which record of a directory somebody has signed, and is not there now, in words; empty for none.

    A tag whose signature git does not verify counts, and says so: nobody knows that the record was not there.
    Raises `BrokenChain`.
    """
    known = {link.digest for link in Chain(root / RECORDS / directory).read()}
    for tag in tags.read(root, _PREFIX):
        for head in _HEAD.finditer(tag.message):
            if head["directory"] == directory and head["digest"] not in known:
                how = "signed by" if tag.is_signed() else "without a valid signature, by"
                path = f"{RECORDS}/{directory}/{head['name']}"
                return f"{path}, which the tag {tag.name} names ({how} {tag.who}), is missing"
    return ""
