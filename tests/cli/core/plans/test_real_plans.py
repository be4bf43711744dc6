"""A plan that terraform made: of a state that was written by hand, with the AWS provider and without AWS."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from cli.core.base.target import Target
from cli.core.plans.model import Change, Kind, Plan, Widening
from cli.core.plans.reader import read_plan
from cli.core.plans.report import Report, renderer
from tests.support.terraform_plans import plan_by_terraform

KEY = "arn:aws:kms:us-east-1:111111111111:key/11111111-2222-3333-4444-555555555555"
USE = {"deletion_window_in_days": 7, "key_usage": "ENCRYPT_DECRYPT", "customer_master_key_spec": "SYMMETRIC_DEFAULT"}
SECRET = "hunter2"
ROLE = "arn:aws:iam::111111111111:role/server"


def statement(sid: str, actions: list[str], resources: list[str], **more: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, **more}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def user_data(version: int) -> str:
    script = f"#!/bin/sh\nexport DB_PASSWORD={SECRET}\nVERSION={version}\nexec start\n"
    return base64.b64encode(gzip.compress(script.encode(), mtime=0)).decode()


def containers(image: str, level: str) -> str:
    environment = [{"name": "LEVEL", "value": level}, {"name": "API_TOKEN", "value": SECRET}]
    return json.dumps([{"name": "web", "image": image, "essential": True, "environment": environment}])


READ = statement("Read", ["s3:GetObject"], ["arn:aws:s3:::images/*"])
DECRYPT = statement("Decrypt", ["kms:Decrypt"], [KEY])
TLS = {
    **statement("Tls", ["s3:*"], ["arn:aws:s3:::images/*"]),
    "Effect": "Deny",
    "Principal": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
RULE = {"security_group_id": "sg-0a1", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
HTTPS = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}

BEFORE: dict[str, dict[str, Any]] = {
    "aws_s3_bucket.images": {"id": "images", "bucket": "images", "arn": "arn:aws:s3:::images", "policy": policy(TLS)},
    "aws_s3_bucket_policy.images": {"id": "images", "bucket": "images", "policy": policy(TLS)},
    "aws_kms_key.data": {"id": "k", "key_id": "k", "arn": KEY, "multi_region": False, **USE},
    "aws_iam_role.server": {"id": "server", "name": "server", "arn": ROLE, "assume_role_policy": policy(TRUST)},
    "aws_iam_role_policy.server": {
        "id": "server:own",
        "name": "own",
        "role": "server",
        "policy": policy(READ, DECRYPT),
    },
    "aws_launch_template.server": {"id": "lt-0a1", "name": "meals-dev-core-server", "user_data": user_data(1)},
    "aws_security_group.server": {"id": "sg-0a1", "name": "server", "description": "d", "vpc_id": "vpc-0a1"},
    "aws_vpc_security_group_ingress_rule.old": {"id": "sgr-0a1", **RULE, "cidr_ipv4": "0.0.0.0/0"},
    "aws_vpc_security_group_ingress_rule.narrowed": {"id": "sgr-0a2", **RULE, "cidr_ipv4": "10.0.0.0/8"},
    "aws_ecs_task_definition.web": {
        "id": "web",
        "family": "web",
        "container_definitions": containers("web:1", "info"),
    },
    "aws_sqs_queue.old": {"id": "https://sqs.us-east-1.amazonaws.com/111111111111/q", "name": "q"},
    "aws_dynamodb_table.gone": {"id": "orders", "name": "orders", "hash_key": "id"},
    "aws_sns_topic.left": {"id": "arn:aws:sns:us-east-1:111111111111:t", "name": "t"},
}
"""The state."""

BUCKET = "${aws_s3_bucket.images.arn}"
AFTER: dict[str, dict[str, Any]] = {
    "aws_s3_bucket.images": {"bucket": "images"},
    "aws_kms_key.data": {"multi_region": True, **USE},
    "aws_iam_role.server": {"name": "server", "assume_role_policy": policy(TRUST)},
    "aws_iam_role_policy.server": {
        "name": "own",
        "role": "${aws_iam_role.server.name}",
        "policy": policy(
            statement("Read", ["s3:GetObject", "s3:PutObject"], [f"{BUCKET}/*"]),
            statement("Decrypt", ["kms:Decrypt"], ["${aws_kms_key.data.arn}"]),
        ),
    },
    "aws_launch_template.server": {"name": "meals-dev-core-server", "user_data": user_data(2)},
    "aws_security_group.server": {"name": "server", "description": "d", "vpc_id": "vpc-0a1"},
    "aws_vpc_security_group_ingress_rule.new": {
        "security_group_id": "${aws_security_group.server.id}",
        **HTTPS,
        "cidr_ipv4": "0.0.0.0/0",
    },
    "aws_vpc_security_group_ingress_rule.narrowed": {
        "security_group_id": "${aws_security_group.server.id}",
        **HTTPS,
        "cidr_ipv4": "10.1.0.0/16",
    },
    "aws_vpc_security_group_ingress_rule.wide": {
        "security_group_id": "${aws_security_group.server.id}",
        "ip_protocol": "tcp",
        "from_port": 22,
        "to_port": 22,
        "cidr_ipv4": "0.0.0.0/0",
    },
    "aws_ecs_task_definition.web": {"family": "web", "container_definitions": containers("web:2", "debug")},
    "aws_sqs_queue.new": {"name": "q"},
}
"""The Terraform."""


def by_type(resources: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for address, body in resources.items():
        type_, _, name = address.partition(".")
        found.setdefault(type_, {})[name] = {**body, "//": {"metadata": {"path": f"dev/part/{name}"}}}
    return found


def state() -> dict[str, Any]:
    provider = 'provider["registry.terraform.io/hashicorp/aws"]'
    schemas = {"aws_ecs_task_definition": 1, "aws_security_group": 1, "aws_dynamodb_table": 1}
    resources = []
    for address, values in BEFORE.items():
        type_, _, name = address.partition(".")
        instance = {"schema_version": schemas.get(type_, 0), "attributes": values}
        kind = {"mode": "managed", "type": type_, "name": name, "provider": provider}
        resources.append({**kind, "instances": [instance]})
    return {"version": 4, "serial": 1, "lineage": "l", "resources": resources}


@pytest.fixture(scope="module")
def real(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """The plan as terraform shows it, and the Terraform."""
    directory = tmp_path_factory.mktemp("real")
    credentials = {"access_key": "none", "secret_key": "none", "region": "us-east-1"}
    skipped = ("skip_credentials_validation", "skip_metadata_api_check", "skip_requesting_account_id")
    document = {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
        "provider": {"aws": [{**credentials, **dict.fromkeys(skipped, True)}]},
        "moved": [{"from": "aws_sqs_queue.old", "to": "aws_sqs_queue.new"}],
        "removed": [{"from": "aws_sns_topic.left", "lifecycle": {"destroy": False}}],
        "resource": by_type(AFTER),
    }
    (directory / "main.tf.json").write_text(json.dumps(document))
    (directory / "terraform.tfstate").write_text(json.dumps(state()))
    return plan_by_terraform(terraform, directory), document


@pytest.fixture(scope="module")
def plan(real: tuple[Any, Any]) -> Plan:
    content, document = real
    return read_plan(content, document, environment="dev", stack="dev")


def of(plan: Plan, address: str) -> Change:
    return next(change for change in plan.changes if change.address == address)


def lines(plan: Plan, address: str, attribute: str) -> tuple[str, ...]:
    return next(each.lines for each in of(plan, address).attributes if each.path == attribute)


def test_everything_that_happens_is_told_apart(plan: Plan) -> None:
    kinds = {change.address: change.kind for change in plan.changes}
    assert kinds["aws_dynamodb_table.gone"] is Kind.DESTROY
    assert kinds["aws_kms_key.data"] is Kind.REPLACE
    assert kinds["aws_sns_topic.left"] is Kind.FORGET
    assert of(plan, "aws_sqs_queue.new").previous_address == "aws_sqs_queue.old"
    assert [each.path for each in of(plan, "aws_kms_key.data").forced_by] == ["multi_region"]
    assert of(plan, "aws_dynamodb_table.gone").facts == ("hash_key=id", "name=orders")


def test_texts_show_what_differs_and_no_secret(plan: Plan) -> None:
    assert lines(plan, "aws_launch_template.server", "user_data") == ("- VERSION=1", "+ VERSION=2")
    assert '~ [web].environment[LEVEL].value: "info" -> "debug"' in lines(
        plan, "aws_ecs_task_definition.web", "container_definitions"
    )
    for name in ("table", "json", "markdown"):
        assert SECRET not in renderer(name)(Report(plan, Target.AWS))


def test_a_policy_that_is_not_known_yet_is_told_in_words(plan: Plan) -> None:
    assert lines(plan, "aws_iam_role_policy.server", "policy") == (
        "~ Allow role server to read objects and write objects on bucket images",
        "+   action s3:PutObject",
    )


def test_only_what_is_wider_widens_access(plan: Plan) -> None:
    assert [(each.how, each.address, each.text) for each in plan.access] == [
        (
            Widening.WIDENS,
            "aws_s3_bucket_policy.images",
            "no longer: Deny everyone to do everything with bucket images, without TLS",
        ),
        (
            Widening.WIDENS,
            "aws_vpc_security_group_ingress_rule.wide",
            "from the internet (0.0.0.0/0): tcp 22 (security group server)",
        ),
        (Widening.WIDENS, "aws_iam_role_policy.server", "Allow role server to write objects to bucket images"),
    ]
