"""VPC endpoints: the only way to AWS, for this account's principals and resources."""

import pytest

from modules.network.aws_services import host_name, iam_prefix


def interfaces(document):
    return {
        document.path(body).rsplit("/", 1)[1]: body
        for body in document.of("aws_vpc_endpoint").values()
        if body["vpc_endpoint_type"] == "Interface"
    }


def gateways(document):
    return {
        document.path(body).rsplit("/", 1)[1]: body
        for body in document.of("aws_vpc_endpoint").values()
        if body["vpc_endpoint_type"] == "Gateway"
    }


def test_interface_endpoints_are_those_of_the_settings_and_the_pipes(document):
    assert interfaces(document).keys() == {*document.settings.network.interface_endpoints, "pipes-data"}


def test_gateway_endpoints_are_s3_and_dynamodb(document):
    assert gateways(document).keys() == {"s3", "dynamodb"}


def test_service_names_are_of_the_region(document):
    for name, endpoint in {**interfaces(document), **gateways(document)}.items():
        assert endpoint["service_name"] == f"com.amazonaws.{document.settings.region}.{name}"


def test_interface_endpoints_answer_for_the_public_names(document):
    assert all(endpoint["private_dns_enabled"] for endpoint in interfaces(document).values())


def test_interface_endpoints_are_in_private_subnets_one_per_zone(document):
    expected = [
        f"network/replica-{number}/private-subnet"
        for number, _ in enumerate(document.settings.network.zones_in_use, start=1)
    ]
    for endpoint in interfaces(document).values():
        assert [document.target(subnet) for subnet in endpoint["subnet_ids"]] == expected


def test_interface_endpoints_have_their_own_security_group_only(document):
    for endpoint in interfaces(document).values():
        groups = [document.target(group) for group in endpoint["security_group_ids"]]
        assert groups == ["network/interface-endpoints/security-group/group"]


def test_interface_endpoints_accept_https_from_groups_only(document):
    rules = [
        rule
        for rule in document.anywhere("aws_vpc_security_group_ingress_rule").values()
        if document.target(rule["security_group_id"]) == "network/interface-endpoints/security-group/group"
    ]
    assert rules
    for rule in rules:
        assert (rule["ip_protocol"], rule["from_port"], rule["to_port"]) == ("tcp", 443, 443)
        assert "referenced_security_group_id" in rule


def test_interface_endpoints_open_nothing_themselves(document):
    for rule in document.anywhere("aws_vpc_security_group_egress_rule").values():
        assert document.target(rule["security_group_id"]) != "network/interface-endpoints/security-group/group"


def test_every_endpoint_that_takes_a_policy_has_one(document):
    without = {name for name, endpoint in interfaces(document).items() if "policy" not in endpoint}
    assert without == {"pipes-data"}


def test_interface_endpoints_let_only_principals_of_the_account_through(document):
    account = {"aws:PrincipalAccount": document.settings.account_id}
    for endpoint in interfaces(document).values():
        if "policy" in endpoint:
            for statement in document.policy(endpoint):
                assert statement["Condition"]["StringEquals"] == account


def test_interface_endpoints_let_only_resources_of_the_account_through(document):
    account = {"aws:ResourceAccount": document.settings.account_id}
    for name, endpoint in interfaces(document).items():
        if "policy" in endpoint and name != "ssm":
            for statement in document.policy(endpoint):
                assert statement["Condition"]["StringEqualsIfExists"] == account


def test_interface_endpoints_serve_their_own_service_only(document):
    for name, endpoint in interfaces(document).items():
        if "policy" in endpoint:
            [statement] = document.policy(endpoint)
            assert statement["Action"] == [f"{iam_prefix(name)}:*"]


def test_gateway_endpoints_allow_no_wildcard_action(document):
    for endpoint in gateways(document).values():
        for statement in document.policy(endpoint):
            assert not [action for action in statement["Action"] if "*" in action]


def test_writing_through_gateways_is_bound_to_the_account_and_its_names(document):
    settings = document.settings
    account = {"aws:PrincipalAccount": settings.account_id, "aws:ResourceAccount": settings.account_id}
    prefix = f"{settings.project}-{settings.environment}-"
    for endpoint in gateways(document).values():
        for statement in document.policy(endpoint):
            if statement["Action"] != ["s3:GetObject"]:
                assert statement["Condition"] == {"StringEquals": account}
                assert all(
                    resource.rsplit(":", 1)[1].removeprefix("table/").startswith(prefix)
                    for resource in statement["Resource"]
                )


def test_foreign_buckets_are_aws_own_of_the_region_and_read_only(document):
    [statement] = [each for each in document.policy(gateways(document)["s3"]) if each["Sid"] == "ReadAwsPackages"]
    region = document.settings.region
    assert statement["Action"] == ["s3:GetObject"]
    assert all(region in resource and resource.endswith("/*") for resource in statement["Resource"])
    assert f"arn:aws:s3:::al2023-repos-{region}-de612dc2/*" in statement["Resource"]


def test_a_client_of_aws_gets_three_ways_out_and_no_address_block(network_with):
    network = network_with(replicas=2)
    rules = [
        rule
        for rule in network.anywhere("aws_vpc_security_group_egress_rule").values()
        if network.target(rule["security_group_id"]) == "client/group"
    ]
    assert sorted(
        network.target(rule.get("prefix_list_id") or rule["referenced_security_group_id"]) for rule in rules
    ) == [
        "network/gateway-endpoints/dynamodb",
        "network/gateway-endpoints/s3",
        "network/interface-endpoints/security-group/group",
    ]
    assert {(rule["ip_protocol"], rule["from_port"], rule["to_port"]) for rule in rules} == {("tcp", 443, 443)}


def server_statements(document):
    """What the roles of the servers may do: the statements of their policies."""
    found = [
        statement
        for body in document.anywhere("aws_iam_role_policy").values()
        if "/instance-profile/" in document.path(body)
        for statement in document.policy(body)
    ]
    assert found
    return found


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
def test_gateways_let_through_what_servers_may_do(document, service):
    wanted = {action for each in server_statements(document) for action in each["Action"]}
    let_through = {action for each in document.policy(gateways(document)[service]) for action in each["Action"]}
    assert {action for action in wanted if action.startswith(f"{service}:")} <= let_through


@pytest.mark.parametrize(
    ("service", "prefix", "host"),
    [
        ("ssm", "ssm", "ssm.eu-west-1.amazonaws.com"),
        ("monitoring", "cloudwatch", "monitoring.eu-west-1.amazonaws.com"),
        ("ecr.api", "ecr", "api.ecr.eu-west-1.amazonaws.com"),
        ("kinesis-firehose", "firehose", "firehose.eu-west-1.amazonaws.com"),
    ],
)
def test_names_of_a_service(service, prefix, host):
    assert (iam_prefix(service), host_name(service, "eu-west-1")) == (prefix, host)


def callable_actions(document):
    """The actions that roles of instances may call themselves: not those that a service makes for them."""
    instances = {
        f"${{aws_iam_role.{name}.name}}"
        for name, role in document.anywhere("aws_iam_role").items()
        if "ec2.amazonaws.com" in role["assume_role_policy"]
    }
    return {
        action
        for policy in document.anywhere("aws_iam_role_policy").values()
        if policy["role"] in instances
        for statement in document.policy(policy)
        if "kms:ViaService" not in str(statement.get("Condition", {}))
        for action in statement["Action"]
    }


def callable_services(document):
    """The prefixes of those actions."""
    return {action.partition(":")[0] for action in callable_actions(document)}


def test_gateway_endpoints_let_through_what_a_role_may_do_and_no_more(document):
    for name, endpoint in gateways(document).items():
        allowed = {action for statement in document.policy(endpoint) for action in statement["Action"]}
        assert allowed == {action for action in callable_actions(document) if action.startswith(f"{name}:")}


def test_every_interface_endpoint_is_one_that_a_role_can_use(document):
    """An endpoint costs money in every zone; without a role that may call the service it serves nobody."""
    unused = {name for name in interfaces(document) if iam_prefix(name) not in callable_services(document)}
    assert unused == {"pipes-data"}  # pollers of pipes use it, which have no role of this account


def test_every_service_that_a_role_can_call_has_an_endpoint(document):
    """Kafka's own actions are those of brokers, which are in the VPC."""
    served = {iam_prefix(name) for name in (*interfaces(document), *gateways(document))}
    assert callable_services(document) - served - {"kafka-cluster"} == set()
