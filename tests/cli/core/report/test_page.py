"""The page: everything is on it, once, and names stay names. What it does in a browser is in `test_browser.py`."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from cli.core.cost import report as cost
from cli.core.cost.change import cost_change
from cli.core.cost.prices import price_table
from cli.core.report.model import ReportContent
from cli.core.report.page import page
from tests.support.reports import HOSTILE, sample


@pytest.fixture(scope="module")
def report(synthesized_directory: Path) -> ReportContent:
    """A report about dev and staging."""
    return sample(synthesized_directory / "stacks")


@pytest.fixture(scope="module")
def text(report: ReportContent) -> str:
    """Its page."""
    return page(report)


def test_the_same_report_gives_the_same_page(report: ReportContent, text: str) -> None:
    assert page(report) == text


def test_asks_nobody_and_is_small(text: str) -> None:
    assert len(text.encode()) < 1_000_000
    addresses = set(re.findall(r"https?://[^\s\"'<]+", text))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(?:link|img|iframe)\b|url\(|@import", text)


def test_has_every_part_of_the_report(report: ReportContent, text: str) -> None:
    for environment in report.environments:
        assert environment.picture in text
        for source, line in environment.grid.rows:
            assert f'<th scope="row">{source}</th>' in text
            assert all(f"--from {cell.source} --to {cell.target}" in text for cell in line if cell)
        for row in environment.access.rows:
            assert all(f"<code>{name}</code>" in text for name in (*row.callers, *row.things))
    assert all(each.item.address in text for listed in report.parts.values() for each in listed)
    assert all(f">{claim.claim}</b>" in text for claim in report.claims)
    for shown in (
        "dev: broken",
        "staging: not judged",
        "policy gate: the gate could not do its job",
        "staging: is not JSON",
        "modules/edge/edge.py:12",
        "Because.",
        "2027-03-31",
        "1.5 h of soak left",
        "soak overridden until 2027-03-03: an incident",
        "frozen until 2027-03-02 12:00 UTC",
        "infra apply refuses its release, freeze: it is frozen",
        "freeze of staging until",
        "promotion to staging: release r1",
        "needs 1 h",
        "bob@meals.example",
        "Nothing was applied to staging yet.",
        "release.application_version",
        "Opens 1: internet -&gt; core tcp 22",
        "internet -&gt; core, tcp 22",
        "Destroys data: aws_s3_bucket.a",
        "Nothing was applied from a commit that git has here.",
        "Made <time",
    ):
        assert shown in text, shown


def test_differences_are_lines_and_places_are_named_once(text: str) -> None:
    lines = re.findall(r'<ul class="diff">(.*?)</ul>', text)
    assert [re.findall(r"<li[^>]*>(.*?)</li>", each) for each in lines] == [
        ["- B=1", "+ B=2"],
        ["- &#34;a&#34;", "+ &#34;c&#34;"],
    ]
    accepted = re.search(r'<table class="accepted stack">.*?</table>', text, re.S)
    assert accepted
    assert (
        '<code>edge/b</code> <span class="minor">dev</span>, <code>edge/c</code>, <code>aws_lb.d</code>' in accepted[0]
    )


def test_says_what_environments_cost_apart_and_beside_each_other(report: ReportContent, text: str) -> None:
    section = re.sub(
        r"<[^>]+>|\s+", " ", text[text.index('<section id="cost"') : text.index('<section id="inventory"')]
    )
    section = " ".join(section.split())
    for name, estimate in report.costs.items():
        (total, *amounts) = cost.rows(estimate)[-1]
        assert f"{total.capitalize()} {' '.join(amounts)}" in section
        assert all(each.address in section and each.reason in section for each in estimate.missing), name
    comparison = cost.comparison(report.costs)
    assert f"Fixed, by part dev staging {' '.join(comparison[0])}" in section
    least = cost.at_least(report.costs.values())
    fixed, used = (" ".join(row[1:]) for row in comparison[-2:])
    assert f"Fixed in all{least} {fixed} Usage-driven in all{least} {used}" in section
    assert f"staging beside dev {cost_change(report.costs['dev'], report.costs['staging'])}" in section
    for row in cost.assumed(report.costs.values()):
        assert " ".join(row) in section
    for source in cost.sources(report.costs.values(), price_table()):
        assert f"{source.name} {source.published} {source.read}" in html.unescape(section)
    assert f"<b>{cost.fixed_in_all(report.costs.values())}</b><span>US dollars a month, fixed, in all" in text


def test_cells_open_the_lines_of_their_answer(report: ReportContent, text: str) -> None:
    found = re.search(r'<script type="application/json" id="answers">(.*?)</script>', text, re.S)
    assert found
    answers = json.loads(found[1])
    ids = re.findall(r'data-cell="([^"]+)"', text)
    assert sorted(ids) == sorted(answers["cells"])
    environment = report.environments[0]
    for row, (_, line) in enumerate(environment.grid.rows):
        for column, cell in enumerate(line):
            if cell:
                numbers = answers["cells"][f"{environment.name}-{row}-{column}"]
                assert tuple(answers["lines"][number] for number in numbers) == cell.lines


def test_names_are_escaped(text: str) -> None:
    assert HOSTILE not in text
    assert "&lt;img src=x onerror=" in text


def test_ids_are_unique(text: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
