"""Security groups: their rules wherever they are written, and whose they are."""

from __future__ import annotations

import pytest

from policies.library.terraform.plan import load_plan
from policies.reachability import addresses
from policies.reachability.intervals import NOTHING
from policies.reachability.network import SecurityGroup
from policies.reachability.read import read
from tests.support.hcl import NETWORK, UNKNOWN, resource
from tests.support.reachability_text import assumed, permissions
from tests.support.reading import ReadHcl
from tests.support.terraform_plans import Planned, plan_of

VPC = (
    NETWORK
    + resource("aws_security_group.g", vpc_id="aws_vpc.v.id")
    + resource("aws_security_group.other", name="other", vpc_id="aws_vpc.v.id")
    + UNKNOWN
)
INSTANCE = resource("aws_instance.i", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.g.id"])


@pytest.fixture
def group(network: ReadHcl):
    """The only group of the instance in some HCL."""

    def read(main: str) -> SecurityGroup:
        (found,) = network(VPC + main).nodes["aws_instance.i"].groups or ()
        return found

    return read


def rule(arguments: str) -> str:
    """An ingress rule of the group g, for TCP 443 unless it says otherwise."""
    ports = "" if "ip_protocol" in arguments else 'ip_protocol = "tcp"\nfrom_port = 443\nto_port = 443\n'
    return f"""
    resource "aws_vpc_security_group_ingress_rule" "r" {{
      security_group_id = aws_security_group.g.id
      {ports}
      {arguments}
    }}
    """


def test_a_group_without_rules_lets_nothing_through(group) -> None:
    """Terraform removes the rule for all outbound traffic that AWS puts into new groups."""
    found = group(INSTANCE)
    assert permissions(found, "ingress") == permissions(found, "egress") == []


def test_rules_of_all_three_kinds_are_a_union(group) -> None:
    main = resource(
        "aws_security_group.h",
        vpc_id="aws_vpc.v.id",
        ingress={"from_port": 22, "to_port": 22, "protocol": "tcp", "self": True},
    ) + resource(
        "aws_security_group_rule.r",
        type="egress",
        security_group_id="aws_security_group.h.id",
        protocol="-1",
        from_port=0,
        to_port=0,
        ipv6_cidr_blocks=["::/0"],
    )
    separate = rule('cidr_ipv4 = "10.0.0.0/8"')
    found = group(main + (separate + INSTANCE).replace("aws_security_group.g.id", "aws_security_group.h.id"))
    assert permissions(found, "ingress") == ["tcp 22 aws_security_group.h", "tcp 443 10.0.0.0/8"]
    assert permissions(found, "egress") == ["all traffic any IPv6 address"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('cidr_ipv4 = "10.0.1.7/32"', "tcp 443 10.0.1.7/32"),
        ("referenced_security_group_id = aws_security_group.other.id", "tcp 443 aws_security_group.other"),
        (
            "referenced_security_group_id = aws_vpc.v.default_security_group_id",
            "tcp 443 aws_vpc.v/default security group",
        ),
        ('ip_protocol = "50"\ncidr_ipv4 = "10.0.0.0/8"', "protocol 50 10.0.0.0/8"),
        ('ip_protocol = "esp"\ncidr_ipv4 = "10.0.0.0/8"', "protocol 50 10.0.0.0/8"),
        ('ip_protocol = "icmp"\nfrom_port = 8\nto_port = 0\ncidr_ipv4 = "10.0.0.0/8"', "icmp type 8 code 0 10.0.0.0/8"),
        ('ip_protocol = "-1"\ncidr_ipv6 = "fd00::/8"', "all traffic fd00::/8"),
        ('ip_protocol = var.unknown\ncidr_ipv4 = "10.0.0.0/8"', "all traffic 10.0.0.0/8?"),
        ("cidr_ipv4 = var.unknown", "tcp 443 anywhere?"),
        ('cidr_ipv4 = "${aws_eip.e.public_ip}/32"', "tcp 443 the internet, s3, dynamodb?"),
        ('cidr_ipv4 = "${aws_instance.i.private_ip}/32"', "tcp 443 10.0.1.0/24?"),
        ('prefix_list_id = "pl-1"', "tcp 443 anywhere?"),
        ("prefix_list_id = data.aws_prefix_list.s3.id", "tcp 443 s3"),
        ("prefix_list_id = data.aws_ec2_managed_prefix_list.cloudfront.id", "tcp 443 the internet?"),
    ],
)
def test_one_rule(group, arguments: str, expected: str) -> None:
    more = (
        resource("aws_eip.e")
        + resource("data.aws_prefix_list.s3", name="com.amazonaws.eu-west-1.s3")
        + resource(
            "data.aws_ec2_managed_prefix_list.cloudfront",
            filter={"name": "prefix-list-name", "values": ["com.amazonaws.global.cloudfront.origin-facing"]},
        )
    )
    assert permissions(group(INSTANCE + more + rule(arguments)), "ingress") == [expected]


def test_members_of_an_undeclared_group_may_have_any_private_address(network: ReadHcl) -> None:
    found = network(VPC + INSTANCE + rule('referenced_security_group_id = "sg-1"'))
    (group,) = found.nodes["aws_instance.i"].groups or ()
    perhaps, certain = group.ingress
    assert addresses.network("10.0.0.0/8") <= perhaps.peers
    assert not perhaps.peers & addresses.INTERNET
    assert (certain.peers, certain.groups) == (NOTHING, frozenset({"sg-1"}))
    assert certain.rule.assumption is None
    assert assumed(found) == ["aws_vpc_security_group_ingress_rule.r: who is in sg-1 is not known: any private address"]


def test_no_group_means_the_default_one(network: ReadHcl) -> None:
    main = VPC + resource("aws_instance.i", subnet_id="aws_subnet.s.id")
    (group,) = network(main).nodes["aws_instance.i"].groups or ()
    assert permissions(group, "ingress") == ["all traffic aws_vpc.v/default security group"]
    assert permissions(group, "egress") == ["all traffic anywhere"]
    adopted = resource("aws_default_security_group.d", vpc_id="aws_vpc.v.id")
    (group,) = network(main + adopted).nodes["aws_instance.i"].groups or ()
    assert group.key == "aws_default_security_group.d"
    assert permissions(group, "ingress") == permissions(group, "egress") == []


def test_a_group_that_is_not_declared_lets_everything_through(network: ReadHcl) -> None:
    found = network(VPC + INSTANCE.replace("aws_security_group.g.id", '"sg-1"'))
    (group,) = found.nodes["aws_instance.i"].groups or ()
    assert permissions(group, "ingress") == permissions(group, "egress") == ["all traffic anywhere?"]
    assert assumed(found) == [
        "aws_instance.i: the security group sg-1 is not declared here: as if it let everything through"
    ]


def test_who_may_be_in_any_group_is_in_all(network: ReadHcl) -> None:
    found = network(VPC + INSTANCE.replace("aws_security_group.g.id", "var.unknown"))
    keys = [group.key for group in found.nodes["aws_instance.i"].groups or ()]
    assert keys == ["var.unknown", "aws_security_group.g", "aws_security_group.other"]


def test_a_rule_of_an_unknown_group_is_of_all(group) -> None:
    found = group(INSTANCE + rule('cidr_ipv4 = "10.0.0.0/8"').replace("aws_security_group.g.id", "var.unknown"))
    assert permissions(found, "ingress") == ["tcp 443 10.0.0.0/8?"]


def test_a_group_by_its_name(network: ReadHcl) -> None:
    main = VPC + resource("data.aws_security_group.o", name="other")
    found = network(main + INSTANCE.replace("aws_security_group.g.id", "data.aws_security_group.o.id"))
    assert [group.key for group in found.nodes["aws_instance.i"].groups or ()] == ["aws_security_group.other"]


def test_rules_that_are_not_known_let_everything_through(group) -> None:
    dynamic = 'dynamic "ingress" {\nfor_each = var.unknown\ncontent {\nfrom_port = 1\n}\n}\n'
    main = f'resource "aws_security_group" "d" {{\nvpc_id = aws_vpc.v.id\n{dynamic}\n}}\n'
    found = group(main + INSTANCE.replace("aws_security_group.g.id", "aws_security_group.d.id"))
    assert permissions(found, "ingress") == ["all traffic anywhere?"]
    assert permissions(found, "egress") == []


def test_a_plan_tells_of_inline_rules_together_whom_they_name() -> None:
    rules = [{"from_port": port, "to_port": port, "protocol": "tcp"} for port in (80, 443)]
    named = {"ingress": {"references": ["aws_security_group.a.id", "aws_security_group.b.id"]}}
    unknown = {"ingress": [{"security_groups": True}, {"security_groups": True}]}
    member = {"vpc_security_group_ids": {"references": ["aws_security_group.g.id"]}}
    plan = plan_of(
        Planned("aws_security_group.a", {}),
        Planned("aws_security_group.b", {}),
        Planned("aws_security_group.g", {"ingress": rules}, unknown, named),
        Planned("aws_instance.i", {}, {"vpc_security_group_ids": True}, member),
    )
    found = read(load_plan(plan, "plan.json"))
    (group,) = found.nodes["aws_instance.i"].groups or ()
    both = "aws_security_group.a, aws_security_group.b"
    assert permissions(group, "ingress") == [f"tcp 80 {both}?", f"tcp 443 {both}?"]
    assert assumed(found) == ["aws_security_group.g: which group each of its ingress rules names is not known: all"]
