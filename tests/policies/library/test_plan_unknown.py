"""What a plan does not tell: local values, and whether an unknown argument was given or left to AWS."""

from __future__ import annotations

from typing import Any

import pytest

from policies.library.gaps import GapKind
from policies.library.members import members
from policies.library.model import Configuration
from policies.library.terraform.plan import load_plan
from policies.library.values import UnknownValue
from tests.support.terraform_plans import Planned, plan_of

_VPC = Planned("aws_vpc.v", {}, {"id": True}, {})
_LOCAL = {"references": ["local.x"]}


def _log(expression: Any) -> Planned:
    return Planned("aws_flow_log.f", {}, {"vpc_id": True}, {"vpc_id": expression})


def _relevant(*addresses: str) -> list[dict[str, Any]]:
    return [{"resource": address, "attribute": ["id"]} for address in addresses]


def _links(plan: dict[str, Any]) -> tuple[list[str], bool]:
    """The flow logs of the VPC that are certain, and whether there may be more."""
    configuration = load_plan(plan, "plan.json")
    links = configuration.referrers(configuration.resources["aws_vpc.v"], "aws_flow_log", "vpc_id")
    return [each.address for each in links.certain], bool(links.possible)


@pytest.mark.parametrize(
    ("relevant", "links"),
    [
        (_relevant("aws_vpc.v", "aws_subnet.s"), (["aws_flow_log.f"], False)),
        (_relevant("aws_vpc.v", "data.aws_vpc.v"), ([], True)),
        (_relevant("aws_vpc.v", "terraform_data.d"), ([], True)),
        (_relevant("aws_subnet.s"), ([], True)),
        (None, ([], True)),
    ],
)
def test_a_local_value_leads_to_the_only_resource_that_fits(relevant: Any, links: tuple[list[str], bool]) -> None:
    assert _links({**plan_of(_VPC, _log(_LOCAL)), "relevant_attributes": relevant}) == links


def test_a_local_value_beside_a_reference_may_be_anything() -> None:
    plan = {**plan_of(_VPC, _log({"references": ["local.x", "aws_vpc.v.id", "aws_vpc.v"]})), "relevant_attributes": []}
    assert _links(plan) == ([], True)


@pytest.mark.parametrize(("argument", "found"), [("subnet_ids", 2), ("subnet_id", None)])
def test_a_local_value_in_a_list_is_of_every_instance(argument: str, found: int | None) -> None:
    subnets = [Planned(f"aws_subnet.s[{at}]", {}, {"id": True}) for at in range(2)]
    plan = plan_of(*subnets, Planned("aws_lb.l", {}, {argument: True}, {argument: _LOCAL}))
    configuration = load_plan({**plan, "relevant_attributes": _relevant("aws_subnet.s")}, "plan.json")
    value = configuration.resources["aws_lb.l"].get(argument)
    if found is None:
        with pytest.raises(UnknownValue, match="a plan does not show local values"):
            configuration.resources["aws_lb.l"].text(argument)
        assert configuration.resolve(value) == ()
        assert all(configuration.may_refer(value, each) for each in configuration.of_type("aws_subnet"))
    else:
        assert len(configuration.resolve(value)) == found


def test_a_local_value_that_may_be_of_two_groups_makes_nobody_a_member() -> None:
    groups = [Planned(f"aws_security_group.{name}", {}, {"id": True}) for name in ("a", "b")]
    broker = Planned("aws_mq_broker.m", {}, {"security_groups": [True]}, {"security_groups": _LOCAL})
    plan = {
        **plan_of(*groups, broker),
        "relevant_attributes": _relevant("aws_security_group.a", "aws_security_group.b"),
    }
    configuration = load_plan(plan, "plan.json")
    for group in configuration.of_type("aws_security_group"):
        with pytest.raises(UnknownValue, match=r"security_groups = local\.x \(a plan does not show local values\)"):
            bool(members(group, configuration))


def _instance(expression: Any, argument: Any) -> Configuration:
    """An instance in a module, whose argument is unknown and written as an expression."""
    address = "module.m.aws_instance.i"
    resource = {"type": "aws_instance", "name": "i", "mode": "managed", "address": address}
    module = {
        "resources": [
            {**resource, "address": "aws_instance.i", "expressions": {"associate_public_ip_address": expression}}
        ],
        "variables": {"x": {"default": None}},
    }
    plan = {
        "planned_values": {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_x.known",
                        "mode": "managed",
                        "type": "aws_x",
                        "name": "known",
                        "values": {"name": "a"},
                    }
                ],
                "child_modules": [{"address": "module.m", "resources": [{**resource, "values": {}}]}],
            }
        },
        "resource_changes": [
            {"address": address, "change": {"after_unknown": {"associate_public_ip_address": True}}},
            {"address": "aws_x.known", "change": {"after_unknown": {"id": True}}},
        ],
        "configuration": {
            "root_module": {
                "resources": [{"address": "aws_x.known", "mode": "managed", "type": "aws_x", "name": "known"}],
                "module_calls": {"m": {"expressions": {"x": argument} if argument else {}, "module": module}},
            }
        },
    }
    return load_plan(plan, "plan.json")


@pytest.mark.parametrize(
    ("expression", "argument", "is_set"),
    [
        (None, None, False),
        ({"references": ["var.x"]}, None, False),
        ({"references": ["var.x"]}, {"constant_value": None}, False),
        ({"references": ["var.x"]}, {"references": ["var.root"]}, False),
        (
            {"references": ["var.x", "each.key", "path.module"]},
            {"references": ["aws_x.known.name", "aws_x.known"]},
            False,
        ),
        ({"references": ["var.x"]}, {"references": ["aws_x.known.id", "aws_x.known"]}, True),
        ({"references": ["var.x"]}, {"references": ["aws_x.known"]}, True),
        ({"references": ["var.x"]}, {"references": ["local.x"]}, True),
        ({"references": ["var.x", "local.x"]}, None, True),
        ({"references": ["var.x"], "constant_value": "${var.x}"}, None, False),
        ({"references": ["var.x"], "constant_value": "a-${var.x}"}, None, True),  # text, which is never null
        ({}, None, True),
    ],
)
def test_an_unknown_argument_of_known_parts_is_not_set(expression: Any, argument: Any, is_set: bool) -> None:
    (instance,) = _instance(expression, argument).of_type("aws_instance")
    assert instance.has("associate_public_ip_address") is is_set


def test_what_a_plan_defers_is_a_gap() -> None:
    deferred = [{"reason": "instance_count_unknown", "resource_change": {"address": "aws_vpc.w"}}]
    (gap,) = load_plan({**plan_of(_VPC), "deferred_changes": deferred}, "plan.json").gaps
    assert (gap.kind, gap.where) == (GapKind.VALUES, "aws_vpc.w")
