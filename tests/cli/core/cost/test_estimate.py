"""An estimate: sums that are right, and nothing unknown that is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.core.cost.charges import READERS
from cli.core.cost.estimate import estimate
from cli.core.cost.free import free_types
from cli.core.cost.model import Estimate, added
from cli.core.cost.usage import quantities
from cli.core.reach.network import configuration_at
from policies.library.model import Configuration, Resource
from policies.library.values import Reference, Value
from tests.support.reading import Load

GROUP = """
resource "aws_subnet" "a" {}
resource "aws_launch_template" "a" {
  instance_type = "m7g.large"
  block_device_mappings {
    ebs {
      volume_type = "gp3"
      volume_size = 20
    }
  }
}
resource "aws_autoscaling_group" "a" {
  min_size = %d
  max_size = %d
  launch_template { id = aws_launch_template.a.id }
  vpc_zone_identifier = [aws_subnet.a.id]
}
"""


TEMPLATE = Resource(
    {"instance_type": "t4g.small"}, "aws_launch_template.a", "aws_launch_template.a", "aws_launch_template", "a", "a.tf"
)


BACKUPS = """
resource "aws_dynamodb_table" "a" { billing_mode = "PAY_PER_REQUEST" }
resource "aws_backup_plan" "a" {
  rule {
    lifecycle { delete_after = 30 }
  }
}
resource "aws_backup_selection" "a" {
  plan_id   = aws_backup_plan.a.id
  resources = [aws_dynamodb_table.a.arn]
}
"""

ROOT = '  root_block_device {\n    volume_type = "gp3"\n    volume_size = 8\n  }'

FROM_MSK = """
resource "aws_kinesis_firehose_delivery_stream" "a" {
  region = "eu-west-1"
  msk_source_configuration { topic_name = "a" }
}
"""

INSIGHTS = """
resource "aws_ecs_cluster" "a" {
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}
"""


def scaling_group(least: int, most: int) -> Configuration:
    """A scaling group of so many, with its launch template."""
    address = "aws_autoscaling_group.a"
    attributes: Mapping[str, Value] = {
        "min_size": least,
        "max_size": most,
        "launch_template": ({"id": Reference("a", address=TEMPLATE.address, attribute="id")},),
    }
    group = Resource(attributes, address, address, "aws_autoscaling_group", "a", "a.tf")
    return Configuration({TEMPLATE.address: TEMPLATE, address: group})


def of(*configurations: Configuration) -> Estimate:
    return estimate(configurations, quantities())


@pytest.fixture(scope="module")
def prod(synthesized_directory: Path) -> Estimate:
    stacks = synthesized_directory / "stacks"
    return of(configuration_at(stacks / "prod"), configuration_at(stacks / "prod-bootstrap"))


@pytest.mark.parametrize("stack", ["prod", "prod-bootstrap", "dev"])
def test_every_type_is_priced_or_free_or_unpriced_for_a_reason(synthesized_directory: Path, stack: str) -> None:
    resources = configuration_at(synthesized_directory / "stacks" / stack).resources.values()
    types = {each.type for each in resources if not each.type.startswith("data.")}
    assert types - READERS.keys() - free_types().keys() == set()


def test_what_is_missing_in_production_is_what_has_no_price(prod: Estimate) -> None:
    missing = {each.reason for each in prod.missing}
    assert missing == {
        "the table has no price of DNSSEC beside its key",
        "the table has no price of metrics beyond the default ones",
        "the table has no price of events of objects that go to EventBridge",
        "how many logs it sends to CloudWatch; no log group /aws/amazonmq/... is in this configuration",
    }


def test_parts_sum_to_the_total(prod: Estimate) -> None:
    for kind in ("fixed", "usage"):
        assert added(prod.cost(kind, part) for part in prod.parts) == prod.cost(kind)
    assert prod.cost("fixed").low > 0


def test_production_is_ranged_by_its_scaling_groups_and_volumes(prod: Estimate) -> None:
    ranged = {each.address.partition(".")[0] for each in prod.charges if each.cost.low != each.cost.high}
    assert ranged == {"aws_autoscaling_group", "aws_msk_cluster"}


def test_a_scaling_group_costs_from_its_least_to_its_most(load: Load) -> None:
    result = of(load(GROUP % (1, 3)))
    one = Decimal("0.0816") * 730 + Decimal("0.08") * 20
    assert (result.cost("fixed").low, result.cost("fixed").high) == (one, 3 * one)


@given(least=st.integers(0, 20), more=st.integers(0, 20), extra=st.integers(0, 5))
def test_more_is_never_cheaper(least: int, more: int, extra: int) -> None:
    few, many = (of(scaling_group(least + each, least + more + each)).cost("fixed") for each in (0, extra))
    assert few.low <= few.high
    assert few.low <= many.low
    assert few.high <= many.high


@pytest.mark.parametrize(
    ("hcl", "reason"),
    [
        ('resource "aws_new_thing" "a" {}', "does not know what aws_new_thing costs"),
        ('resource "google_thing" "a" {}', "does not know what google_thing costs"),
        ('resource "aws_instance" "a" { instance_type = "z9.huge" }', "no price of AmazonEC2, z9.huge"),
        ('variable "t" {}\nresource "aws_instance" "a" { instance_type = var.t }', "it depends on"),
        ('variable "n" {}\nresource "aws_kms_key" "a" { count = var.n }', "how many there are"),
        ('provider "aws" { region = "me-south-1" }\nresource "aws_kms_key" "a" {}', "no prices of me-south-1"),
        ('resource "aws_kms_key" "a" { region = "me-south-1" }', "no prices of me-south-1"),
        (
            'resource "aws_lb" "a" {\n  internal = true\n  region = "eu-west-1"\n}',
            "AWSELB, application load balancer, in eu-west-1",
        ),
        ('module "m" { source = "elsewhere/m/aws" }', "not read"),
        ('resource "aws_autoscaling_group" "a" {\n  min_size = 1\n  max_size = 2\n}', "launch template is not in"),
        ('resource "aws_vpc_endpoint" "a" { vpc_endpoint_type = "Interface" }', "in how many subnets"),
        ('resource "aws_mq_broker" "a" { deployment_mode = "ODD" }', "of mode ODD"),
        (FROM_MSK, "no price of AmazonKinesisFirehose, data in from MSK, in eu-west-1"),
        (
            'provider "aws" { region = "us-gov-west-1" }\nresource "aws_route53_zone" "a" {}',
            "no prices of us-gov-west-1",
        ),
        ('provider "aws" { region = "cn-north-1" }\nresource "aws_kms_key" "a" {}', "no prices of cn-north-1"),
        ('resource "aws_db_instance" "a" { replicate_source_db = "other" }', "its engine or its class"),
        (
            'resource "aws_s3_bucket_lifecycle_configuration" "a" {\n  rule {\n    transition { days = 30 }\n  }\n}',
            "moves to other storage classes",
        ),
        (
            'resource "aws_route53_record" "a" {\n  latency_routing_policy { region = "us-east-1" }\n}',
            "routed by latency",
        ),
        ('resource "aws_route53_hosted_zone_dnssec" "a" {}', "DNSSEC"),
        ('resource "aws_cognito_user_pool_client" "a" { allowed_oauth_flows = ["client_credentials"] }', "of machines"),
        (
            'resource "aws_elasticache_cluster" "a" {\n  node_type = "cache.t4g.micro"\n  num_cache_nodes = -1\n}',
            "are no quantity",
        ),
        (GROUP % (4, 2), "are no quantity"),
        ('resource "aws_apigatewayv2_api" "a" { protocol_type = "WEBSOCKET" }', "how long its clients"),
        (
            'resource "aws_wafv2_web_acl_logging_configuration" "a" { log_destination_configs = ["arn"] }',
            "how many logs",
        ),
        ('resource "aws_backup_plan" "a" {}', "what it backs up is not said"),
        (BACKUPS.replace("[aws_dynamodb_table.a.arn]", '["*"]'), "what it backs up is not said"),
        (BACKUPS.replace("resources", "not_resources"), "what it backs up is not said"),
        (BACKUPS.replace("delete_after", "cold_storage_after"), "backups in cold storage"),
        ('resource "aws_s3_bucket_notification" "a" { eventbridge = true }', "no price of events of objects"),
        ('resource "aws_efs_backup_policy" "a" {\n  backup_policy { status = "ENABLED" }\n}', "AWS Backup stores of"),
        ('resource "aws_acm_certificate" "a" { certificate_authority_arn = "arn:x" }', "of a private authority"),
        ('resource "aws_acm_certificate" "a" {\n  options { export = "ENABLED" }\n}', "that can be exported"),
        ('resource "aws_eks_addon" "a" { addon_name = "tetrate-io_istio-distro" }', "what the vendor takes"),
        (INSIGHTS, "Container Insights"),
        (
            'resource "aws_cognito_user_pool" "a" {\n  user_pool_add_ons { advanced_security_mode = "ENFORCED" }\n}',
            "threat protection costs",
        ),
        (
            'resource "aws_cloudwatch_log_metric_filter" "a" {\n  metric_transformation { dimensions = { a = 1 } }\n}',
            "how many metrics",
        ),
        ('resource "aws_lambda_event_source_mapping" "a" {\n  provisioned_poller_config {}\n}', "event pollers"),
    ],
)
def test_what_is_unknown_is_said_and_costs_no_number(load: Load, hcl: str, reason: str) -> None:
    result = of(load(hcl))
    assert [each.reason for each in result.missing if reason in each.reason], result.missing
    assert not [each for each in result.charges if each.kind == "fixed"]


def test_the_region_is_assumed_where_nothing_says_it(load: Load) -> None:
    with_region = 'provider "aws" { region = "us-east-1" }\nresource "aws_kms_key" "a" {}'
    assert of(load(with_region)).notes == ()
    (note,) = of(load('resource "aws_kms_key" "a" {}')).notes
    assert note == "The region is us-east-1, where the Terraform does not decide it."


@pytest.mark.parametrize(
    ("subnet", "addresses", "missing"),
    [
        ("map_public_ip_on_launch = true", {"aws_autoscaling_group.a", "aws_instance.a"}, set()),
        ("map_public_ip_on_launch = false", set(), set()),
        ("map_public_ip_on_launch = var.unknown", set(), {"aws_autoscaling_group.a", "aws_instance.a"}),
    ],
)
def test_public_addresses_are_those_that_subnets_give(
    load: Load, subnet: str, addresses: set[str], missing: set[str]
) -> None:
    server = 'resource "aws_instance" "a" {\n  instance_type = "t3.micro"\n  subnet_id = aws_subnet.a.id\n%s\n}\n'
    hcl = GROUP.replace('"aws_subnet" "a" {', f'"aws_subnet" "a" {{ {subnet}') % (1, 1) + server % ROOT
    result = of(load(f'variable "unknown" {{}}\n{hcl}'))
    assert {each.address for each in result.charges if each.item == "public IPv4 address"} == addresses
    assert {each.address for each in result.missing} == missing


def test_whether_a_subnet_of_elsewhere_gives_an_address_is_not_known(load: Load) -> None:
    server = 'resource "aws_instance" "a" {\n  instance_type = "t3.micro"\n  %s\n%s\n}\n'
    for says, known in (('subnet_id = "subnet-1"', False), ("associate_public_ip_address = false", True), ("", False)):
        assert (of(load(server % (says, ROOT))).missing == ()) is known


def test_an_elastic_address_is_the_only_one_of_an_instance(load: Load) -> None:
    subnet = 'resource "aws_subnet" "a" { map_public_ip_on_launch = true }\n'
    server = (
        f'resource "aws_instance" "a" {{\n  instance_type = "t3.micro"\n  subnet_id = aws_subnet.a.id\n{ROOT}\n}}\n'
    )
    for elastic in (
        'resource "aws_eip" "a" { instance = aws_instance.a.id }',
        'resource "aws_eip" "a" {}\nresource "aws_eip_association" "a" { instance_id = aws_instance.a.id }',
    ):
        charges = of(load(subnet + server + elastic)).charges
        assert [each.address for each in charges if each.item == "public IPv4 address"] == ["aws_eip.a"]


def test_schedules_widen_what_a_group_may_cost(load: Load) -> None:
    schedule = (
        'resource "aws_autoscaling_schedule" "%s" {\n  autoscaling_group_name = aws_autoscaling_group.a.name\n%s}\n'
    )
    night = schedule % ("night", "  min_size = 0\n  max_size = 0\n")
    day = schedule % ("day", "  min_size = -1\n  max_size = 10\n")
    one = of(load(GROUP % (1, 1))).cost("fixed").low
    cost = of(load(GROUP % (2, 4) + day)).cost("fixed")
    assert (cost.low, cost.high) == (2 * one, 10 * one)
    cost = of(load(GROUP % (2, 4) + night)).cost("fixed")
    assert (cost.low, cost.high) == (Decimal(0), 4 * one)


def test_a_replica_has_the_engine_of_its_original(load: Load) -> None:
    original = 'resource "aws_db_instance" "a" {\n  engine = "postgres"\n  instance_class = "db.m5.large"\n}\n'
    replica = 'resource "aws_db_instance" "b" {\n  replicate_source_db = aws_db_instance.a.identifier\n'
    charges = of(load(f'{original}{replica}  instance_class = "db.t3.medium"\n}}\n')).charges
    assert [each.item for each in charges] == ["postgres db.m5.large Single-AZ", "postgres db.t3.medium Single-AZ"]


def test_a_serverless_instance_costs_from_its_least_to_its_most(load: Load) -> None:
    cluster = 'resource "aws_rds_cluster" "a" {\n  serverlessv2_scaling_configuration {\n    %s\n  }\n}\n'
    instance = 'resource "aws_rds_cluster_instance" "a" {\n  cluster_identifier = aws_rds_cluster.a.id\n'
    hcl = cluster % "min_capacity = 0.5\n    max_capacity = 8" + instance + '  instance_class = "db.serverless"\n}\n'
    cost = of(load(hcl)).cost("fixed")
    assert (cost.low, cost.high) == (Decimal("43.8"), Decimal("700.8"))


def test_another_region_has_its_own_prices(load: Load) -> None:
    (charge,) = of(load('resource "aws_nat_gateway" "a" { region = "eu-west-1" }')).charges[:1]
    assert (charge.price_usd, charge.source) == (Decimal("0.048"), "nat")


def test_backups_of_a_table_cost_what_is_stored(load: Load) -> None:
    (charge,) = [each for each in of(load(BACKUPS)).charges if each.address == "aws_backup_plan.a"]
    assert (charge.item, charge.cost.low) == ("on-demand backup", Decimal(10))


def test_what_is_free_costs_nothing_and_is_not_missing(load: Load) -> None:
    result = of(load('resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }\ndata "aws_ami" "a" {}'))
    assert result == Estimate()


def test_parts_of_other_terraform_are_its_modules(load: Load) -> None:
    main = 'module "m" { source = "./m" }\nresource "aws_kms_key" "a" {}'
    result = of(load(main, {"m/main.tf": 'resource "aws_kms_key" "b" {}'}))
    assert result.parts == ("", "module.m")
