"""Everything else with interfaces: where it stands, whether it is public, what it accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.reachability.analysis import answer
from policies.reachability.intervals import NOTHING
from policies.reachability.network import Network
from policies.reachability.read import read
from tests.support.hcl import ANY_TRAFFIC, NETWORK, SERVER, resource
from tests.support.reachability_text import CASES, permissions
from tests.support.reading import ReadHcl, load_files


@pytest.fixture
def estate(tmp_path: Path) -> Network:
    """The network of the case with one of each."""
    return read(load_files(tmp_path, {"main.tf": (CASES / "estate.tf").read_text()}))


def test_each_is_found_with_its_kind(estate: Network) -> None:
    assert {key: node.kind for key, node in estate.nodes.items()} == {
        "aws_api_gateway_vpc_link.api": "endpoint",
        "aws_db_instance.default": "database",
        "aws_db_instance.public": "database",
        "aws_efs_mount_target.files": "database",
        "aws_eks_cluster.kubernetes": "interface",
        "aws_eks_cluster.kubernetes/public endpoint": "endpoint",
        "aws_eks_node_group.nodes": "server",
        "aws_elasticache_replication_group.cache": "database",
        "aws_emr_cluster.emr": "server",
        "aws_globalaccelerator_endpoint_group.world": "endpoint",
        "aws_instance.default": "server",
        "aws_kinesis_firehose_delivery_stream.delivery": "function",
        "aws_lambda_function.inside": "function",
        "aws_lb.inside": "load balancer",
        "aws_mq_broker.broker": "broker",
        "aws_msk_cluster.stream": "broker",
        "aws_nat_gateway.inside": "nat gateway",
        "aws_opensearch_domain.search": "database",
        "aws_pipes_pipe.pipe": "function",
        "aws_rds_cluster.aurora": "database",
        "aws_redshift_cluster.warehouse": "database",
        "aws_vpc_endpoint.kms": "endpoint",
    }


def test_public_ones(estate: Network) -> None:
    assert {node.resource.address for node in estate.nodes.values() if node.is_public} == {
        "aws_api_gateway_vpc_link.api",
        "aws_db_instance.public",
        "aws_eks_cluster.kubernetes",
        "aws_eks_node_group.nodes",
        "aws_emr_cluster.emr",
        "aws_globalaccelerator_endpoint_group.world",
        "aws_instance.default",
        "aws_msk_cluster.stream",
        "aws_rds_cluster.aurora",
        "aws_redshift_cluster.warehouse",
    }


def test_where_they_stand(estate: Network) -> None:
    def subnets(key: str) -> list[str]:
        return [subnet.key for subnet in estate.nodes[key].subnets]

    assert subnets("aws_db_instance.public") == ["aws_subnet.a", "aws_subnet.b"]
    assert subnets("aws_db_instance.default") == ["default VPC/default subnet"]
    assert subnets("aws_elasticache_replication_group.cache") == ["aws_subnet.a"]
    assert subnets("aws_vpc_endpoint.kms") == ["aws_subnet.a"]
    assert subnets("aws_pipes_pipe.pipe") == subnets("aws_msk_cluster.stream") == ["aws_subnet.a", "aws_subnet.b"]
    assert subnets("aws_kinesis_firehose_delivery_stream.delivery") == ["aws_subnet.a"]


def test_what_only_opens_connections_accepts_none(estate: Network) -> None:
    closed = {node.resource.type for node in estate.nodes.values() if node.listens == NOTHING}
    assert closed == {"aws_kinesis_firehose_delivery_stream", "aws_lambda_function", "aws_pipes_pipe"}


def test_groups_of_eks(estate: Network) -> None:
    cluster, access = estate.nodes["aws_eks_node_group.nodes"].groups or ()
    assert (cluster,) == estate.nodes["aws_eks_cluster.kubernetes"].groups
    assert permissions(cluster, "ingress") == [f"all traffic {cluster.key}"]
    assert permissions(access, "ingress") == ["tcp 22 any IPv4 address"]


def test_nat_gateways_and_older_network_load_balancers_have_no_groups(estate: Network) -> None:
    without = {key for key, node in estate.nodes.items() if node.groups is None and node.vpc == "aws_vpc.main"}
    assert without == {"aws_lb.inside", "aws_nat_gateway.inside"}


def test_a_type_that_nobody_thought_of_is_looked_at_by_its_subnets(network: ReadHcl) -> None:
    found = network(
        NETWORK
        + resource("aws_security_group.g", vpc_id="aws_vpc.v.id")
        + resource(
            "aws_newest_service.n",
            deeply={"nested": {"subnet_ids": ["aws_subnet.s.id"], "security_group_ids": ["aws_security_group.g.id"]}},
        )
    )
    node = found.nodes["aws_newest_service.n"]
    assert (node.kind, node.subnets[0].key) == ("interface", "aws_subnet.s")
    assert [group.key for group in node.groups or ()] == ["aws_security_group.g"]


def test_an_endpoint_stands_in_its_subnets_and_not_in_one_that_it_leaves(network: ReadHcl) -> None:
    found = network(
        NETWORK
        + resource("aws_subnet.left", vpc_id="aws_vpc.v.id", cidr_block="10.0.9.0/24")
        + resource(
            "aws_vpc_endpoint.e",
            vpc_id="aws_vpc.v.id",
            vpc_endpoint_type="Interface",
            subnet_ids=["aws_subnet.s.id"],
            subnet_configuration={"subnet_id": "aws_subnet.left.id", "ipv4": "10.0.9.7"},
        )
    )
    assert [subnet.key for subnet in found.nodes["aws_vpc_endpoint.e"].subnets] == ["aws_subnet.s"]


def test_what_names_subnets_without_interfaces_is_none(network: ReadHcl) -> None:
    found = network(
        NETWORK
        + resource("aws_flow_log.f", subnet_id="aws_subnet.s.id")
        + resource("aws_elasticache_subnet_group.g", name="g", subnet_ids=["aws_subnet.s.id"])
    )
    assert found.nodes == {}


def test_a_regional_nat_gateway_has_a_route_of_its_own(network: ReadHcl) -> None:
    main = (
        NETWORK
        + resource("aws_internet_gateway.g", vpc_id="aws_vpc.v.id")
        + resource("aws_nat_gateway.n", vpc_id="aws_vpc.v.id", availability_mode="regional")
        + resource(
            "aws_default_route_table.t",
            default_route_table_id="aws_vpc.v.default_route_table_id",
            route={"cidr_block": "0.0.0.0/0", "nat_gateway_id": "aws_nat_gateway.n.id"},
        )
        + resource("aws_default_security_group.g", vpc_id="aws_vpc.v.id", egress=ANY_TRAFFIC)
        + SERVER
    )
    assert answer(network(main), "aws_instance.i", "internet")
    assert not answer(network(main), "internet", "aws_instance.i")
    without = main.replace('"aws_internet_gateway" "g" {\nvpc_id = aws_vpc.v.id', '"aws_internet_gateway" "g" {')
    assert not answer(network(without), "aws_instance.i", "internet")


def test_transfers_stand_by_arn_or_with_what_they_read(network: ReadHcl) -> None:
    found = network(
        NETWORK
        + resource("aws_security_group.g", vpc_id="aws_vpc.v.id")
        + resource(
            "aws_datasync_location_efs.e",
            ec2_config={"subnet_arn": "aws_subnet.s.arn", "security_group_arns": ["aws_security_group.g.arn"]},
        )
        + resource("aws_fsx_windows_file_system.f", subnet_ids=["aws_subnet.s.id"])
        + resource(
            "aws_datasync_location_fsx_windows_file_system.w",
            fsx_filesystem_arn="aws_fsx_windows_file_system.f.arn",
            security_group_arns=["aws_security_group.g.arn"],
        )
    )
    for key in ("aws_datasync_location_efs.e", "aws_datasync_location_fsx_windows_file_system.w"):
        node = found.nodes[key]
        assert (node.subnets[0].key, node.listens) == ("aws_subnet.s", NOTHING)
        assert [group.key for group in node.groups or ()] == ["aws_security_group.g"]


def test_an_express_service_has_a_load_balancer_of_aws(network: ReadHcl) -> None:
    found = network(resource("aws_ecs_express_gateway_service.s", service_name="s"))
    assert answer(found, "internet", "aws_ecs_express_gateway_service.s")


def test_an_environment_of_beanstalk_has_the_options_of_its_template(network: ReadHcl) -> None:
    template = resource(
        "aws_elastic_beanstalk_configuration_template.t",
        setting=[
            {"namespace": "aws:ec2:vpc", "name": "VPCId", "value": "aws_vpc.v.id"},
            {"namespace": "aws:ec2:vpc", "name": "Subnets", "value": "aws_subnet.s.id"},
        ],
    )
    named = resource(
        "aws_elastic_beanstalk_environment.e", template_name="aws_elastic_beanstalk_configuration_template.t.name"
    )
    assert network(NETWORK + template + named).nodes["aws_elastic_beanstalk_environment.e"].vpc == "aws_vpc.v"
