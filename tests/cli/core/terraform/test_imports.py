"""By what resources are imported, and the blocks that say so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.inventory import Inventory
from cli.core.sandbox.state_directory import ServerRecord
from cli.core.terraform import imports


@pytest.mark.parametrize(
    ("type", "id", "body", "by"),
    [
        ("aws_vpc", "vpc-1", {}, "vpc-1"),
        ("aws_vpc", None, {"cidr_block": "10.0.0.0/16"}, None),
        ("aws_iam_role", None, {"name": "role"}, "role"),
        ("aws_iam_role", "role", {"name": "role"}, "role"),
        ("aws_kms_alias", None, {"name": "alias/a"}, "alias/a"),
        ("aws_route", "r-1", {"route_table_id": "${aws_route_table.a.id}"}, None),
        ("aws_backup_selection", "s", {"plan_id": "${aws_backup_plan.a.id}"}, "${aws_backup_plan.a.id}|s"),
        ("aws_backup_selection", None, {"plan_id": "${aws_backup_plan.a.id}"}, None),
        (
            "aws_network_acl_rule",
            "nacl-1",
            {"network_acl_id": "${aws_network_acl.a.id}", "rule_number": 7, "protocol": "tcp"},
            "${aws_network_acl.a.id}:7:tcp:false",
        ),
        (
            "aws_network_acl_rule",
            None,
            {"network_acl_id": "${aws_network_acl.a.id}", "rule_number": 7, "protocol": "-1", "egress": True},
            "${aws_network_acl.a.id}:7:-1:true",
        ),
        ("aws_cloudwatch_log_group", "/a/${b}", {}, "/a/$${b}"),
        ("aws_sns_topic", None, {"name": "a", "account_id": "1", "region": "r"}, "arn:aws:sns:r:1:a"),
        (
            "aws_iam_openid_connect_provider",
            None,
            {"url": "https://token.example.com", "account_id": "1"},
            "arn:aws:iam::1:oidc-provider/token.example.com",
        ),
        ("aws_s3_bucket_policy", None, {"bucket": "${aws_s3_bucket.a.id}"}, "${aws_s3_bucket.a.id}"),
    ],
)
def test_by_what(type: str, id: str | None, body: dict[str, Any], by: str | None) -> None:
    assert imports.import_id(type, id, body) == by


def test_references_are_those_that_terraform_resolves() -> None:
    assert imports.references("${aws_a.one-two_3.id}/${aws_b.x.arn}:$${aws_c.y.id}") == {"aws_a.one-two_3", "aws_b.x"}


def test_references_in_the_arguments_of_functions_are_seen() -> None:
    assert imports.references("${one(aws_a.b-1.options).name}_${aws_c.d.id}") == {"aws_a.b-1", "aws_c.d"}


def test_what_terraform_reads_before_it_imports_is_no_reference() -> None:
    assert imports.references("${data.aws_route53_zone.a.zone_id}_${aws_b.c.name}") == {"aws_b.c"}


def test_ids_stand_for_references_where_they_are_known() -> None:
    by = "${aws_subnet.a.id}/${aws_route_table.b.id}/${aws_vpc.c.arn}"
    assert imports.resolved(by, {"aws_subnet.a": "subnet-1", "aws_vpc.c": "vpc-1"}) == (
        "subnet-1/${aws_route_table.b.id}/${aws_vpc.c.arn}"
    )


def test_blocks_are_in_order_and_quoted() -> None:
    assert imports.blocks({"aws_b.x": 'a"b', "aws_a.x": "1"}) == (
        'import {\n  to = aws_a.x\n  id = "1"\n}\nimport {\n  to = aws_b.x\n  id = "a\\"b"\n}\n'
    )


def test_nothing_that_was_created_unheard_is_lost(synthesized_directory: Path) -> None:
    """It is imported by its name, found in the account by the benchmark of interruptions, or made once more."""
    record = ServerRecord(pid=1, port=1, account_id="1", idle_minutes=1)
    for path in (synthesized_directory / "stacks").glob("*/cdk.tf.json"):
        found = {address.partition(".")[0] for address in Inventory(record, path).addresses()}
        for type_, bodies in json.loads(path.read_bytes())["resource"].items():
            known = {"account_id": "1", "region": "r"}
            named = all(imports.import_id(type_, None, {**each, **known}) for each in bodies.values())
            assert named or type_ in found or type_ in imports.NOT_NEEDED, type_
