"""What somebody can become in several steps."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policies.access.becoming import ANY_PERMISSION
from policies.access.escalation import Gain
from policies.access.escalation_actions import Escalation
from policies.access.paths import escalation_paths
from tests.support.access import role_thing


def assume(name: str, *, is_certain: bool = True) -> Gain:
    """To take a role."""
    return Gain(Escalation.ASSUME, role_thing(name), ("sts:AssumeRole",), (name,), is_certain=is_certain)


def rewrite(name: str) -> Gain:
    """To write a role's policies."""
    return Gain(Escalation.REWRITE, role_thing(name), ("iam:PutRolePolicy",), strengthens=(name,))


def found(gains: Mapping[str, tuple[Gain, ...]]) -> dict[str, list[str]]:
    """What `start` can become, with the kind of each step."""
    paths = escalation_paths("start", lambda key: gains.get(key, ()))
    return {each.becomes: [f"{step.by.value} {step.thing.key}" for step in each.steps] for each in paths}


def test_the_fewest_steps_to_each() -> None:
    gains = {"start": (assume("a"), assume("b")), "a": (assume("c"), assume("start")), "b": (assume("a"),)}
    assert found(gains) == {"a": ["assume a"], "b": ["assume b"], "c": ["assume a", "assume c"]}


def test_nothing_gives_nothing() -> None:
    assert found({}) == {}
    assert found({"other": (assume("a"),)}) == {}


def test_who_writes_their_own_policies_has_any_permission() -> None:
    assert found({"start": (rewrite("start"),)}) == {ANY_PERMISSION: ["rewrite start"]}


def test_who_writes_the_policies_of_others_must_be_able_to_be_one_of_them() -> None:
    assert found({"start": (rewrite("a"),)}) == {}
    both = {"start": (rewrite("a"), assume("a"))}
    assert found(both) == {"a": ["assume a"], ANY_PERMISSION: ["rewrite a", "assume a"]}
    later = {"start": (assume("a"),), "a": (rewrite("start"),)}
    assert found(later)[ANY_PERMISSION] == ["assume a", "rewrite start"]


@pytest.mark.parametrize("by", sorted({*Escalation} - {Escalation.CREATE, Escalation.JOIN, Escalation.REWRITE}))
def test_other_gains_strengthen_nobody_without_limit(by: Escalation) -> None:
    gain = Gain(by, role_thing("start"), ("iam:DeleteRolePolicy",), strengthens=("start",))
    assert found({"start": (gain,)}) == {}


def test_one_assumed_step_makes_a_path_assumed() -> None:
    gains = {"start": (assume("a", is_certain=False),), "a": (assume("b"),)}
    paths = list(escalation_paths("start", lambda key: gains.get(key, ())))
    assert [each.is_certain for each in paths] == [False, False]


def test_a_sure_path_is_taken_before_a_shorter_one_that_is_assumed() -> None:
    gains = {"start": (assume("a", is_certain=False), assume("b")), "b": (assume("a"),)}
    paths = {each.becomes: each for each in escalation_paths("start", lambda key: gains.get(key, ()))}
    shown = {name: (len(each.steps), each.is_certain) for name, each in paths.items()}
    assert shown == {"a": (2, True), "b": (1, True)}
