"""The first lines of a change, the same in every format: what opens, what closes, what is looser, claims, data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.core.base.text import count
from cli.core.change.facts import OUTSIDE, facts
from cli.core.change.model import TEXT_OF, Certainty, ChangeProof, ClaimState, Effect, Replacement

_INLINE = 3
"""The most effects that stand in their first line; more have a line each."""
_MOST = 20
"""The most lines that a list shows; the JSON has all of them."""
_NAMED = 3
"""The most addresses that a line names."""


def headlines(proof: ChangeProof) -> Iterator[str]:
    """A sentence for each thing that people ask about first, each in one line."""
    yield from _possible("Opens", "May open", proof.opens, proof.gaps)
    yield from _destroyed(proof)
    yield from _possible("Closes", "May close", proof.closes, ())
    if proof.loosened:
        yield f"Loosens {count(len(proof.loosened), 'barrier')} without opening anything:"
        yield from _listed([f"{each.text}; {_stopped(each.stopped_by)}" for each in proof.loosened])
    yield from _claims(proof)
    yield from _replaced(proof)
    if proof.cost:
        yield proof.cost
    if not proof.changed and not proof.opens:
        yield "Nothing differs."


def _destroyed(proof: ChangeProof) -> Iterator[str]:
    """What is destroyed with its data, or may be, by its address, with what forces it, or why it is not certain."""
    anew = {each.address: each for each in proof.replaced}
    lost = [each.address for each in proof.destroys if not each.unsure]
    if lost:
        yield f"Destroys data: {_some([_forced(at, anew[at]) if at in anew else at for at in lost])}"
    maybe = [f"{each.address} ({each.unsure})" for each in proof.destroys if each.unsure]
    maybe += [_forced(each.address, each) for each in proof.replaced if each.holds_data and each.address not in lost]
    if maybe:
        yield f"May destroy data: {_some(maybe)}"


def _replaced(proof: ChangeProof) -> Iterator[str]:
    """What is replaced and holds no data, by its name, and how much follows from that, or from what holds data."""
    for verb, is_certain in (("Replaces", True), ("May replace", False)):
        rest = [each for each in proof.replaced if each.is_certain is is_certain and not each.holds_data]
        first = [each for each in rest if not each.follows]
        named = _some([_forced(each.name, each) for each in first or rest])
        following = len(rest) - len(first) if first else 0
        if rest:
            yield f"{verb} {len(rest)}: {named}{_following(following)}"


def _following(number: int) -> str:
    return f", and {number} that {'follows' if number == 1 else 'follow'}" if number else ""


def _forced(name: str, each: Replacement) -> str:
    """What is replaced, with the arguments that force it."""
    reasons = [*each.arguments, *(["prevent_destroy refuses that"] if each.prevents_destroy else [])]
    return f"{name} ({', '.join(reasons)})" if reasons else name


def _possible(verb: str, perhaps: str, effects: Sequence[Effect], gaps: Sequence[str]) -> Iterator[str]:
    """What is certain, then what rests on what is not known; that nothing is, only where nothing may be either. The
    first of these lines names what is not judged."""
    every = facts(effects)
    certain = [each for each in every if each.certainty is Certainty.CERTAIN]
    unsure = [each for each in every if each.certainty is not Certainty.CERTAIN]
    if certain or not unsure:
        yield from _said(verb, certain, gaps)
    if unsure:
        yield from _said(perhaps, unsure, () if certain else gaps)


def _said(verb: str, effects: Sequence[Effect], gaps: Sequence[str]) -> Iterator[str]:
    unless = f"; not judged: {_some(gaps)}" if gaps else ""
    if not effects:
        yield f"{verb} nothing{f', as far as what is not judged opens nothing: {_some(gaps)}' if gaps else ''}."
    elif len(effects) <= _INLINE and sum(len(each.text) for each in effects) <= 60:
        yield f"{verb} {len(effects)}: {'; '.join(each.text for each in effects)}{unless}"
    else:
        yield f"{verb} {len(effects)}{_new(effects) if 'pen' in verb else ''}{unless}:"
        yield from _listed([each.text for each in _worst_first(effects)])


def _new(effects: Sequence[Effect]) -> str:
    """How much is about what was not there before."""
    new = sum(each.is_new for each in effects)
    return "" if not new else ", all about what is new" if new == len(effects) else f", {new} about what is new"


def _worst_first(effects: Sequence[Effect]) -> list[Effect]:
    """What is about what was there before what is new, and of each what anybody outside can do before the rest."""
    return sorted(effects, key=lambda each: (each.is_new, not each.text.startswith(OUTSIDE)))


def examples(proof: ChangeProof) -> tuple[list[Effect], str]:
    """The facts of which an example is shown, and how many have none; what is certain first."""
    every = _worst_first(facts(proof.opens))
    shown = sorted(every, key=lambda each: each.certainty is not Certainty.CERTAIN)[:_MOST]
    more = len(every) - len(shown)
    return shown, f"and {more} more; --json has them all" if more else ""


def _listed(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"  and {len(lines) - _MOST} more; --json has them all"


def _claims(proof: ChangeProof) -> Iterator[str]:
    if not proof.claims and not proof.holding:
        return
    wrong = [each for each in proof.claims if each.state in (ClaimState.BROKEN, ClaimState.BROKEN_BEFORE)]
    otherwise = [each.claim for each in proof.claims if each.state is ClaimState.OTHERWISE]
    words = [f"{len(wrong)} broken"] if wrong else []
    words += [f"{proof.holding} hold"]
    words += [f"{len(otherwise)} of them by another way ({', '.join(otherwise)})"] if otherwise else []
    for state, verb in _STATES.items():
        several = [each.claim for each in proof.claims if each.state is state]
        words += [f"{', '.join(several)} {verb}"] if several else []
    unsure = [each for each in proof.claims if each.state is ClaimState.UNDECIDED]
    words += [f"{len(unsure)} not decided"] if unsure else []
    listed = [f"{each.claim} {each.state}: {each.text.partition(': ')[0]}" for each in (*wrong, *unsure)]
    yield f"Claims: {', '.join(words)}{':' if listed else '.'}"
    yield from _listed(listed)


_STATES = {ClaimState.MENDED: "again", ClaimState.OTHER: "changed", ClaimState.GONE: "claimed no more"}
"""What is said of claims that are named in the first line alone."""


def _stopped(places: Sequence[str]) -> str:
    return f"still stopped by {', '.join(places)}" if places else "still stopped by several together"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def changes(proof: ChangeProof) -> str:
    """How much differs in the Terraform, and what."""
    if not proof.changed:
        return ""
    if proof.changed[0].startswith(TEXT_OF):
        return f"Changes no resource, only {_some(proof.changed)}"
    return f"Changes {count(len(proof.changed), 'resource')}: {_some(proof.changed)}"


def acknowledgement(proof: ChangeProof) -> str:
    """How to acknowledge what opens; empty where nothing does."""
    return f"To accept it: --acknowledge {proof.id}" if proof.id else ""
