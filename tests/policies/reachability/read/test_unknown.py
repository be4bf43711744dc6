"""What is not known lets through where it can, and blocks nothing: counts, lookups, networks, modules, targets."""

from __future__ import annotations

import pytest

from policies.reachability import traffic
from policies.reachability.analysis import answer
from policies.reachability.explain import assumptions
from policies.reachability.network import Network
from tests.support.hcl import ANY_TRAFFIC, resource
from tests.support.reading import ReadHcl

SSH = traffic.tcp(22)
INTERNET = {"cidr_block": "0.0.0.0/0", "gateway_id": "aws_internet_gateway.g.id"}

VPC = (
    'variable "strict" {\n  type = bool\n}\nvariable "cidr" {}\n'
    + resource("aws_vpc.v", cidr_block="10.0.0.0/16", tags={"Name": "main"})
    + resource("aws_internet_gateway.g", vpc_id="aws_vpc.v.id")
    + resource("aws_subnet.s", vpc_id="aws_vpc.v.id", cidr_block="10.0.1.0/24", tags={"Tier": "web"})
    + resource("aws_security_group.open", vpc_id="aws_vpc.v.id", ingress=ANY_TRAFFIC, egress=ANY_TRAFFIC)
    + resource(
        "aws_instance.x",
        subnet_id="aws_subnet.s.id",
        vpc_security_group_ids=["aws_security_group.open.id"],
        associate_public_ip_address=True,
    )
)
TABLE = resource("aws_route_table.t", vpc_id="aws_vpc.v.id", route=INTERNET)
PUBLIC = (
    VPC
    + TABLE
    + resource("aws_route_table_association.t", subnet_id="aws_subnet.s.id", route_table_id="aws_route_table.t.id")
)
ALLOW_ALL = {
    "rule_no": 100,
    "action": "allow",
    "protocol": "-1",
    "from_port": 0,
    "to_port": 0,
    "cidr_block": "0.0.0.0/0",
}
ACL = resource(
    "aws_network_acl.n", vpc_id="aws_vpc.v.id", subnet_ids=["aws_subnet.s.id"], ingress=ALLOW_ALL, egress=ALLOW_ALL
)
DENY = {
    "rule_number": 50,
    "rule_action": "deny",
    "protocol": "-1",
    "cidr_block": "0.0.0.0/0",
    "from_port": 0,
    "to_port": 0,
}


def perhaps(text: str) -> str:
    """The first resource of some text, of which there may be none."""
    return text.replace("{\n", "{\ncount = var.strict ? 1 : 0\n", 1)


def ssh(network: Network, source: str = "internet", target: str = "aws_instance.x") -> str:
    """Whether SSH gets through: `no`, `yes`, or `yes?` on an assumption."""
    found = answer(network, source, target, SSH)
    if not found:
        return "no"
    is_certain = any(path.guaranteed for path in found.paths) and not assumptions(found)
    return "yes" if is_certain else "yes?"


def test_the_base_is_reached_for_certain(network: ReadHcl) -> None:
    assert ssh(network(PUBLIC)) == ssh(network(PUBLIC + ACL)) == "yes"
    assert ssh(network(VPC)) == "no"


@pytest.mark.parametrize(
    "blocking",
    [
        ACL + resource("aws_network_acl_rule.d", network_acl_id="aws_network_acl.n.id", egress=False, **DENY),
        ACL + resource("aws_network_acl_rule.d", network_acl_id="aws_network_acl.n.id", egress=True, **DENY),
        resource("aws_default_network_acl.d", default_network_acl_id="aws_vpc.v.default_network_acl_id"),
        resource("aws_network_acl.d", vpc_id="aws_vpc.v.id", subnet_ids=["aws_subnet.s.id"]),
        resource("aws_network_acl.n", vpc_id="aws_vpc.v.id")
        + resource("aws_network_acl_association.d", network_acl_id="aws_network_acl.n.id", subnet_id="aws_subnet.s.id"),
        resource("aws_vpn_gateway.w", vpc_id="aws_vpc.v.id")
        + resource(
            "aws_route.d",
            route_table_id="aws_route_table.t.id",
            destination_cidr_block="0.0.0.0/1",
            gateway_id="aws_vpn_gateway.w.id",
        )
        + resource(
            "aws_route.e",
            route_table_id="aws_route_table.t.id",
            destination_cidr_block="128.0.0.0/1",
            gateway_id="aws_vpn_gateway.w.id",
        ),
    ],
    ids=["deny", "deny answers", "default ACL", "ACL", "association", "longer routes"],
)
def test_what_blocks_and_may_not_be_there_blocks_nothing_for_certain(network: ReadHcl, blocking: str) -> None:
    assert ssh(network(PUBLIC + blocking)) == "no"
    head, *others = blocking.split("resource ")[1:]
    parts = [head, *others]
    doubtful = "".join(
        perhaps(f"resource {part}")
        if '"d"' in part.splitlines()[0] or '"e"' in part.splitlines()[0]
        else f"resource {part}"
        for part in parts
    )
    assert ssh(network(PUBLIC + doubtful)) == "yes?"


@pytest.mark.parametrize(
    "opening",
    [
        resource("aws_route_table_association.t", subnet_id="aws_subnet.s.id", route_table_id="aws_route_table.t.id"),
        resource("aws_main_route_table_association.t", vpc_id="aws_vpc.v.id", route_table_id="aws_route_table.t.id"),
        resource(
            "aws_default_route_table.t", default_route_table_id="aws_vpc.v.default_route_table_id", route=INTERNET
        ),
        resource(
            "aws_route.t",
            route_table_id="aws_vpc.v.main_route_table_id",
            destination_cidr_block="0.0.0.0/0",
            gateway_id="aws_internet_gateway.g.id",
        ),
    ],
    ids=["association", "main association", "default table", "route"],
)
def test_what_opens_and_may_not_be_there_opens_on_an_assumption(network: ReadHcl, opening: str) -> None:
    assert ssh(network(VPC + TABLE + opening)) == "yes"
    assert ssh(network(VPC + TABLE + perhaps(opening))) == "yes?"


def test_what_an_unknown_condition_associates_may_not_be(network: ReadHcl) -> None:
    acl = resource("aws_network_acl.n", vpc_id="aws_vpc.v.id", subnet_ids="S")
    choices = ("[aws_subnet.s.id]", "var.strict ? [aws_subnet.s.id] : []")
    assert [ssh(network(PUBLIC + acl.replace('"S"', each))) for each in choices] == ["no", "yes?"]


def test_a_network_that_is_one_of_several_is_no_other(network: ReadHcl) -> None:
    cidrs = 'cidr_blocks = var.strict ? ["10.0.0.0/8"] : ["%s"]'
    found = [PUBLIC.replace('cidr_blocks = ["0.0.0.0/0"]', cidrs % each, 1) for each in ("172.16.0.0/12", "0.0.0.0/0")]
    assert [ssh(network(each)) for each in found] == ["no", "yes?"]


def test_a_default_group_that_may_be_adopted_may_be_as_aws_makes_it(network: ReadHcl) -> None:
    group = "vpc_security_group_ids = [aws_security_group.open.id]\n"
    main = PUBLIC.replace(group, "") + resource("aws_instance.y", subnet_id="aws_subnet.s.id")
    adopted = resource("aws_default_security_group.d", vpc_id="aws_vpc.v.id")
    found = [network(main + each) for each in ("", adopted, perhaps(adopted))]
    assert [ssh(each, "aws_instance.y") for each in found] == ["yes", "no", "yes?"]


ROUTE = resource(
    "aws_route.r",
    route_table_id="data.aws_route_table.d.id",
    destination_cidr_block="0.0.0.0/0",
    gateway_id="aws_internet_gateway.g.id",
)
PRIVATE = VPC + (
    resource("aws_route_table.t", vpc_id="aws_vpc.v.id", tags={"Name": "web"})
    + resource("aws_route_table_association.t", subnet_id="aws_subnet.s.id", route_table_id="aws_route_table.t.id")
)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"route_table_id": "aws_route_table.t.id"}, "yes"),
        ({"subnet_id": "aws_subnet.s.id"}, "yes"),
        ({"tags": {"Name": "web"}}, "yes"),
        ({"filter": {"name": "tag:Name", "values": ["w*"]}}, "yes"),
        ({"tags": {"Name": "other"}}, "no"),
        ({"tags": {"Stage": "prod"}}, "yes?"),
        ({"route_table_id": "rtb-1"}, "no"),
        ({"vpc_id": "aws_vpc.v.id", "filter": {"name": "association.main", "values": ["true"]}}, "no"),
        ({"filter": {"name": "vpc-id", "values": ["var.cidr"]}}, "yes?"),
    ],
)
def test_a_table_that_is_looked_up(network: ReadHcl, arguments: dict[str, object], expected: str) -> None:
    assert ssh(network(PRIVATE + resource("data.aws_route_table.d", **arguments) + ROUTE)) == expected


@pytest.mark.parametrize(
    ("data", "arguments", "group", "expected"),
    [
        ("data.aws_security_group.d", {"name": "x"}, "data.aws_security_group.d.id", "yes"),
        ("data.aws_security_group.d", {"id": "aws_security_group.x.id"}, "data.aws_security_group.d.id", "yes"),
        ("data.aws_security_group.d", {"tags": {"App": "x"}}, "data.aws_security_group.d.id", "yes?"),
        ("data.aws_security_group.d", {"name": "y"}, "data.aws_security_group.d.id", "no"),
        ("data.aws_security_groups.d", {"tags": {"App": "x"}}, "data.aws_security_groups.d.ids[0]", "yes?"),
    ],
)
def test_a_rule_of_a_group_that_is_looked_up(
    network: ReadHcl, data: str, arguments: dict[str, object], group: str, expected: str
) -> None:
    closed = resource("aws_security_group.x", name="x", vpc_id="aws_vpc.v.id")
    rule = resource(
        "aws_security_group_rule.r",
        type="ingress",
        security_group_id="GROUP",
        protocol="tcp",
        from_port=22,
        to_port=22,
        cidr_blocks=["0.0.0.0/0"],
    ).replace('"GROUP"', group)
    main = PUBLIC.replace("[aws_security_group.open.id]", "[aws_security_group.x.id]") + closed
    assert ssh(network(main)) == "no"
    assert ssh(network(main + resource(data, **arguments) + rule)) == expected


def test_acls_and_subnets_that_are_looked_up(network: ReadHcl) -> None:
    closed = resource("aws_network_acl.n", vpc_id="aws_vpc.v.id", subnet_ids=["aws_subnet.s.id"])
    rules = resource("data.aws_network_acls.d", vpc_id="aws_vpc.v.id") + "".join(
        resource(
            f"aws_network_acl_rule.{name}",
            network_acl_id="ACL",
            egress=egress,
            **(DENY | {"rule_action": "allow"}),
        ).replace('"ACL"', "tolist(data.aws_network_acls.d.ids)[0]")
        for name, egress in (("in", False), ("out", True))
    )
    assert ssh(network(PUBLIC + closed)) == "no"
    assert ssh(network(PUBLIC + closed + rules)) == "yes?"
    found = resource("data.aws_subnets.d", tags={"Tier": "web"})
    closing = resource("aws_network_acl.m", vpc_id="aws_vpc.v.id", subnet_ids="data.aws_subnets.d.ids")
    assert ssh(network(PUBLIC + found + closing)) == "no"


def test_a_vpc_that_is_looked_up_may_be_the_one_that_is_declared(network: ReadHcl) -> None:
    def other(**arguments: object) -> str:
        return (
            resource("data.aws_vpc.d", **arguments)
            + resource("aws_subnet.n", vpc_id="data.aws_vpc.d.id", cidr_block="10.0.9.0/24")
            + resource("aws_security_group.n", vpc_id="data.aws_vpc.d.id", ingress=ANY_TRAFFIC)
            + resource(
                "aws_instance.n", subnet_id="aws_subnet.n.id", vpc_security_group_ids=["aws_security_group.n.id"]
            )
        )

    asked: list[dict[str, object]] = [{"id": "aws_vpc.v.id"}, {"tags": {"Name": "main"}}, {"tags": {"Stage": "prod"}}]
    found = [network(PUBLIC + other(**each)) for each in asked]
    assert [ssh(each, "aws_instance.x", "aws_instance.n") for each in found] == ["yes", "yes", "yes?"]
    elsewhere = network(PUBLIC + other(tags={"Name": "another"}))
    assert "aws_vpc.v" not in elsewhere.vpcs["data.aws_vpc.d"].may_be


def peered(first: str, second: str, **more: object) -> str:
    """Two VPCs with some networks that are peered, each with an instance."""
    text = 'variable "a" {}\nvariable "b" {}\n' + resource(
        "aws_vpc_peering_connection.p", vpc_id="aws_vpc.a.id", peer_vpc_id="aws_vpc.b.id", auto_accept=True
    )
    for name, network, other in (("a", first, second), ("b", second, first)):
        text += (
            resource(f"aws_vpc.{name}", cidr_block=network)
            + resource(f"aws_subnet.{name}", vpc_id=f"aws_vpc.{name}.id", cidr_block=network)
            + resource(
                f"aws_default_route_table.{name}",
                default_route_table_id=f"aws_vpc.{name}.default_route_table_id",
                route={"cidr_block": other, "vpc_peering_connection_id": "aws_vpc_peering_connection.p.id"},
            )
            + resource(
                f"aws_security_group.{name}", vpc_id=f"aws_vpc.{name}.id", ingress=ANY_TRAFFIC, egress=ANY_TRAFFIC
            )
            + resource(
                f"aws_instance.{name}",
                subnet_id=f"aws_subnet.{name}.id",
                vpc_security_group_ids=[f"aws_security_group.{name}.id"],
            )
        )
    return text


def test_a_network_that_is_not_known_takes_no_route_from_another(network: ReadHcl) -> None:
    assert ssh(network(peered("10.1.0.0/16", "10.2.0.0/16")), "aws_instance.a", "aws_instance.b") == "yes"
    for first, second in (("var.a", "10.2.0.0/16"), ("10.1.0.0/16", "var.b"), ("var.a", "var.b")):
        found = network(peered(first, second))
        assert (
            ssh(found, "aws_instance.a", "aws_instance.b") == ssh(found, "aws_instance.b", "aws_instance.a") == "yes?"
        )


def test_a_network_that_is_not_known_denies_nothing_for_certain(network: ReadHcl) -> None:
    denied = ALLOW_ALL | {"rule_no": 50, "action": "deny", "cidr_block": "aws_vpc.a.cidr_block"}
    acl = resource(
        "aws_network_acl.n",
        vpc_id="aws_vpc.a.id",
        subnet_ids=["aws_subnet.a.id"],
        ingress=[denied, ALLOW_ALL],
        egress=ALLOW_ALL,
    )
    assert ssh(network(peered("var.a", "10.2.0.0/16") + acl), "aws_instance.b", "aws_instance.a") == "yes?"


def test_a_static_route_comes_before_one_of_a_prefix_list(network: ReadHcl) -> None:
    prefix_list = resource("aws_ec2_managed_prefix_list.p", name="p", entry={"cidr": "0.0.0.0/0"})
    for name in ("a", "z"):  # whatever the order of addresses is
        route = resource(
            f"aws_route.{name}",
            route_table_id="aws_route_table.t.id",
            destination_prefix_list_id="aws_ec2_managed_prefix_list.p.id",
            nat_gateway_id="nat-1",
        )
        assert ssh(network(PUBLIC + prefix_list + route)) == "yes"


def test_which_of_two_prefix_lists_with_one_network_counts_is_not_known(network: ReadHcl) -> None:
    def listed(name: str, **target: str) -> str:
        return resource(f"aws_ec2_managed_prefix_list.{name}", name=name, entry={"cidr": "0.0.0.0/0"}) + resource(
            f"aws_route.{name}",
            route_table_id="aws_route_table.t.id",
            destination_prefix_list_id=f"aws_ec2_managed_prefix_list.{name}.id",
            **target,
        )

    out = listed("out", gateway_id="aws_internet_gateway.g.id")
    elsewhere = listed("elsewhere", vpc_peering_connection_id="pcx-1")
    assert [ssh(network(PRIVATE + each)) for each in (out, elsewhere, out + elsewhere)] == ["yes", "no", "yes?"]


def test_the_target_of_a_local_route_can_be_replaced(network: ReadHcl) -> None:
    other = resource("aws_subnet.o", vpc_id="aws_vpc.v.id", cidr_block="10.0.2.0/24") + resource(
        "aws_instance.o", subnet_id="aws_subnet.o.id", vpc_security_group_ids=["aws_security_group.open.id"]
    )
    replaced = resource(
        "aws_route.l",
        route_table_id="aws_route_table.t.id",
        destination_cidr_block="10.0.0.0/16",
        network_interface_id="aws_instance.o.primary_network_interface_id",
    )
    found = [network(PUBLIC + other + each) for each in ("", replaced)]
    assert [ssh(each, "aws_instance.x", "aws_instance.o") for each in found] == ["yes", "no"]


def test_interfaces_that_are_looked_up_may_be_attached(network: ReadHcl) -> None:
    interface = resource(
        "aws_network_interface.n", subnet_id="aws_subnet.s.id", security_groups=["aws_security_group.open.id"]
    )
    closed = PUBLIC.replace("[aws_security_group.open.id]", "[aws_security_group.c.id]", 1) + resource(
        "aws_security_group.c", vpc_id="aws_vpc.v.id"
    )

    def attached(**lookup: object) -> str:
        return resource("data.aws_instance.d", **lookup) + resource(
            "aws_network_interface_attachment.a",
            instance_id="data.aws_instance.d.id",
            network_interface_id="aws_network_interface.n.id",
            device_index=1,
        )

    found = [network(closed + interface + each) for each in ("", attached(instance_id="aws_instance.x.id"))]
    assert [ssh(each) for each in found] == ["no", "yes?"]  # of the two interfaces which one is public is not known
    assert ssh(network(closed + interface + attached(filter={"name": "tag:App", "values": ["x"]}))) == "yes?"


def test_the_original_table_is_not_the_main_one_after_another_became_it(network: ReadHcl) -> None:
    route = resource(
        "aws_route.r",
        route_table_id="aws_vpc.v.default_route_table_id",
        destination_cidr_block="0.0.0.0/0",
        gateway_id="aws_internet_gateway.g.id",
    )
    other = resource("aws_route_table.i", vpc_id="aws_vpc.v.id") + resource(
        "aws_main_route_table_association.m", vpc_id="aws_vpc.v.id", route_table_id="aws_route_table.i.id"
    )
    assert ssh(network(VPC + route)) == "yes"
    assert ssh(network(VPC + route + other)) == "no"


def test_a_vpc_by_what_says_it_elsewhere(network: ReadHcl) -> None:
    more = resource("aws_vpc_ipv4_cidr_block_association.m", vpc_id="aws_vpc.v.id", cidr_block="10.9.0.0/16")
    main = PUBLIC.replace("vpc_id = aws_vpc.v.id\ncidr", "vpc_id = aws_vpc_ipv4_cidr_block_association.m.vpc_id\ncidr")
    assert network(main + more).nodes["aws_instance.x"].vpc == "aws_vpc.v"


MODULE = 'module "m" {\n  source = "example/elsewhere/aws"\n%s\n}\n'


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "no"),
        ("tables = [{ id = aws_route_table.t.id }]", "yes?"),
        ("table = data.aws_route_table.d.id", "yes?"),
        ("vpc_id = aws_vpc.v.id", "no"),
        ("subnet = aws_subnet.s.arn", "no"),
    ],
)
def test_a_module_that_is_not_here_may_open_what_it_is_given(network: ReadHcl, given: str, expected: str) -> None:
    """A subnet that has a table for certain keeps it."""
    looked_up = resource("data.aws_route_table.d", subnet_id="aws_subnet.s.id", tags={"Name": "web"})
    found = network(PRIVATE + looked_up + MODULE % given)
    assert ssh(found) == expected
    assert len(found.gaps) == 1


CLUSTER = resource("aws_eks_cluster.k", name="k", vpc_config={"subnet_ids": ["aws_subnet.s.id"]}) + resource(
    "aws_eks_node_group.n", cluster_name="k", subnet_ids=["aws_subnet.s.id"]
)


@pytest.mark.parametrize(
    ("main", "named"),
    [
        (CLUSTER, None),
        (CLUSTER + resource("data.kubernetes_service.s"), None),
        (CLUSTER + resource("kubernetes_service.s"), "kubernetes_service.s"),
        (CLUSTER + resource("kubernetes_manifest.m") + resource("helm_release.r"), "helm_release.r"),
        (resource("kubernetes_service.s"), None),
    ],
    ids=["cluster", "lookup", "service", "several", "no cluster"],
)
def test_what_is_made_in_clusters_is_taken_to_lead_nobody_to_nodes(
    network: ReadHcl, main: str, named: str | None
) -> None:
    found = network(PRIVATE + main)
    assert [each.resource and each.resource.address for each in found.gaps] == ([named] if named else [])


def test_a_module_that_is_not_here_may_open_groups_and_acls(network: ReadHcl) -> None:
    closed = PUBLIC + resource("aws_network_acl.n", vpc_id="aws_vpc.v.id", subnet_ids=["aws_subnet.s.id"])
    assert [ssh(network(closed + MODULE % each)) for each in ("", "acl = aws_network_acl.n.id")] == ["no", "yes?"]
    group = PUBLIC.replace("ingress {", "egress {")
    assert [ssh(network(group + MODULE % each)) for each in ("", "g = [aws_security_group.open.id]")] == [
        "no",
        "yes?",
    ]
    address = PUBLIC.replace("associate_public_ip_address = true", "")
    assert [ssh(network(address + MODULE % each)) for each in ("", "i = aws_instance.x.id")] == ["no", "yes?"]


def test_a_module_that_is_not_here_is_an_end(network: ReadHcl) -> None:
    found = network(PUBLIC + MODULE % "subnet = aws_subnet.s.id\nwho = [aws_security_group.open.id]")
    assert ssh(found, "internet", "module.m") == ssh(found, "module.m", "internet") == "yes?"
    assert ssh(found, "module.m") == ssh(found, "aws_instance.x", "module.m") == "yes?"


def test_what_a_module_that_is_not_here_puts_out_is_in_it_or_was_given(network: ReadHcl) -> None:
    main = PUBLIC.replace("subnet_id = aws_subnet.s.id\nvpc_security", "subnet_id = module.m.subnet\nvpc_security")
    keys = [
        {subnet.key for subnet in network(main + MODULE % given).nodes["aws_instance.x"].subnets}
        for given in ("", "subnet = aws_subnet.s.id")
    ]
    assert keys == [{"module.m.subnet"}, {"module.m.subnet", "aws_subnet.s"}]
