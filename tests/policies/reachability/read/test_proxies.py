"""What passes connections on with interfaces of its own, and ways from the internet that AWS carries."""

from __future__ import annotations

from typing import Any

import pytest

from policies.reachability.analysis import answer
from policies.reachability.traffic import tcp
from tests.support.hcl import NETWORK, UNKNOWN, resource
from tests.support.reachability_text import assumed, reached
from tests.support.reading import ReadHcl

ANYBODY = {"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}


def group(name: str, *sources: str) -> str:
    """A group that lets TCP in from some groups."""
    ingress = {"from_port": 0, "to_port": 65535, "protocol": "tcp"}
    rule = {**ingress, "security_groups": [f"aws_security_group.{each}.id" for each in sources]}
    return resource(
        f"aws_security_group.{name}", vpc_id="aws_vpc.v.id", egress=ANYBODY, **({"ingress": rule} if sources else {})
    )


BASE = (
    NETWORK
    + UNKNOWN
    + group("client")
    + group("front", "client")
    + group("back", "front")
    + resource(
        "aws_instance.client", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.client.id"]
    )
    + resource(
        "aws_instance.server", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.back.id"]
    )
    + resource("aws_db_subnet_group.d", name="d", subnet_ids=["aws_subnet.s.id"])
    + resource(
        "aws_db_instance.db",
        identifier="db",
        db_subnet_group_name="d",
        vpc_security_group_ids=["aws_security_group.back.id"],
    )
)


def proxy(family: str, target: str, **more: Any) -> str:
    """An RDS proxy for a database."""
    where = {"vpc_subnet_ids": ["aws_subnet.s.id"], "vpc_security_group_ids": ["aws_security_group.front.id"]}
    return (
        resource("aws_db_proxy.p", name="p", engine_family=family, **where)
        + resource("aws_db_proxy_target.t", db_proxy_name="p", db_instance_identifier=target)
        + resource("aws_db_proxy_endpoint.e", db_proxy_name="aws_db_proxy.p.name", **where)
    )


@pytest.mark.parametrize(
    ("family", "target", "port"),
    [
        ("POSTGRESQL", "db", "tcp 5432"),
        ("MYSQL", "aws_db_instance.db.identifier", "tcp 3306"),
        ("SQLSERVER", "var.unknown", "tcp 1433"),
    ],
)
def test_a_proxy_leads_to_its_databases(network: ReadHcl, family: str, target: str, port: str) -> None:
    found = network(BASE + proxy(family, target))
    assert reached(found, of="client") == [f"client -> {name}: {port}" for name in ("db", "e", "p")]


def verified(options: dict[str, Any], kind: str) -> str:
    """An endpoint of Verified Access."""
    return resource(
        "aws_verifiedaccess_endpoint.va", security_group_ids=["aws_security_group.front.id"], **{kind: options}
    )


@pytest.mark.parametrize(
    "main",
    [
        verified(
            {"cidr": "10.0.1.0/24", "subnet_ids": ["aws_subnet.s.id"], "port_range": {"from_port": 22, "to_port": 22}},
            "cidr_options",
        ),
        resource(
            "aws_network_interface.n", subnet_id="aws_subnet.s.id", attachment={"instance": "aws_instance.server.id"}
        )
        + verified(
            {"network_interface_id": "aws_network_interface.n.id", "port": 22}, "network_interface_options"
        ).replace("aws_security_group.front.id", "aws_security_group.front.id"),
        resource(
            "aws_ec2_instance_connect_endpoint.c",
            subnet_id="aws_subnet.s.id",
            security_group_ids=["aws_security_group.front.id"],
            preserve_client_ip=False,
        ),
    ],
    ids=["network", "interface", "Instance Connect"],
)
def test_ways_from_the_internet_to_servers(network: ReadHcl, main: str) -> None:
    found = network(BASE + main)
    assert any(each.startswith("internet -> server: tcp 22") for each in reached(found, of="internet"))
    assert any("what it asks of its callers is not looked at" in each for each in assumed(found))
    assert not any("internet -> client" in each and "22" in each for each in reached(found, of="internet"))


NOT_KNOWN = "aws_ec2_instance_connect_endpoint.c: it is not known whether it keeps its clients' addresses: both"


@pytest.mark.parametrize("source", ["group", "clients", "endpoint"])
@pytest.mark.parametrize("keeps", [True, False, None, "var.unknown"])
def test_servers_let_in_instance_connect_or_its_clients(network: ReadHcl, keeps: object, source: str) -> None:
    """By the endpoint's group always; by addresses those of its clients or its own, as it keeps them or not."""
    ingress: dict[str, Any] = {"from_port": 0, "to_port": 22, "protocol": "tcp"}
    ingress |= {
        "group": {"security_groups": ["aws_security_group.front.id"]},
        "clients": {"cidr_blocks": ["203.0.113.0/24"]},
        "endpoint": {"cidr_blocks": ["10.0.0.0/16"]},
    }[source]
    main = (
        NETWORK
        + UNKNOWN
        + group("front")
        + resource("aws_security_group.back", vpc_id="aws_vpc.v.id", ingress=ingress)
        + resource(
            "aws_instance.server", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.back.id"]
        )
        + resource(
            "aws_ec2_instance_connect_endpoint.c",
            subnet_id="aws_subnet.s.id",
            security_group_ids=["aws_security_group.front.id"],
            **({} if keeps is None else {"preserve_client_ip": keeps}),
        )
    )
    found = network(main)
    is_stopped = (keeps is True and source == "endpoint") or (keeps is False and source == "clients")
    said = [each for each in reached(found, of="internet") if each.startswith("internet -> server")]
    assert said == ([] if is_stopped else ["internet -> server: tcp 22"])
    assert (NOT_KNOWN in assumed(found)) is not isinstance(keeps, bool)
    is_certain = any(path.guaranteed for path in answer(found, "internet", "aws_instance.server").paths)
    if source == "group" or not isinstance(keeps, bool):
        assert is_certain is (source == "group")


def test_instance_connect_with_the_clients_address_is_stopped_by_groups(network: ReadHcl) -> None:
    main = resource("aws_ec2_instance_connect_endpoint.c", subnet_id="aws_subnet.s.id")
    assert [each for each in reached(network(BASE + main), of="internet") if "-> server" in each] == []


def test_a_custom_routing_accelerator_leads_into_subnets(network: ReadHcl) -> None:
    main = resource("aws_security_group.open", vpc_id="aws_vpc.v.id", ingress=ANYBODY, egress=ANYBODY) + resource(
        "aws_instance.open", subnet_id="aws_subnet.s.id", vpc_security_group_ids=["aws_security_group.open.id"]
    )
    way = resource(
        "aws_globalaccelerator_custom_routing_endpoint_group.g",
        listener_arn="l",
        destination_configuration={"from_port": 8080, "to_port": 8090, "protocols": ["TCP"]},
        endpoint_configuration={"endpoint_id": "aws_subnet.s.id"},
    )
    found = reached(
        network(BASE + resource("aws_internet_gateway.g", vpc_id="aws_vpc.v.id") + main + way), of="internet"
    )
    assert "internet -> open: tcp 8080-8090" in found
    assert not any("-> server" in each for each in found)


@pytest.mark.parametrize(
    ("config", "is_reached"),
    [
        ({}, True),
        ({"endpoint_public_access": False}, False),
        ({"public_access_cidrs": ["192.168.0.0/16"]}, False),
        ({"endpoint_public_access": "var.unknown"}, True),
    ],
)
def test_the_public_endpoint_of_a_cluster(network: ReadHcl, config: dict[str, Any], is_reached: bool) -> None:
    main = resource("aws_eks_cluster.k", name="k", vpc_config={"subnet_ids": ["aws_subnet.s.id"], **config})
    assert ("internet -> k: tcp 443" in reached(network(BASE + main), of="internet")) is is_reached


CLIENTS = resource("aws_vpc.w", cidr_block="10.9.0.0/16") + resource(
    "aws_subnet.w", vpc_id="aws_vpc.w.id", cidr_block="10.9.1.0/24"
)
PLACED = {"subnet_ids": ["aws_subnet.w.id"], "security_group_ids": ["aws_security_group.back.id"]}
INSIDE = {"subnet_ids": ["aws_subnet.s.id"], "security_group_ids": ["aws_security_group.front.id"]}


@pytest.mark.parametrize(
    ("main", "cluster", "port"),
    [
        (
            resource("aws_redshift_cluster.c", cluster_identifier="c", publicly_accessible=False)
            + resource("aws_redshift_subnet_group.s", name="s", subnet_ids=["aws_subnet.s.id"])
            + resource(
                "aws_redshift_endpoint_access.e",
                cluster_identifier="c",
                subnet_group_name="aws_redshift_subnet_group.s.name",
                vpc_security_group_ids=["aws_security_group.front.id"],
            ),
            "aws_redshift_cluster.c",
            5439,
        ),
        (
            resource("aws_redshiftserverless_workgroup.c", workgroup_name="c", port=5432, **PLACED)
            + resource(
                "aws_redshiftserverless_endpoint_access.e",
                workgroup_name="aws_redshiftserverless_workgroup.c.workgroup_name",
                subnet_ids=["aws_subnet.s.id"],
                vpc_security_group_ids=["aws_security_group.front.id"],
            ),
            "aws_redshiftserverless_workgroup.c",
            5432,
        ),
        (
            resource("aws_opensearch_domain.c", domain_name="c", vpc_options=PLACED)
            + resource("aws_opensearch_vpc_endpoint.e", domain_arn="aws_opensearch_domain.c.arn", vpc_options=INSIDE),
            "aws_opensearch_domain.c",
            443,
        ),
        (
            resource(
                "aws_msk_cluster.c",
                cluster_name="c",
                broker_node_group_info={
                    "client_subnets": ["aws_subnet.w.id"],
                    "security_groups": ["aws_security_group.back.id"],
                },
            )
            + resource(
                "aws_msk_vpc_connection.e",
                target_cluster_arn="aws_msk_cluster.c.arn",
                vpc_id="aws_vpc.v.id",
                client_subnets=["aws_subnet.s.id"],
                security_groups=["aws_security_group.front.id"],
            ),
            "aws_msk_cluster.c",
            9098,
        ),
    ],
    ids=["Redshift", "Redshift Serverless", "OpenSearch", "MSK"],
)
def test_endpoints_of_clusters(network: ReadHcl, main: str, cluster: str, port: int) -> None:
    found = network(BASE + CLIENTS + main)
    assert tcp(port) <= answer(found, "aws_instance.client", cluster).arrives
    assert not answer(found, "aws_instance.server", cluster)
