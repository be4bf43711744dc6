"""A rule fails closed: what it cannot know and where it goes wrong are findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from policies.library.cidrs import networks
from policies.library.model import Configuration, Resource
from policies.library.rule import BrokenFinding, Finding, FindingKind, Rule, UnknownFinding, described
from policies.library.values import Unknown, UnknownValue
from policies.reachability.claims.load import ClaimsError, parse

WRONG = Finding("wrong", "right")


def judged(evaluate: Callable[[Resource, Configuration], Iterable[Finding]]) -> tuple[Finding, ...]:
    """What a rule says of one resource."""
    rule = Rule(
        id="CKV2_MEALS_199",
        name="It is right",
        severity="low",
        claim="C7",
        controls=(),
        fix="",
        good="",
        bad="",
        applies_to=("aws_x",),
        evaluate=evaluate,
    )
    resource = Resource({"unknown": Unknown("var.x")}, "aws_x.y", "aws_x.y", type="aws_x", name="y", file="main.tf")
    other = Resource({}, "aws_z.y", "aws_z.y", type="aws_z", name="y", file="main.tf")
    ((found, findings),) = rule.judge(Configuration({"aws_x.y": resource, "aws_z.y": other}))
    assert found is resource
    return findings


def test_nothing_found_is_a_pass() -> None:
    assert judged(lambda resource, configuration: ()) == ()


def test_findings_are_kept_in_order() -> None:
    assert judged(lambda resource, configuration: [WRONG, Finding("b", "c")]) == (WRONG, Finding("b", "c"))


def test_an_unknown_value_is_a_finding() -> None:
    (finding,) = judged(lambda resource, configuration: [WRONG] if resource.text("unknown") == "x" else [])
    assert isinstance(finding, UnknownFinding)
    assert finding.kind is FindingKind.UNKNOWN
    assert finding.found == "unknown until applied: aws_x.y.unknown = var.x"


def test_what_is_known_to_be_wrong_says_more_than_what_is_unknown() -> None:
    def evaluate(resource: Resource, configuration: Configuration) -> Iterator[Finding]:
        yield WRONG
        raise UnknownValue("var.y")

    assert judged(evaluate) == (WRONG,)


def test_an_exception_is_a_finding() -> None:
    def evaluate(resource: Resource, configuration: Configuration) -> Iterator[Finding]:
        yield WRONG
        raise KeyError("oops")

    first, second = judged(evaluate)
    assert first == WRONG
    assert isinstance(second, BrokenFinding)
    assert (first.kind, second.kind) == (FindingKind.VIOLATION, FindingKind.BROKEN)
    assert second.found == "the rule failed on this resource: KeyError: 'oops'"


def test_an_exception_is_described_by_the_line_that_raised_it() -> None:
    try:
        networks(["nonsense"])
    except ValueError as error:
        text = described(error)
    assert re.fullmatch(r"ValueError: .*'nonsense'.* \(policies/library/cidrs\.py:\d+\)", text)


def test_an_error_for_users_needs_no_line() -> None:
    try:
        parse(b"nonsense", file="claims.yaml")
    except ClaimsError as error:
        text = described(error)
    assert text.startswith("ClaimsError: claims.yaml")
    assert ".py:" not in text
