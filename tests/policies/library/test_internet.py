"""Which rules of security groups are for the internet, alone or in parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.library.internet import LOOKED_UP_LIST, completes_internet, is_internet
from policies.library.security_groups import permissions
from policies.library.terraform.load import load_directory
from policies.library.values import UnknownValue
from tests.support.hcl import resource

GROUP = 'resource "aws_security_group" "group" {}\n'
VARIABLE = 'variable "port" {\n  type = number\n}\n'


def rule(name: str, cidr: str, protocol: str = "tcp", first: str = "443", last: str = "443") -> str:
    """An inbound rule of the group."""
    ports = "" if protocol == "-1" else f"  from_port = {first}\n  to_port = {last}\n"
    return (
        f'resource "aws_vpc_security_group_ingress_rule" "{name}" {{\n'
        f"  security_group_id = aws_security_group.group.id\n"
        f'  ip_protocol = "{protocol}"\n  cidr_ipv4 = "{cidr}"\n{ports}}}\n'
    )


def judge(path: Path, *rules: str) -> list[str]:
    """For each rule of the group: `alone`, `part` or nothing."""
    (path / "main.tf").write_text(GROUP + VARIABLE + "".join(rules))
    configuration, _ = load_directory(path)
    found = []
    for rule_ in configuration.of_type("aws_vpc_security_group_ingress_rule"):
        (permission,) = permissions(rule_, "ingress")
        part = completes_internet(permission, configuration)
        found.append("alone" if is_internet(permission, configuration) else "part" if part else "")
    return found


def test_one_rule_is_the_internet(tmp_path: Path) -> None:
    assert judge(tmp_path, rule("a", "1.2.3.4/0"), rule("b", "8.8.8.8/32")) == ["alone", ""]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (rule("a", "2.0.0.0/8"), rule("b", "3.0.0.0/8")),
        (rule("a", "2.0.0.0/8"), rule("b", "3.0.0.0/8", first="400", last="500")),
        (rule("a", "2.0.0.0/8", first="1", last="443"), rule("b", "3.0.0.0/8", first="443", last="500")),
        (rule("a", "2.0.0.0/8"), rule("b", "3.0.0.0/8", protocol="-1")),
        (rule("a", "2.0.0.0/8", protocol="-1"), rule("b", "3.0.0.0/8", protocol="-1")),
    ],
)
def test_parts_make_the_internet_where_their_traffic_overlaps(tmp_path: Path, first: str, second: str) -> None:
    assert judge(tmp_path, first, second) == ["part", "part"]


@pytest.mark.parametrize(
    "other",
    [
        rule("b", "3.0.0.0/8", first="444", last="500"),
        rule("b", "3.0.0.0/8", protocol="udp"),
        rule("b", "10.0.0.0/8"),
        rule("b", "8.8.8.0/24"),
    ],
)
def test_other_traffic_and_small_networks_add_nothing(tmp_path: Path, other: str) -> None:
    assert judge(tmp_path, rule("a", "2.0.0.0/8"), other) == ["", ""]


def test_unknown_ports_matter_only_where_they_decide(tmp_path: Path) -> None:
    assert judge(tmp_path, rule("a", "8.8.8.8/32", first="var.port"), rule("b", "9.9.9.9/32")) == ["", ""]
    with pytest.raises(UnknownValue):
        judge(tmp_path, rule("a", "2.0.0.0/8", first="var.port"), rule("b", "3.0.0.0/8"))


def test_small_networks_are_no_part(tmp_path: Path) -> None:
    assert judge(tmp_path, rule("a", "2.0.0.0/8"), rule("b", "3.0.0.0/8"), rule("c", "4.4.4.4/32")) == [
        "part",
        "part",
        "",
    ]


CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing"
DECLARED = """
resource "aws_ec2_managed_prefix_list" "partners" {
  name = "partners"
  entry {
    cidr = "0.0.0.0/0"
  }
}
"""


def named(*names: str) -> str:
    """A list that is looked up by its name in a filter."""
    return resource(f"{LOOKED_UP_LIST}.l", filter={"name": "prefix-list-name", "values": list(names)})


@pytest.mark.parametrize(
    ("looked_up", "expected"),
    [
        (resource(f"{LOOKED_UP_LIST}.l", name=CLOUDFRONT), ""),
        (resource("data.aws_prefix_list.l", name="com.amazonaws.us-east-1.s3"), ""),
        (resource(f"{LOOKED_UP_LIST}.l", name="com.amazonaws.${data.aws_region.r.name}.s3"), ""),
        (named(CLOUDFRONT), ""),
        (named(CLOUDFRONT, "partners"), "unknown"),
        (resource(f"{LOOKED_UP_LIST}.l", name="partners"), "unknown"),
        (resource(f"{LOOKED_UP_LIST}.l", name="partners") + DECLARED, "alone"),
        (resource(f"{LOOKED_UP_LIST}.l", filter={"name": "owner-id", "values": ["AWS"]}), "unknown"),
        (resource(f"{LOOKED_UP_LIST}.l", id="pl-1"), "unknown"),
    ],
)
def test_only_aws_own_lists_are_known_when_looked_up(tmp_path: Path, looked_up: str, expected: str) -> None:
    address = "data.aws_prefix_list.l" if "aws_prefix_list" in looked_up else f"{LOOKED_UP_LIST}.l"
    listed = rule("a", "0.0.0.0/0").replace('cidr_ipv4 = "0.0.0.0/0"', f"prefix_list_id = {address}.id")
    if expected == "unknown":
        with pytest.raises(UnknownValue):
            judge(tmp_path, looked_up, listed)
    else:
        assert judge(tmp_path, looked_up, listed) == [expected]
