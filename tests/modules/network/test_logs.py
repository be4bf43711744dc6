"""Flow logs and DNS query logs: everything, encrypted, kept as long as asked, written by nobody else."""

from fnmatch import fnmatchcase

import pytest

LOG_GROUPS = ["network/flow-logs/log-group", "network/dns-firewall/query-logs"]


def test_flow_log_records_all_traffic_of_the_vpc(document):
    flow_log = document.at("network/flow-logs/flow-log")
    assert flow_log["traffic_type"] == "ALL"
    assert document.target(flow_log["vpc_id"]) == "network/vpc/vpc"


def test_flow_log_goes_to_its_log_group(document):
    flow_log = document.at("network/flow-logs/flow-log")
    assert flow_log["log_destination_type"] == "cloud-watch-logs"
    assert document.target(flow_log["log_destination"]) == "network/flow-logs/log-group"


@pytest.mark.parametrize("path", LOG_GROUPS)
def test_log_groups_are_encrypted(document, path):
    assert document.at(path)["kms_key_id"]


@pytest.mark.parametrize("path", LOG_GROUPS)
def test_log_groups_keep_as_long_as_asked(document, path):
    assert document.at(path)["retention_in_days"] == document.settings.network.flow_log_retention_days


def test_flow_log_role_trusts_flow_logs_of_the_account_only(document):
    [statement] = document.policy(document.at("network/flow-logs/role"), "assume_role_policy")
    assert statement["Principal"] == {"Service": ["vpc-flow-logs.amazonaws.com"]}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": document.settings.account_id}}


def test_flow_log_role_writes_to_its_log_group_only(document):
    [write, find] = document.policy(document.at("network/flow-logs/policy"))
    assert {document.target(resource.removesuffix(":*")) for resource in write["Resource"]} == {
        "network/flow-logs/log-group"
    }
    assert find["Action"] == ["logs:DescribeLogGroups"]


def test_dns_queries_of_the_vpc_are_logged(document):
    association = document.at("network/dns-firewall/query-log-association")
    config = document.at("network/dns-firewall/query-log-config")
    assert document.target(association["resource_id"]) == "network/vpc/vpc"
    assert document.target(config["destination_arn"]) == "network/dns-firewall/query-logs"


def test_log_delivery_is_let_in_for_the_account_only(document):
    [statement] = document.policy(document.at("network/log-delivery/policy"), "policy_document")
    assert statement["Principal"] == {"Service": ["delivery.logs.amazonaws.com"]}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": document.settings.account_id}


def test_log_delivery_writes_to_every_log_group_that_it_serves(document):
    [statement] = document.policy(document.at("network/log-delivery/policy"), "policy_document")
    patterns = [each.split(":log-group:")[1].removesuffix(":log-stream:*") for each in statement["Resource"]]
    served = [
        each["name"]
        for each in document.anywhere("aws_cloudwatch_log_group").values()
        if document.path(each).startswith(("network/", "streaming/", "edge/public/web-acl/"))
    ]
    assert served
    assert [name for name in served if not any(fnmatchcase(name, pattern) for pattern in patterns)] == []


@pytest.mark.parametrize(
    "path",
    [
        "network/dns-firewall/query-log-config",
        "streaming/cluster/cluster",
        "streaming/notification-requests/meal-ready",
        "edge/public/web-acl/logging",
    ],
)
def test_what_log_delivery_writes_waits_for_its_policy(document, path):
    [user] = [
        each for kind in document.types() for each in document.anywhere(kind).values() if document.path(each) == path
    ]
    [policy] = [
        f"aws_cloudwatch_log_resource_policy.{name}" for name in document.of("aws_cloudwatch_log_resource_policy")
    ]
    assert policy in user["depends_on"]


@pytest.mark.parametrize("path", LOG_GROUPS)
def test_less_than_a_year_is_accepted_where_settings_ask_for_it(document, path):
    suppressions = document.at(path)["//"].get("suppressions", {})
    assert ("CKV_AWS_338" in suppressions) == (document.settings.network.flow_log_retention_days < 365)


def test_dev_keeps_the_logs_of_its_network_for_a_month(document):
    expected = 30 if document.environment == "dev" else 365
    assert document.settings.network.flow_log_retention_days == expected
