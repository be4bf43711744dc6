"""What decides of a part is the same, whether or not it is known of parts that others have too."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, replace
from typing import Any

from hypothesis import given, settings

from policies.access.alike import Known, signature, signature_but
from policies.access.model import Requester, Thing
from tests.support.random_access import QUESTIONS, Question


def parts(question: Question) -> tuple[Requester, Thing]:
    """Who asks about what."""
    return question.requester(), question.thing()


def decides_without(part: Requester | Thing, name: str) -> Hashable:
    """What decides of a part with nothing in one of its fields."""
    nothing: dict[str, Any] = {name: None}
    return signature(replace(part, **nothing), {})


@given(QUESTIONS, QUESTIONS)
@settings(max_examples=40, deadline=None)
def test_parts_that_are_known_decide_what_they_decide_by_themselves(one: Question, other: Question) -> None:
    known: Known = {}
    several = (*parts(one), *parts(other), *parts(one))
    for each in several:
        assert signature(each, known) == signature(each, {})
    assert [signature(each, known) for each in several[:2]] == [signature(each, known) for each in several[4:]]


@given(QUESTIONS, QUESTIONS)
@settings(max_examples=40, deadline=None)
def test_a_field_that_is_left_out_decides_nothing(one: Question, other: Question) -> None:
    kinds: tuple[tuple[Requester, Requester], tuple[Thing, Thing]] = (
        (one.requester(), other.requester()),
        (one.thing(), other.thing()),
    )
    for mine, theirs in kinds:
        for name in (each.name for each in fields(mine)):
            is_alike = signature_but(mine, {}, name) == signature_but(theirs, {}, name)
            assert is_alike == (decides_without(mine, name) == decides_without(theirs, name))
