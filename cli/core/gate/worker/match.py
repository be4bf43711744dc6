"""Matches what our rules said with what checkov made of it. Imported by `scanner` only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from cli.core.base.addresses import declared, without_indexes
from cli.core.gate.model import Detail
from cli.core.gate.protocol import Record
from policies.checkov.adapter import Judgement
from policies.library.rule import AbsentFinding, Finding, UnknownFinding


class Match:
    """The judgements of our rules, to be given to the records that checkov made of them."""

    def __init__(self, judgements: Iterable[Judgement]) -> None:
        self._exact: dict[tuple[str, str, str], list[Judgement]] = defaultdict(list)
        self._base: dict[tuple[str, str, str], list[Judgement]] = defaultdict(list)
        self._unrecorded: dict[int, Judgement] = {}
        for judgement in judgements:
            rule, file, address = judgement.rule, judgement.file, judgement.address
            self._exact[rule, file, address].append(judgement)
            self._base[rule, file, without_indexes(address)].append(judgement)
            if judgement.findings:
                self._unrecorded[id(judgement)] = judgement

    def take(self, rule: str, file: str, address: str) -> list[Judgement]:
        """The judgements that a record stands for: several where checkov did not expand count or for_each."""
        judgements = self._exact.get((rule, file, address)) or self._base.get(
            (rule, file, without_indexes(address)), []
        )
        for judgement in judgements:
            self._unrecorded.pop(id(judgement), None)
        return judgements

    def unrecorded(self) -> list[Record]:
        """The findings of which checkov made no record."""
        return [
            Record(
                rule=judgement.rule,
                file=judgement.file,
                lines=_lines(Path(judgement.file), declared(judgement.address)),
                address=judgement.address,
                construct_path=judgement.construct_path,
                details=tuple(details_of([judgement])),
            )
            for judgement in self._unrecorded.values()
        ]


def _lines(file: Path, address: str) -> tuple[int, int]:
    """The line where a file declares a resource, in HCL or JSON; the first one if that is not found."""
    type_, name = address.removeprefix("data.").split(".", 1)
    declares = re.compile(rf'^\s*(resource|data)\s+"?{re.escape(type_)}"?\s+"?{re.escape(name)}"?\s*\{{')
    is_json, is_inside = file.suffix == ".json", False
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        lines = []
    for number, line in enumerate(lines, 1):
        is_inside = is_inside or f'"{type_}"' in line
        if (is_inside and f'"{name}"' in line) if is_json else declares.match(line):
            return number, number
    return 1, 1


def _subject(finding: Finding) -> str:
    """The expression that is unknown, or the part that is not there."""
    match finding:
        case UnknownFinding(expression=subject) | AbsentFinding(part=subject):
            return subject
    return ""


def details_of(judgements: Iterable[Judgement]) -> list[Detail]:
    """What the rules found, each thing once."""
    details = [
        Detail(
            finding.found,
            finding.allowed,
            finding.kind,
            expression=_subject(finding),
            severity=finding.severity,
        )
        for judgement in judgements
        for finding in judgement.findings
    ]
    return list(dict.fromkeys(details))
