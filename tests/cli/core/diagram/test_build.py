"""The picture says what `infra reach` says: every end is in a box, every row is an arrow, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.core.base.progress import ProgressReporter
from cli.core.diagram.build import picture
from cli.core.diagram.draw import draw
from cli.core.diagram.model import Picture
from cli.core.reach import table
from cli.core.reach.network import configuration_at
from policies.library.model import Configuration
from policies.reachability import addresses
from policies.reachability.matrix import matrix
from policies.reachability.network import Network
from policies.reachability.read import read
from tests.support.random_networks import Drawing
from tests.support.reading import load_files
from tests.support.variants import settings_of, synthesized

WEB = """
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "a" { vpc_id = aws_vpc.a.id }
resource "aws_route_table" "a" {
  vpc_id = aws_vpc.a.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.a.id
  }
}
resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.a.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-1b"
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.a.id
}
resource "aws_security_group" "a" {
  vpc_id = aws_vpc.a.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  count                       = NUMBER
  instance_type               = "t4g.small"
  subnet_id                   = aws_subnet.a.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.a.id]
}
resource "aws_sns_topic" "a" {}
resource "aws_sns_topic" "b" {}
"""

TOPICS = 'variable "n" {}\nresource "aws_sns_topic" "c" {\n  count = var.n\n}\n'


def web(directory: Path, number: int) -> Picture:
    """A picture of some servers that are open to the internet."""
    configuration = load_files(directory, {"main.tf": WEB.replace("NUMBER", str(number))})
    return picture(configuration, read(configuration), "web")


def assert_says_what_reach_says(found: Picture, network: Network) -> None:
    """Fail unless rows and arrows are the same, end by end, and every end is in one box."""
    members = {box.key: set(box.members) for box in found.boxes()}
    drawn = [name for box in found.boxes() for name in box.members if box.kind != "outside"]
    rows = table.rows(network, matrix(network))
    ends = {name for row in rows for name in (*row.sources, *row.targets)}
    services = {network.externals[key].name for key in addresses.SERVICES if key in network.externals} & ends
    assert sorted(drawn) == sorted({node.name for node in network.nodes.values()} | services)
    outside = {name for box in (*found.above, *found.below) for name in box.members if box.kind == "outside"}
    assert outside == ends & {end.name for end in network.externals.values()} - services
    assert len(found.flows) == len(rows)
    for flow, row in zip(found.flows, rows, strict=True):
        assert set().union(*(members[key] for key in flow.sources)) == set(row.sources)
        assert set().union(*(members[key] for key in flow.targets)) == set(row.targets)
        assert (flow.through, flow.is_assumed) == (row.path.through, row.path.is_assumed)


def has_names(network: Network) -> bool:
    """Whether each end has a name of its own, as in every network that is read."""
    names = [end.name for end in network.externals.values()] + [node.name for node in network.nodes.values()]
    return len(set(names)) == len(names)


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_one_arrow_for_each_row_of_an_environment(synthesized_directory: Path, environment: str) -> None:
    configuration = configuration_at(synthesized_directory / "stacks" / environment)
    network = read(configuration)
    assert_says_what_reach_says(picture(configuration, network, environment), network)


def test_one_arrow_for_each_row_with_a_vpn(tmp_path: Path) -> None:
    configuration = configuration_at(synthesized(settings_of("dev with every optional part"), tmp_path) / "dev")
    network = read(configuration)
    found = picture(configuration, network, "dev")
    assert_says_what_reach_says(found, network)
    assert "on_premises" in [box.title for box in (*found.above, *found.below)]


def test_one_arrow_for_each_row_of_any_network() -> None:
    networks = [network for network in (Drawing(seed).network() for seed in range(60)) if has_names(network)]
    assert len(networks) > 30
    for network in networks:
        assert_says_what_reach_says(picture(Configuration({}), network, "any"), network)


def test_what_stands_alike_is_one_box(tmp_path: Path) -> None:
    found = web(tmp_path, 5)
    (vpc,) = found.vpcs
    (tier,) = vpc.tiers
    (box,) = tier.boxes
    assert (box.title, box.lines, len(box.members)) == ("web[*]", ("5 EC2 instances",), 5)
    assert box.zones == ("b",)


def test_two_are_two_boxes(tmp_path: Path) -> None:
    (tier,) = web(tmp_path, 2).vpcs[0].tiers
    assert [(box.title, box.lines) for box in tier.boxes] == [
        ("web[0]", ("EC2 instance", "t4g.small")),
        ("web[1]", ("EC2 instance", "t4g.small")),
    ]


def test_a_vpc_in_which_nothing_stands_is_an_empty_frame(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": 'resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }'})
    found = picture(configuration, read(configuration), "a test")
    assert [(vpc.title, vpc.tiers) for vpc in found.vpcs] == [("VPC a 10.0.0.0/16", ())]
    assert list(found.boxes()) == []


def test_subnets_in_which_nothing_stands_are_in_their_tier(tmp_path: Path) -> None:
    subnet = (
        'resource "aws_subnet" "NAME" {\n vpc_id = aws_vpc.a.id\n cidr_block = "BLOCK"\n}\n'
        'resource "aws_route_table_association" "NAME" {\n subnet_id = aws_subnet.NAME.id\n'
        " route_table_id = aws_route_table.a.id\n}\n"
    )
    other = 'resource "aws_route_table" "private" { vpc_id = aws_vpc.a.id }\n'
    public = subnet.replace("NAME", "empty").replace("BLOCK", "10.0.9.0/24")
    private = (
        subnet.replace("NAME", "private").replace("BLOCK", "10.0.10.0/24").replace("table.a.id", "table.private.id")
    )
    text = WEB.replace("NUMBER", "1") + public + other + private
    configuration = load_files(tmp_path, {"main.tf": text})
    found = picture(configuration, read(configuration), "a test")
    assert [([cell.cidr_block for cell in tier.subnets], len(tier.boxes)) for tier in found.vpcs[0].tiers] == [
        (["10.0.1.0/24", "10.0.9.0/24"], 1),
        (["10.0.10.0/24"], 0),
    ]
    assert found.flows == web(tmp_path, 1).flows


def test_the_default_vpc_has_a_frame_of_its_name(tmp_path: Path) -> None:
    text = 'resource "aws_default_vpc" "a" {}\nresource "aws_instance" "a" {}\n'
    configuration = load_files(tmp_path, {"main.tf": text})
    (vpc,) = picture(configuration, read(configuration), "a test").vpcs
    assert (vpc.title, [(tier.title, tier.is_public) for tier in vpc.tiers]) == (
        "Default VPC",
        [("Default subnets", True)],
    )


def test_a_module_that_is_not_here_says_so(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": 'module "a" { source = "terraform-aws-modules/vpc/aws" }'})
    (tier,) = picture(configuration, read(configuration), "a test").vpcs[0].tiers
    assert [(box.title, box.lines) for box in tier.boxes] == [("module.a", ("module that is not here",))]


def test_a_long_name_is_shortened_only_where_it_is_drawn(tmp_path: Path) -> None:
    name = "a_name_that_is_much_too_long_for_the_width_of_a_box"
    text = WEB.replace('"web"', f'"{name}"').replace("NUMBER", "1")
    configuration = load_files(tmp_path, {"main.tf": text})
    found = picture(configuration, read(configuration), "a test")
    assert [box.title for box in found.vpcs[0].tiers[0].boxes] == [f"{name}[0]"]
    drawn = draw(found, "svg", ProgressReporter()).decode()
    assert ">a_name_that_is_mu…width_of_a_box[0]</text>" in drawn
    assert f"<title>{name}[0]</title>" in drawn


def test_a_tier_has_its_subnets_with_zones(tmp_path: Path) -> None:
    found = web(tmp_path, 1)
    (tier,) = found.vpcs[0].tiers
    assert (found.vpcs[0].title, tier.title, tier.is_public) == ("VPC a 10.0.0.0/16", "Public subnets", True)
    assert [(cell.zone, cell.cidr_block) for cell in tier.subnets] == [("eu-west-1b", "10.0.1.0/24")]


def test_services_without_an_address_are_counted(tmp_path: Path) -> None:
    assert [box.lines for box in web(tmp_path, 1).services if box.title == "other services"] == [("2 SNS topics",)]


def test_what_is_outside_is_above_where_it_opens_connections(tmp_path: Path) -> None:
    found = web(tmp_path, 1)
    assert [box.title for box in found.above] == ["internet"]
    assert [flow.sources for flow in found.flows] == [("internet",)]
    assert found.below == ()


def test_vpcs_that_are_not_declared_are_one_frame() -> None:
    found = picture(Configuration({}), Drawing(3).network(), "any")
    assert [vpc.title for vpc in found.vpcs] == ["VPCs that are not declared here"]
    assert [tier.title for tier in found.vpcs[0].tiers] == ["Subnets that are not declared here"]


@pytest.mark.parametrize("number", ["count = var.n", "for_each = var.n", "count = var.n ? 1 : 0"])
def test_of_what_nobody_knows_how_many_there_are_there_are_none_or_some(tmp_path: Path, number: str) -> None:
    text = WEB.replace("count                       = NUMBER", number) + TOPICS
    configuration = load_files(tmp_path, {"main.tf": text})
    found = picture(configuration, read(configuration), "a test")
    (tier,) = found.vpcs[0].tiers
    (box,) = tier.boxes
    assert box.lines == ("EC2 instance", "t4g.small", "none or some")
    assert not box.is_number_known
    assert [each.lines for each in found.services if each.title == "other services"] == [("2 or more SNS topics",)]
    assert 'rx="6" stroke-dasharray="5 3"/>' in draw(found, "svg", ProgressReporter()).decode()
    assert "style.stroke-dash: 4" in draw(found, "d2", ProgressReporter()).decode()
    assert " stroke-dasharray: 5 3" in draw(found, "mmd", ProgressReporter()).decode()
