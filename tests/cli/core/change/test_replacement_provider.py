"""What the running AWS provider replaces is what the facts say: arguments changed one at a time, planned together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.core.change.replacement import replaced
from cli.core.reach.network import configuration_at
from tests.support.terraform_plans import PROVIDER, plan_by_terraform

KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111"
OTHER_KEY = KEY.replace("1111", "2222")
SUBNETS = ["subnet-1", "subnet-2"]
GONE = None
"""The value of an argument that is not set any more."""

CASES: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "aws_backup_vault": ({"name": "aa", "kms_key_arn": KEY}, {"name": "bb", "kms_key_arn": OTHER_KEY}),
    "aws_cloudwatch_log_group": (
        {"name": "a", "retention_in_days": 7, "kms_key_id": KEY},
        {"name": "b", "retention_in_days": 14, "kms_key_id": OTHER_KEY},
    ),
    "aws_dynamodb_table": (
        {"name": "aaa", "billing_mode": "PAY_PER_REQUEST", "hash_key": "h", "attribute": [{"name": "h", "type": "S"}]},
        {"name": "bbb", "deletion_protection_enabled": True, "table_class": "STANDARD_INFREQUENT_ACCESS"},
    ),
    "aws_ecr_repository": (
        {"name": "a", "image_tag_mutability": "MUTABLE"},
        {"name": "b", "image_tag_mutability": "IMMUTABLE"},
    ),
    "aws_efs_file_system": (
        {"creation_token": "a", "encrypted": True, "kms_key_id": KEY, "throughput_mode": "bursting"},
        {"creation_token": "b", "encrypted": False, "kms_key_id": OTHER_KEY, "throughput_mode": "elastic"},
    ),
    "aws_iam_role": (
        {"name": "a", "assume_role_policy": "{}", "path": "/", "description": "a"},
        {"name": "b", "path": "/b/", "description": "b"},
    ),
    "aws_kinesis_stream": ({"name": "a", "shard_count": 1}, {"name": "b", "shard_count": 2}),
    "aws_kms_key": (
        {
            "customer_master_key_spec": "SYMMETRIC_DEFAULT",
            "multi_region": False,
            "description": "a",
            "key_usage": "ENCRYPT_DECRYPT",
        },
        {"customer_master_key_spec": "RSA_2048", "multi_region": True, "description": "b"},
    ),
    "aws_lb": (
        {"name": "a", "internal": True, "load_balancer_type": "application", "idle_timeout": 60, "subnets": SUBNETS},
        {"name": "b", "internal": False, "idle_timeout": 30},
    ),
    "aws_lb_target_group": (
        {"name": "a", "port": 80, "protocol": "HTTP", "vpc_id": "vpc-1", "target_type": "instance"},
        {"name": "b", "target_type": "ip", "deregistration_delay": "30"},
    ),
    "aws_mq_broker": (
        {
            "broker_name": "aaaa",
            "engine_type": "RabbitMQ",
            "engine_version": "3.13",
            "host_instance_type": "mq.m5.large",
            "deployment_mode": "SINGLE_INSTANCE",
            "publicly_accessible": False,
            "subnet_ids": ["subnet-1"],
            "user": [{"username": "aaaaaaaa", "password": "abcdabcdabcdabcd"}],
            "encryption_options": [{"use_aws_owned_key": False, "kms_key_id": KEY}],
        },
        {
            "broker_name": "bbbb",
            "host_instance_type": "mq.m5.xlarge",
            "deployment_mode": "CLUSTER_MULTI_AZ",
            "publicly_accessible": True,
            "subnet_ids": ["subnet-2"],
            "encryption_options": [{"use_aws_owned_key": False, "kms_key_id": OTHER_KEY}],
        },
    ),
    "aws_msk_cluster": (
        {
            "cluster_name": "a",
            "kafka_version": "3.8.x",
            "number_of_broker_nodes": 2,
            "broker_node_group_info": [
                {
                    "instance_type": "kafka.m7g.large",
                    "client_subnets": ["subnet-1"],
                    "security_groups": ["sg-1"],
                    "az_distribution": "DEFAULT",
                }
            ],
        },
        {
            "cluster_name": "b",
            "kafka_version": "3.9.x",
            "number_of_broker_nodes": 4,
            "broker_node_group_info": [
                {
                    "instance_type": "kafka.m7g.large",
                    "client_subnets": ["subnet-2"],
                    "security_groups": ["sg-1"],
                    "az_distribution": "DEFAULT",
                }
            ],
        },
    ),
    "aws_s3_bucket": ({"bucket": "aaa", "force_destroy": False}, {"bucket": "bbb", "force_destroy": True}),
    "aws_secretsmanager_secret": ({"name": "a", "description": "a"}, {"name": "b", "description": "b"}),
    "aws_security_group": (
        {"name": "a", "description": "a", "vpc_id": "vpc-1", "revoke_rules_on_delete": False},
        {"name": "b", "description": "b", "vpc_id": "vpc-2", "revoke_rules_on_delete": True},
    ),
    "aws_sns_topic": ({"name": "a", "display_name": "a", "fifo_topic": False}, {"name": "b", "display_name": "b"}),
    "aws_sqs_queue": (
        {"name": "a", "delay_seconds": 1, "fifo_queue": False},
        {"name": "b", "delay_seconds": 2, "fifo_queue": GONE},
    ),
    "aws_ssm_parameter": ({"name": "a", "type": "String", "value": "a"}, {"name": "b", "value": "b"}),
    "aws_subnet": (
        {"vpc_id": "vpc-1", "cidr_block": "10.0.0.0/24", "availability_zone": "us-east-1a", "ipv6_native": False},
        {
            "vpc_id": "vpc-2",
            "cidr_block": "10.0.1.0/24",
            "availability_zone": "us-east-1b",
            "map_public_ip_on_launch": True,
        },
    ),
    "aws_vpc_security_group_ingress_rule": (
        {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 1, "to_port": 1, "cidr_ipv4": "10.0.0.0/8"},
        {"security_group_id": "sg-2", "to_port": 2, "cidr_ipv4": "11.0.0.0/8"},
    ),
}
"""By type the arguments of a resource, and those that are changed, one at a time. What has a default that forces is
set, as the provider's own state has it."""


def test_the_running_provider_replaces_what_the_facts_say(terraform: str, tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    past, now = {}, {}
    for type_, (arguments, changes) in CASES.items():
        for name, value in changes.items():
            past[f"{type_}.{name}"] = arguments
            now[f"{type_}.{name}"] = {**arguments, name: value}
    for directory, resources in ((before, past), (after, now)):
        directory.mkdir()
        (directory / "provider.tf").write_text(PROVIDER)
        (directory / "resources.tf.json").write_text(json.dumps({"resource": _nested(resources)}, indent=1))
    (after / "terraform.tfstate").write_text(json.dumps(_state(past)))
    plan = plan_by_terraform(terraform, after)
    expected = {
        each.resource.address: each.is_certain for each in replaced(configuration_at(before), configuration_at(after))
    }
    planned = {each["address"]: each["change"]["actions"] == ["delete", "create"] for each in plan["resource_changes"]}
    assert planned.keys() == now.keys()
    assert {address for address, is_certain in expected.items() if not is_certain} == MAY
    assert {address for address, is_certain in expected.items() if is_certain} == {
        address for address, is_replaced in planned.items() if is_replaced and address not in MAY
    }


MAY = {"aws_msk_cluster.kafka_version"}
"""What a condition decides: a version of Kafka that goes down."""


def _nested(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    nested: dict[str, dict[str, Any]] = {}
    for address, body in resources.items():
        type_, _, name = address.partition(".")
        nested.setdefault(type_, {})[name] = body
    return nested


def _state(resources: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """A state in which these are, with what the tests say of them and nothing else."""
    return {
        "version": 4,
        "terraform_version": "1.5.0",
        "serial": 1,
        "lineage": "00000000-0000-0000-0000-000000000000",
        "outputs": {},
        "resources": [
            {
                "mode": "managed",
                "type": address.partition(".")[0],
                "name": address.partition(".")[2],
                "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
                "instances": [{"schema_version": 0, "attributes": {"id": "a", **body}}],
            }
            for address, body in resources.items()
        ],
    }
