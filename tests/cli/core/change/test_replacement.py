"""What Terraform replaces, as far as the Terraform itself tells it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.core.change.model import ChangeProof
from cli.core.change.replacement_facts import forcing, known_types
from cli.core.change.text import headlines
from cli.core.diff.snapshots import change_between
from cli.core.plans.stateful import STATEFUL_TYPES
from tests.support.changes import change

PROVIDERS = """
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "ireland"
  region = "eu-west-1"
}
"""
TABLE = f"""{PROVIDERS}
variable "n" {{}}
resource "aws_dynamodb_table" "t" {{
  name           = "t"
  hash_key       = "id"
  stream_enabled = false
}}
"""
NO, MAY, YES = None, False, True


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"t"\n', '"other"\n', YES),
        ('"id"', '"key"', YES),
        ('"id"', "var.n", MAY),
        ("stream_enabled = false", "stream_enabled = true", NO),
        ("stream_enabled = false", "range_key = null", NO),
        ("stream_enabled = false", 'range_key = "r"', YES),
        ("us-east-1", "us-east-2", YES),
        ('region = "us-east-1"', "region = var.n", MAY),
        ("stream_enabled = false", 'region = "us-east-1"', NO),
        ("stream_enabled = false", 'region = "us-east-2"', YES),
        ("eu-west-1", "eu-west-2", NO),
        ("stream_enabled = false", "provider = aws.ireland", YES),
        ("stream_enabled = false", 'local_secondary_index {\n name = "i"\n }', YES),
        ('"id"\n', '"key"\n lifecycle {\n ignore_changes = [hash_key]\n }\n', NO),
        ('"id"\n', '"key"\n lifecycle {\n ignore_changes = all\n }\n', NO),
        ('"id"\n', '"key"\n lifecycle {\n create_before_destroy = true\n }\n', YES),
    ],
)
def test_replacement_destroys_data(old: str, new: str, expected: bool | None, tmp_path: Path) -> None:
    assert TABLE.count(old) == 1
    proof = change(tmp_path, TABLE, TABLE.replace(old, new))
    assert [each.address for each in proof.destroys] == (["aws_dynamodb_table.t"] if expected else [])
    assert _found(proof).get("aws_dynamodb_table.t") is expected
    assert proof.keeps_data is (expected is NO)


def _found(proof: ChangeProof) -> Mapping[str, bool]:
    return {each.address: each.is_certain for each in proof.replaced}


def _resource(type_: str, body: str) -> str:
    return f'{PROVIDERS}\nvariable "n" {{}}\nresource "{type_}" "r" {{\n{body}\n}}\n'


@pytest.mark.parametrize(
    ("type_", "old", "new", "expected"),
    [
        # what is not set, and the provider keeps or makes up
        ("aws_sqs_queue", 'name = "a"', "", NO),
        ("aws_sqs_queue", "", 'name = "a"', MAY),
        ("aws_sqs_queue", 'name = "a"', 'name_prefix = "a"', MAY),
        ("aws_sqs_queue", 'name_prefix = "a"', 'name_prefix = "b"', YES),
        # what has a default
        ("aws_sqs_queue", "fifo_queue = false", "", NO),
        ("aws_sqs_queue", "fifo_queue = true", "", YES),
        ("aws_kms_key", "", 'key_usage = "SIGN_VERIFY"', YES),
        ("aws_kms_key", "", 'key_usage = "ENCRYPT_DECRYPT"', NO),
        ("aws_mq_broker", 'deployment_mode = "SINGLE_INSTANCE"', "", NO),
        ("aws_vpc", "", 'instance_tenancy = "default"', NO),
        ("aws_spot_fleet_request", "", 'fleet_type = "maintain"', MAY),
        ("aws_mq_broker", "", "publicly_accessible = true", YES),
        ("aws_mq_broker", 'publicly_accessible = "false"', "publicly_accessible = false", NO),
        # the order of a list
        ("aws_mq_broker", 'subnet_ids = ["a", "b"]', 'subnet_ids = ["b", "a"]', MAY),
        ("aws_mq_broker", 'subnet_ids = ["a", "b"]', 'subnet_ids = ["b", "c"]', YES),
        ("aws_mq_broker", 'subnet_ids = ["a"]', "subnet_ids = [var.n]", MAY),
        # blocks: what is in them, and whether they are there
        ("aws_mq_broker", 'user {\n username = "a"\n }', 'user {\n username = "b"\n }', NO),
        (
            "aws_mq_broker",
            "encryption_options {\n use_aws_owned_key = true\n }",
            "encryption_options {\n use_aws_owned_key = false\n }",
            YES,
        ),
        ("aws_mq_broker", "encryption_options {\n use_aws_owned_key = false\n }", "", MAY),
        (
            "aws_msk_cluster",
            'broker_node_group_info {\n client_subnets = ["a"]\n }',
            'broker_node_group_info {\n client_subnets = ["b"]\n }',
            YES,
        ),
        # a condition of the provider decides
        ("aws_msk_cluster", 'kafka_version = "3.8.x"', 'kafka_version = "3.9.x"', MAY),
        ("aws_ssm_parameter", 'tier = "Standard"', 'tier = "Advanced"', MAY),
        ("aws_instance", 'user_data = "a"', 'user_data = "b"', NO),
        ("aws_instance", 'user_data = "a"', 'user_data = "b"\n user_data_replace_on_change = true', MAY),
        ("aws_instance", 'user_data = "a"', 'user_data = "b"\n user_data_replace_on_change = var.n', MAY),
        ("aws_lb", 'subnets = ["a", "b"]', 'subnets = ["a", "b", "c"]', NO),
        ("aws_lb", 'subnets = ["a"]', 'subnets = ["b"]\n load_balancer_type = var.n', MAY),
        (
            "aws_lb",
            'load_balancer_type = "network"\n subnets = ["a", "b"]',
            'load_balancer_type = "network"\n subnets = ["a"]',
            MAY,
        ),
        # it forces where it comes or goes
        ("aws_vpc_security_group_ingress_rule", 'cidr_ipv4 = "10.0.0.0/8"', 'cidr_ipv4 = "10.0.0.0/9"', NO),
        ("aws_vpc_security_group_ingress_rule", 'cidr_ipv4 = "10.0.0.0/8"', 'prefix_list_id = "pl-1"', YES),
        # types that are in no region, of other providers, and of Terraform itself
        ("aws_route53_zone", 'comment = "a"', 'comment = "b"', NO),
        ("random_password", "length = 1", "length = 2", MAY),
        ("aws_not_yet_there", "", 'name = "a"', MAY),
        ("terraform_data", "input = 1", "input = 2", NO),
        ("terraform_data", "triggers_replace = 1", "triggers_replace = 2", YES),
    ],
)
def test_arguments_force_as_the_provider_has_it(
    type_: str, old: str, new: str, expected: bool | None, tmp_path: Path
) -> None:
    proof = change(tmp_path, _resource(type_, old), _resource(type_, new))
    assert _found(proof).get(f"{type_}.r") is expected


def test_another_region_is_nothing_to_what_is_in_none(tmp_path: Path) -> None:
    zone = _resource("aws_route53_zone", 'name = "a.example"')
    assert not change(tmp_path, zone, zone.replace("us-east-1", "us-east-2")).replaced


NETWORK = """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_mq_broker" "b" {
  broker_name = "b"
  subnet_ids  = [aws_subnet.s.id]
}
resource "aws_ssm_parameter" "p" {
  name  = "p"
  value = aws_mq_broker.b.arn
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_vpc.v.main_route_table_id
}
resource "terraform_data" "d" {
  lifecycle {
    replace_triggered_by = [aws_mq_broker.b.id]
  }
}
"""


def test_what_refers_to_what_is_replaced_follows(tmp_path: Path) -> None:
    proof = change(tmp_path, NETWORK, NETWORK.replace("10.0.1.0/24", "10.0.2.0/24"))
    assert {each.address: each.arguments for each in proof.replaced} == {
        "aws_mq_broker.b": ("subnet_ids of aws_subnet.s",),
        "aws_route_table_association.a": ("subnet_id of aws_subnet.s",),
        "aws_subnet.s": ("cidr_block",),
        "terraform_data.d": ("replace_triggered_by aws_mq_broker.b.id",),
    }
    assert all(_found(proof).values())
    lines = list(headlines(proof))
    assert lines[1] == "Destroys data: aws_mq_broker.b (subnet_ids of aws_subnet.s)"
    assert lines[-1] == "Replaces 3: aws_subnet.s (cidr_block), and 2 that follow"


def test_what_may_be_replaced_passes_that_on(tmp_path: Path) -> None:
    after = f'variable "n" {{}}\n{NETWORK}'.replace('"10.0.1.0/24"', "var.n")
    found = _found(change(tmp_path, NETWORK, after))
    assert found.keys() >= {"aws_mq_broker.b", "aws_subnet.s"}
    assert not any(found.values())


def test_what_a_data_source_tells_of_what_is_replaced_is_not_known(tmp_path: Path) -> None:
    before = f"""{NETWORK}
data "aws_subnet" "s" {{
  id = aws_subnet.s.id
}}
data "aws_subnet" "same" {{
  id = data.aws_subnet.s.id
}}
resource "aws_ebs_volume" "v" {{
  availability_zone = data.aws_subnet.same.availability_zone
}}
"""
    proof = change(tmp_path, before, before.replace("10.0.1.0/24", "10.0.2.0/24"))
    assert _found(proof)["aws_ebs_volume.v"] is MAY


def test_a_change_in_place_may_ask_for_a_new_resource(tmp_path: Path) -> None:
    before = """
resource "terraform_data" "release" {
  input = 1
}
resource "aws_sqs_queue" "q" {
  name = "q"
  lifecycle {
    replace_triggered_by = [terraform_data.release]
  }
}
"""
    proof = change(tmp_path, before, before.replace("input = 1", "input = 2"))
    assert {each.address: each.arguments for each in proof.replaced} == {
        "aws_sqs_queue.q": ("replace_triggered_by terraform_data.release",)
    }


def test_a_reference_to_another_resource_is_another_value(tmp_path: Path) -> None:
    other = '\nresource "aws_subnet" "o" {\n vpc_id = aws_vpc.v.id\n cidr_block = "10.0.9.0/24"\n}\n'
    after = (NETWORK + other).replace("[aws_subnet.s.id]", "[aws_subnet.o.id]")
    assert _found(change(tmp_path, NETWORK + other, after))["aws_mq_broker.b"] is YES


def test_a_refusal_of_terraform_is_named(tmp_path: Path) -> None:
    after = TABLE.replace('"id"', '"key"\n lifecycle {\n prevent_destroy = true\n }')
    lines = list(headlines(change(tmp_path, TABLE, after)))
    assert "Destroys data: aws_dynamodb_table.t (hash_key, prevent_destroy refuses that)" in lines


def test_terraform_that_cdktf_wrote_has_its_lifecycle_too(tmp_path: Path) -> None:
    text = '{"resource": {"aws_sqs_queue": {"q": {"name": "a", "lifecycle": {"ignore_changes": ["name"]}}}}}'
    for name, each in (("before", text), ("after", text.replace('"a"', '"b"'))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf.json").write_text(each)
    assert not change_between(tmp_path / "before", tmp_path / "after").replaced


def test_every_type_with_data_is_known() -> None:
    gone = {"aws_qldb_ledger"}  # the provider has it no longer
    assert known_types() >= STATEFUL_TYPES - gone


def test_every_entry_can_be_read() -> None:
    entries = [each for type_ in known_types() for each in (forcing(type_) or {}).values()]
    assert len(entries) > 5000
    assert all(each.path and not each.path.startswith(("~", ".")) for each in entries)
