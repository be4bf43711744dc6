"""A promotion as text: a table, Markdown for a pull request, or JSON. Nothing is computed here."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from cli.core.plans.report.text import summary
from cli.core.promotion.proposal import Proposal

MARKER = "<!-- infra-promote -->"
"""First line of the Markdown, by which a comment or a pull request is found again."""

_MOST = 12


def as_data(proposal: Proposal, overrides: Mapping[str, str], *, result: str) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "result": result,
        "deed": proposal.step.action,
        "from": proposal.step.source,
        "to": proposal.step.target,
        "realm": proposal.realm,
        "release": proposal.step.release.as_data(),
        "gates": [asdict(each) | {"override": overrides.get(each.name)} for each in proposal.gates],
        "plan": {"digest": proposal.plan.digest(), "counts": {str(k): n for k, n in proposal.plan.counts().items()}},
        "residual": {
            "id": proposal.residual.id,
            "resources": [asdict(each) for each in proposal.residual.unlike],
            "of_sizes": proposal.residual.of_sizes,
        },
        "file": "".join(_diff(proposal)),
    }


def as_json(proposal: Proposal, overrides: Mapping[str, str], *, result: str) -> str:
    """`as_data` as text."""
    return json.dumps(as_data(proposal, overrides, result=result), indent=2, ensure_ascii=False) + "\n"


def as_table(proposal: Proposal, overrides: Mapping[str, str], *, result: str) -> str:
    """For people."""
    lines = [_title(proposal), "", *_gates(proposal, overrides), ""]
    lines += [f"plan of {proposal.step.target}: {summary(proposal.plan)}"]
    if proposal.residual.unlike:
        lines += [f"{_what(proposal)} ({proposal.residual.id}):"]
        lines += [f"  {line}" for line in _residual(proposal)]
    lines += [*_left_out(proposal), "", *(line.rstrip("\n") for line in _diff(proposal)), "", result, ""]
    return "\n".join(lines)


def as_markdown(proposal: Proposal, overrides: Mapping[str, str], *, result: str) -> str:
    """The body of a pull request."""
    lines = [MARKER, f"### {_title(proposal)}", "", "| gate | | why |", "|---|---|---|"]
    for each in proposal.gates:
        state = "open" if each.is_open else "overridden" if each.name in overrides else "**shut**"
        why = f"{each.text}; override: {overrides[each.name]}" if state == "overridden" else each.text
        lines.append(f"| {each.name} | {state} | {why} |")
    lines += ["", f"Plan of {proposal.step.target}: {summary(proposal.plan)}.", ""]
    if proposal.residual.unlike:
        lines += [f"<details><summary>{_what(proposal)} ({proposal.residual.id})</summary>", "", "```"]
        lines += [*_residual(proposal), "```", "", "</details>", ""]
    lines += [line for text in _left_out(proposal) for line in (text, "")]
    lines += ["```diff", *(line.rstrip("\n") for line in _diff(proposal)), "```", "", result, ""]
    return "\n".join(lines)


def _title(proposal: Proposal) -> str:
    step = proposal.step
    where = " in the sandbox" if proposal.realm == "sandbox" else ""
    if step.action == "rollback":
        return f"{step.target} back to release {step.release.id}{where}"
    return f"release {step.release.id} from {step.source} to {step.target}{where}"


def _gates(proposal: Proposal, overrides: Mapping[str, str]) -> Iterator[str]:
    width = max(len(each.name) for each in proposal.gates)
    for each in proposal.gates:
        state = "open" if each.is_open else "over" if each.name in overrides else "SHUT"
        yield f"{each.name:<{width}}  {state}  {each.text}"
        if state == "over":
            yield f"{'':<{width}}        overridden: {overrides[each.name]}"


def _what(proposal: Proposal) -> str:
    """What the residual difference is one to."""
    is_rollback = proposal.step.action == "rollback"
    return "otherwise than to take back what was done since" if is_rollback else "otherwise than below"


def _residual(proposal: Proposal) -> Iterator[str]:
    word = "to take back" if proposal.step.action == "rollback" else "below"
    for each in proposal.residual.unlike[:_MOST]:
        yield f"{each.construct_path or each.address}: {each.here or 'nothing'} ({word}: {each.below or 'nothing'})"
    if len(proposal.residual.unlike) > _MOST:
        yield f"and {len(proposal.residual.unlike) - _MOST} more"


def _left_out(proposal: Proposal) -> Iterator[str]:
    """What does not count."""
    found, step = proposal.residual, proposal.step
    if found.of_sizes:
        resources = "1 resource differs" if found.of_sizes == 1 else f"{found.of_sizes} resources differ"
        yield f"{resources} only by the sizes and the identity of {step.source} and {step.target}"
    if found.problem:
        yield f"what differs only by sizes and identity cannot be told: {found.problem}"


def _diff(proposal: Proposal) -> Iterator[str]:
    name = f"envs/{proposal.step.target}.yaml"
    before, after = (each.decode().splitlines(keepends=True) for each in (proposal.before, proposal.after))
    yield from difflib.unified_diff(before, after, name, name, n=0)
