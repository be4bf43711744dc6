"""What people read of effects: what several may do is one fact, named by the widest of them if that is everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cli.core.access.table import few
from cli.core.change.model import Certainty, Effect
from policies.access.read.federation import ANYONE_WITH
from policies.access.read.principals import ANONYMOUS, STRANGERS

_EVERYBODY = (ANONYMOUS, STRANGERS, ANYONE_WITH)
"""How the names of those begin who stand for everybody, the widest first."""

OUTSIDE = ("internet", "everyone", *_EVERYBODY, "any principal", "any other principal of account", "arn:")
"""How lines begin of what somebody outside can do."""


def facts(effects: Iterable[Effect]) -> list[Effect]:
    """Effects as facts, in their order: what several may do is one, and what everybody may do covers it all."""
    grouped: dict[str | int, list[Effect]] = {}
    for at, effect in enumerate(effects):
        what = effect.text.removeprefix(effect.who).removesuffix(" more widely").removesuffix(" as widely")
        grouped.setdefault(what if effect.who else at, []).append(effect)
    return [fact for several in grouped.values() for fact in _by_certainty(several)]


def _by_certainty(several: Sequence[Effect]) -> Iterator[Effect]:
    """What is certain, and the rest; what surely holds of everybody covers the rest of those who are no wider."""
    sure = [_width(each.who) for each in several if each.certainty is Certainty.CERTAIN]
    width = min(sure, default=len(_EVERYBODY))

    def is_certain(each: Effect) -> bool:
        return each.certainty is Certainty.CERTAIN or (width < len(_EVERYBODY) and width <= _width(each.who))

    certain = [each for each in several if is_certain(each)]
    unsure = [each for each in several if not is_certain(each)]
    for some in filter(None, (certain, unsure)):
        yield from _folded(some)


def _folded(several: Sequence[Effect]) -> Sequence[Effect]:
    """Effects that differ in who may do it, or how widely, as one if some are of everybody."""
    widest = min(several, key=lambda each: _width(each.who))
    if len(several) == 1:
        return several
    if _width(widest.who) == len(_EVERYBODY):
        alike: dict[str, list[Effect]] = {}
        for each in several:
            alike.setdefault(each.text.removeprefix(each.who), []).append(each)
        return [_joined(each, what) for what, each in alike.items()]
    what = widest.text.removeprefix(widest.who)
    others = [each.who for each in several if each is not widest]
    named = f"{widest.who} and {len(others)} more"
    return [
        replace(
            widest,
            text=f"everyone ({named}){what}" if widest.who == ANONYMOUS else f"{named}{what}",
            witness=(*widest.witness, f"and so: {', '.join(others)}"),
            is_new=all(each.is_new for each in several),
        )
    ]


def _joined(several: Sequence[Effect], what: str) -> Effect:
    """Effects that differ in who may do it alone, as one."""
    if len(several) == 1:
        return several[0]
    names = few([each.who for each in several])
    return replace(several[0], text=f"{names}{what}", is_new=all(each.is_new for each in several))


def _width(name: str) -> int:
    """How few somebody stands for: 0 for everybody."""
    return next((at for at, begin in enumerate(_EVERYBODY) if name.startswith(begin)), len(_EVERYBODY))
