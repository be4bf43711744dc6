"""A promotion as text: a table, Markdown for a pull request, or JSON. Nothing is computed here."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from cli.core.base.digests import short_id
from cli.core.base.target import Target
from cli.core.plans.report.text import summary
from cli.core.promotion.checks import Check
from cli.core.promotion.proposal import Proposal

MARKER = "<!-- infra-promote -->"
"""First line of the Markdown, by which a comment or a pull request is found again."""

VERSION = 2
"""Of the JSON document."""

_MOST_CHANGES = 12


def as_data(proposal: Proposal, overrides: Mapping[str, str], *, result: str) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "version": VERSION,
        "result": result,
        "kind": proposal.step.kind,
        "from": proposal.step.source,
        "to": proposal.step.target,
        "target": proposal.planned_on,
        "release": proposal.step.release.as_data().model_dump(),
        "checks": [asdict(check) | {"override": overrides.get(check.name)} for check in proposal.checks],
        "plan": {"digest": proposal.plan.digest(), "counts": {str(k): n for k, n in proposal.plan.counts().items()}},
        "unexplained": {
            "id": proposal.comparison.id,
            "changes": [asdict(change) for change in proposal.comparison.unexplained],
            "explained": proposal.comparison.explained,
            "proof": proposal.proof,
        },
        "file": "".join(_diff(proposal)),
    }


def as_json(proposal: Proposal, overrides: Mapping[str, str], *, result: str) -> str:
    """`as_data` as text."""
    return json.dumps(as_data(proposal, overrides, result=result), indent=2, ensure_ascii=False) + "\n"


def as_table(proposal: Proposal, overrides: Mapping[str, str], *, result: str) -> str:
    """For people."""
    lines = [_title(proposal), "", *_checks(proposal, overrides), ""]
    lines += [f"plan of {proposal.step.target}: {summary(proposal.plan)}"]
    if proposal.comparison.unexplained:
        lines += [f"{_unexplained_title(proposal)}:", *(f"  {line}" for line in _unexplained(proposal))]
    lines += [*_explained(proposal), "", *(line.rstrip("\n") for line in _diff(proposal)), "", result, ""]
    return "\n".join(lines)


def as_markdown(proposal: Proposal, overrides: Mapping[str, str], *, result: str) -> str:
    """The body of a pull request."""
    lines = [MARKER, f"### {_title(proposal)}", "", "| gate | | reason |", "|---|---|---|"]
    for check in proposal.checks:
        state = _state(check, overrides)
        reason = f"{check.text}; override: {overrides[check.name]}" if state == "overridden" else check.text
        lines.append(f"| {check.name} | {'**closed**' if state == 'CLOSED' else state} | {reason} |")
    lines += ["", f"Plan of {proposal.step.target}: {summary(proposal.plan)}.", ""]
    if proposal.comparison.unexplained:
        lines += [f"<details><summary>{_unexplained_title(proposal)}</summary>", "", "```"]
        lines += [*_unexplained(proposal), "```", "", "</details>", ""]
    lines += [line for text in _explained(proposal) for line in (text, "")]
    lines += ["```diff", *(line.rstrip("\n") for line in _diff(proposal)), "```", "", result, ""]
    return "\n".join(lines)


def _title(proposal: Proposal) -> str:
    step = proposal.step
    where = " in the sandbox" if proposal.planned_on is Target.SANDBOX else ""
    if step.kind == "rollback":
        return f"{step.target} back to release {step.release.id}{where}"
    return f"release {step.release.id} from {step.source} to {step.target}{where}"


def _state(check: Check, overrides: Mapping[str, str]) -> str:
    return "open" if check.is_open else "overridden" if check.name in overrides else "CLOSED"


def _checks(proposal: Proposal, overrides: Mapping[str, str]) -> Iterator[str]:
    states = [_state(check, overrides) for check in proposal.checks]
    width, state_width = max(len(check.name) for check in proposal.checks), max(map(len, states))
    for check, state in zip(proposal.checks, states, strict=True):
        yield f"{check.name:<{width}}  {state:<{state_width}}  {check.text}"
        if state == "overridden":
            yield f"{'':<{width}}  {'':<{state_width}}  reason: {overrides[check.name]}"


def _unexplained_title(proposal: Proposal) -> str:
    step, changes = proposal.step, proposal.comparison
    if step.kind == "rollback":
        return f"changes other than those that undo what was applied since ({changes.id})"
    return f"changes that {step.source} has not seen ({changes.id})"


def _unexplained(proposal: Proposal) -> Iterator[str]:
    other = "to undo" if proposal.step.kind == "rollback" else proposal.step.source
    changes = proposal.comparison.unexplained
    for change in changes[:_MOST_CHANGES]:
        name = change.construct_path or change.address
        yield f"{name}: {change.planned or 'nothing'} ({other}: {change.seen or 'nothing'})"
    if len(changes) > _MOST_CHANGES:
        yield f"and {len(changes) - _MOST_CHANGES} more"


def _explained(proposal: Proposal) -> Iterator[str]:
    """The differences that do not count."""
    comparison, step = proposal.comparison, proposal.step
    if comparison.explained:
        resources = "1 resource differs" if comparison.explained == 1 else f"{comparison.explained} resources differ"
        yield f"{resources} only by the size and identity of {step.source} and {step.target}"
    if proposal.proof:
        proved = "proved to open nothing, destroy nothing and put data nowhere else"
        yield f"what {step.source} has not seen is {proved} (proof {short_id(proposal.proof)})"
    if comparison.problem:
        yield f"differences by size and identity are not known: {comparison.problem}"


def _diff(proposal: Proposal) -> Iterator[str]:
    name = f"envs/{proposal.step.target}.yaml"
    before, after = (content.decode().splitlines(keepends=True) for content in (proposal.before, proposal.after))
    yield from difflib.unified_diff(before, after, name, name, n=0)
