"""AWS WAF before the public load balancer, and its log."""

import pytest

BLOCKING_GROUPS = [
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesSQLiRuleSet",
]


@pytest.fixture
def acl(environment):
    return environment.at("aws_wafv2_web_acl", "edge/public/web-acl/web-acl")


@pytest.fixture
def rules(acl):
    """The rules by their names."""
    return {rule["name"]: rule for rule in acl["rule"]}


def test_web_acl_is_before_the_public_load_balancer(environment):
    association = environment.at("aws_wafv2_web_acl_association", "edge/public/web-acl/association")
    assert environment.target(association["resource_arn"]) == "edge/public/load-balancer/load-balancer"
    assert environment.target(association["web_acl_arn"]) == "edge/public/web-acl/web-acl"


def test_web_acl_is_regional(acl):
    assert acl["scope"] == "REGIONAL"


def test_requests_that_no_rule_blocks_go_through(acl):
    assert acl["default_action"] == {"allow": {}}


@pytest.mark.parametrize("group", BLOCKING_GROUPS)
def test_managed_group_blocks(rules, group):
    assert rules[group]["statement"] == {"managed_rule_group_statement": {"name": group, "vendor_name": "AWS"}}
    assert rules[group]["override_action"] == {"none": {}}


def test_anonymous_addresses_are_counted(rules):
    assert rules["AWSManagedRulesAnonymousIpList"]["override_action"] == {"count": {}}


def test_one_address_is_blocked_above_the_limit_of_the_settings(environment, rules):
    rule = rules["rate-limit"]
    assert rule["action"] == {"block": {}}
    assert rule["statement"]["rate_based_statement"] == {
        "limit": environment.settings.edge.waf.rate_limit_per_5_minutes,
        "aggregate_key_type": "IP",
        "evaluation_window_sec": 300,
    }


def test_rules_have_distinct_priorities(acl):
    priorities = [rule["priority"] for rule in acl["rule"]]
    assert priorities == sorted(set(priorities))


def test_every_rule_and_the_acl_are_measured(acl):
    for each in (acl, *acl["rule"]):
        assert each["visibility_config"]["cloudwatch_metrics_enabled"] is True
        assert each["visibility_config"]["sampled_requests_enabled"] is True


def test_every_rule_has_a_metric_of_its_own(acl):
    metrics = [rule["visibility_config"]["metric_name"] for rule in acl["rule"]]
    assert len(set(metrics)) == len(metrics)


@pytest.fixture
def logging(environment):
    return environment.at("aws_wafv2_web_acl_logging_configuration", "edge/public/web-acl/logging")


@pytest.fixture
def log_group(environment):
    return environment.at("aws_cloudwatch_log_group", "edge/public/web-acl/log-group")


def test_requests_are_logged(environment, logging):
    assert environment.target(logging["resource_arn"]) == "edge/public/web-acl/web-acl"
    assert [environment.target(each) for each in logging["log_destination_configs"]] == [
        "edge/public/web-acl/log-group"
    ]


def test_credentials_are_not_logged(logging):
    assert logging["redacted_fields"] == [
        {"single_header": {"name": "authorization"}},
        {"single_header": {"name": "cookie"}},
    ]


def test_log_group_has_the_name_that_waf_asks_for(log_group):
    assert log_group["name"].startswith("aws-waf-logs-")


def test_log_group_is_encrypted_with_the_logs_key(environment, log_group):
    assert environment.target(log_group["kms_key_id"]) == "keys/logs/key"


def test_log_group_keeps_as_long_as_asked(environment, log_group):
    assert log_group["retention_in_days"] == environment.settings.edge.log_retention_days
