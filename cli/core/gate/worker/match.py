"""What our rules said, beside what checkov made of it. Imported by `scanner` only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from cli.core.base.addresses import without_indexes
from policies.checkov.adapter import Judgement
from policies.library.rule import UnknownFinding


class Said:
    """What our rules said, to be given to the records that checkov made of it."""

    def __init__(self, judged: Iterable[Judgement]) -> None:
        self._exact: dict[tuple[str, str, str], list[Judgement]] = defaultdict(list)
        self._base: dict[tuple[str, str, str], list[Judgement]] = defaultdict(list)
        self._left: dict[int, Judgement] = {}
        for each in judged:
            self._exact[each.rule, each.file, each.address].append(each)
            self._base[each.rule, each.file, without_indexes(each.address)].append(each)
            if each.findings:
                self._left[id(each)] = each

    def take(self, rule: str, file: str, address: str) -> list[Judgement]:
        """The judgements that a record stands for: several where checkov did not expand count or for_each."""
        found = self._exact.get((rule, file, address)) or self._base.get((rule, file, without_indexes(address)), [])
        for each in found:
            self._left.pop(id(each), None)
        return found

    def unrecorded(self) -> list[Judgement]:
        """Findings of which checkov made no record."""
        return list(self._left.values())


def unknown_of(judgements: Iterable[Judgement]) -> list[str]:
    """The expressions whose values the findings needed; empty if anything is wrong that is known."""
    findings = [finding for each in judgements for finding in each.findings]
    unknown = [finding.expression for finding in findings if isinstance(finding, UnknownFinding)]
    return unknown if len(unknown) == len(findings) else []


def as_finding(judgement: Judgement) -> Mapping[str, Any]:
    """A finding that checkov knows a vertex for but made no record of."""
    return {
        "rule": judgement.rule,
        "name": judgement.rule,
        "file": judgement.file,
        "lines": [1, 1],
        "address": judgement.address,
        "construct_path": judgement.construct_path,
        "details": [(finding.found, finding.allowed) for finding in judgement.findings],
        "unknown": unknown_of([judgement]),
        "fix": "",
        "comment": None,
        "suppression": None,
    }
