"""JUnit XML, which every CI system shows: a suite per target."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from junitparser import Attr, Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from cli.core.gate.duplicates import Issue, issues
from cli.core.gate.model import Location, Outcome, Problem, RuleInfo, TargetResult
from cli.core.gate.report.text import message, terms

_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _PlacedCase(TestCase):
    """A case with the file and line that CI systems lead to."""

    file = Attr()
    line = Attr()


def render(outcome: Outcome) -> str:
    """Findings are failures, suppressed ones are skipped, problems are errors; each rule of ours that was run and holds
    passes."""
    document = JUnitXml()
    if outcome.problems:
        document.append(_suite("gate", map(_problem, outcome.problems)))
    for result in outcome.results:
        document.append(_suite(result.target.name, _cases(result, outcome)))
    document.update_statistics()
    root = ElementTree.fromstring(document.tostring())
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(name: str, cases: Iterable[TestCase]) -> TestSuite:
    suite = TestSuite(_text(name))
    suite.add_testcases(list(cases))
    return suite


def _cases(result: TargetResult, outcome: Outcome) -> list[TestCase]:
    cases = [_problem(each) for each in result.problems] + [_issue(each) for each in issues(result.findings)]
    for each in result.suppressed:
        cases.append(_case(each.at, each.rule, Skipped(_text(f"{each.reason} ({terms(each)})"))))
    broken = {each.rule.id for each in result.findings}
    cases += [
        TestCase(_text(rule.name), rule.id)
        for rule in outcome.rules.values()
        if rule.own and rule.id not in broken and result.target.request.includes(rule)
    ]
    return cases


def _issue(issue: Issue) -> TestCase:
    finding = issue.finding
    failure = Failure(_text(finding.rule.name), finding.severity)
    failure.text = _text(message([issue]))
    return _case(finding.at, finding.rule, failure)


def _case(at: Location, rule: RuleInfo, result: Failure | Skipped) -> TestCase:
    file, line = at.to_mend
    case = _PlacedCase(_name(at), rule.id)
    case.file, case.line = _text(file.as_posix()), str(line)
    case.result = [result]
    return case


def _problem(problem: Problem) -> TestCase:
    case = _PlacedCase(problem.kind, "gate")
    if problem.file:
        case.file = _text(problem.file)
    error = Error(problem.kind, problem.kind)
    error.text = _text(problem.text)
    case.result = [error]
    return case


def _name(place: Location) -> str:
    return _text(f"{place.construct_path} ({place.address})" if place.construct_path else place.address)


def _text(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)
