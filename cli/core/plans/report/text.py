"""What several formats say in the same words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cli.core.base.text import count, cut_pair
from cli.core.change.model import ChangeProof
from cli.core.plans.model import Access, Attribute, Change, ImageChange, Kind, Plan, Widening
from cli.core.plans.texts import arrow as arrow_between
from cli.core.plans.values import UNKNOWN

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

Line = tuple[str, str]
"""A sign (`+`, `-`, `~` or empty) and a text."""


def summary(plan: Plan) -> str:
    """One sentence: how many resources what happens to."""
    if plan.is_empty:
        return "no changes"
    counts = [f"{number} {_DONE[kind]}{_imported(plan, kind)}" for kind, number in plan.counts().items()]
    if plan.outputs:
        counts.append(f"{count(len(plan.outputs), 'output')} to change")
    return ", ".join(counts)


def _imported(plan: Plan, kind: Kind) -> str:
    """How many of the resources that something happens to are imported as well."""
    imported = sum(bool(change.import_id) for change in plan.of(kind)) if kind is not Kind.IMPORT else 0
    return f" ({imported} imported)" if imported else ""


def dangers(plan: Plan, proof: ChangeProof | None = None) -> str:
    """What to look at before anything else; that there is nothing of the kind, where there is not. With a proof, what
    widens access by itself and is proved to open nothing is no danger."""
    certain = 0 if proof is not None and proof.is_proved else len(plan.widened)
    unknown = sum(each.how is Widening.MAY_WIDEN for each in plan.access)
    found = [
        f"data of {count(len(plan.stateful_losses), 'resource')} is lost" if plan.stateful_losses else "",
        f"access widens in {count(certain, 'place')}" if certain else "",
        f"{count(unknown, 'grant')} not known before the apply" if unknown else "",
        f"{count(len(plan.drift), 'resource')} changed outside of terraform" if plan.drift else "",
    ]
    return ", ".join(filter(None, found)) or "no data is lost, no access widens"


def image(change: ImageChange) -> str:
    """One line: which image a server gets instead of which."""
    return f"{change.server}: {change.before or 'new'} -> {change.after}"


def place(construct_path: str, address: str) -> str:
    """The construct path, or the address of what is no longer in the Terraform."""
    return construct_path or address


def within(change: Change) -> str:
    """What a resource is called below the name of its part."""
    return change.construct_path.partition("/")[2] or change.address


def why(change: Change) -> Sequence[str]:
    """Why something is destroyed or replaced and what is lost, a line for each reason."""
    lines = [f"{text}: this forces the replacement" for each in change.forced_by for text in [one_line(each)]]
    if change.loses and change.facts:
        lines.append(f"there is now: {', '.join(change.facts)}")
    if change.loss:
        lines.append(f"lost: {change.loss}")
    return [*lines, *([change.reason] if change.reason else [])]


def notes_of(change: Change) -> Iterator[str]:
    """What else is worth a line: where it was, by which id it comes, that it stays."""
    if change.previous_address:
        yield f"was {change.previous_address}"
    if change.import_id:
        yield f"imported as {change.import_id}"
    if change.kind is Kind.FORGET:
        yield "stays in AWS; terraform forgets it"


def attribute_lines(attributes: Sequence[Attribute]) -> Iterator[Line]:
    """The lines that show what changes: one for each attribute, more for a text or a list that does."""
    later = [each for each in attributes if each.after == UNKNOWN and not (each.forces_replacement or each.lines)]
    for each in attributes:
        if each in later:
            continue
        if _fits(each):
            yield "", one_line(each)
        else:
            yield "", f"{each.name or each.path}{', as far as it is known' if each.after == UNKNOWN else ''}:"
            yield from ((line[:1], line[2:]) for line in each.lines)
    if later:
        yield "", f"known after apply: {', '.join(each.path for each in later)}"


def one_line(attribute: Attribute) -> str:
    """`name: "a" -> "b"`."""
    return f"{attribute.name or attribute.path}: {arrow(attribute)}"


def arrow(attribute: Attribute) -> str:
    """`"a" -> "b"`, cut where it is long so that what differs stays."""
    before, after = attribute.before.text or "not set", attribute.after.text or "not set"
    if before == after:
        return arrow_between(*cut_pair(before, f"{after} ", SHOWN_VALUE)[:1] * 2)
    return arrow_between(*cut_pair(before, after, SHOWN_VALUE))


def made_in(found: Change | Access) -> str:
    """Where the resource is made, after its name; empty where no line of Python is noted."""
    return f"  ({found.source_line})" if found.source_line else ""


def opened(access: Access) -> str:
    """One line: what is opened, and where."""
    return f"{place(access.construct_path, access.address)}: {access.text}"


def others_opened(plan: Plan) -> Mapping[str, Sequence[Access]]:
    """What opens something and does not widen access for certain, by a line that says how much there is of it."""
    certain = [each for each in plan.access if each.how is Widening.WIDENS and each.is_new]
    unknown = [each for each in plan.access if each.how is Widening.MAY_WIDEN]
    titles = {
        f"opened within the account, for what the plan creates: {count(len(certain), 'grant')}": certain,
        f"not known before the apply: {count(len(unknown), 'grant')}": unknown,
    }
    return {title: found for title, found in titles.items() if found}


def alike(changes: Sequence[Change]) -> Mapping[tuple[Kind, tuple[Line, ...]], Sequence[Change]]:
    """Changes by what happens, so that what is the same for several is said once."""
    found: dict[tuple[Kind, tuple[Line, ...]], list[Change]] = {}
    for change in changes:
        lines = tuple(attribute_lines(change.attributes)) + tuple(("", note) for note in notes_of(change))
        found.setdefault((change.kind, lines), []).append(change)
    return found


def _fits(attribute: Attribute) -> bool:
    """Whether before and after can be shown whole on one line, or there is nothing else to show."""
    longest = max(len(attribute.before.text), len(attribute.after.text))
    is_short = longest <= SHOWN_VALUE and attribute.before != attribute.after and attribute.after != UNKNOWN
    return is_short or not attribute.lines
