"""Hosted zones, their records, the query log and DNSSEC."""

import pytest

from envs.load import load
from modules.common.context import Context
from modules.edge.dns import Dns, internal_host, internal_url
from tests.support.helpers import resource, resources

PUBLIC_ZONE = "edge/dns/public-zone"
PRIVATE_ZONE = "edge/dns/private-zone"


def test_internal_host_is_below_the_internal_domain():
    assert internal_host("dev.meals.example", "event-store") == "event-store.internal.dev.meals.example"


def test_internal_url_names_the_port():
    assert internal_url("meals.example", "event-store", port=2113) == "https://event-store.internal.meals.example:2113"


def test_internal_url_leaves_out_the_port_of_https():
    assert internal_url("meals.example", "gateway", port=443) == "https://gateway.internal.meals.example"


def test_public_zone_has_the_domain_name(environment):
    assert environment.at("aws_route53_zone", PUBLIC_ZONE)["name"] == environment.settings.domain_name


def test_public_zone_is_in_no_vpc(environment):
    assert "vpc" not in environment.at("aws_route53_zone", PUBLIC_ZONE)


def test_public_zone_of_protected_environments_cannot_be_destroyed(environment):
    zone = environment.at("aws_route53_zone", PUBLIC_ZONE)
    protected = zone.get("lifecycle", {}).get("prevent_destroy", False)
    assert protected is environment.settings.stateful_protection


def test_private_zone_is_seen_by_the_vpc_only(environment):
    zone = environment.at("aws_route53_zone", PRIVATE_ZONE)
    assert [environment.target(vpc["vpc_id"]) for vpc in zone["vpc"]] == ["network/vpc/vpc"]


def test_private_zone_is_the_internal_domain(environment):
    assert environment.at("aws_route53_zone", PRIVATE_ZONE)["name"] == f"internal.{environment.settings.domain_name}"


def test_private_services_are_found_where_their_clients_look(environment):
    records = environment.all("aws_route53_record", under="edge/private-load-balancer/load-balancer/")
    names = {record.body["name"] for record in records}
    assert names == {
        internal_host(environment.settings.domain_name, each) for each in ("event-store", "purchase-gateway")
    }


def test_private_names_are_in_the_private_zone(environment):
    records = environment.all("aws_route53_record", under="edge/private-load-balancer/load-balancer/")
    assert {environment.target(record.body["zone_id"]) for record in records} == {PRIVATE_ZONE}


def test_private_names_stand_for_the_internal_load_balancer(environment):
    records = environment.all("aws_route53_record", under="edge/private-load-balancer/load-balancer/")
    targets = {environment.target(record.body["alias"]["name"]) for record in records}
    assert targets == {"edge/private-load-balancer/load-balancer/load-balancer"}


def test_domain_stands_for_the_public_load_balancer(environment):
    record = environment.at("aws_route53_record", "edge/public/load-balancer/alias")
    assert record["name"] == environment.settings.domain_name
    assert record["type"] == "A"
    assert environment.target(record["zone_id"]) == PUBLIC_ZONE
    assert environment.target(record["alias"]["name"]) == "edge/public/load-balancer/load-balancer"


def test_only_amazon_may_issue_certificates(environment):
    record = environment.at("aws_route53_record", "edge/dns/certificate-authorities")
    assert record["type"] == "CAA"
    assert record["records"] == [
        '0 issue "amazon.com"',
        '0 issue "amazonaws.com"',
        '0 issue "amazontrust.com"',
        '0 issue "awstrust.com"',
    ]


def test_queries_of_the_public_zone_are_logged(environment):
    log = environment.at("aws_route53_query_log", "edge/dns/query-log/query-log")
    assert environment.target(log["zone_id"]) == PUBLIC_ZONE
    assert environment.target(log["cloudwatch_log_group_arn"]) == "edge/dns/query-log/log-group"


def test_query_log_waits_for_the_permission_to_write(environment):
    policy = resource(environment.document, "aws_cloudwatch_log_resource_policy", "edge/dns/query-log/log-group-policy")
    log = environment.at("aws_route53_query_log", "edge/dns/query-log/query-log")
    assert log["depends_on"] == [policy.address]


def test_query_log_is_encrypted_with_the_logs_key(environment):
    group = environment.at("aws_cloudwatch_log_group", "edge/dns/query-log/log-group")
    assert environment.target(group["kms_key_id"]) == "keys/logs/key"


def test_query_log_is_kept_as_long_as_asked(environment):
    group = environment.at("aws_cloudwatch_log_group", "edge/dns/query-log/log-group")
    assert group["retention_in_days"] == environment.settings.edge.log_retention_days


def test_route53_writes_the_query_log_for_this_zone_only(environment):
    policy = environment.at("aws_cloudwatch_log_resource_policy", "edge/dns/query-log/log-group-policy")
    [statement] = environment.statements(policy, "policy_document").values()
    assert statement["Principal"] == {"Service": ["route53.amazonaws.com"]}
    assert environment.target(statement["Condition"]["ArnLike"]["aws:SourceArn"]) == PUBLIC_ZONE
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": environment.settings.account_id}


def test_route53_writes_to_the_query_log_only(environment):
    policy = environment.at("aws_cloudwatch_log_resource_policy", "edge/dns/query-log/log-group-policy")
    [statement] = environment.statements(policy, "policy_document").values()
    assert [environment.target(each.removesuffix(":*")) for each in statement["Resource"]] == [
        "edge/dns/query-log/log-group"
    ]


def test_public_zone_is_signed(environment):
    dnssec = environment.at("aws_route53_hosted_zone_dnssec", "edge/dns/signing/dnssec")
    signing_key = resource(environment.document, "aws_route53_key_signing_key", "edge/dns/signing/key-signing-key")
    assert environment.target(dnssec["hosted_zone_id"]) == PUBLIC_ZONE
    assert environment.target(signing_key.body["hosted_zone_id"]) == PUBLIC_ZONE
    assert dnssec["depends_on"] == [signing_key.address]


def test_signing_key_has_the_shape_that_route53_asks_for(environment):
    key = environment.at("aws_kms_key", "edge/dns/signing/key")
    assert (key["customer_master_key_spec"], key["key_usage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")


def test_signing_key_serves_route53_for_this_zone_only(environment):
    statements = environment.statements(environment.at("aws_kms_key", "edge/dns/signing/key"))
    for sid in ("Route53SignsZone", "Route53GrantsItself"):
        assert statements[sid]["Principal"] == {"Service": ["dnssec-route53.amazonaws.com"]}
        assert environment.target(statements[sid]["Condition"]["ArnEquals"]["aws:SourceArn"]) == PUBLIC_ZONE
        assert statements[sid]["Condition"]["StringEquals"] == {"aws:SourceAccount": environment.settings.account_id}


def test_signing_key_grants_to_aws_resources_only(environment):
    statements = environment.statements(environment.at("aws_kms_key", "edge/dns/signing/key"))
    assert statements["Route53GrantsItself"]["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}


def test_operator_learns_what_the_parent_domain_needs(environment):
    outputs = environment.document["output"]
    assert environment.target(outputs["name_servers"]["value"]) == PUBLIC_ZONE
    assert environment.target(outputs["delegation_signer"]["value"]) == "edge/dns/signing/key-signing-key"


@pytest.fixture
def elsewhere(stack, synthesize):
    """The zones of an environment outside us-east-1."""
    settings = load("prod").model_copy(update={"region": "eu-west-1"})
    context = Context.of(stack, settings)
    Dns(stack, "dns", context=context, domain_name=settings.domain_name, vpc_id="vpc-1", settings=settings.edge)
    return synthesize()


def test_outside_us_east_1_there_is_neither_query_log_nor_signing(elsewhere):
    types = {each.type for each in resources(elsewhere, under="dns/")}
    assert types == {"aws_route53_record", "aws_route53_zone"}


def test_outside_us_east_1_the_zone_says_why(elsewhere):
    zone = resource(elsewhere, "aws_route53_zone", "dns/public-zone").body
    assert set(zone["//"]["suppressions"]) == {"CKV2_AWS_38", "CKV2_AWS_39"}
