"""What each type uses: how much of which item, as the Terraform says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from cli.core.cost.charges import READERS
from cli.core.cost.estimate import estimate
from cli.core.cost.model import Range
from cli.core.cost.usage import quantities
from tests.support.reading import Load

HOURS = 730

SUBNETS = 'resource "aws_subnet" "a" { count = 3 }'

MSK = """
resource "aws_msk_cluster" "a" {
  number_of_broker_nodes = 4
  broker_node_group_info {
    instance_type = "%s"
    storage_info {
      ebs_storage_info { volume_size = 500 }
    }
    connectivity_info {
      vpc_connectivity {
        client_authentication {
          sasl { iam = true }
        }
      }
    }
  }
}
"""

SCALED = (
    MSK % "kafka.m7g.large"
    + """
resource "aws_appautoscaling_target" "a" {
  resource_id        = aws_msk_cluster.a.arn
  scalable_dimension = "kafka:broker-storage:VolumeSize"
  min_capacity       = 1
  max_capacity       = 2000
}
"""
)

SCHEDULED = (
    SCALED
    + """
resource "aws_appautoscaling_scheduled_action" "a" {
  resource_id        = aws_appautoscaling_target.a.resource_id
  scalable_dimension = aws_appautoscaling_target.a.scalable_dimension
  scalable_target_action { max_capacity = 4000 }
}
"""
)

SERVICE = """
resource "aws_ecs_task_definition" "a" {
  cpu    = 512
  memory = 1024
}
resource "aws_ecs_service" "a" {
  launch_type     = "FARGATE"
  desired_count   = 2
  task_definition = aws_ecs_task_definition.a.arn
}
"""

OVERRIDDEN = """
resource "aws_launch_template" "a" {
  instance_type = "t3.micro"
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_type = "gp2"
      volume_size = 30
    }
  }
  block_device_mappings {
    device_name = "/dev/sdf"
    ebs {
      volume_type = "st1"
      volume_size = 300
    }
  }
}
resource "aws_instance" "a" {
  launch_template { id = aws_launch_template.a.id }
  associate_public_ip_address = false
  root_block_device {
    volume_type = "gp3"
    volume_size = 100
  }
}
"""
"""An instance whose root volume is other than that of its template."""

FIXED: tuple[tuple[str, Mapping[str, int | tuple[int, int]]], ...] = (
    ('resource "aws_nat_gateway" "a" {}', {"NAT gateway": HOURS}),
    ('resource "aws_eip" "a" {}', {"public IPv4 address": HOURS}),
    ('resource "aws_lb" "a" { internal = true }', {"application load balancer": HOURS}),
    (
        SUBNETS + '\nresource "aws_lb" "a" {\n  load_balancer_type = "network"\n  subnets = aws_subnet.a[*].id\n}',
        {"network load balancer": HOURS, "public IPv4 address": 3 * HOURS},
    ),
    (
        SUBNETS + '\nresource "aws_vpc_endpoint" "a" {\n  vpc_endpoint_type = "Interface"\n'
        "  subnet_ids = aws_subnet.a[*].id\n}",
        {"interface endpoint": 3 * HOURS},
    ),
    ('resource "aws_vpc_endpoint" "a" {}', {}),
    ('resource "aws_vpn_connection" "a" { vpn_gateway_id = "vgw-1" }', {"VPN connection": HOURS}),
    (
        'resource "aws_vpn_connection" "a" { transit_gateway_id = "tgw-1" }',
        {"VPN connection": HOURS, "transit gateway attachment": HOURS},
    ),
    ('resource "aws_route53_zone" "a" { name = "a.example" }', {"hosted zone": 1}),
    (
        MSK % "kafka.m7g.large",
        {"kafka.m7g.large": 4 * HOURS, "private connectivity": HOURS, "standard storage": 2000},
    ),
    (
        SCALED,
        {"kafka.m7g.large": 4 * HOURS, "private connectivity": HOURS, "standard storage": (2000, 8000)},
    ),
    (
        SCHEDULED,
        {"kafka.m7g.large": 4 * HOURS, "private connectivity": HOURS, "standard storage": (2000, 16000)},
    ),
    (MSK % "express.m7g.large", {"express.m7g.large": 4 * HOURS, "private connectivity": HOURS}),
    ('resource "aws_msk_serverless_cluster" "a" {}', {"serverless cluster": HOURS}),
    (
        (
            'resource "aws_mq_broker" "a" {\n  engine_type = "RabbitMQ"\n  host_instance_type = "mq.m5.large"\n'
            '  deployment_mode = "CLUSTER_MULTI_AZ"\n}'
        ),
        {"mq.m5.large cluster": HOURS},
    ),
    (
        'resource "aws_dynamodb_table" "a" {\n  read_capacity = 30\n  write_capacity = 20\n}',
        {"read capacity": 30 * HOURS, "write capacity": 20 * HOURS},
    ),
    ('resource "aws_dynamodb_table" "a" { billing_mode = "PAY_PER_REQUEST" }', {}),
    (
        (
            'resource "aws_db_instance" "a" {\n  engine = "mysql"\n  instance_class = "db.t3.large"\n'
            "  multi_az = true\n  allocated_storage = 30\n  max_allocated_storage = 100\n}"
        ),
        {"mysql db.t3.large Multi-AZ": HOURS, "gp2 storage Multi-AZ": (30, 100)},
    ),
    ('resource "aws_rds_cluster_instance" "a" { instance_class = "db.r4.large" }', {"aurora db.r4.large": HOURS}),
    (
        (
            'resource "aws_elasticache_replication_group" "a" {\n  node_type = "cache.m4.large"\n'
            "  num_node_groups = 2\n  replicas_per_node_group = 1\n}"
        ),
        {"cache.m4.large": 4 * HOURS},
    ),
    (
        (
            'resource "aws_instance" "a" {\n  instance_type = "t3.micro"\n  monitoring = true\n  root_block_device {\n'
            '    volume_size = 10\n    volume_type = "gp3"\n    iops = 4000\n    throughput = 125\n  }\n}'
        ),
        {"t3.micro": HOURS, "metric": 7, "gp3 storage": 10, "gp3 IOPS": 1000},
    ),
    ('resource "aws_ebs_volume" "a" { size = 8 }', {"gp2 storage": 8}),
    (SERVICE, {"Fargate vCPU": HOURS, "Fargate memory GB": 2 * HOURS}),
    (
        SERVICE.replace("512", '"0.5 vCPU"').replace(
            "= 1024",
            '= "1GB"\n  runtime_platform { cpu_architecture = "ARM64" }\n  ephemeral_storage { size_in_gib = 25 }',
        ),
        {
            "Fargate ARM vCPU": HOURS,
            "Fargate ARM memory GB": 2 * HOURS,
            "Fargate ephemeral storage GB": 10 * HOURS,
        },
    ),
    (
        (
            'resource "aws_elasticache_replication_group" "a" {\n  node_type = "cache.m4.large"\n'
            "  cluster_mode {\n    num_node_groups = 3\n    replicas_per_node_group = 2\n  }\n}"
        ),
        {"cache.m4.large": 9 * HOURS},
    ),
    (
        (
            'resource "aws_elasticache_replication_group" "a" {\n  node_type = "cache.m4.large"\n'
            "  number_cache_clusters = 2\n}"
        ),
        {"cache.m4.large": 2 * HOURS},
    ),
    (
        'resource "aws_globalaccelerator_accelerator" "a" {}',
        {"accelerator": HOURS, "public IPv4 address": 2 * HOURS},
    ),
    (OVERRIDDEN, {"t3.micro": HOURS, "gp3 storage": 100, "st1 storage": 300}),
    ('resource "aws_eks_cluster" "a" {}', {"cluster": HOURS}),
    ('resource "aws_kms_key" "a" {}', {"key": 1}),
    ('resource "aws_secretsmanager_secret" "a" {}', {"secret": 1}),
    (
        (
            'resource "aws_wafv2_web_acl" "a" {\n  rule {\n    statement {\n      managed_rule_group_statement {\n'
            '        vendor_name = "AWS"\n        name = "AWSManagedRulesBotControlRuleSet"\n      }\n    }\n  }\n'
            "  rule {}\n}"
        ),
        {"web ACL": 1, "rule": 2, "Bot Control": 1},
    ),
    ('resource "aws_cloudwatch_metric_alarm" "a" { period = 60 }', {"alarm": 1}),
    ('resource "aws_cloudwatch_metric_alarm" "a" { period = 10 }', {"high-resolution alarm": 1}),
    ('resource "aws_cloudwatch_log_metric_filter" "a" {\n  metric_transformation { name = "a" }\n}', {"metric": 1}),
    ('resource "aws_autoscaling_policy" "a" {\n  target_tracking_configuration {}\n}', {"alarm": 2}),
    ('resource "aws_autoscaling_policy" "a" { policy_type = "StepScaling" }', {}),
    (
        (
            'resource "aws_appautoscaling_policy" "a" {\n  service_namespace = "kafka"\n'
            "  target_tracking_scaling_policy_configuration { disable_scale_in = true }\n}"
        ),
        {"alarm": 1},
    ),
    (
        (
            'resource "aws_appautoscaling_policy" "a" {\n  service_namespace = "dynamodb"\n'
            "  target_tracking_scaling_policy_configuration {}\n}"
        ),
        {"alarm": 4},
    ),
    ('resource "aws_acm_certificate" "a" {}', {}),
    ('resource "aws_eks_addon" "a" { addon_name = "vpc-cni" }', {}),
    ('resource "aws_kinesis_stream" "a" { shard_count = 2 }', {"shard": 2 * HOURS}),
    (
        'resource "aws_route53_resolver_firewall_domain_list" "a" { domains = ["a.", "b."] }',
        {"DNS Firewall domain": 2},
    ),
)

BY_USAGE: tuple[tuple[str, set[str]], ...] = (
    ('resource "aws_lb" "a" { internal = true }', {"application load balancer capacity unit"}),
    ('resource "aws_route53_zone" "a" { name = "a.example" }', {"query"}),
    ('resource "aws_route53_zone" "a" {\n  name = "a.example"\n  vpc { vpc_id = "vpc-1" }\n}', set()),
    (
        (
            'resource "aws_dynamodb_table" "a" {\n  billing_mode = "PAY_PER_REQUEST"\n'
            "  point_in_time_recovery { enabled = true }\n}"
        ),
        {"write request", "read request", "storage", "point-in-time recovery"},
    ),
    ('resource "aws_kms_replica_key" "a" {}', {"request"}),
    ('resource "aws_s3_bucket" "a" {}', {"standard storage", "PUT request", "GET request"}),
    ('resource "aws_sns_topic" "a" { fifo_topic = true }', {"FIFO publish"}),
    ('resource "aws_sns_topic_subscription" "a" { protocol = "email" }', {"email delivery"}),
    ('resource "aws_sns_topic_subscription" "a" { protocol = "sqs" }', set()),
    ('resource "aws_lambda_function" "a" { architectures = ["arm64"] }', {"request", "duration arm64"}),
    ('resource "aws_flow_log" "a" {}', set()),
    ('resource "aws_flow_log" "a" { log_destination_type = "s3" }', {"log delivery to S3"}),
    ('resource "aws_cognito_user_pool" "a" { user_pool_tier = "PLUS" }', {"Plus active user"}),
    ('resource "aws_cloudwatch_log_group" "a" {}', {"log ingestion", "log storage"}),
    (MSK % "express.m7g.large", {"express storage", "express data in", "private connectivity data"}),
    ('resource "aws_vpn_connection" "a" { transit_gateway_id = "tgw-1" }', {"transit gateway data"}),
    ('resource "aws_dynamodb_table" "a" { stream_enabled = true }', {"storage", "stream read"}),
    ('resource "aws_kinesis_firehose_delivery_stream" "a" {}', {"data in"}),
    (
        (
            'resource "aws_kinesis_firehose_delivery_stream" "a" {\n  region = "eu-west-2"\n'
            "  extended_s3_configuration {\n    data_format_conversion_configuration {}\n  }\n}"
        ),
        {"data in", "format conversion"},
    ),
)


@pytest.mark.parametrize(("hcl", "items"), FIXED)
def test_what_costs_as_long_as_it_exists(load: Load, hcl: str, items: Mapping[str, int | tuple[int, int]]) -> None:
    result = estimate([load(hcl)], quantities())
    quantity = {each.item: (each.quantity.low, each.quantity.high) for each in result.charges if each.kind == "fixed"}
    assert quantity == {
        item: (Decimal(value), Decimal(value)) if isinstance(value, int) else tuple(map(Decimal, value))
        for item, value in items.items()
    }


@pytest.mark.parametrize(("hcl", "items"), BY_USAGE)
def test_what_costs_by_what_is_used(load: Load, hcl: str, items: set[str]) -> None:
    result = estimate([load(hcl)], quantities())
    assert {each.item for each in result.charges if each.kind == "usage"} == items


PLAIN = 'resource "{}" "a" {{\n  {}\n}}\n'

UNPRICED = (
    ("aws_db_instance", 'allocated_storage = 10\n  storage_type = "gp3"\n  iops = 12000', "IOPS"),
    ("aws_db_instance", "performance_insights_retention_period = 31", "Performance Insights"),
    ("aws_db_instance", 'engine = "postgres"', "extended support"),
    ("aws_db_instance", 'snapshot_identifier = "s"', "extended support"),
    ("aws_rds_cluster", 'engine = "aurora-mysql"', "extended support"),
    ("aws_dynamodb_table", 'table_class = "STANDARD_INFREQUENT_ACCESS"', "infrequent access"),
    ("aws_efs_file_system", 'throughput_mode = "elastic"', "elastic throughput"),
    ("aws_eks_cluster", "", "extended support"),
    ("aws_elasticache_cluster", 'engine = "valkey"', "no node type"),
    ("aws_instance", 'instance_type = "t4g.small"\n  host_id = "h-1"', "tenancy"),
    ("aws_kinesis_stream", "retention_period = 48", "more than a day"),
    ("aws_kinesis_stream", 'shard_level_metrics = ["IncomingBytes"]', "metrics of shards"),
    ("aws_lambda_function", "ephemeral_storage { size = 1024 }", "ephemeral storage"),
    ("aws_lambda_function", 'snap_start { apply_on = "PublishedVersions" }', "SnapStart"),
    ("aws_lb", "internal = true\n  minimum_load_balancer_capacity { capacity_units = 100 }", "reserved capacity"),
    ("aws_mq_broker", "publicly_accessible = true", "public addresses"),
    ("aws_vpn_connection", "enable_acceleration = true", "accelerated"),
    ("aws_db_instance", 'allocated_storage = 10\n  storage_type = "io1"', "says no IOPS"),
    ("aws_db_instance", 'allocated_storage = 10\n  storage_type = "standard"', "magnetic storage"),
    ("aws_db_instance", "backup_retention_period = 35", "backups beyond"),
    ("aws_db_instance", 'enabled_cloudwatch_logs_exports = ["error"]', "log group /aws/rds/instance/"),
    ("aws_rds_cluster", "backup_retention_period = 2", "more than a day"),
    ("aws_rds_cluster", 'enabled_cloudwatch_logs_exports = ["error"]', "log group /aws/rds/cluster/"),
    ("aws_ebs_volume", 'size = 8\n  type = "io2"', "says no IOPS"),
    ("aws_ebs_volume", 'size = 8\n  type = "standard"', "magnetic volumes"),
    ("aws_eks_cluster", 'enabled_cluster_log_types = ["audit"]', "log group /aws/eks/"),
    ("aws_elasticache_cluster", 'node_type = "cache.t3.micro"\n  engine_version = "5.0.6"', "extended support"),
    ("aws_instance", 'instance_type = "t3.micro"\n  root_block_device { volume_size = 8 }', "type of the volume"),
    ("aws_instance", 'instance_type = "t3.micro"\n  launch_template { id = "lt-1" }', "decides more"),
    ("aws_lambda_function", "", "log group /aws/lambda/"),
    ("aws_mq_broker", "logs { general = true }", "log group /aws/amazonmq/"),
    ("aws_route53_health_check", 'fqdn = "www.example.com"', "outside AWS"),
)


@pytest.mark.parametrize(("type_", "body", "reason"), UNPRICED)
def test_what_has_no_price_is_not_known(load: Load, type_: str, body: str, reason: str) -> None:
    missing = estimate([load(PLAIN.format(type_, body))], quantities()).missing
    assert [each for each in missing if reason in each.reason]


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        (
            "aws_db_instance",
            'engine = "mariadb"\n  instance_class = "db.t3.micro"\n  allocated_storage = 20',
        ),
        ("aws_eks_cluster", 'upgrade_policy { support_type = "STANDARD" }'),
        ("aws_kinesis_stream", "retention_period = 24"),
        ("aws_lambda_function", "ephemeral_storage { size = 512 }\n  logging_config {}"),
        ("aws_route53_health_check", 'fqdn = aws_lb.b.dns_name\n}\nresource "aws_lb" "b" {\n  internal = true'),
        ("aws_mq_broker", 'host_instance_type = "mq.m5.large"\n  publicly_accessible = false'),
        ("aws_vpn_connection", "enable_acceleration = false"),
    ],
)
def test_what_costs_nothing_more_is_known(load: Load, type_: str, body: str) -> None:
    assert not estimate([load(PLAIN.format(type_, body))], quantities()).missing


def test_windows_on_fargate_has_no_price(load: Load) -> None:
    platform = 'runtime_platform { operating_system_family = "WINDOWS_SERVER_2022_CORE" }'
    hcl = SERVICE.replace("memory = 1024", f"memory = 1024\n  {platform}")
    result = estimate([load(hcl)], quantities())
    assert not result.charges
    assert "Fargate" in result.missing[0].reason


IMAGE = """
data "aws_ami" "a" {
  owners = ["%s"]
  filter {
    name   = "name"
    values = ["%s"]
  }
}
data "aws_ssm_parameter" "a" { name = "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base" }
module "servers" {
  source = "./servers"
  image  = %s
}
"""

SERVERS = """
variable "image" {}
resource "aws_instance" "a" {
  ami                         = var.image
  instance_type               = "t3.micro"
  associate_public_ip_address = false
  root_block_device {
    volume_type = "gp3"
    volume_size = 8
  }
}
resource "aws_launch_template" "a" {
  image_id      = var.image
  instance_type = "t3.micro"
}
resource "aws_autoscaling_group" "a" {
  min_size = 1
  max_size = 1
  launch_template { id = aws_launch_template.a.id }
}
"""


@pytest.mark.parametrize(
    ("owner", "name", "image", "is_licensed"),
    [
        ("amazon", "Windows_Server-2022-English-Full-Base-*", "data.aws_ami.a.id", True),
        ("amazon", "al2023-ami-*", "data.aws_ssm_parameter.a.value", True),
        ("309956199498", "*", "data.aws_ami.a.id", True),
        ("amazon", "RHEL-9*", "data.aws_ami.a.id", True),
        ("amazon", "al2023-ami-*", "data.aws_ami.a.id", False),
        ("amazon", "al2023-ami-*", '"ami-0123456789abcdef0"', False),
    ],
)
def test_the_price_of_linux_is_not_that_of_windows_or_of_a_licence(
    load: Load, owner: str, name: str, image: str, is_licensed: bool
) -> None:
    result = estimate([load(IMAGE % (owner, name, image), {"servers/main.tf": SERVERS})], quantities())
    priced = {each.address.rpartition(".")[0] for each in result.charges if each.item == "t3.micro"}
    named = {each.address.rpartition(".")[0] for each in result.missing if "licence" in each.reason}
    servers = {"module.servers.aws_autoscaling_group", "module.servers.aws_instance"}
    assert (priced, named) == ((set(), servers) if is_licensed else (servers, set()))


def test_a_template_that_maps_another_volume_has_a_root_volume(load: Load) -> None:
    hcl = OVERRIDDEN.replace("/dev/xvda", "/dev/sdg").replace("root_block_device", "metadata_options")
    reasons = [each.reason for each in estimate([load(hcl)], quantities()).missing]
    assert reasons == ["aws_launch_template.a: the size of the root volume is that of the image"]


@pytest.mark.parametrize(("types", "name"), [("", "t3.micro"), ('instance_types = ["m6g.large"]', "m6g.large")])
def test_nodes_are_those_of_a_launch_template(load: Load, types: str, name: str) -> None:
    group = """
resource "aws_subnet" "a" {}
resource "aws_eks_node_group" "a" {
  %s
  subnet_ids = [aws_subnet.a.id]
  launch_template { id = aws_launch_template.a.id }
  scaling_config {
    min_size = 2
    max_size = 3
  }
}
"""
    template = OVERRIDDEN.partition('resource "aws_instance"')[0]
    result = estimate([load(template + group % types)], quantities())
    assert not result.missing
    assert {each.item: each.quantity for each in result.charges} == {
        name: Range(Decimal(2 * HOURS), Decimal(3 * HOURS)),
        "gp2 storage": Range(Decimal(60), Decimal(90)),
        "st1 storage": Range(Decimal(600), Decimal(900)),
    }


def test_logs_of_a_service_are_counted_by_their_group(load: Load) -> None:
    hcl = """
resource "aws_lambda_function" "a" { function_name = "a" }
resource "aws_cloudwatch_log_group" "a" { name = "/aws/lambda/${aws_lambda_function.a.function_name}" }
"""
    result = estimate([load(hcl)], quantities())
    assert not result.missing
    assert {"log ingestion", "log storage"} <= {each.item for each in result.charges}


def test_brokers_that_send_logs_elsewhere_say_so(load: Load) -> None:
    logs = "logging_info {\n    broker_logs {\n      s3 { enabled = true }\n    }\n  }\n  broker_node_group_info"
    hcl = (MSK % "kafka.m7g.large").replace("broker_node_group_info", logs)
    assert [each.reason for each in estimate([load(hcl)], quantities()).missing] == [
        "how many logs its brokers deliver to what is no log group"
    ]


def test_a_gateway_load_balancer_has_no_public_address(load: Load) -> None:
    hcl = 'resource "aws_lb" "a" {\n  load_balancer_type = "gateway"\n  subnets = ["subnet-1"]\n}'
    result = estimate([load(hcl)], quantities())
    assert "public IPv4 address" not in {each.item for each in result.charges}


@pytest.mark.parametrize("type_", sorted(READERS))
def test_of_a_resource_that_says_nothing_no_reader_breaks(load: Load, type_: str) -> None:
    result = estimate([load(f'variable "x" {{}}\nresource "{type_}" "a" {{ name = var.x }}')], quantities())
    assert all(each.cost.low <= each.cost.high for each in result.charges)


SILENT = {
    *("aws_acm_certificate", "aws_alb_listener", "aws_appautoscaling_policy", "aws_autoscaling_policy"),
    *("aws_cloudwatch_log_metric_filter", "aws_cognito_user_pool_client", "aws_ecs_cluster", "aws_efs_backup_policy"),
    *("aws_eks_addon", "aws_flow_log", "aws_lambda_event_source_mapping", "aws_lb_listener", "aws_vpc_endpoint"),
    *("aws_mskconnect_connector", "aws_route53_key_signing_key", "aws_route53_record"),
    *("aws_route53_resolver_firewall_rule", "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_notification"),
    "aws_s3_bucket_server_side_encryption_configuration",
}
"""What costs nothing as long as it sets nothing, or is charged with another resource."""


@pytest.mark.parametrize("type_", sorted(READERS))
def test_a_resource_that_sets_nothing_is_neither_left_out_nor_zero(load: Load, type_: str) -> None:
    result = estimate([load(f'resource "{type_}" "a" {{}}')], quantities())
    assert bool(result.charges or result.missing) == (type_ not in SILENT)
