"""The public hosted zone in the bootstrap stack: query log, DNSSEC, and the delegations of its children."""

import json

import pytest
from cdktf import App, TerraformStack
from constructs import Construct

from envs.load import load
from envs.settings import Settings
from modules.common.names import Names
from modules.common.provider import add_provider
from modules.edge.public_zone import PublicZone
from tests.support.helpers import resource, resources

PUBLIC_ZONE = "edge/dns/public-zone"
SERVERS = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net", "ns-3.awsdns-03.org", "ns-4.awsdns-04.co.uk"]
DIGEST = "0ab1" * 16


def test_public_zone_has_the_domain_name(bootstrap):
    assert bootstrap.at("aws_route53_zone", PUBLIC_ZONE)["name"] == bootstrap.settings.domain_name


def test_public_zone_is_in_no_vpc(bootstrap):
    assert "vpc" not in bootstrap.at("aws_route53_zone", PUBLIC_ZONE)


@pytest.mark.parametrize(
    ("type", "path"),
    [
        ("aws_route53_zone", PUBLIC_ZONE),
        ("aws_kms_key", "edge/dns/signing/key"),
        ("aws_kms_key", "edge/dns/query-log/key/key"),
    ],
)
def test_zone_and_keys_cannot_be_destroyed(bootstrap, type, path):
    assert bootstrap.at(type, path)["lifecycle"]["prevent_destroy"] is True


def test_queries_of_the_public_zone_are_logged(bootstrap):
    log = bootstrap.at("aws_route53_query_log", "edge/dns/query-log/query-log")
    assert bootstrap.target(log["zone_id"]) == PUBLIC_ZONE
    assert bootstrap.target(log["cloudwatch_log_group_arn"]) == "edge/dns/query-log/log-group"


def test_query_log_waits_for_the_permission_to_write(bootstrap):
    policy = resource(bootstrap.document, "aws_cloudwatch_log_resource_policy", "edge/dns/query-log/log-group-policy")
    log = bootstrap.at("aws_route53_query_log", "edge/dns/query-log/query-log")
    assert log["depends_on"] == [policy.address]


def test_query_log_has_a_key_of_its_own(bootstrap):
    group = bootstrap.at("aws_cloudwatch_log_group", "edge/dns/query-log/log-group")
    assert bootstrap.target(group["kms_key_id"]) == "edge/dns/query-log/key/key"


def test_key_of_the_query_log_serves_this_log_group_only(bootstrap):
    group = bootstrap.at("aws_cloudwatch_log_group", "edge/dns/query-log/log-group")
    statements = bootstrap.statements(bootstrap.at("aws_kms_key", "edge/dns/query-log/key/key"))
    context = statements["CloudWatchLogsUsesKey"]["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    assert context == f"arn:aws:logs:us-east-1:{bootstrap.settings.account_id}:log-group:{group['name']}"


def test_query_log_is_kept_as_long_as_asked(bootstrap):
    group = bootstrap.at("aws_cloudwatch_log_group", "edge/dns/query-log/log-group")
    assert group["retention_in_days"] == bootstrap.settings.edge.log_retention_days


def test_route53_writes_the_query_log_for_this_zone_only(bootstrap):
    policy = bootstrap.at("aws_cloudwatch_log_resource_policy", "edge/dns/query-log/log-group-policy")
    [statement] = bootstrap.statements(policy, "policy_document").values()
    assert statement["Principal"] == {"Service": ["route53.amazonaws.com"]}
    assert bootstrap.target(statement["Condition"]["ArnLike"]["aws:SourceArn"]) == PUBLIC_ZONE
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": bootstrap.settings.account_id}


def test_route53_writes_to_the_query_log_only(bootstrap):
    policy = bootstrap.at("aws_cloudwatch_log_resource_policy", "edge/dns/query-log/log-group-policy")
    [statement] = bootstrap.statements(policy, "policy_document").values()
    assert [bootstrap.target(each.removesuffix(":*")) for each in statement["Resource"]] == [
        "edge/dns/query-log/log-group"
    ]


def test_public_zone_is_signed(bootstrap):
    dnssec = bootstrap.at("aws_route53_hosted_zone_dnssec", "edge/dns/signing/dnssec")
    signing_key = resource(bootstrap.document, "aws_route53_key_signing_key", "edge/dns/signing/key-signing-key")
    assert bootstrap.target(dnssec["hosted_zone_id"]) == PUBLIC_ZONE
    assert bootstrap.target(signing_key.body["hosted_zone_id"]) == PUBLIC_ZONE
    assert dnssec["depends_on"] == [signing_key.address]


def test_signing_key_has_the_shape_that_route53_asks_for(bootstrap):
    key = bootstrap.at("aws_kms_key", "edge/dns/signing/key")
    assert (key["customer_master_key_spec"], key["key_usage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")


def test_signing_key_signs_this_zone_only(bootstrap):
    statements = bootstrap.statements(bootstrap.at("aws_kms_key", "edge/dns/signing/key"))
    condition = statements["Route53SignsZone"]["Condition"]
    assert bootstrap.target(condition["ArnEquals"]["aws:SourceArn"]) == PUBLIC_ZONE
    assert condition["StringEquals"] == {"aws:SourceAccount": bootstrap.settings.account_id}


def test_signing_key_serves_route53_only(bootstrap):
    statements = bootstrap.statements(bootstrap.at("aws_kms_key", "edge/dns/signing/key"))
    for sid in ("Route53SignsZone", "Route53GrantsItself"):
        assert statements[sid]["Principal"] == {"Service": ["dnssec-route53.amazonaws.com"]}


def test_signing_key_grants_to_aws_resources_only(bootstrap):
    statements = bootstrap.statements(bootstrap.at("aws_kms_key", "edge/dns/signing/key"))
    assert statements["Route53GrantsItself"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_operator_learns_what_the_parent_domain_needs(bootstrap):
    outputs = bootstrap.document["output"]
    assert bootstrap.target(outputs["name_servers"]["value"]) == PUBLIC_ZONE
    assert bootstrap.target(outputs["delegation_signer"]["value"]) == "edge/dns/signing/key-signing-key"


@pytest.fixture
def zone_with(tmp_path_factory):
    """A function: the public zone of prod with other settings."""

    def build(**changes):
        settings, outdir = load("prod").model_copy(update=changes), tmp_path_factory.mktemp("zone")
        app = App(outdir=str(outdir))
        stack, names = TerraformStack(app, "stack"), Names.of(settings)
        add_provider(stack, names)
        PublicZone(Construct(stack, "edge"), "dns", names=names, settings=settings)
        app.synth()
        return json.loads((outdir / "stacks" / "stack" / "cdk.tf.json").read_bytes())

    return build


def delegating(*delegations):
    """The part `edge` of prod's settings with delegations."""
    data = load("prod").model_dump()
    data["edge"]["delegations"] = delegations
    return Settings.model_validate(data).edge


def test_no_child_is_delegated_by_default(bootstrap):
    assert bootstrap.all("aws_route53_record", under="edge/dns/") == []


def test_a_signed_child_has_ns_and_ds_records(zone_with):
    ds = {"key_tag": 12345, "algorithm": 13, "digest_type": 2, "digest": DIGEST}
    edge = delegating({"name": "dev.meals.example", "name_servers": SERVERS, "ds_records": [ds]})
    document = zone_with(edge=edge)
    [zone] = document["resource"]["aws_route53_zone"]
    records = {each.body["type"]: each.body for each in resources(document, "aws_route53_record")}
    assert records["NS"]["records"] == SERVERS
    assert records["DS"]["records"] == [f"12345 13 2 {DIGEST.upper()}"]
    for record in records.values():
        assert (record["name"], record["ttl"]) == ("dev.meals.example", 3600)
        assert record["zone_id"] == f"${{aws_route53_zone.{zone}.zone_id}}"


def test_a_child_that_is_not_signed_has_ns_records_only(zone_with):
    edge = delegating({"name": "dev.meals.example", "name_servers": SERVERS})
    records = resources(zone_with(edge=edge), "aws_route53_record")
    assert [(each.path, each.body["type"]) for each in records] == [("edge/dns/dev.meals.example-ns", "NS")]


def test_another_child_moves_no_record(zone_with):
    one = {"name": "dev.meals.example", "name_servers": SERVERS}
    two = {"name": "a.meals.example", "name_servers": SERVERS}
    before = {each.address for each in resources(zone_with(edge=delegating(one)), "aws_route53_record")}
    after = {each.address for each in resources(zone_with(edge=delegating(two, one)), "aws_route53_record")}
    assert before < after


def test_every_region_has_the_same_addresses_for_signing_and_log(zone_with):
    here, elsewhere = (resources(zone_with(region=region)) for region in ("us-east-1", "eu-west-1"))
    assert [each.address for each in here] == [each.address for each in elsewhere]


def test_keys_and_log_are_where_route53_takes_them_from(zone_with):
    document = zone_with(region="eu-west-1")
    assert [(each.get("alias"), each["region"]) for each in document["provider"]["aws"]] == [
        (None, "eu-west-1"),
        ("us_east_1", "us-east-1"),
    ]
    there = {each.type for each in resources(document) if each.body.get("provider") == "aws.us_east_1"}
    assert there == {"aws_cloudwatch_log_group", "aws_cloudwatch_log_resource_policy", "aws_kms_alias", "aws_kms_key"}
    regional = [each for each in resources(document) if not each.type.startswith("aws_route53_")]
    assert {each.type for each in regional} == there, "all of it"
    assert "eu-west-1" not in json.dumps([each.body for each in regional])


def test_in_us_east_1_there_is_one_provider(zone_with):
    document = zone_with(region="us-east-1")
    assert len(document["provider"]["aws"]) == 1
    assert not any("provider" in each.body for each in resources(document))
