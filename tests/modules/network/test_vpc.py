"""The VPC's defaults let nothing through, and every subnet is as planned."""


def test_names_resolve_in_the_vpc(document):
    vpc = document.at("network/vpc/vpc")
    assert (vpc["enable_dns_support"], vpc["enable_dns_hostnames"]) == (True, True)


def test_vpc_has_the_block_of_the_settings(document):
    assert document.at("network/vpc/vpc")["cidr_block"] == document.settings.network.vpc_cidr


def test_there_is_one_vpc(document):
    assert len(document.anywhere("aws_vpc")) == 1


def test_default_security_group_has_no_rules(document):
    group = document.at("network/vpc/default-security-group")
    assert not group.get("ingress")
    assert not group.get("egress")


def test_default_network_acl_has_no_rules(document):
    acl = document.at("network/vpc/default-network-acl")
    assert not {"ingress", "egress", "subnet_ids"} & acl.keys()


def test_main_route_table_is_emptied(document):
    assert document.at("network/vpc/main-route-table")["route"] == []


def test_defaults_are_those_of_the_vpc(document):
    defaults = {
        "default-security-group": "vpc_id",
        "default-network-acl": "default_network_acl_id",
        "main-route-table": "default_route_table_id",
    }
    for path, key in defaults.items():
        assert document.target(document.at(f"network/vpc/{path}")[key]) == "network/vpc/vpc"


def test_subnets_follow_the_address_plan(document):
    for replica in document.settings.network.replica_numbers:
        planned = document.settings.network.subnet_cidrs(replica)
        for tier in ("public", "private"):
            subnet = document.at(f"network/replica-{replica}/{tier}-subnet")
            assert subnet["cidr_block"] == getattr(planned, tier)


def test_both_subnets_of_a_replica_are_in_its_zone(document):
    for replica in document.settings.network.replica_numbers:
        for tier in ("public", "private"):
            subnet = document.at(f"network/replica-{replica}/{tier}-subnet")
            assert subnet["availability_zone"] == document.settings.network.zone_of(replica)


def test_subnets_are_numbered_in_their_names(document):
    names = [subnet["tags"]["Name"] for subnet in document.of("aws_subnet").values()]
    prefix = f"{document.settings.project}-{document.environment}-subnet-"
    assert sorted(names) == sorted(f"{prefix}{number + 1}" for number in range(2 * document.settings.network.replicas))


def test_no_subnet_gives_out_public_addresses(document):
    assert {subnet["map_public_ip_on_launch"] for subnet in document.of("aws_subnet").values()} == {False}


def test_production_has_the_addresses_of_the_design(network_with):
    network = network_with(replicas=2)
    blocks = {network.path(body): body["cidr_block"] for body in network.of("aws_subnet").values()}
    assert blocks == {
        "network/replica-1/public-subnet": "10.0.1.0/24",
        "network/replica-1/private-subnet": "10.0.2.0/24",
        "network/replica-2/public-subnet": "10.0.3.0/24",
        "network/replica-2/private-subnet": "10.0.4.0/24",
    }
