"""What a box says about a resource: what it is, and how much of it there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policies.library.model import Block, Configuration, Resource
from policies.library.values import UnknownValue

SERVICES: Mapping[str, str] = {
    "aws_api_gateway_rest_api": "REST API",
    "aws_apigatewayv2_api": "HTTP API",
    "aws_athena_workgroup": "Athena workgroup",
    "aws_backup_vault": "backup vault",
    "aws_cloudfront_distribution": "CloudFront distribution",
    "aws_cloudwatch_event_bus": "event bus",
    "aws_cognito_user_pool": "Cognito user pool",
    "aws_dynamodb_table": "DynamoDB table",
    "aws_ecr_repository": "ECR repository",
    "aws_kinesis_firehose_delivery_stream": "Firehose stream",
    "aws_kinesis_stream": "Kinesis stream",
    "aws_kms_key": "KMS key",
    "aws_lambda_function": "Lambda function",
    "aws_route53_zone": "Route 53 zone",
    "aws_s3_bucket": "S3 bucket",
    "aws_secretsmanager_secret": "secret",
    "aws_sfn_state_machine": "state machine",
    "aws_sns_topic": "SNS topic",
    "aws_sqs_queue": "SQS queue",
    "aws_wafv2_web_acl": "web ACL",
}
"""What is counted though it has no address in a VPC, and what one of it is called."""


def described(configuration: Configuration, resource: Resource) -> tuple[str, ...]:
    """At most two lines about a resource; of a type that is not known here, its name in Terraform."""
    describe = _TYPES.get(resource.type)
    if describe is None:
        return (resource.type,)
    try:
        return tuple(line for line in describe(configuration, resource) if line)
    except UnknownValue:
        return (resource.type,)


def _scaling_group(configuration: Configuration, group: Resource) -> tuple[str, ...]:
    return "scaling group", " of ".join(filter(None, (_size(group), _instance_type(configuration, group))))


def _size(group: Resource) -> str:
    least, most = group.number("min_size"), group.number("max_size")
    if least is None or most is None:
        return ""
    return str(most) if least == most else f"{least} to {most}"


def _instance_type(configuration: Configuration, group: Resource) -> str:
    template = group.block("launch_template")
    found = configuration.resolve((template.get("id"), template.get("name"))) if template else ()
    return found[0].text("instance_type") if found else ""


def _instance(_: Configuration, resource: Resource) -> tuple[str, ...]:
    return "EC2 instance", resource.text("instance_type")


def _load_balancer(_: Configuration, resource: Resource) -> tuple[str, ...]:
    kind = resource.text("load_balancer_type", "application")
    return f"{kind} load balancer", "internal" if resource.flag("internal") else "internet-facing"


def _classic(_: Configuration, resource: Resource) -> tuple[str, ...]:
    return "classic load balancer", "internal" if resource.flag("internal") else "internet-facing"


def _broker(_: Configuration, resource: Resource) -> tuple[str, ...]:
    return f"Amazon MQ, {resource.text('engine_type')}", _words(resource.text("deployment_mode", "SINGLE_INSTANCE"))


def _cluster(_: Configuration, resource: Resource) -> tuple[str, ...]:
    number = resource.number("number_of_broker_nodes")
    nodes = resource.block("broker_node_group_info")
    return "MSK", " of ".join(
        filter(None, (f"{number} brokers" if number else "", nodes.text("instance_type") if nodes else ""))
    )


def _database(_: Configuration, resource: Resource) -> tuple[str, ...]:
    return f"RDS, {resource.text('engine')}", _class(resource)


def _aurora(_: Configuration, resource: Resource) -> tuple[str, ...]:
    return f"RDS cluster, {resource.text('engine', 'aurora')}", ""


def _class(resource: Block) -> str:
    return resource.text("instance_class")


def _function(_: Configuration, resource: Resource) -> tuple[str, ...]:
    return "Lambda function", resource.text("runtime")


def _named(text: str) -> Callable[[Configuration, Resource], tuple[str, ...]]:
    return lambda _configuration, _resource: (text,)


def _words(constant: str) -> str:
    """`CLUSTER_MULTI_AZ` as people write it."""
    return constant.lower().replace("_", " ").replace("az", "AZ")


_TYPES: Mapping[str, Callable[[Configuration, Resource], tuple[str, ...]]] = {
    "aws_alb": _load_balancer,
    "aws_autoscaling_group": _scaling_group,
    "aws_db_instance": _database,
    "aws_directory_service_directory": _named("directory"),
    "aws_dms_replication_instance": _named("DMS replication instance"),
    "aws_docdb_cluster": _named("DocumentDB cluster"),
    "aws_docdb_cluster_instance": _named("DocumentDB instance"),
    "aws_ec2_client_vpn_endpoint": _named("Client VPN endpoint"),
    "aws_ec2_fleet": _named("EC2 fleet"),
    "aws_ecs_service": _named("ECS service"),
    "aws_efs_mount_target": _named("EFS mount target"),
    "aws_eks_cluster": _named("EKS cluster"),
    "aws_eks_fargate_profile": _named("Fargate profile of EKS"),
    "aws_eks_node_group": _named("EKS node group"),
    "aws_elasticache_cluster": _named("ElastiCache"),
    "aws_elasticache_replication_group": _named("ElastiCache"),
    "aws_elasticache_serverless_cache": _named("ElastiCache Serverless"),
    "aws_elb": _classic,
    "aws_emr_cluster": _named("EMR cluster"),
    "aws_instance": _instance,
    "aws_lambda_function": _function,
    "aws_lb": _load_balancer,
    "aws_mq_broker": _broker,
    "aws_msk_cluster": _cluster,
    "aws_msk_serverless_cluster": _named("MSK Serverless"),
    "aws_msk_vpc_connection": _named("MSK VPC connection"),
    "aws_mskconnect_connector": _named("MSK Connect connector"),
    "aws_nat_gateway": _named("NAT gateway"),
    "aws_neptune_cluster": _named("Neptune cluster"),
    "aws_neptune_cluster_instance": _named("Neptune instance"),
    "aws_network_interface": _named("network interface"),
    "aws_networkfirewall_firewall": _named("Network Firewall"),
    "aws_opensearch_domain": _named("OpenSearch domain"),
    "aws_pipes_pipe": _named("EventBridge pipe"),
    "aws_rds_cluster": _aurora,
    "aws_rds_cluster_instance": _named("RDS cluster instance"),
    "aws_redshift_cluster": _named("Redshift cluster"),
    "aws_redshiftserverless_workgroup": _named("Redshift Serverless"),
    "aws_vpc_endpoint": _named("interface endpoint"),
}
