"""DNS firewall: declared names first, everything else stopped (or only logged, where the settings say so)."""

import re

import pytest

from modules.channels.external import outbound_domains
from modules.network.dns_firewall import resolvable_names

NAMES = resolvable_names(
    region="us-east-1", domain_name="meals.example", services=("ssm",), allowed_domains=("api.payments.example",)
)


def matches(name, pattern):
    return name.endswith(pattern[1:]) if pattern.startswith("*.") else name == pattern


def rule(document, id):
    return document.at(f"network/dns-firewall/{id}")


def absolute_domains(document, id):
    return document.at(document.target(rule(document, id)["firewall_domain_list_id"]))["domains"]


def domains(document, id):
    return [name.removesuffix(".") for name in absolute_domains(document, id)]


def test_there_are_two_rules(document):
    assert len(document.of("aws_route53_resolver_firewall_rule")) == 2


def test_declared_names_are_allowed_before_the_rest(document):
    assert rule(document, "allow-declared")["action"] == "ALLOW"
    assert rule(document, "allow-declared")["priority"] < rule(document, "rest")["priority"]


def test_every_other_name_is_treated_as_the_settings_say(document):
    assert domains(document, "rest") == ["*"]
    assert rule(document, "rest")["action"] == document.settings.network.dns_firewall.action.upper()


@pytest.mark.parametrize("id", ["allow-declared", "rest"])
def test_names_end_in_a_dot_as_the_api_returns_them(document, id):
    """Without it every plan shows a change (the provider compares them as they are)."""
    assert all(re.search(r"[^.]\.$", name) for name in absolute_domains(document, id))


def test_production_blocks(synthesized):
    rules = synthesized["prod"]["resource"]["aws_route53_resolver_firewall_rule"].values()
    assert sorted((each["action"], each.get("block_response")) for each in rules) == [
        ("ALLOW", None),
        ("BLOCK", "NODATA"),
    ]


def test_alerting_has_no_block_response(network_with):
    network = network_with(dns_firewall={"action": "alert"})
    assert "block_response" not in rule(network, "rest")


def test_channels_resolve(document):
    assert set(outbound_domains(document.settings.channels)) <= set(domains(document, "allow-declared"))


def test_allowed_names_are_declared_ones_only(document):
    settings = document.settings
    declared = resolvable_names(
        region=settings.region,
        domain_name=settings.domain_name,
        services=(*settings.network.interface_endpoints, "pipes-data"),
        allowed_domains=(*outbound_domains(settings.channels), *settings.network.dns_firewall.allowed_domains),
    )
    assert domains(document, "allow-declared") == list(declared)


def test_firewall_fails_closed(document):
    config = document.at("network/dns-firewall/config")
    assert config["firewall_fail_open"] == "DISABLED"
    assert document.target(config["resource_id"]) == "network/vpc/vpc"


def test_rules_are_in_force_in_the_vpc(document):
    association = document.at("network/dns-firewall/association")
    assert document.target(association["vpc_id"]) == "network/vpc/vpc"
    assert document.target(association["firewall_rule_group_id"]) == "network/dns-firewall/rule-group"


@pytest.mark.parametrize(
    "name",
    [
        "meals.example",
        "event-store.internal.meals.example",
        "ip-10-0-1-5.ec2.internal",
        "ssm.us-east-1.amazonaws.com",
        "s3.us-east-1.amazonaws.com",
        "s3.amazonaws.com",
        "meals-prod-images-333333333333.s3.amazonaws.com",
        "meals-prod-images-333333333333.s3.us-east-1.amazonaws.com",
        "al2023-repos-us-east-1-de612dc2.s3.dualstack.us-east-1.amazonaws.com",
        "dynamodb.us-east-1.amazonaws.com",
        "333333333333.ddb.us-east-1.amazonaws.com",
        "b-1.meals.abc123.c2.kafka.us-east-1.amazonaws.com",
        "b-0000.mq.us-east-1.amazonaws.com",
        "b-0000.mq.us-east-1.on.aws",
        "api.payments.example",
    ],
)
def test_names_that_must_resolve(name):
    assert any(matches(name, pattern) for pattern in NAMES)


@pytest.mark.parametrize(
    "name",
    [
        "example",
        "evilmeals.example",
        "www.payments.example",
        "abc.execute-api.us-east-1.amazonaws.com",
        "abc.us-east-1.elb.amazonaws.com",
        "abc.lambda-url.us-east-1.on.aws",
        "s3.eu-west-1.amazonaws.com",
        "sqs.us-east-1.amazonaws.com",
    ],
)
def test_names_that_must_not_resolve(name):
    assert not any(matches(name, pattern) for pattern in NAMES)


def test_instances_have_the_regional_domain_elsewhere():
    names = resolvable_names(region="eu-west-1", domain_name="meals.example", services=(), allowed_domains=())
    assert "*.eu-west-1.compute.internal" in names
