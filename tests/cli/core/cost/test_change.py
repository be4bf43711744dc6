"""What a change costs, in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.cost.change import NOTHING_MORE, cost_change
from cli.core.cost.estimate import estimate
from cli.core.cost.model import Estimate
from cli.core.cost.usage import quantities
from tests.support.reading import load_files

KEY = 'resource "aws_kms_key" "{}" {{}}\n'
NAT = 'resource "aws_nat_gateway" "a" {}\n'
GROUP = """
resource "aws_subnet" "a" {{}}
resource "aws_launch_template" "a" {{
  instance_type = "t4g.small"
  block_device_mappings {{
    ebs {{
      volume_type = "gp2"
      volume_size = 1
    }}
  }}
}}
resource "aws_autoscaling_group" "a" {{
  min_size = 1
  max_size = {}
  launch_template {{ id = aws_launch_template.a.id }}
  vpc_zone_identifier = [aws_subnet.a.id]
}}
"""
DOMAINS = 'resource "aws_route53_resolver_firewall_domain_list" "a" {{\n  domains = [{}]\n}}\n'
NEW = 'resource "aws_new_thing" "a" {\n  size = 1\n}\n'


def of(directory: Path, hcl: str) -> Estimate:
    """What some HCL costs."""
    return estimate([load_files(directory, {"main.tf": hcl})], quantities())


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (NAT, NAT, "Costs nothing more."),
        (DOMAINS.format('"a.example"'), DOMAINS.format('"a.example", "b.example"'), "Costs nothing more."),
        (
            KEY.format("a"),
            KEY.format("a") + KEY.format("b"),
            "Costs +1.00 USD a month, +100% (root module +1.00); usage-driven +0.30 USD a month, as assumed.",
        ),
        (
            NAT,
            "",
            "Costs -32.85 USD a month, -100% (root module -32.85); usage-driven -4.50 USD a month, as assumed.",
        ),
        (
            GROUP.format(1),
            GROUP.format(3),
            "Costs +0.00 to +24.73 USD a month (root module +0.00 to +24.73).",
        ),
        (
            GROUP.format(3),
            GROUP.format(1),
            "Costs -24.73 to +0.00 USD a month (root module -24.73 to +0.00).",
        ),
        (
            NAT,
            NAT + NEW,
            "Costs ? USD a month (root module ?); not known: aws_new_thing.a.",
        ),
        (
            NAT + NEW,
            NAT,
            "Costs ? USD a month (root module ?); was not known: aws_new_thing.a.",
        ),
    ],
)
def test_the_line(tmp_path: Path, before: str, after: str, line: str) -> None:
    assert cost_change(of(tmp_path / "before", before), of(tmp_path / "after", after)) == line


CACHE = 'resource "aws_elasticache_cluster" "a" {{\n  node_type = "{}"\n  num_cache_nodes = {}\n{}}}\n'
CHANGES = "Costs ? USD a month (root module ?); changes, price not known: {}."


@pytest.mark.parametrize(
    ("before", "after", "address"),
    [
        (CACHE.format("cache.no-type", 2, ""), CACHE.format("cache.no-type", 3, ""), "aws_elasticache_cluster.a"),
        (NEW, NEW.replace("1", "2"), "aws_new_thing.a"),
        (f'variable "n" {{}}\n{NEW}', f'variable "n" {{}}\n{NEW.replace("1", "var.n")}', "aws_new_thing.a"),
        (
            'variable "n" {}\nresource "aws_nat_gateway" "a" {\n  count = var.n\n}\n',
            'variable "n" {}\nresource "aws_nat_gateway" "a" {\n  count = var.n\n  private_ip = "10.0.0.1"\n}\n',
            "aws_nat_gateway.a",
        ),
        (
            'module "m" {\n  source = "elsewhere/m/aws"\n  size   = 1\n}\n',
            'module "m" {\n  source = "elsewhere/m/aws"\n  size   = 2\n}\n',
            "module.m",
        ),
    ],
)
def test_what_changes_and_is_not_known_on_both_sides_is_named(
    tmp_path: Path, before: str, after: str, address: str
) -> None:
    line = cost_change(of(tmp_path / "before", before), of(tmp_path / "after", after))
    assert line.replace("module.m ?", "root module ?") == CHANGES.format(address)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NEW, NEW),
        (NEW, NEW.replace("size", 'tags = { a = "b" }\n  size')),
        (CACHE.format("cache.no-type", 2, ""), CACHE.format("cache.no-type", 2, "  port = 1\n")),
    ],
)
def test_what_is_not_known_and_costs_alike_is_nothing_more(tmp_path: Path, before: str, after: str) -> None:
    assert cost_change(of(tmp_path / "before", before), of(tmp_path / "after", after)) == NOTHING_MORE


CERTIFICATE = 'resource "aws_acm_certificate" "a" {{\n  options {{ export = "{}" }}\n}}\n'
BROKER = 'resource "aws_mq_broker" "a" {{\n  host_instance_type = "{}"\n}}\n'
NODES = """
resource "aws_eks_node_group" "a" {{
  scaling_config {{
    min_size = 1
    max_size = {}
  }}
}}
"""


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            BROKER.format("mq.m5.large"),
            BROKER.format("mq.no-type"),
            "Costs -210.24 + ? USD a month (root module -210.24 + ?); not known: aws_mq_broker.a.",
        ),
        (
            BROKER.format("mq.no-type"),
            BROKER.format("mq.m5.large"),
            "Costs +210.24 + ? USD a month (root module +210.24 + ?); was not known: aws_mq_broker.a.",
        ),
        (
            BROKER.format("mq.no-type"),
            BROKER.format("mq.no-other"),
            "Costs ? USD a month (root module ?); not known: aws_mq_broker.a; was not known: aws_mq_broker.a.",
        ),
        (
            CERTIFICATE.format("ENABLED"),
            CERTIFICATE.format("DISABLED"),
            "Costs ? USD a month (root module ?); was not known: aws_acm_certificate.a.",
        ),
        (
            NODES.format(1),
            NODES.format(2),
            (
                "Costs +0.00 to +30.37 + ? USD a month (root module +0.00 to +30.37 + ?); changes, price not known: "
                "aws_eks_node_group.a."
            ),
        ),
    ],
)
def test_a_price_that_is_not_known_is_not_nothing(tmp_path: Path, before: str, after: str, line: str) -> None:
    assert cost_change(of(tmp_path / "before", before), of(tmp_path / "after", after)) == line


UNKNOWN = 'resource "aws_elasticache_cluster" "a" {\n  node_type = "no-type.of-aws"\n}\n'


def test_what_is_in_another_module_costs_nothing_more(tmp_path: Path) -> None:
    sides = []
    for name in ("app", "web"):
        files = {"main.tf": f'module "{name}" {{\n  source = "./m"\n}}\n', "m/main.tf": NAT + UNKNOWN}
        sides.append(estimate([load_files(tmp_path / name, files)], quantities()))
    assert cost_change(sides[0], sides[1]) == NOTHING_MORE
