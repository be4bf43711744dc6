"""Where things are drawn: nothing on top of anything, nothing outside its frame, and no line through text."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cli.core.base.progress import ProgressReporter
from cli.core.diagram import engine
from cli.core.diagram.build import picture
from cli.core.diagram.geometry import Placed, Rectangle
from cli.core.diagram.graph import TooMuchToPlace, graph
from cli.core.diagram.model import AccountBox, Box, Flow, Picture, RegionBox, Tier, VpcBox
from cli.core.diagram.placing import placed
from cli.core.reach.network import configuration_at
from envs.load import load
from envs.settings import Settings
from policies.library.model import Configuration
from policies.reachability.read import read
from tests.support.random_networks import Drawing
from tests.support.reading import load_files
from tests.support.variants import settings_of, synthesized


def drawn(wanted: Picture) -> Placed:
    """A picture, placed by ELK."""
    return placed(wanted, engine.place(graph(wanted), ProgressReporter()))


def picture_of(settings: Settings) -> Picture:
    """The picture of an environment."""
    with TemporaryDirectory() as directory:
        configuration = configuration_at(synthesized(settings, Path(directory)) / settings.environment)
    return picture(configuration, read(configuration), "a test")


def with_replicas(number: int) -> Settings:
    """prod with a number of subnet replicas."""
    values = load("prod").model_dump()
    values["network"]["replicas"] = number
    return Settings.model_validate(values)


def within(rectangle: Rectangle) -> Rectangle:
    """What is inside a rectangle, without its edge."""
    return Rectangle(rectangle.x + 1, rectangle.y + 1, rectangle.width - 2, rectangle.height - 2)


def assert_well_placed(found: Placed) -> None:
    """Fail where a reader could not tell what belongs to what."""
    headings = {f"the heading of {frame.key}": frame.heading for frame in found.frames}
    named = {**found.boxes, **found.labels, **headings}
    assert [(one, other) for one, other in combinations(named, 2) if named[one].overlaps(named[other])] == []
    crossed = [
        (line.flow, name)
        for line in found.lines
        for segment in line.segments()
        for name, place in named.items()
        if within(place).overlaps(segment)
    ]
    assert crossed == []
    whole = Rectangle(0, 0, found.width, found.height)
    points = [Rectangle(point.x, point.y, 0, 0) for line in found.lines for point in line.points]
    frames = {frame.key: frame.place for frame in found.frames}
    assert all(whole.holds(each) for each in (*named.values(), *points, *frames.values()))
    for frame in found.frames:
        assert frame.place.holds(frame.heading)
    for account in found.picture.accounts:
        for region in account.regions:
            assert frames[account.key].holds(frames[region.key])
            assert all(frames[region.key].holds(frames[vpc.key]) for vpc in region.vpcs)
            assert all(frames[region.key].holds(found.boxes[box.key]) for box in region.services)
        for box in (*found.picture.above, *found.picture.below):
            assert not frames[account.key].overlaps(found.boxes[box.key])
    for vpc in found.picture.vpcs:
        for box in vpc.gateways:
            place = found.boxes[box.key]
            assert place.y < frames[vpc.key].y < place.bottom
            assert not any(frames[tier.key].overlaps(place) for tier in vpc.tiers)
        for tier in vpc.tiers:
            assert frames[vpc.key].holds(frames[tier.key])
            assert all(frames[tier.key].holds(found.boxes[box.key]) for box in tier.boxes)
    tiers = [frames[tier.key] for vpc in found.picture.vpcs for tier in vpc.tiers]
    assert not any(one.overlaps(other) for one, other in combinations(tiers, 2))
    assert not any(
        one.overlaps(other) for one, other in combinations([frames[r.key] for r in found.picture.regions], 2)
    )


def assert_lines_lead_where_flows_do(found: Placed) -> None:
    """Fail unless each flow has one line from each source to its label, and one from there to each target."""
    for flow in found.picture.flows:
        lines = [line for line in found.lines if line.flow == flow.key]
        label = found.labels[flow.key]
        for keys, is_arrow in ((flow.sources, False), (flow.targets, True)):
            ends = [line.points[-1 if is_arrow else 0] for line in lines if line.is_arrow == is_arrow]
            near = [line.points[0 if is_arrow else -1] for line in lines if line.is_arrow == is_arrow]
            places = [found.boxes[key] for key in keys]
            assert len(ends) == len(places)
            assert all(any(touches(place, end.x, end.y) for end in ends) for place in places)
            assert all(touches(label, end.x, end.y) for end in near)


def touches(place: Rectangle, x: float, y: float) -> bool:
    """Whether a point is on the upper or lower edge of a rectangle."""
    return place.x - 0.1 <= x <= place.right + 0.1 and min(abs(y - place.y), abs(y - place.bottom)) <= 0.1


@pytest.mark.parametrize("replicas", [1, 2, 3, 8])
def test_any_number_of_replicas(replicas: int) -> None:
    found = drawn(picture_of(with_replicas(replicas)))
    assert_well_placed(found)
    assert_lines_lead_where_flows_do(found)
    assert found.width < 1_250  # still to be read at the width of a README


def test_every_optional_part() -> None:
    found = drawn(picture_of(settings_of("dev with every optional part")))
    assert_well_placed(found)
    assert_lines_lead_where_flows_do(found)


@pytest.mark.parametrize("seed", range(4))
def test_any_network(seed: int) -> None:
    found = drawn(picture(Configuration({}), Drawing(seed).network(), "a test"))
    assert_well_placed(found)
    assert_lines_lead_where_flows_do(found)


def boxes(number: int) -> tuple[Box, ...]:
    """Some servers."""
    return tuple(Box(f"box-{n}", f"server_{n}", ("EC2 instance",), "server") for n in range(number))


def with_boxes(number: int, *flows: Flow) -> Picture:
    """A picture of so many servers in one tier."""
    vpc = VpcBox("vpc", "VPC", (Tier("tier", "Private subnets", False, (), boxes(number)),))
    account = AccountBox("account", "AWS account", (RegionBox("region", "Region", (vpc,), ()),))
    return Picture("a test", (), (account,), (), flows)


def flows(number: int, ends: int) -> list[Flow]:
    """Flows from so many of the boxes to the next as many."""
    keys = [box.key for box in boxes(2 * ends)]
    traffic = ("tcp 443", (), False, False, "")
    return [Flow(f"flow-{n}", tuple(keys[:ends]), tuple(keys[ends:]), *traffic) for n in range(number)]


def test_boxes_without_flows_are_in_rows() -> None:
    found = drawn(with_boxes(20))
    assert_well_placed(found)
    assert len({place.y for place in found.boxes.values()}) == 4


def test_many_lines_are_placed_in_the_simple_way() -> None:
    many = with_boxes(20, *flows(13, 5))
    options = graph(many)["layoutOptions"]
    assert options["elk.layered.nodePlacement.strategy"] == "BRANDES_KOEPF"
    found = drawn(many)
    assert_well_placed(found)
    assert_lines_lead_where_flows_do(found)


def test_of_too_many_lines_there_is_no_picture() -> None:
    with pytest.raises(TooMuchToPlace, match="101 flows with 1,010 ends: too many for a picture; at most 1,000"):
        graph(with_boxes(10, *flows(101, 5)))


CONNECTED = """
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["111111111111"]
}
provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "b" { cidr_block = "10.1.0.0/16" }
resource "aws_internet_gateway" "a" { vpc_id = aws_vpc.a.id }
resource "aws_egress_only_internet_gateway" "a" { vpc_id = aws_vpc.a.id }
resource "aws_vpn_gateway" "a" { vpc_id = aws_vpc.a.id }
resource "aws_vpc_peering_connection" "a" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.b.id
}
resource "aws_sns_topic" "a" { provider = aws.virginia }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.b.id
  cidr_block = "10.1.1.0/24"
}
resource "aws_instance" "a" { subnet_id = aws_subnet.a.id }
resource "aws_instance" "b" { subnet_id = aws_subnet.b.id }
"""


def test_accounts_regions_and_gateways(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": CONNECTED})
    found = picture(configuration, read(configuration), "a test")
    assert [[region.title for region in account.regions] for account in found.accounts] == [
        ["Region eu-west-1"],
        ["Region us-east-1"],
    ]
    assert [account.title for account in found.accounts] == ["AWS account 111111111111", "AWS account"]
    a, b = found.vpcs
    assert [box.lines[0] for box in a.gateways] == [
        "internet gateway",
        "egress-only internet gateway",
        "virtual private gateway",
        "peering with b",
    ]
    assert [box.lines[0] for box in b.gateways] == ["peering with a"]
    assert_well_placed(drawn(found))


def test_a_vpc_in_which_nothing_stands(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": 'resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }'})
    assert_well_placed(drawn(picture(configuration, read(configuration), "a test")))


def test_what_has_no_network(tmp_path: Path) -> None:
    configuration = load_files(tmp_path, {"main.tf": 'resource "aws_cloudwatch_log_group" "a" { name = "a" }'})
    found = drawn(picture(configuration, read(configuration), "a test"))
    assert (found.boxes, found.lines) == ({}, ())
    assert found.height > 0
