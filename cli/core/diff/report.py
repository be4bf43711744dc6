"""A difference as text: a table, Markdown for a pull request, or JSON. Nothing is computed here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from cli.core.base.text import count, cut_pair
from cli.core.diff.model import Difference, ResourceDifference
from cli.core.plans.texts import arrow

MARKER = "<!-- infra-diff -->"
"""First line of the Markdown, by which a comment is found again and replaced."""

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_LONGEST = 60


def as_json(difference: Difference) -> str:
    """Everything, for programs."""
    return json.dumps(asdict(difference) | {"is_empty": difference.is_empty}, indent=2, ensure_ascii=False) + "\n"


def as_table(difference: Difference) -> str:
    """For people: the settings by owner, then the resources."""
    return "\n".join((*_head(difference), *_settings(difference), *_resources(difference), _summary(difference), ""))


def as_markdown(difference: Difference) -> str:
    """For a pull request."""
    lines = [MARKER, f"### {difference.before} → {difference.after}", "", _summary(difference), ""]
    if difference.unexpected:
        lines += ["| setting | owner | before | after |", "|---|---|---|---|"]
        lines += [
            f"| `{each.setting}` | {each.owner} | `{before}` | `{after}` |"
            for each in difference.unexpected
            for before, after in [_values(each.before, each.after)]
        ]
        lines.append("")
    if difference.resources:
        lines += ["<details><summary>resources</summary>", "", "```diff"]
        signs = {"+": "", "-": "", "~": "! "}
        lines += [f"{signs.get(line[0], '  ')}{line}" for each in difference.resources for line in _resource(each)]
        lines += ["```", "", "</details>", ""]
    return "\n".join(lines)


def _values(before: Any, after: Any) -> tuple[str, str]:
    """Two values, each in one line, cut where they are long so that what differs stays; nothing there is a dash."""
    return cut_pair(_text(before), _text(after), _LONGEST)


def _text(data: Any) -> str:
    text = "-" if data is None else data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return " ".join(text.split())


def _arrow(before: Any, after: Any) -> str:
    return arrow(*_values(before, after))


def _head(difference: Difference) -> Iterator[str]:
    yield f"{difference.before} -> {difference.after}"
    yield ""


def _settings(difference: Difference) -> Iterator[str]:
    for owner in ("release", "shape"):
        found = [each for each in difference.unexpected if each.owner == owner]
        if found:
            yield f"settings of the {owner}"
            width = max(len(each.setting) for each in found)
            for each in found:
                yield f"  {each.setting:<{width}}  {_arrow(each.before, each.after)}"
            yield ""


def _resources(difference: Difference) -> Iterator[str]:
    if difference.resources:
        yield "resources"
        for each in difference.resources:
            yield from (f"  {line}" for line in _resource(each))
        yield ""


def _resource(each: ResourceDifference) -> Iterator[str]:
    bootstrap = " (bootstrap)" if each.stack == "bootstrap" else ""
    yield f"{_SIGNS[each.change]} {each.construct_path or each.address}{bootstrap}"
    if each.construct_path:
        yield f"    {each.address}"
    for attribute in each.attributes:
        yield f"    {attribute.name}: {_arrow(attribute.before, attribute.after)}"


def _summary(difference: Difference) -> str:
    by_design = len(difference.settings) - len(difference.unexpected)
    own = f"{count(by_design, 'setting')} by design (identity, size)" if by_design else "no other setting differs"
    if difference.is_empty:
        return f"No unexpected difference; {own}."
    counts = ((len(difference.unexpected), "setting"), (len(difference.resources or ()), "resource"))
    parts = [count(number, noun) for number, noun in counts if number]
    return f"Different: {' and '.join(parts)}; {own}."


FORMATS: Mapping[str, Callable[[Difference], str]] = {"table": as_table, "json": as_json, "markdown": as_markdown}
"""The formats by name."""
