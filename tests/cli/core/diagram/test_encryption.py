"""Which channels are marked as encrypted: only those of which the Terraform says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.diagram.build import picture
from cli.core.diagram.encryption import encrypted
from cli.core.reach.network import configuration_at
from policies.reachability import traffic
from policies.reachability.read import read
from tests.support.reading import load_files

CLUSTER = """
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_msk_cluster" "a" {
  number_of_broker_nodes = 1
  broker_node_group_info {
    instance_type   = "kafka.m7g.large"
    client_subnets  = [aws_subnet.a.id]
    security_groups = []
  }
  ENCRYPTION
}
"""


def cluster(directory: Path, setting: str) -> bool:
    """Whether the TLS port of a cluster with a setting is encrypted for certain."""
    block = f'encryption_info {{\n encryption_in_transit {{\n client_broker = "{setting}"\n }}\n }}' if setting else ""
    configuration = load_files(directory, {"main.tf": CLUSTER.replace("ENCRYPTION", block)})
    return traffic.tcp(9098) <= encrypted(read(configuration), configuration, "aws_msk_cluster.a")


@pytest.mark.parametrize(
    ("setting", "is_encrypted"), [("", True), ("TLS", True), ("TLS_PLAINTEXT", False), ("PLAINTEXT", False)]
)
def test_a_cluster_is_encrypted_where_it_takes_nothing_else(tmp_path: Path, setting: str, is_encrypted: bool) -> None:
    assert cluster(tmp_path, setting) is is_encrypted


def test_what_is_not_known_is_not_marked(tmp_path: Path) -> None:
    assert not cluster(tmp_path, "${var.unknown}")


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_system_has_two_channels_without_a_mark(synthesized_directory: Path, environment: str) -> None:
    configuration = configuration_at(synthesized_directory / "stacks" / environment)
    found = picture(configuration, read(configuration), environment)
    plain = {flow.description.partition(": ")[0] for flow in found.flows if not flow.is_encrypted}
    names = {box.key: box.title for box in found.boxes()}
    assert all("internet" in text for text in plain)
    marked = {names[key] for flow in found.flows if flow.is_encrypted for key in flow.targets}
    assert {"core", "ordering", "event_store", "broker", "cluster", "purchase_gateway"} <= marked


def test_a_target_group_without_tls_is_not_marked(synthesized_directory: Path, tmp_path: Path) -> None:
    text = (synthesized_directory / "stacks" / "prod" / "cdk.tf.json").read_text()
    (tmp_path / "cdk.tf.json").write_text(text.replace('"protocol": "HTTPS"', '"protocol": "HTTP"'))
    configuration = configuration_at(tmp_path)
    found = picture(configuration, read(configuration), "prod")
    names = {box.key: box.title for box in found.boxes()}
    marked = {names[key] for flow in found.flows if flow.is_encrypted for key in flow.targets}
    assert marked & {"core", "ordering", "event_store", "purchase_gateway"} == set()
