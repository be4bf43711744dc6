"""Security group rules read alike in whatever resource they are written."""

from pathlib import Path

import pytest

from policies.library.model import Configuration
from policies.library.plaintext import listing, tls_optional, without_tls
from policies.library.ports import traffic
from policies.library.security_groups import Direction, by_group, permissions
from policies.library.terraform.load import load_directory
from policies.library.values import UnknownValue
from tests.support.hcl import ANY_TRAFFIC, UNKNOWN, resource

GROUP = "aws_security_group.group.id"
DYNAMIC = """
variable "rules" {
  type = list(object({ port = number }))
}
resource "aws_security_group" "of_unknown_rules" {
  dynamic "ingress" {
    for_each = var.rules
    content {
      protocol  = "tcp"
      from_port = ingress.value.port
      to_port   = ingress.value.port
      self      = true
    }
  }
}
"""


def rule(address: str, group: str, port: int | None = None, **peer: str) -> str:
    """A rule of one port, or for all traffic."""
    ports = {"from_port": port, "to_port": port} if port else {}
    protocol = "tcp" if port else "-1"
    return resource(f"aws_vpc_security_group_{address}", security_group_id=group, ip_protocol=protocol, **ports, **peer)


TERRAFORM = (
    UNKNOWN
    + resource("data.aws_vpc.main", id="vpc-1")
    + resource(
        "aws_security_group.group",
        ingress={
            "protocol": "tcp",
            "from_port": 443,
            "to_port": 443,
            "cidr_blocks": ["10.0.0.0/8", "8.8.8.8/32"],
            "security_groups": ["sg-1"],
        },
        egress={**ANY_TRAFFIC, "cidr_blocks": []},
    )
    + resource(
        "aws_security_group_rule.older",
        type="ingress",
        security_group_id=GROUP,
        protocol="udp",
        from_port=53,
        to_port=53,
        self=True,
    )
    + rule("ingress_rule.single", GROUP, 8443, cidr_ipv4="data.aws_vpc.main.cidr_block")
    + rule("egress_rule.single", GROUP, 443, prefix_list_id="pl-1")
    + rule("ingress_rule.unknown", "sg-2", 443, cidr_ipv4="var.unknown")
    + rule("ingress_rule.of_same_id", "sg-2", cidr_ipv4="8.8.8.8/32")
    + resource("data.aws_security_group.looked_up", name="looked-up")
    + rule("ingress_rule.of_looked_up", "data.aws_security_group.looked_up.id", cidr_ipv4="8.8.8.8/32")
    + DYNAMIC
    + rule("ingress_rule.of_other_id", "sg-3", cidr_ipv4="8.8.8.8/32")
)


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    (tmp_path / "main.tf").write_text(TERRAFORM)
    return load_directory(tmp_path)[0]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [("ingress", ["tcp 443", "udp 53", "tcp 8443"]), ("egress", ["all traffic", "tcp 443"])],
)
def test_all_rules_of_a_group_are_found(
    configuration: Configuration, direction: Direction, expected: list[str]
) -> None:
    group = configuration.resources["aws_security_group.group"]
    found = by_group(direction, configuration)[group.address]
    assert [str(each.traffic) for each in found] == expected
    assert all(each.group(configuration) == (group,) for each in found)


def test_peers_are_told_apart(configuration: Configuration) -> None:
    group = configuration.resources["aws_security_group.group"]
    inline, older, single = by_group("ingress", configuration)[group.address]
    assert [str(each) for each in inline.public_networks()] == ["8.8.8.8/32"]
    assert inline.groups == ("sg-1",)
    assert older.is_with_itself
    assert single.cidrs  # the network of a VPC is one that is known to be private, whatever it is
    assert single.public_networks() == ()
    empty, prefix_list = by_group("egress", configuration)[group.address]
    assert not empty.has_peers
    assert prefix_list.has_peers
    assert prefix_list.prefix_lists == ("pl-1",)


def test_rules_of_a_group_that_is_declared_elsewhere(configuration: Configuration) -> None:
    found = by_group("ingress", configuration)
    assert {name: [each.declared_by.name for each in rules] for name, rules in found.items()} == {
        "aws_security_group.group": ["group", "older", "single"],
        "sg-2": ["of_same_id", "unknown"],
        "sg-3": ["of_other_id"],
        "data.aws_security_group.looked_up": ["of_looked_up"],
    }


def test_unknown_networks_are_not_taken_for_private(configuration: Configuration) -> None:
    (permission,) = permissions(configuration.resources["aws_vpc_security_group_ingress_rule.unknown"], "ingress")
    with pytest.raises(UnknownValue):
        permission.public_networks()


def test_plaintext_is_named() -> None:
    assert without_tls(traffic("tcp", 5671, 5672)) == ("tcp 5672 (AMQP)",)
    assert without_tls(traffic("udp", 69, 69)) == ("udp 69 (TFTP)",)
    assert without_tls(traffic("tcp", 443, 443)) == ()
    assert tls_optional(traffic("tcp", 5432, 5432)) == ("tcp 5432 (PostgreSQL)",)
    assert listing(("a", "b", "c", "d", "e")) == "a, b, c and 2 more"
    assert listing(("a",)) == "a"
