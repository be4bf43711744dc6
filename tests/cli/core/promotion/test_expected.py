"""The differences that size and identity explain in the real system."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cli.core.plans.model import Kind
from cli.core.promotion.actions import ResourceAction, ResourceActions
from cli.core.promotion.comparison import compare, expected_between
from envs.load import load
from envs.settings import Settings


def created(document: Mapping[str, Any]) -> ResourceActions:
    """What the first apply of an environment does."""
    return {
        f"{type_}.{name}": ResourceAction(Kind.CREATE, "", None)
        for type_, named in document["resource"].items()
        for name in named
    }


@pytest.mark.parametrize(("source", "target"), [("dev", "staging"), ("staging", "prod")])
def test_a_first_promotion_leaves_nothing_to_acknowledge(
    source: str, target: str, synthesized: Mapping[str, Any]
) -> None:
    planned, seen = created(synthesized[target]), created(synthesized[source])
    unexplained = len(compare(planned, seen).unexplained)
    assert unexplained > 0
    found = compare(planned, seen, expected_between(load(target), synthesized[target], load(source)))
    assert found.unexplained == ()
    assert found.explained == unexplained


def test_a_resource_of_the_shape_is_shown(synthesized: Mapping[str, Any]) -> None:
    planned, seen = created(synthesized["prod"]), created(synthesized["staging"])
    lost = next(iter(seen))
    rest = {address: each for address, each in seen.items() if address != lost}
    found = compare(planned, rest, expected_between(load("prod"), synthesized["prod"], load("staging")))
    assert [each.address for each in found.unexplained] == [lost]


def test_where_the_sizes_below_do_not_fit_nothing_is_left_out(synthesized: Mapping[str, Any]) -> None:
    data = load("dev").model_dump(mode="json")
    data["release"]["ami"] = data["release"]["ami"].replace("arm64", "x86_64")
    for server in (*(data["servers"][name] for name in ("core", "ordering")), data["event_store"]["server"]):
        server["instance_type"] = "t3.small"
    data["purchase_gateway"]["server"]["instance_type"] = "t3.small"
    found = expected_between(load("staging"), synthesized["staging"], Settings.model_validate(data))
    assert found.problem.startswith("staging cannot have the identity and sizes of the other side: ")
    assert not found.target_only | found.source_only
    left = compare({"aws_a.x": ResourceAction(Kind.CREATE, "x", None)}, {}, found)
    assert (len(left.unexplained), left.problem) == (1, found.problem)
