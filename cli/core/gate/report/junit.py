"""JUnit XML, which every CI system shows: a suite per target."""

from __future__ import annotations

import re

from junit_xml import TestCase, TestSuite, to_xml_report_string  # type: ignore[import-untyped]

from cli.core.gate.duplicates import Issue, issues
from cli.core.gate.model import Location, Outcome, Problem, RuleInfo, TargetResult
from cli.core.gate.report.text import message, terms

_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(outcome: Outcome) -> str:
    """Findings are failures, suppressed ones are skipped, problems are errors; each rule of ours that was run and holds
    passes."""
    suites = [TestSuite("gate", [_problem(each) for each in outcome.problems])] if outcome.problems else []
    suites += [TestSuite(result.target.name, _cases(result, outcome)) for result in outcome.results]
    text: str = to_xml_report_string(suites, prettyprint=True)
    return text.replace("\t", "  ").rstrip() + "\n"


def _cases(result: TargetResult, outcome: Outcome) -> list[TestCase]:
    cases = [_problem(each) for each in result.problems] + [_issue(each) for each in issues(result.findings)]
    for each in result.suppressed:
        case = _case(each.at, each.rule)
        case.add_skipped_info(_text(f"{each.reason} ({terms(each)})"))
        cases.append(case)
    broken = {each.rule.id for each in result.findings}
    cases += [
        TestCase(rule.name, rule.id)
        for rule in outcome.rules.values()
        if rule.own and rule.id not in broken and result.target.request.includes(rule)
    ]
    return cases


def _issue(issue: Issue) -> TestCase:
    finding = issue.finding
    case = _case(finding.at, finding.rule)
    case.add_failure_info(finding.rule.name, _text(message([issue])), failure_type=finding.severity)
    return case


def _case(at: Location, rule: RuleInfo) -> TestCase:
    file, line = at.to_mend
    return TestCase(_name(at), rule.id, file=_text(file.as_posix()), line=line)


def _problem(problem: Problem) -> TestCase:
    case = TestCase(problem.kind, "gate", file=_text(problem.file) or None)
    case.add_error_info(problem.kind, _text(problem.text), error_type=problem.kind)
    return case


def _name(place: Location) -> str:
    return _text(f"{place.construct_path} ({place.address})" if place.construct_path else place.address)


def _text(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)
