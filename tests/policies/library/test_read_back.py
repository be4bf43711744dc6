"""Plans: a rule that goes or changes is not what its group, network ACL or route table still shows."""

from __future__ import annotations

from typing import Any

from policies.library.model import Configuration
from policies.library.terraform.plan import load_plan
from tests.support.terraform_plans import Planned, plan_of

PEERS: dict[str, Any] = {
    "cidr_blocks": [],
    "ipv6_cidr_blocks": [],
    "prefix_list_ids": [],
    "security_groups": [],
    "self": False,
}


def planned(type_: str, values: dict[str, Any], *changes: dict[str, Any], written: Any = None) -> Configuration:
    """The configuration of a plan with one resource, called `r`, and changes of others."""
    resource = Planned(f"{type_}.r", {"id": "r-1", **values}, expressions=written)
    return load_plan(plan_of(resource, changes={f"x.{at}": each for at, each in enumerate(changes)}), "plan.json")


def changed(type_: str, before: dict[str, Any], *actions: str) -> dict[str, Any]:
    """A change of a rule that was as said."""
    return {"type": type_, "change": {"actions": list(actions), "before": before}}


def rule(port: int, **peers: Any) -> dict[str, Any]:
    """An entry of a security group."""
    return {**PEERS, "protocol": "tcp", "from_port": port, "to_port": port, **peers}


def entries(configuration: Configuration, type_: str, name: str) -> list[dict[str, Any]]:
    """The entries that a resource shows."""
    return [dict(block.attributes) for block in configuration.resources[f"{type_}.r"].blocks(name)]


def test_a_rule_that_goes_is_taken_out_of_its_group() -> None:
    shown = [rule(22, cidr_blocks=["0.0.0.0/0", "10.0.0.0/8"]), rule(443, security_groups=["sg-2"])]
    for actions in (("delete",), ("update",), ("delete", "create")):
        before = {"security_group_id": "r-1", "ip_protocol": "tcp", "from_port": 22, "to_port": 22}
        gone = changed("aws_vpc_security_group_ingress_rule", {**before, "cidr_ipv4": "0.0.0.0/0"}, *actions)
        left = entries(planned("aws_security_group", {"ingress": shown}, gone), "aws_security_group", "ingress")
        assert [(each["from_port"], each["cidr_blocks"]) for each in left] == [(22, ("10.0.0.0/8",)), (443, ())]
    before = {"security_group_id": "r-1", "type": "ingress", "protocol": "tcp", "from_port": 443, "to_port": 443}
    gone = changed("aws_security_group_rule", {**before, "source_security_group_id": "sg-2"}, "delete")
    left = entries(planned("aws_security_group", {"ingress": shown}, gone), "aws_security_group", "ingress")
    assert [each["from_port"] for each in left] == [22]


def test_a_rule_with_the_group_itself_and_one_for_all_protocols() -> None:
    before = {"security_group_id": "r-1", "ip_protocol": "tcp", "from_port": 80, "to_port": 80}
    itself = changed("aws_vpc_security_group_egress_rule", {**before, "referenced_security_group_id": "r-1"}, "delete")
    everything = changed(
        "aws_vpc_security_group_egress_rule",
        {"security_group_id": "r-1", "ip_protocol": "-1", "from_port": None, "to_port": None, "cidr_ipv4": "0.0.0.0/0"},
        "delete",
    )
    shown = [rule(80, self=True), {**rule(0, cidr_blocks=["0.0.0.0/0"]), "protocol": "-1"}]
    configuration = planned("aws_security_group", {"egress": shown}, itself, everything)
    assert entries(configuration, "aws_security_group", "egress") == []


def test_what_stays_is_left_alone() -> None:
    shown = {"ingress": [rule(22, cidr_blocks=["0.0.0.0/0"])]}
    before = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_ipv4": "0.0.0.0/0"}
    type_ = "aws_vpc_security_group_ingress_rule"
    for change in (
        changed(type_, {**before, "security_group_id": "r-1"}, "no-op"),
        changed(type_, {**before, "security_group_id": "r-2"}, "delete"),
        changed(type_, {**before, "security_group_id": "r-1", "to_port": 23}, "delete"),
        changed("aws_vpc_security_group_egress_rule", {**before, "security_group_id": "r-1"}, "delete"),
    ):
        assert len(entries(planned("aws_security_group", shown, change), "aws_security_group", "ingress")) == 1
    gone = changed(type_, {**before, "security_group_id": "r-1"}, "delete")
    written = {"ingress": [{"from_port": {"constant_value": 22}}]}
    configuration = planned("aws_security_group", shown, gone, written=written)
    assert len(entries(configuration, "aws_security_group", "ingress")) == 1


def test_entries_and_routes_go_by_what_tells_them_apart() -> None:
    acl = {"ingress": [{"rule_no": 100}, {"rule_no": 110}], "egress": [{"rule_no": 100}]}
    gone = changed("aws_network_acl_rule", {"network_acl_id": "r-1", "rule_number": 100, "egress": False}, "update")
    configuration = planned("aws_network_acl", acl, gone)
    assert [each["rule_no"] for each in entries(configuration, "aws_network_acl", "ingress")] == [110]
    assert [each["rule_no"] for each in entries(configuration, "aws_network_acl", "egress")] == [100]
    table = {"route": [{"cidr_block": "0.0.0.0/0"}, {"cidr_block": "10.0.0.0/8"}]}
    gone = changed("aws_route", {"route_table_id": "r-1", "destination_cidr_block": "0.0.0.0/0"}, "delete")
    configuration = planned("aws_route_table", table, gone)
    assert [each["cidr_block"] for each in entries(configuration, "aws_route_table", "route")] == ["10.0.0.0/8"]
