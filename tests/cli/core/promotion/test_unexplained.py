"""The changes of a plan that the source has not seen, and which of them size and identity explain."""

from __future__ import annotations

from typing import Any

import pytest

from cli.core.plans.model import Kind
from cli.core.promotion.actions import ResourceAction
from cli.core.promotion.comparison import ExpectedDifferences, UnexplainedChange, compare, expected_differences


def action(kind: str, *attributes: str, came_from: str = "") -> ResourceAction:
    """What is done to a resource."""
    known = kind in ("update", "replace", "move")
    return ResourceAction(Kind(kind), "part/x", frozenset(attributes) if known else None, came_from)


def test_the_same_actions_leave_nothing() -> None:
    done = {"aws_a.x": action("create"), "aws_b.y": action("update", "ami")}
    found = compare(done, dict(done))
    assert found.unexplained == ()
    assert found.id == ""


def test_every_other_action_is_named() -> None:
    found = compare(
        {
            "aws_a.update": action("update", "ami", "tags"),
            "aws_a.kind": action("replace", "ami"),
            "aws_a.here": action("create"),
            "aws_a.moved": action("move", came_from="aws_a.old"),
        },
        {
            "aws_a.update": action("update", "ami"),
            "aws_a.kind": action("update", "ami"),
            "aws_a.below": action("destroy"),
            "aws_a.moved": action("move", came_from="aws_a.other"),
        },
    )
    assert found.unexplained == (
        UnexplainedChange("aws_a.below", "part/x", "", "destroy"),
        UnexplainedChange("aws_a.here", "part/x", "create", ""),
        UnexplainedChange("aws_a.kind", "part/x", "replace: ami", "update: ami"),
        UnexplainedChange("aws_a.moved", "part/x", "move (was aws_a.old)", "move (was aws_a.other)"),
        UnexplainedChange("aws_a.update", "part/x", "update: ami, tags", "update: ami"),
    )


def test_the_id_is_of_just_this_difference() -> None:
    one = compare({"aws_a.x": action("create")}, {})
    assert one.id == compare({"aws_a.x": action("create")}, {}).id
    assert one.id != compare({"aws_a.x": action("destroy")}, {}).id


EXPECTED = ExpectedDifferences(
    frozenset({"aws_a.three"}), frozenset({"aws_a.two"}), {"aws_a.x": frozenset({"block.size"})}
)


@pytest.mark.parametrize(
    ("address", "planned", "seen"),
    [
        ("aws_a.three", action("create"), None),
        ("aws_a.three", action("update", "tags"), None),
        ('aws_a.three["k"]', action("create"), None),
        ("aws_a.two", None, action("create")),
        ("aws_a.two", None, action("update", "tags")),
        ("aws_a.x", action("update", "block[0].size"), None),
        ("aws_a.x", action("update", "block[0].size", "tags"), action("update", "tags")),
        ("aws_a.x", None, action("update", "block[1].size")),
    ],
)
def test_what_sizes_explain_is_counted_and_not_named(
    address: str, planned: ResourceAction | None, seen: ResourceAction | None
) -> None:
    found = compare({address: planned} if planned else {}, {address: seen} if seen else {}, EXPECTED)
    assert (found.unexplained, found.explained, found.id) == ((), 1, "")


@pytest.mark.parametrize(
    ("address", "planned", "seen"),
    [
        ("aws_a.three", action("replace", "tags"), None),
        ("aws_a.three", action("destroy"), None),
        ("aws_a.three", action("create"), action("update", "tags")),
        ("aws_a.two", action("create"), None),
        ("aws_a.two", None, action("destroy")),
        ("aws_a.x", action("update", "block[0].size", "tags"), None),
        ("aws_a.x", action("update", "block[0].size"), action("update", "tags")),
        ("aws_a.x", action("replace", "block[0].size"), action("update", "block[0].size")),
        ("aws_a.x", action("replace", "block[0].size"), None),
        ("aws_a.x", action("update", "block[0].size", came_from="aws_a.y"), None),
        ("aws_a.x", action("update", "block"), None),
        ("aws_a.other", action("create"), None),
    ],
)
def test_nothing_else_is_left_out(address: str, planned: ResourceAction | None, seen: ResourceAction | None) -> None:
    found = compare({address: planned} if planned else {}, {address: seen} if seen else {}, EXPECTED)
    assert (len(found.unexplained), found.explained) == (1, 0)


def document(**resources: dict[str, Any]) -> dict[str, Any]:
    """Terraform with some resources of one type."""
    return {"resource": {"aws_a": resources}}


def test_two_syntheses_tell_what_is_of_sizes() -> None:
    mine = {"network": {"replicas": 3}, "servers": {"core": {"instance_type": "m7g.large"}}, "domain_name": "a.example"}
    theirs = {
        "network": {"replicas": 2},
        "servers": {"core": {"instance_type": "t4g.small"}},
        "domain_name": "b.example",
    }
    own = document(
        both={"size": 3, "type": "m7g.large", "name": "www.a.example", "blocks": [{"size": 3}, {"size": 9}]},
        same={"size": 3},
        three={},
    )
    as_source = document(
        both={"size": 2, "type": "t4g.small", "name": "www.b.example", "blocks": [{"size": 2}, {"size": 6}]},
        same={"size": 3},
        two={},
    )
    found = expected_differences(own, as_source, mine, theirs)
    assert found.target_only == {"aws_a.three"}
    assert found.source_only == {"aws_a.two"}
    # A name is composed with the domain, and of the blocks one is not the setting itself: both may differ otherwise.
    assert found.attributes == {"aws_a.both": {"size", "type"}}


def test_a_setting_of_the_release_or_the_shape_explains_nothing() -> None:
    mine = {"release": {"ami": "new"}, "edge": {"shape": 2}}
    theirs = {"release": {"ami": "old"}, "edge": {"shape": 1}}
    found = expected_differences(document(x={"ami": "new", "n": 2}), document(x={"ami": "old", "n": 1}), mine, theirs)
    assert found.attributes == {"aws_a.x": frozenset()}
