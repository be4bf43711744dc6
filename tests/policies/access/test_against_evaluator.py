"""The engine against a second opinion on single requests, over random policies."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from policies.access.domains import described
from policies.access.statements import RESOURCE
from tests.support.random_access import QUESTIONS, Question, asked, known
from tests.support.request_evaluator import AskedOfAws, is_allowed

EXAMPLES = 60


def passing(question: Question, *, surely: bool) -> AskedOfAws | None:
    """A request that the engine says is allowed, with all values that it holds."""
    decisions, caller, thing = asked(question)
    for case in decisions.cases(caller, thing, (question.action,)):
        for path in case.paths:
            found = decisions.find(case, path, (question.action,), surely=surely)
            if found is not None:
                context = {
                    name: described(key.domain, found.masks[key.dimension], found.some.get(key.dimension, ()))
                    for name, key in decisions.space.keys.items()
                }
                resource = decisions.space.resources.example(found.masks[RESOURCE])
                return AskedOfAws(question.who, question.action, resource, {**known(question.who), **context})
    return None


@given(QUESTIONS)
@settings(max_examples=EXAMPLES)
def test_the_request_of_a_yes_is_allowed(question: Question) -> None:
    for surely in (False, True):
        request = passing(question, surely=surely)
        assert request is None or is_allowed(request, question.in_force)


@given(QUESTIONS, st.integers(0, 1000))
@settings(max_examples=EXAMPLES)
def test_no_request_of_a_no_is_allowed(question: Question, seed: int) -> None:
    for surely in (False, True):
        if passing(question, surely=surely) is None:
            requests = question.requests(random.Random(seed), 40)
            assert [each for each in requests if is_allowed(each, question.in_force)] == []
