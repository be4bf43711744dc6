"""The words for actions: all of them are actions that AWS has."""

from __future__ import annotations

from policies.access.read.actions import actions
from policies.access.read.thing_types import THING_TYPES
from policies.access.verbs import actions_of, verbs_of


def test_every_verb_means_actions_that_aws_has() -> None:
    services = sorted({each.service for kinds in THING_TYPES.values() for each in kinds})
    meant = [action for service in services for verb in verbs_of(service) for action in actions_of(service, verb)]
    unknown = [each for each in meant if each.lower() not in actions(each.partition(":")[0])]
    assert {each.partition(":")[0] for each in unknown} == {"bedrock-agentcore"}  # newer than the table of actions


def test_every_thing_has_something_that_can_be_done_to_it() -> None:
    services = {each.service for kinds in THING_TYPES.values() for each in kinds}
    assert {service for service in services if not verbs_of(service)} == set()
