"""Plans of a public server whose one rule is changed, as Terraform would make them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from policies.library.terraform.load import load_directory
from tests.support.convert import as_plan
from tests.support.hcl import resource

RULE = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "0.0.0.0/0"}
TERRAFORM = (
    resource("aws_vpc.v", cidr_block="10.0.0.0/16")
    + resource("aws_internet_gateway.v", vpc_id="aws_vpc.v.id")
    + resource("aws_subnet.s", vpc_id="aws_vpc.v.id", cidr_block="10.0.1.0/24")
    + resource("aws_route_table.r", vpc_id="aws_vpc.v.id")
    + resource(
        "aws_route.r",
        route_table_id="aws_route_table.r.id",
        destination_cidr_block="0.0.0.0/0",
        gateway_id="aws_internet_gateway.v.id",
    )
    + resource("aws_route_table_association.r", route_table_id="aws_route_table.r.id", subnet_id="aws_subnet.s.id")
    + resource("aws_security_group.web", vpc_id="aws_vpc.v.id")
    + resource("aws_vpc_security_group_ingress_rule.web", security_group_id="aws_security_group.web.id", **RULE)
    + resource(
        "aws_instance.web",
        subnet_id="aws_subnet.s.id",
        associate_public_ip_address=True,
        vpc_security_group_ids=["aws_security_group.web.id"],
    )
)
ADDRESS = "aws_vpc_security_group_ingress_rule.web"


def unchanging(directory: Path) -> Any:
    """A plan that changes nothing, of Terraform that is written to a directory."""
    (directory / "main.tf").write_text(TERRAFORM)
    plan = as_plan(load_directory(directory)[0], applied=True)
    for change in plan["resource_changes"]:
        change["change"]["actions"] = ["no-op"]
    return {**plan, "prior_state": {"values": json.loads(json.dumps(plan["planned_values"]))}}


def changed(plan: Any, **values: Any) -> Any:
    """The plan that gives the rule other values."""
    for each in plan["planned_values"]["root_module"]["resources"]:
        if each["address"] == ADDRESS:
            before = dict(each["values"])
            each["values"] |= values
            change = {"actions": ["update"], "before": before, "after": each["values"], "after_unknown": {}}
            plan["resource_changes"] = [
                *(each for each in plan["resource_changes"] if each["address"] != ADDRESS),
                {"address": ADDRESS, "type": ADDRESS.partition(".")[0], "mode": "managed", "change": change},
            ]
    return plan
