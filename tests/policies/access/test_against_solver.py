"""The engine against z3, which looks among all requests that there are: both find one, or neither does."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings

from policies.access.model import Caller, Position
from tests.support.access import World, endpoint
from tests.support.access_solver import is_possible
from tests.support.random_access import ACTIONS, QUESTIONS, Question, known


@given(QUESTIONS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_the_engine_and_a_solver_agree(question: Question) -> None:
    assume("s3:list" not in str(question.in_force))  # keys with several values are not encoded
    thing = question.thing()
    position = Position("anywhere")
    if question.in_force.endpoint is not None:
        position = Position("endpoint", endpoint(thing.service, *question.in_force.endpoint).endpoint)
    caller = Caller(question.requester(), (position,))
    decisions = World((thing,)).decisions(caller, actions=ACTIONS[question.kind])
    arns = thing.arns["object" if question.kind == "bucket" else "key"]
    solved = is_possible(question.who, question.action, question.in_force, arns, known(question.who))
    assert solved is None or bool(decisions.answer(caller, thing, [question.action])) is solved
