"""Every part of the system is there, in every environment: the rows of docs/architecture.md, one by one.

What a part looks like inside is for the tests of that part (tests/modules). This one fails when a part vanishes from
the app, whatever the tests of the part say.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.helpers import resources

SYSTEM = {
    "VPC": [("aws_vpc", "network/vpc/vpc")],
    "internet gateway": [("aws_internet_gateway", "network/vpc/internet-gateway")],
    "subnet replica 1": [
        ("aws_subnet", "network/replica-1/public-subnet"),
        ("aws_subnet", "network/replica-1/private-subnet"),
    ],
    "subnet replica 2": [
        ("aws_subnet", "network/replica-2/public-subnet"),
        ("aws_subnet", "network/replica-2/private-subnet"),
    ],
    "route tables": [("aws_route_table", "network/routes/public"), ("aws_route_table", "network/routes/private")],
    "network ACLs": [("aws_network_acl", "network/nacls/public/acl"), ("aws_network_acl", "network/nacls/private/acl")],
    "emptied defaults": [
        ("aws_default_network_acl", "network/vpc/default-network-acl"),
        ("aws_default_security_group", "network/vpc/default-security-group"),
    ],
    "gateway endpoints": [
        ("aws_vpc_endpoint", "network/gateway-endpoints/s3"),
        ("aws_vpc_endpoint", "network/gateway-endpoints/dynamodb"),
    ],
    "interface endpoints": [
        ("aws_vpc_endpoint", f"network/interface-endpoints/{service}")
        for service in (
            "logs",
            "monitoring",
            "secretsmanager",
            "sns",
            "ssm",
            "ssmmessages",
        )
    ],
    "flow logs": [("aws_flow_log", "network/flow-logs/flow-log")],
    "DNS firewall": [("aws_route53_resolver_firewall_rule_group_association", "network/dns-firewall/association")],
    "core server": [
        ("aws_launch_template", "servers/core-server/launch-template/template"),
        ("aws_autoscaling_group", "servers/core-server/scaling-group/group"),
        ("aws_autoscaling_policy", "servers/core-server/scaling-group/cpu"),
        ("aws_autoscaling_policy", "servers/core-server/scaling-group/memory"),
    ],
    "ordering server": [
        ("aws_launch_template", "servers/ordering-server/launch-template/template"),
        ("aws_autoscaling_group", "servers/ordering-server/scaling-group/group"),
        ("aws_autoscaling_policy", "servers/ordering-server/scaling-group/cpu"),
        ("aws_autoscaling_policy", "servers/ordering-server/scaling-group/memory"),
    ],
    "event store": [
        ("aws_launch_template", "event-store/server/launch-template/template"),
        ("aws_autoscaling_group", "event-store/server/scaling-group/group"),
        ("aws_autoscaling_policy", "event-store/server/scaling-group/cpu"),
        ("aws_autoscaling_policy", "event-store/server/scaling-group/memory"),
    ],
    "purchase gateway": [
        ("aws_launch_template", "purchase-gateway/server/launch-template/template"),
        ("aws_autoscaling_group", "purchase-gateway/server/scaling-group/group"),
        ("aws_autoscaling_policy", "purchase-gateway/server/scaling-group/cpu"),
        ("aws_autoscaling_policy", "purchase-gateway/server/scaling-group/memory"),
    ],
    "event store database": [
        ("aws_dynamodb_table", "event-store/table/table"),
        ("aws_dynamodb_resource_policy", "event-store/table/policy"),
    ],
    "buckets": [
        ("aws_s3_bucket", "storage/images/bucket"),
        ("aws_s3_bucket", "event-store/backup-bucket/bucket"),
        ("aws_s3_bucket", "streaming/data-reporting/backups/bucket"),
    ],
    "backups": [
        ("aws_backup_plan", "event-store/backups/plan"),
        ("aws_scheduler_schedule", "event-store/export/schedule"),
    ],
    "Amazon MQ": [("aws_mq_broker", "messaging/broker")],
    "Kafka": [("aws_msk_cluster", "streaming/cluster/cluster")],
    "notification requests": [("aws_pipes_pipe", "streaming/notification-requests/meal-ready")],
    "metrics export": [
        ("aws_cloudwatch_metric_stream", "streaming/metrics-export/metric-stream"),
        ("aws_kinesis_firehose_delivery_stream", "streaming/metrics-export/delivery-stream"),
    ],
    "data reporting": [
        ("aws_kinesis_firehose_delivery_stream", "streaming/data-reporting/delivery-stream"),
        ("aws_glue_catalog_table", "streaming/data-reporting/catalog/table"),
        ("aws_athena_workgroup", "streaming/data-reporting/catalog/workgroup"),
        ("aws_iam_role", "streaming/data-reporting/tableau/role"),
    ],
    "SNS": [
        ("aws_sns_topic", "notifications/meal-ready"),
        ("aws_sns_topic", "notifications/meal-out-of-stock"),
        ("aws_sns_topic", "notifications/payment-failed"),
    ],
    "external channels": [
        ("aws_vpc_security_group_egress_rule", "channels/core-server-to-0-0-0-0-0-443"),
        ("aws_vpc_security_group_egress_rule", "channels/ordering-server-to-0-0-0-0-0-443"),
    ],
    "DNS": [
        ("aws_route53_zone", "edge/dns/private-zone"),
        ("aws_route53_record", "edge/public/load-balancer/alias"),
    ],
    "certificates": [
        ("aws_acm_certificate", "edge/public/certificate/certificate"),
        ("aws_acm_certificate", "edge/private-load-balancer/event-store-certificate/certificate"),
        ("aws_acm_certificate", "edge/private-load-balancer/purchase-gateway-certificate/certificate"),
    ],
    "load balancers": [
        ("aws_lb", "edge/public/load-balancer/load-balancer"),
        ("aws_lb", "edge/private-load-balancer/load-balancer/load-balancer"),
    ],
    "ruleset": [
        ("aws_lb_listener", "edge/public/load-balancer/https-listener"),
        ("aws_lb_listener", "edge/public/load-balancer/http-listener"),
        ("aws_lb_listener_rule", "edge/public/ruleset/ordering"),
        ("aws_lb_listener_rule", "edge/public/ruleset/protected-core"),
    ],
    "user pool": [
        ("aws_cognito_user_pool", "edge/public/user-pool/user-pool"),
        ("aws_cognito_user_pool_client", "edge/public/user-pool/client"),
    ],
    "web firewall": [
        ("aws_wafv2_web_acl", "edge/public/web-acl/web-acl"),
        ("aws_wafv2_web_acl_association", "edge/public/web-acl/association"),
        ("aws_wafv2_web_acl_logging_configuration", "edge/public/web-acl/logging"),
    ],
}


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
@pytest.mark.parametrize("part", SYSTEM)
def test_part_is_there(synthesized: Mapping[str, Any], environment: str, part: str) -> None:
    present = {(each.type, each.path) for each in resources(synthesized[environment])}
    assert [each for each in SYSTEM[part] if each not in present] == []


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_there_is_nothing_that_the_architecture_does_not_name(synthesized: Mapping[str, Any], environment: str) -> None:
    parts = {each.path.partition("/")[0] for each in resources(synthesized[environment])}
    assert parts == {
        "channels",
        "edge",
        "event-store",
        "keys",
        "messaging",
        "network",
        "notifications",
        "purchase-gateway",
        "servers",
        "storage",
        "streaming",
    }
