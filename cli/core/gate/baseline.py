"""A file of findings that are accepted: those that were there when it was written.

A finding is known by its rule, its root module, its resource and what was found, and not by its line. One that finds
more than the file accepts is a new one.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeAlias

from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.files import write_whole
from cli.core.gate.model import AcceptedFinding, Finding, GoneFinding, Outcome, Target, TargetResult

_Key: TypeAlias = tuple[str, str, str]
"""Rule, root module and resource."""
_VERSION = 1


class BadBaseline(InfraError, exit_code=ExitCode.GATE):
    """A baseline that cannot be read, or cannot be written."""


@dataclass(frozen=True)
class Entry:
    """What is accepted at a resource."""

    rule: str
    root: str
    """The root module or plan, relative to the baseline's directory; the name of an environment."""
    resource: str
    found: tuple[str, ...]
    owner: str
    accepted: str
    """The day, as in ISO 8601."""

    @property
    def key(self) -> _Key:
        """What it is about."""
        return self.rule, self.root, self.resource


def read_baseline(file: Path) -> tuple[Entry, ...]:
    """The entries of a baseline. Raises BadBaseline."""
    try:
        document = json.loads(file.read_bytes())
        if document["version"] != _VERSION:
            raise ValueError(f"received version {document['version']}; allowed: {_VERSION}")
        return tuple(_entry(each) for each in document["findings"])
    except OSError as error:
        raise BadBaseline(f"{file}: {error.strerror}; --write-baseline makes it") from None
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        text = f"{file}: is no baseline ({type(error).__name__}: {error}); --write-baseline makes one"
        raise BadBaseline(text) from None


def _entry(data: Mapping[str, object]) -> Entry:
    """Raises ValueError, LookupError, TypeError."""
    found = data["found"]
    if not isinstance(found, list):
        raise TypeError("found is no list")
    texts = {name: str(data[name]) for name in ("rule", "root", "resource", "owner", "accepted")}
    datetime.date.fromisoformat(texts["accepted"])
    return Entry(**texts, found=tuple(map(str, found)))


def write_baseline(file: Path, outcome: Outcome, *, owner: str, today: datetime.date) -> None:
    """Write what an outcome found, as accepted; entries that the file has already keep their owner and day.

    Raises BadBaseline where the scan was incomplete, since what it did not see would be new later.
    """
    if outcome.all_problems:
        raise BadBaseline(f"{file}: is not written, because the scan was incomplete: {outcome.all_problems[0].text}")
    before = {entry.key: entry for entry in read_baseline(file)} if file.exists() else {}
    found: dict[_Key, set[str]] = {}
    for result in outcome.results:
        for finding in result.findings:
            found.setdefault(_key(file, result.target, finding), set()).update(_texts(finding))
    entries = []
    for key, texts in sorted(found.items()):
        old = before.get(key)
        if old is None or not texts <= set(old.found):
            old = Entry(*key, found=(), owner=owner, accepted=today.isoformat())
        entries.append(replace(old, found=tuple(sorted(texts))))
    document = {"version": _VERSION, "findings": [asdict(entry) for entry in entries]}
    write_whole(file, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())


def apply_baseline(file: Path, outcome: Outcome) -> Outcome:
    """An outcome without the findings that a baseline accepts, and with what it accepts and is gone.

    Raises BadBaseline.
    """
    entries = {entry.key: entry for entry in read_baseline(file)}
    seen: set[_Key] = set()
    results = []
    for result in outcome.results:
        kept, accepted = [], []
        for finding in result.findings:
            key = _key(file, result.target, finding)
            entry = entries.get(key)
            seen.add(key)
            if entry is not None and _texts(finding) <= set(entry.found):
                since = datetime.date.fromisoformat(entry.accepted)
                accepted.append(AcceptedFinding(finding, owner=entry.owner, since=since))
            else:
                kept.append(finding)
        results.append(replace(result, findings=tuple(kept), accepted=tuple(accepted)))
    gone = _gone(entries.values(), seen, file=file, outcome=outcome)
    return replace(outcome, results=tuple(results), gone=gone)


def _gone(entries: Iterable[Entry], seen: set[_Key], *, file: Path, outcome: Outcome) -> tuple[GoneFinding, ...]:
    """The entries whose rule was run on their root module, completely, and found nothing."""
    ran = {
        (rule.id, root)
        for result in outcome.results
        if not result.problems and not outcome.problems
        for rule in outcome.rules.values()
        if result.target.request.includes(rule)
        for root in _roots(file, result)
    }
    return tuple(
        GoneFinding(entry.rule, entry.root, entry.resource)
        for entry in entries
        if entry.key not in seen and (entry.rule, entry.root) in ran
    )


def _key(file: Path, target: Target, finding: Finding) -> _Key:
    return finding.rule.id, _root(file, target, finding.at.file), finding.at.address


def _root(file: Path, target: Target, at: Path) -> str:
    """The root module that a finding is in. ``at`` is the file, as shown."""
    if target.is_environment:
        return target.name
    match target.framework:
        case "terraform":
            directory = target.module or target.root
        case "terraform_json":
            directory = at.absolute().parent
        case "terraform_plan":
            directory = at.absolute()
    return Path(os.path.relpath(os.path.realpath(directory), os.path.realpath(file.absolute().parent))).as_posix()


def _roots(file: Path, result: TargetResult) -> set[str]:
    """The root modules of a target."""
    target = result.target
    return {_root(file, target, target.shown / each.relative_to(target.root)) for each in target.files}


def _texts(finding: Finding) -> set[str]:
    return {detail.found for detail in finding.details}
