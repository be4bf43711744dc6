"""Flow logs and DNS query logs: everything, encrypted, kept as long as asked, written by nobody else."""

import pytest

LOG_GROUPS = ["network/flow-logs/log-group", "network/dns-firewall/query-logs/log-group"]


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
    assert document.target(config["destination_arn"]) == "network/dns-firewall/query-logs/log-group"


def test_log_delivery_is_let_in_for_the_account_only(document):
    [statement] = document.policy(document.at("network/dns-firewall/query-logs/policy"), "policy_document")
    assert statement["Principal"] == {"Service": ["delivery.logs.amazonaws.com"]}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": document.settings.account_id}
