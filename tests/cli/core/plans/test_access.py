"""What widens access, and what does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cli.core.plans.access import access
from cli.core.plans.model import Widening


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


READ = {"Sid": "A", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]}
WRITE = {**READ, "Sid": "B", "Action": ["s3:PutObject"]}
TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
WORLD = {
    "security_group_id": "sg-1",
    "cidr_ipv4": "0.0.0.0/0",
    "ip_protocol": "tcp",
    "from_port": 443,
    "to_port": 443,
}
CIDR = {"security_group_id": "sg-1", "type": "ingress", "cidr_blocks": ["10.0.0.0/8"], "protocol": "-1", "from_port": 0}


def found(type_: str, before: Any, after: Any, unknown: Any = None, written: Any = None) -> list[tuple[Widening, str]]:
    """How one change widens access."""
    actions = ["create"] if before is None else ["delete"] if after is None else ["update"]
    change = {
        "address": f"{type_}.x",
        "type": type_,
        "mode": "managed",
        "change": {"actions": actions, "before": before, "after": after, "after_unknown": unknown or {}},
    }
    document = {"resource": {type_: {"x": written if written is not None else after or {}}}}
    return [(each.how, each.text) for each in access([change], document, {})]


@pytest.mark.parametrize(
    ("type_", "before", "after", "texts"),
    [
        ("aws_iam_policy", None, {"policy": policy(READ)}, ["may s3:GetObject on arn:aws:s3:::b/*"]),
        (
            "aws_iam_policy",
            {"policy": policy(READ)},
            {"policy": policy(READ, WRITE)},
            ["may s3:PutObject on arn:aws:s3:::b/*"],
        ),
        ("aws_iam_policy", {"policy": policy(READ, WRITE)}, {"policy": policy(READ)}, []),
        (
            "aws_iam_policy",
            {"policy": policy(READ)},
            {"policy": policy({**READ, "Sid": "Z", "Action": "s3:GetObject"})},
            [],
        ),
        ("aws_iam_policy", {"policy": policy(READ)}, None, []),
        (
            "aws_s3_bucket_policy",
            {"policy": policy(TLS)},
            {"policy": policy()},
            ["no longer: * must not s3:* on *, if Bool aws:SecureTransport is false"],
        ),
        (
            "aws_s3_bucket_policy",
            {"policy": policy(TLS)},
            None,
            ["no longer: * must not s3:* on *, if Bool aws:SecureTransport is false"],
        ),
        ("aws_vpc_security_group_ingress_rule", None, WORLD, ["from 0.0.0.0/0: tcp 443 (sg-1)"]),
        (
            "aws_vpc_security_group_egress_rule",
            WORLD,
            {**WORLD, "to_port": 8443},
            ["to 0.0.0.0/0: tcp 443-8443 (sg-1)"],
        ),
        ("aws_vpc_security_group_ingress_rule", WORLD, {**WORLD, "description": "new"}, []),
        ("aws_vpc_security_group_ingress_rule", WORLD, None, []),
        ("aws_security_group_rule", None, CIDR, ["from 10.0.0.0/8: all traffic (sg-1)"]),
        (
            "aws_security_group",
            {"ingress": []},
            {"ingress": [{"cidr_blocks": ["0.0.0.0/0"], "protocol": "tcp", "from_port": 22, "to_port": 22}]},
            ["from 0.0.0.0/0: tcp 22"],
        ),
        (
            "aws_security_group",
            {"egress": [{"cidr_blocks": ["10.0.1.0/24"], "protocol": "tcp", "from_port": 0, "to_port": 65535}]},
            {
                "egress": [
                    {
                        "cidr_blocks": ["10.0.1.0/24", "10.0.2.0/24"],
                        "security_groups": ["sg-2"],
                        "self": True,
                        "protocol": "tcp",
                        "from_port": 0,
                        "to_port": 65535,
                    }
                ]
            },
            ["to 10.0.2.0/24: every tcp port", "to itself: every tcp port", "to sg-2: every tcp port"],
        ),
        ("aws_mq_broker", {"publicly_accessible": False}, {"publicly_accessible": True}, ["is publicly accessible"]),
        ("aws_mq_broker", {"publicly_accessible": True}, {"publicly_accessible": True, "x": 1}, []),
        ("aws_lb", None, {"internal": False}, ["is reachable from the internet"]),
        (
            "aws_s3_bucket_public_access_block",
            {"block_public_acls": True},
            None,
            ["public access to the bucket is no longer blocked"],
        ),
        ("aws_iam_role_policy_attachment", None, {"role": "r", "policy_arn": "arn:p"}, ["r gets arn:p"]),
        (
            "aws_network_acl_rule",
            None,
            {
                "rule_action": "allow",
                "egress": False,
                "cidr_block": "0.0.0.0/0",
                "protocol": "6",
                "from_port": 1,
                "to_port": 2,
            },
            ["network ACL allows from 0.0.0.0/0: tcp 1-2"],
        ),
        ("aws_network_acl_rule", None, {"rule_action": "deny", "cidr_block": "0.0.0.0/0"}, []),
        (
            "aws_route",
            None,
            {"destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"},
            ["route to 0.0.0.0/0 through igw-1"],
        ),
        (
            "aws_network_acl",
            {"ingress": []},
            {"ingress": [{"action": "allow", "cidr_block": "10.0.0.0/8", "protocol": "-1"}]},
            ["network ACL allows from 10.0.0.0/8: all traffic"],
        ),
        (
            "aws_route_table",
            {"route": [{"cidr_block": "10.1.0.0/16", "gateway_id": "vgw-1"}]},
            {"route": [{"cidr_block": "10.1.0.0/16", "gateway_id": "igw-1"}]},
            ["route to 10.1.0.0/16 through igw-1"],
        ),
        ("aws_sns_topic", None, {"name": "t"}, []),
    ],
)
def test_access(type_: str, before: Any, after: Any, texts: list[str]) -> None:
    assert found(type_, before, after) == [(Widening.WIDENS, text) for text in texts]


def test_a_policy_that_is_not_known_yet_is_read_from_the_terraform() -> None:
    written = {"policy": policy({**READ, "Resource": ["${aws_s3_bucket.b.arn}/*"]}, TLS)}
    assert found("aws_iam_policy", None, {}, {"policy": True}, written) == [
        (Widening.MAY_WIDEN, "may s3:GetObject on ${aws_s3_bucket.b.arn}/*")
    ]
    assert found("aws_iam_policy", None, {}, {"policy": True}, {"policy": "${data.x.json}"}) == [
        (Widening.MAY_WIDEN, "policy becomes known only when it is applied")
    ]
    assert found("aws_iam_role", None, {}, {"inline_policy": True}, {"name": "r"}) == []


def test_what_is_known_at_apply_stands_as_it_is_written() -> None:
    rule = {"protocol": "tcp", "from_port": 443, "to_port": 443, "security_groups": [None], "cidr_blocks": []}
    unknown = {"ingress": [{"security_groups": [True]}]}
    written = {"ingress": [{**rule, "security_groups": ["${aws_security_group.lb.id}"]}]}
    text = "tcp 443"
    assert found("aws_security_group", None, {"ingress": [rule]}, unknown, written) == [
        (Widening.WIDENS, f"from aws_security_group.lb.id: {text}")
    ]
    assert found("aws_security_group", None, {"ingress": [rule]}, unknown, {}) == [
        (Widening.WIDENS, f"from something: {text}")
    ]


def test_the_internet_comes_first_in_any_spelling() -> None:
    statement = {**READ, "Principal": {"AWS": "*"}}
    narrowed = {**statement, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    changes = [
        {
            "address": f"{type_}.{at}",
            "type": type_,
            "mode": "managed",
            "change": {"actions": ["create"], "after": after},
        }
        for at, (type_, after) in enumerate(
            [
                ("aws_s3_bucket_policy", {"policy": policy(narrowed)}),
                ("aws_vpc_security_group_ingress_rule", {**WORLD, "cidr_ipv4": "10.0.0.0/8"}),
                ("aws_vpc_security_group_ingress_rule", {**WORLD, "cidr_ipv4": "0.0.0.0/1"}),
                ("aws_s3_bucket_policy", {"policy": policy(statement)}),
                ("aws_lb", {"internal": False}),
            ]
        )
    ]
    addresses = [each.address.rpartition(".")[2] for each in access(changes, {}, {})]
    assert addresses == ["4", "3", "2", "0", "1"]
