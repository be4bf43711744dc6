"""Core networks of Cloud WAN: segments, sharing, filters, and what is not known of a policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.reachability.analysis import answer
from policies.reachability.explain import is_assumed
from policies.reachability.network import Network
from tests.support.hcl import ANY_TRAFFIC, UNKNOWN, resource
from tests.support.reading import ReadHcl

CORE = "aws_networkmanager_core_network.c"
SSH = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}


def spoke(name: str, number: int, segment: str) -> str:
    """A VPC with a server and a route to the core network, attached with a tag, or without one."""
    return server(name, number, core_network_arn=f"{CORE}.arn") + resource(
        f"aws_networkmanager_vpc_attachment.{name}",
        core_network_id=f"{CORE}.id",
        vpc_arn=f"aws_vpc.{name}.arn",
        subnet_arns=[f"aws_subnet.{name}.arn"],
        **({"tags": {"segment": segment}} if segment else {}),
    )


def server(name: str, number: int, **target: str) -> str:
    """A VPC with a server that anybody may ask for SSH, and a route to all private networks."""
    return (
        resource(f"aws_vpc.{name}", cidr_block=f"10.{number}.0.0/16")
        + resource(f"aws_subnet.{name}", vpc_id=f"aws_vpc.{name}.id", cidr_block=f"10.{number}.1.0/24")
        + resource(
            f"aws_route.{name}",
            route_table_id=f"aws_vpc.{name}.main_route_table_id",
            destination_cidr_block="10.0.0.0/8",
            **target,
        )
        + resource(f"aws_security_group.{name}", vpc_id=f"aws_vpc.{name}.id", ingress=SSH, egress=ANY_TRAFFIC)
        + resource(
            f"aws_instance.{name}",
            subnet_id=f"aws_subnet.{name}.id",
            vpc_security_group_ids=[f"aws_security_group.{name}.id"],
        )
    )


SPOKES = {
    "prod1": "prod",
    "prod2": "prod",
    "dev1": "dev",
    "dev2": "dev",
    "shared": "shared",
    "lab": "lab",
    "other": "other",
    "untagged": "",
}
NETWORK = (
    UNKNOWN
    + resource(CORE, global_network_id="g")
    + "".join(spoke(name, number, segment) for number, (name, segment) in enumerate(SPOKES.items()))
)
BY_TAG = {"rule-number": 2, "conditions": [{"type": "tag-exists", "key": "segment"}]}
POLICY: dict[str, Any] = {
    "segments": [
        {"name": "prod"},
        {"name": "dev", "isolate-attachments": True},
        {"name": "shared"},
        {"name": "lab", "deny-filter": ["shared"]},
    ],
    "segment-actions": [{"action": "share", "segment": "shared", "share-with": "*"}],
    "attachment-policies": [
        {**BY_TAG, "action": {"association-method": "tag", "tag-value-of-key": "segment"}},
        {
            "rule-number": 1,
            "condition-logic": "and",
            "conditions": [
                {"type": "tag-value", "operator": "equals", "key": "segment", "value": "prod"},
                {"type": "attachment-type", "operator": "equals", "value": "vpc"},
            ],
            "action": {"association-method": "constant", "segment": "prod"},
        },
    ],
}


def attached(policy: Any) -> str:
    """A policy as the one of the core network: a reference, or a document that is written as text."""
    text = policy if isinstance(policy, str) else json.dumps(policy)
    return resource(
        "aws_networkmanager_core_network_policy_attachment.p", core_network_id=f"{CORE}.id", policy_document=text
    )


def with_action(**action: Any) -> str:
    """The policy with one action more."""
    named = {name.replace("_", "-"): value for name, value in action.items()}
    return attached({**POLICY, "segment-actions": [*POLICY["segment-actions"], named]})


def verdict(network: Network, source: str, target: str) -> str:
    """`yes`, `assumed` or `no`."""
    found = answer(network, f"aws_instance.{source}", f"aws_instance.{target}")
    return ("assumed" if is_assumed(found) else "yes") if found else "no"


def test_segments(network: ReadHcl) -> None:
    found = network(NETWORK + attached(POLICY))
    asked = {
        ("prod1", "prod2"): "yes",
        ("prod1", "dev1"): "no",
        ("dev1", "dev2"): "no",
        ("dev1", "shared"): "yes",
        ("shared", "prod1"): "yes",
        ("shared", "lab"): "no",
        ("lab", "shared"): "no",
        ("other", "prod1"): "no",
        ("untagged", "prod1"): "assumed",
    }
    assert {ends: verdict(found, *ends) for ends in asked} == asked


@pytest.mark.parametrize(
    ("policy", "ends", "expected"),
    [
        (with_action(action="share", segment="prod", share_with=["dev"]), ("prod1", "dev1"), "yes"),
        (with_action(action="share", segment="prod", share_with={"except": ["dev"]}), ("prod1", "dev1"), "no"),
        (with_action(action="share", segment="prod", share_with={"except": ["dev"]}), ("prod1", "lab"), "yes"),
        (
            with_action(action="send-via", segment="prod", when_sent_to={"segments": ["dev"]}),
            ("prod1", "dev1"),
            "assumed",
        ),
        (
            with_action(
                action="create-route",
                segment="prod",
                destination_cidr_blocks=["10.1.1.0/24"],
                destinations=["blackhole"],
            ),
            ("prod1", "prod2"),
            "no",
        ),
        (attached("var.unknown"), ("prod1", "dev1"), "assumed"),
        (attached(POLICY).replace("{\n", "{\ncount = var.unknown\n", 1), ("prod1", "dev1"), "assumed"),
        (attached(POLICY).replace('\\"prod\\", \\"conditions', "${var.unknown}"), ("prod1", "prod2"), "yes"),
    ],
)
def test_actions(network: ReadHcl, policy: str, ends: tuple[str, str], expected: str) -> None:
    assert verdict(network(NETWORK + policy), *ends) == expected


def test_a_policy_of_a_data_source(network: ReadHcl) -> None:
    document = "data.aws_networkmanager_core_network_policy_document.d"
    made = resource(
        document,
        segments=[{"name": "prod"}, {"name": "dev", "isolate_attachments": True}, {"name": "shared"}],
        segment_actions=[{"action": "share", "segment": "shared", "share_with": ["*"], "share_with_except": ["dev"]}],
        attachment_policies=[
            {
                "rule_number": 1,
                "conditions": {"type": "tag-exists", "key": "segment"},
                "action": {"association_method": "tag", "tag_value_of_key": "segment"},
            }
        ],
    )
    found = network(NETWORK + made + attached(f"{document}.json"))
    asked = {("prod1", "prod2"): "yes", ("dev1", "dev2"): "no", ("prod1", "shared"): "yes", ("dev1", "shared"): "no"}
    assert {ends: verdict(found, *ends) for ends in asked} == asked


def test_sites_and_transit_gateways(network: ReadHcl) -> None:
    gateway = "aws_ec2_transit_gateway.t"
    main = (
        NETWORK
        + attached(POLICY)
        + server("far", 20, transit_gateway_id=f"{gateway}.id")
        + resource(gateway)
        + resource(
            "aws_ec2_transit_gateway_vpc_attachment.far",
            transit_gateway_id=f"{gateway}.id",
            vpc_id="aws_vpc.far.id",
            subnet_ids=["aws_subnet.far.id"],
        )
        + resource(
            "aws_networkmanager_transit_gateway_peering.t",
            core_network_id=f"{CORE}.id",
            transit_gateway_arn=f"{gateway}.arn",
        )
        + resource(
            "aws_networkmanager_transit_gateway_route_table_attachment.t",
            peering_id="aws_networkmanager_transit_gateway_peering.t.id",
            transit_gateway_route_table_arn="arn",
            tags={"segment": "prod"},
        )
        + resource(
            "aws_networkmanager_site_to_site_vpn_attachment.site",
            core_network_id=f"{CORE}.id",
            vpn_connection_arn="arn",
            tags={"segment": "dev"},
        )
    )
    found = network(main)
    asked = {("prod1", "far"): "assumed", ("far", "prod1"): "assumed", ("dev1", "far"): "no"}
    assert {ends: verdict(found, *ends) for ends in asked} == asked
    site = "aws_networkmanager_site_to_site_vpn_attachment.site"
    assert answer(found, site, "aws_instance.shared")
    assert not answer(found, site, "aws_instance.prod1")
