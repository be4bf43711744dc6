"""VPC Block Public Access: what it stops, and what is excluded."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.reachability.analysis import answer
from policies.reachability.network import Network
from policies.reachability.read import read
from tests.support.hcl import ANY_TRAFFIC, resource
from tests.support.reading import ReadHcl, load_files

BASE = (
    'variable "on" {\n  type = bool\n}\n'
    + resource("aws_vpc.v", cidr_block="10.0.0.0/16")
    + resource("aws_internet_gateway.g", vpc_id="aws_vpc.v.id")
    + resource(
        "aws_default_route_table.t",
        default_route_table_id="aws_vpc.v.default_route_table_id",
        route={"cidr_block": "0.0.0.0/0", "gateway_id": "aws_internet_gateway.g.id"},
    )
    + resource("aws_subnet.public", vpc_id="aws_vpc.v.id", cidr_block="10.0.1.0/24")
    + resource("aws_subnet.private", vpc_id="aws_vpc.v.id", cidr_block="10.0.2.0/24")
    + resource("aws_nat_gateway.n", subnet_id="aws_subnet.public.id")
    + resource(
        "aws_route_table.p",
        vpc_id="aws_vpc.v.id",
        route={"cidr_block": "0.0.0.0/0", "nat_gateway_id": "aws_nat_gateway.n.id"},
    )
    + resource(
        "aws_route_table_association.p", subnet_id="aws_subnet.private.id", route_table_id="aws_route_table.p.id"
    )
    + resource("aws_security_group.g", vpc_id="aws_vpc.v.id", ingress=ANY_TRAFFIC, egress=ANY_TRAFFIC)
    + "".join(
        resource(
            f"aws_instance.{name}",
            subnet_id=f"aws_subnet.{name}.id",
            vpc_security_group_ids=["aws_security_group.g.id"],
            associate_public_ip_address=name == "public",
        )
        for name in ("public", "private")
    )
)


def options(mode: str) -> str:
    return resource("aws_vpc_block_public_access_options.o", internet_gateway_block_mode=mode)


def exclusion(of: str, mode: str) -> str:
    return resource(
        "aws_vpc_block_public_access_exclusion.e",
        **{of: f"aws_{of[:-3]}.{'v' if of == 'vpc_id' else 'public'}.id"},
        internet_gateway_exclusion_mode=mode,
    )


def opened(network: Network) -> list[str]:
    """What gets through of in, out, and out through the NAT gateway."""
    asked = {
        "in": ("internet", "aws_instance.public"),
        "out": ("aws_instance.public", "internet"),
        "nat": ("aws_instance.private", "internet"),
    }
    return [name for name, ends in asked.items() if answer(network, *ends)]


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("", ["in", "out", "nat"]),
        (options("off"), ["in", "out", "nat"]),
        (options("block-bidirectional"), []),
        (options("block-ingress"), ["nat"]),
        (options("block-bidirectional") + exclusion("vpc_id", "allow-bidirectional"), ["in", "out", "nat"]),
        (options("block-bidirectional") + exclusion("subnet_id", "allow-egress"), ["out", "nat"]),
        (options("block-ingress") + exclusion("subnet_id", "allow-bidirectional"), ["in", "out", "nat"]),
    ],
)
def test_modes(network: ReadHcl, main: str, expected: list[str]) -> None:
    assert opened(network(BASE + main)) == expected


@pytest.mark.parametrize(
    "main",
    [
        options("block-bidirectional").replace("{\n", "{\ncount = var.on ? 1 : 0\n", 1),
        'provider "aws" {\nalias = "elsewhere"\n}\n'
        + options("block-bidirectional").replace("{\n", "{\nprovider = aws.elsewhere\n", 1),
        options("block-bidirectional").replace("{\n", '{\nregion = "eu-west-1"\n', 1),
        resource("aws_vpc_block_public_access_options.o", internet_gateway_block_mode="var.on"),
        options("block-bidirectional") + exclusion("vpc_id", "allow-egress").replace('"allow-egress"', "var.on"),
        options("block-bidirectional") + exclusion("vpc_id", "allow-bidirectional").replace("aws_vpc.v.id", "var.on"),
        options("block-bidirectional")
        + 'module "m" {\n  source = "example/m/aws"\n  vpc = aws_vpc.v.id\n  subnet = aws_subnet.public.id\n}\n',
    ],
    ids=["number", "provider", "region", "mode", "mode of exclusion", "excluded VPC", "module"],
)
def test_what_is_not_known_stops_nothing(network: ReadHcl, main: str) -> None:
    assert opened(network(BASE + main)) == ["in", "out", "nat"]


@pytest.mark.parametrize(("mode", "expected"), [("block-ingress", True), ("block-bidirectional", False)])
def test_an_egress_only_gateway_lets_out_where_ingress_is_blocked(
    network: ReadHcl, mode: str, *, expected: bool
) -> None:
    main = (
        resource("aws_vpc.v", cidr_block="10.0.0.0/16", assign_generated_ipv6_cidr_block=True)
        + resource("aws_egress_only_internet_gateway.g", vpc_id="aws_vpc.v.id")
        + resource(
            "aws_default_route_table.t",
            default_route_table_id="aws_vpc.v.default_route_table_id",
            route={"ipv6_cidr_block": "::/0", "egress_only_gateway_id": "aws_egress_only_internet_gateway.g.id"},
        )
        + resource("aws_subnet.s", vpc_id="aws_vpc.v.id", ipv6_native=True, ipv6_cidr_block="2600:1f18:1:1::/64")
        + resource("aws_security_group.g", vpc_id="aws_vpc.v.id", egress={**ANY_TRAFFIC, "ipv6_cidr_blocks": ["::/0"]})
        + resource("aws_instance.i", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.g.id"])
    )
    assert bool(answer(network(main + options(mode)), "aws_instance.i", "internet")) is expected


CALLED = """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "g" {
  vpc_id = aws_vpc.v.id
}
resource "aws_default_route_table" "t" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.g.id
  }
}
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_default_security_group" "g" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "i" {
  subnet_id                   = aws_subnet.s.id
  associate_public_ip_address = true
}
output "vpc" {
  value = aws_vpc.v.id
}
"""
PROVIDERS = """
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "far"
  region = "us-east-1"
}
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", {"one": False, "two": False}),
        ("  providers = {\n    aws = aws.far\n  }\n", {"one": False, "two": True}),
    ],
    ids=["inherited", "given"],
)
def test_modules_are_where_their_provider_is(tmp_path: Path, more: str, expected: dict[str, bool]) -> None:
    main = PROVIDERS + options("block-bidirectional")
    main += f'module "one" {{\n  source = "./called"\n}}\nmodule "two" {{\n  source = "./called"\n{more}}}\n'
    found = read(load_files(tmp_path, {"main.tf": main, "called/main.tf": CALLED}))
    assert {each: bool(answer(found, "internet", f"module.{each}.aws_instance.i")) for each in expected} == expected


def test_one_of_the_vpcs_of_modules_is_excluded(tmp_path: Path) -> None:
    main = (
        options("block-bidirectional")
        + 'module "v" {\n  for_each = toset(["one", "two"])\n  source = "./called"\n}\n'
        + resource(
            "aws_vpc_block_public_access_exclusion.e", vpc_id="x", internet_gateway_exclusion_mode="allow-bidirectional"
        ).replace('"x"', 'module.v["two"].vpc')
    )
    found = read(load_files(tmp_path, {"main.tf": main, "called/main.tf": CALLED}))
    reached = [name for name in ("one", "two") if answer(found, "internet", f'module.v["{name}"].aws_instance.i')]
    assert reached == ["two"]
