"""The branch of git on which the records of AWS are shared, because main takes pull requests only.

The branch holds records and nothing else. Whoever may push to it must not be able to bring code, settings or a log of
promotions into a checkout that runs with a role of AWS; so nothing of it is written unless all of it is records.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from cli.core.base import git
from cli.core.base.errors import InfraError, Refusal
from cli.core.base.files import create_whole
from cli.core.base.project import PROMOTIONS, RECORDS
from cli.core.records.chain import FILE_NAME, BrokenChain, Chain

_ENTRY = re.compile(r"(?P<mode>\d{6}) (?P<kind>\w+) (?P<object>[0-9a-f]+)\t(?P<path>.+)", re.DOTALL)
_ATTEMPTS = 5


class ForeignContent(Refusal, kind="foreign-content"):
    """The branch holds something that is not a record of an environment."""


class BranchMissing(InfraError, kind="no-records-branch"):
    """There is no branch of records."""


class NotPublished(InfraError):
    """The records could not be pushed."""


def checkout(root: Path, revision: str, environments: Collection[str]) -> tuple[Path, ...]:
    """Write the records of a revision into a checkout; the files that are new.

    Raises `BranchMissing`, `ForeignContent` when the revision holds anything but records of ``environments``, and
    `BrokenChain` when they are no chain together with what is there, or differ from it. Then nothing was written.
    """
    contents = _records_at(root, revision, environments)
    for path, content in contents.items():
        if (root / path).exists() and (root / path).read_bytes() != content:
            raise BrokenChain(
                f"{path}: differs from the record in {revision}. Keep the one that is true: compare them with "
                f"git diff --no-index {path} <(git show {revision}:{path})"
            )
    new = [path for path in contents if not (root / path).exists()]
    for environment in sorted({Path(path).parent.name for path in contents}):
        _require_whole(environment, contents | _records_in(root, environment))
    for path in new:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        create_whole(root / path, contents[path])
    return tuple(map(Path, new))


def publish(
    root: Path,
    environment: str,
    environments: Collection[str],
    *,
    remote: str,
    branch: str,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Add an environment's records to the branch of a remote repository; False when it has them all.

    Others may push at the same time, also records of this environment: the branch has both then, and who reads them
    sees whether the state went from one to the other. Raises `BranchMissing`, `ForeignContent`, `NotPublished`, and
    `BrokenChain` when a record differs, or when both together are no chain.
    """
    own = _records_in(root, environment)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            git.run(root, "fetch", "--quiet", "--no-tags", remote, f"refs/heads/{branch}")
        except git.GitFailed as error:
            raise BranchMissing(f"the branch {branch} cannot be fetched: {error}") from error
        revision = git.ask(root, "rev-parse", "FETCH_HEAD")
        published = _records_at(root, revision, environments)
        for path, content in own.items():
            if published.get(path, content) != content:
                raise BrokenChain(
                    f"{path}: on the branch {branch} is another record than in this checkout: nothing was pushed"
                )
        new = {path: content for path, content in own.items() if path not in published}
        if not new:
            return False
        _require_whole(environment, published | new)
        commit = git.commit_of(root, revision, new, f"Record what was done in {environment}")
        try:
            git.run(root, "push", "--quiet", remote, f"{commit}:refs/heads/{branch}")
        except git.GitFailed as error:
            refused = error
            sleep(attempt)  # the record of another environment came first
            continue
        return True
    raise NotPublished(f"the records of {environment} could not be pushed to {branch}: {refused}")


def _records_at(root: Path, revision: str, environments: Collection[str]) -> dict[str, bytes]:
    """The content of each record in a revision, by path. Raises `BranchMissing`, `ForeignContent`."""
    if not git.ask(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"):
        raise BranchMissing(
            f"there is no {revision} in this repository. Fetch it with git fetch origin, or make the branch once: git "
            "switch --orphan records && git commit --allow-empty -m Records && git push origin records"
        )
    listed = git.run(root, "ls-tree", "-r", "-z", "--full-tree", revision).stdout.decode(errors="surrogateescape")
    record = re.compile(rf"{RECORDS}/(?!{PROMOTIONS}/)([a-z0-9][a-z0-9-]*)/{FILE_NAME}")
    objects: dict[str, str] = {}
    for entry in filter(None, listed.split("\0")):
        match = _ENTRY.fullmatch(entry)
        of = record.fullmatch(match["path"]) if match is not None and match["mode"] == git.REGULAR_FILE else None
        if match is None or of is None:
            raise ForeignContent(
                f"{revision} holds {entry.partition(chr(9))[2]!r}, which is not a record of an environment: somebody "
                f"has written there who should not, so nothing of it was taken. Allowed are files "
                f"{RECORDS}/ENV/000001-3f2a9c41d07b.json. See who it was with git log {revision}"
            )
        if of[1] in environments:  # the checkout may be older, or younger, than an environment
            objects[match["path"]] = match["object"]
    return {path: git.run(root, "cat-file", "blob", name).stdout for path, name in sorted(objects.items())}


def _records_in(root: Path, environment: str) -> dict[str, bytes]:
    """The content of each record in a checkout, by path. Raises `BrokenChain`."""
    folder = Path(RECORDS) / environment
    return {
        (folder / link.name).as_posix(): (root / folder / link.name).read_bytes()
        for link in Chain(root / folder).read()
    }


def _require_whole(environment: str, contents: Mapping[str, bytes]) -> None:
    """Raise `BrokenChain` unless the records of an environment, by path, are those of a chain."""
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch) / RECORDS / environment
        directory.mkdir(parents=True)
        for path, content in contents.items():
            if Path(path).parent.name == environment:
                (directory / Path(path).name).write_bytes(content)
        Chain(directory).read()
