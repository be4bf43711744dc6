"""Every rule says of its cases what they expect, in every form that checkov reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.harness import CASES, FORMS, Case, Outcome, cases, run_cases


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """What stock checkov and the rules say of all cases."""
    return run_cases(tmp_path_factory.mktemp("cases"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.rule}-{case.name}")
def test_case(case: Case, form: str, outcome: Outcome) -> None:
    expected = case.expected(outcome.applies_to[case.rule])
    judged = dict(outcome.judgements[case.rule, case.name, form])
    reported = {address: "pass" if verdict == "pass" else "fail" for address, verdict in expected.items()}
    recorded = dict(outcome.records[case.rule, case.name, form])
    if form == "plan":  # a plan of a first run knows less: text with ARNs in it is unknown as a whole
        for address, verdict in expected.items():
            if judged.get(address) == "unknown":
                expected[address] = "unknown"
                reported[address] = "fail"
            assert verdict != "unknown" or judged.get(address) == "unknown"
    assert judged == expected
    if form == "json" and "dynamic" in case.path.read_text():
        # checkov loses what follows a dynamic block in JSON; the adapter reports it elsewhere in the file
        assert ("fail" in "".join(recorded.values())) == ("fail" in reported.values())
    else:
        assert recorded == reported


@pytest.mark.parametrize("rule", sorted({case.rule for case in cases()}))
def test_cases_are_complete(rule: str, outcome: Outcome) -> None:
    applies_to = outcome.applies_to[rule]
    verdicts = {case.name: set(case.expected(applies_to).values()) for case in cases() if case.rule == rule}
    assert verdicts.keys() == {"passing", "failing"}
    assert verdicts["passing"] == {"pass"}
    assert "fail" in verdicts["failing"]


def test_every_rule_has_cases(outcome: Outcome) -> None:
    assert sorted(outcome.applies_to) == sorted(path.name for path in CASES.iterdir())


def test_no_expectation_is_misspelt() -> None:
    """An expectation that the harness does not read would make a case expect a pass."""
    for case in cases():
        written = case.path.read_text().count("expect:")
        read = sum(verdict != "pass" for verdict in case.expected(_Everything()).values())
        assert written == read, Path(case.rule) / case.name


class _Everything(tuple[str, ...]):
    def __contains__(self, _: object) -> bool:
        return True
