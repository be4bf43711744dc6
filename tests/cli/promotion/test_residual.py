"""The difference between what a plan does and what the apply below did."""

from __future__ import annotations

from typing import Any

from cli.engine.plans.model import Attribute, Change, Kind, Plan, Value
from cli.engine.promotion.residual import Unlike, residual


def change(address: str, kind: Kind, *attributes: str) -> Change:
    """A change of some attributes."""
    found = tuple(Attribute(each, Value('"a"'), Value('"b"')) for each in attributes)
    return Change(address, address.split(".")[0], kind, "part", f"part/{address}", found, "")


def plan(*changes: Change) -> Plan:
    """A plan of staging."""
    return Plan("staging", "staging", changes, (), (), ())


def done(kind: str, *attributes: str) -> dict[str, Any]:
    """A change as a record has it."""
    return {"kind": kind, "construct_path": "part/x", "attributes": list(attributes)}


def test_the_same_deeds_leave_nothing() -> None:
    found = residual(
        plan(change("aws_a.x", Kind.CREATE, "name"), change("aws_b.y", Kind.UPDATE, "ami")),
        {"aws_a.x": done("create", "other", "attributes"), "aws_b.y": done("update", "ami")},
    )
    assert found.unlike == ()
    assert found.id == ""


def test_every_other_deed_is_named() -> None:
    found = residual(
        plan(
            change("aws_a.update", Kind.UPDATE, "ami", "tags"),
            change("aws_a.kind", Kind.REPLACE, "ami"),
            change("aws_a.here", Kind.CREATE),
        ),
        {
            "aws_a.update": done("update", "ami"),
            "aws_a.kind": done("update", "ami"),
            "aws_a.below": done("destroy"),
        },
    )
    assert found.unlike == (
        Unlike("aws_a.below", "part/x", "", "destroy"),
        Unlike("aws_a.here", "part/aws_a.here", "create", ""),
        Unlike("aws_a.kind", "part/aws_a.kind", "replace: ami", "update: ami"),
        Unlike("aws_a.update", "part/aws_a.update", "update: ami, tags", "update: ami"),
    )


def test_the_id_is_of_just_this_difference() -> None:
    one = residual(plan(change("aws_a.x", Kind.CREATE)), {})
    assert one.id == residual(plan(change("aws_a.x", Kind.CREATE)), {}).id
    assert one.id != residual(plan(change("aws_a.x", Kind.DESTROY)), {}).id
