"""Network ACLs: which one a subnet has, and its entries in order."""

from __future__ import annotations

import pytest

from policies.reachability.network import Acl
from tests.support.hcl import NETWORK, SERVER, UNKNOWN, resource
from tests.support.reachability_text import entries
from tests.support.reading import ReadHcl

VPC = NETWORK + SERVER + UNKNOWN
ACL = resource("aws_network_acl.n", vpc_id="aws_vpc.v.id", subnet_ids=["aws_subnet.s.id"])


@pytest.fixture
def acl(network: ReadHcl):
    """The ACL of the subnet of some HCL."""

    def read(main: str) -> Acl:
        (subnet,) = network(VPC + main).nodes["aws_instance.i"].subnets
        return subnet.acl

    return read


def rule(arguments: str, name: str = "r") -> str:
    """A rule of the ACL n, which allows TCP 443 from 10.0.0.0/8 unless the arguments say otherwise."""
    defaults = {
        "network_acl_id": "aws_network_acl.n.id",
        "rule_number": "100",
        "rule_action": '"allow"',
        "protocol": '"tcp"',
        "cidr_block": '"10.0.0.0/8"',
        "from_port": "443",
        "to_port": "443",
    }
    for line in arguments.splitlines():
        key, _, value = line.partition("=")
        defaults[key.strip()] = value.strip()
    body = "\n".join(f"{key} = {value}" for key, value in defaults.items() if value != "none")
    return f'resource "aws_network_acl_rule" "{name}" {{\n{body}\n}}\n'


def test_a_subnet_without_an_acl_has_the_default_one_which_allows_all(acl) -> None:
    found = acl("")
    assert entries(found, "ingress") == entries(found, "egress") == ["100 allow all traffic anywhere"]


def test_a_default_acl_that_is_declared_has_what_it_says(acl) -> None:
    found = acl(
        resource(
            "aws_default_network_acl.d",
            default_network_acl_id="aws_vpc.v.default_network_acl_id",
            ingress={
                "rule_no": 10,
                "action": "deny",
                "protocol": -1,
                "from_port": 0,
                "to_port": 0,
                "cidr_block": "0.0.0.0/0",
            },
        )
    )
    assert entries(found, "ingress") == ["10 deny all traffic any IPv4 address"]
    assert entries(found, "egress") == []


def test_rules_are_in_the_order_of_their_numbers_whatever_declares_them(acl) -> None:
    inline = ACL.replace(
        "]\n",
        """
      ]
      ingress {
        rule_no    = 200
        action     = "deny"
        protocol   = "6"
        from_port  = 22
        to_port    = 22
        cidr_block = "10.0.0.0/8"
      }
    """,
        1,
    )
    found = acl(inline + rule("rule_number = 50") + rule("egress = true\nrule_number = 7", "e"))
    assert entries(found, "ingress") == ["50 allow tcp 443 10.0.0.0/8", "200 deny tcp 22 10.0.0.0/8"]
    assert entries(found, "egress") == ["7 allow tcp 443 10.0.0.0/8"]


def test_an_association_on_its_own(acl) -> None:
    found = acl(
        ACL.replace("subnet_ids = [aws_subnet.s.id]", "")
        + resource("aws_network_acl_association.a", subnet_id="aws_subnet.s.id", network_acl_id="aws_network_acl.n.id")
    )
    assert found.key == "aws_network_acl.n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("from_port = 20\nto_port = 30", ["100 allow tcp 20-30 10.0.0.0/8"]),
        ('protocol = "17"', ["100 allow udp 443 10.0.0.0/8"]),
        ('cidr_block = none\nipv6_cidr_block = "::/0"', ["100 allow tcp 443 any IPv6 address"]),
        ('protocol = "icmp"\nicmp_type = 8\nicmp_code = 0', ["100 allow icmp type 8 code 0 10.0.0.0/8"]),
        (
            'rule_action = "deny"\nprotocol = "icmp"\nicmp_type = 8\nicmp_code = 0',
            ["100 deny icmp type 8 code 0 10.0.0.0/8"],
        ),
        ('protocol = "icmp"\nicmp_type = 8\nicmp_code = -1', ["100 allow icmp type 8 10.0.0.0/8"]),
        ('protocol = "icmp"', ["100 allow icmp 10.0.0.0/8?"]),
        (
            'rule_action = "deny"\nprotocol = "icmp"\nicmp_type = -1\nicmp_code = -1',
            ["100 deny icmp 10.0.0.0/8"],
        ),
        ("from_port = none\nto_port = none", ["100 allow every tcp port 10.0.0.0/8"]),
        ('rule_action = "deny"\nfrom_port = none\nto_port = none', ["100 deny tcp 0 10.0.0.0/8"]),
        ("cidr_block = var.unknown", ["100 allow tcp 443 any IPv4 address?"]),
        ('rule_action = "deny"\ncidr_block = var.unknown', ["100 deny tcp 443 any IPv4 address?"]),
        ("from_port = var.unknown", ["100 allow all traffic 10.0.0.0/8?"]),
        ('rule_action = "deny"\nfrom_port = var.unknown', ["100 deny all traffic 10.0.0.0/8?"]),
        ("rule_number = var.unknown", ["0 allow tcp 443 10.0.0.0/8?"]),
        ('rule_action = "deny"\nrule_number = var.unknown', ["0 deny tcp 443 10.0.0.0/8?"]),
        ("rule_action = var.unknown", ["100 allow tcp 443 10.0.0.0/8?", "100 deny tcp 443 10.0.0.0/8?"]),
        ("network_acl_id = var.unknown", ["100 allow tcp 443 10.0.0.0/8?"]),
        ('rule_action = "deny"\nnetwork_acl_id = var.unknown', ["100 deny tcp 443 10.0.0.0/8?"]),
    ],
)
def test_one_rule(acl, arguments: str, expected: list[str]) -> None:
    """What is not known may be as much as it can be, on an assumption: what allows does so, what denies does not."""
    assert entries(acl(ACL + rule(arguments)), "ingress") == expected


def test_a_rule_of_an_unknown_direction_is_of_both(acl) -> None:
    found = acl(ACL + rule("egress = var.unknown"))
    assert entries(found, "ingress") == entries(found, "egress") == ["100 allow tcp 443 10.0.0.0/8?"]


def test_an_acl_that_is_declared_elsewhere_allows_everything(network: ReadHcl) -> None:
    found = network(
        VPC + resource("aws_network_acl_association.a", subnet_id="aws_subnet.s.id", network_acl_id="acl-1")
    )
    perhaps, otherwise = (subnet.acl for subnet in found.nodes["aws_instance.i"].subnets)
    assert entries(perhaps, "ingress") == entries(otherwise, "ingress") == ["100 allow all traffic anywhere"]
    assert perhaps.assumption is not None
    assert "its network ACL acl-1 is not declared here: taken to allow everything" in perhaps.assumption.text


def test_entries_that_are_not_known_allow_everything(acl) -> None:
    dynamic = 'dynamic "ingress" {\nfor_each = var.unknown\ncontent {\nrule_no = 1\n}\n}\n'
    assert entries(acl(ACL.replace("vpc_id ", f"{dynamic}\nvpc_id ", 1)), "ingress") == [
        "0 allow all traffic anywhere?",
        "0 deny all traffic anywhere?",
    ]
