"""What several formats say in the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cli.core.base.text import count
from cli.core.plans.model import Access, Attribute, Change, ImageChange, Kind, Plan, Widening

SHOWN_VALUE = 60
"""Characters of a value that are shown."""

_DONE = {
    Kind.DESTROY: "to destroy",
    Kind.REPLACE: "to replace",
    Kind.UPDATE: "to update in place",
    Kind.CREATE: "to create",
    Kind.IMPORT: "to import",
    Kind.MOVE: "to move",
    Kind.FORGET: "to forget",
}


def summary(plan: Plan) -> str:
    """One sentence: how many resources what happens to."""
    if plan.is_empty:
        return "no changes"
    counts = [f"{number} {_DONE[kind]}" for kind, number in plan.counts().items()]
    if plan.outputs:
        counts.append(f"{count(len(plan.outputs), 'output')} to change")
    return ", ".join(counts)


def image(change: ImageChange) -> str:
    """One line: which image a server gets instead of which."""
    return f"{change.server}: {change.before or 'new'} -> {change.after}"


def place(construct_path: str, address: str) -> str:
    """The construct path, or the address of what is no longer in the Terraform."""
    return construct_path or address


def why(change: Change) -> Sequence[str]:
    """Why something is destroyed or replaced, a line for each reason."""
    lines = [f"{each.path}: {arrow(each)}" for each in change.forced_by]
    return [*lines, *([change.reason] if change.reason else [])]


def arrow(attribute: Attribute) -> str:
    """`"a" -> "b"`, cut where it is long."""
    before, after = _cut(attribute.before.text) or "not set", _cut(attribute.after.text) or "not set"
    return f"{before} -> {after}"


def groups(access: Sequence[Access]) -> Mapping[Widening, Sequence[Access]]:
    """What widens access and what may, each if there is any."""
    return {how: found for how in Widening if (found := [each for each in access if each.how is how])}


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_VALUE else f"{text[: SHOWN_VALUE - 3]}..."
