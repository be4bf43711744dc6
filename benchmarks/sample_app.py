"""A representative application for measuring and comparing how the AWS bindings are loaded.

About 45 resource types and data sources, with nested blocks, lists of blocks, references, iterators' plain values,
overrides, backend and outputs. It uses nothing of this project, and whoever imports it has decided before how the
bindings are loaded.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cdktf import App, S3Backend, TerraformOutput, TerraformStack
from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate
from cdktf_cdktf_provider_aws.autoscaling_group import AutoscalingGroup, AutoscalingGroupTag
from cdktf_cdktf_provider_aws.autoscaling_policy import AutoscalingPolicy
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.cognito_user_pool import CognitoUserPool
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import DataAwsIamPolicyDocument
from cdktf_cdktf_provider_aws.data_aws_prefix_list import DataAwsPrefixList
from cdktf_cdktf_provider_aws.dynamodb_table import DynamodbTable
from cdktf_cdktf_provider_aws.iam_instance_profile import IamInstanceProfile
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.internet_gateway import InternetGateway
from cdktf_cdktf_provider_aws.kinesis_firehose_delivery_stream import KinesisFirehoseDeliveryStream
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from cdktf_cdktf_provider_aws.launch_template import (
    LaunchTemplate,
    LaunchTemplateBlockDeviceMappings,
    LaunchTemplateBlockDeviceMappingsEbs,
    LaunchTemplateTagSpecifications,
)
from cdktf_cdktf_provider_aws.lb import Lb
from cdktf_cdktf_provider_aws.lb_listener import LbListener
from cdktf_cdktf_provider_aws.lb_listener_rule import LbListenerRule
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup
from cdktf_cdktf_provider_aws.mq_broker import MqBroker
from cdktf_cdktf_provider_aws.msk_cluster import MskCluster
from cdktf_cdktf_provider_aws.network_acl import NetworkAcl
from cdktf_cdktf_provider_aws.network_acl_rule import NetworkAclRule
from cdktf_cdktf_provider_aws.pipes_pipe import PipesPipe
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.route import Route
from cdktf_cdktf_provider_aws.route53_record import Route53Record
from cdktf_cdktf_provider_aws.route53_zone import Route53Zone
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import S3BucketLifecycleConfiguration
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import S3BucketVersioningA
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from cdktf_cdktf_provider_aws.wafv2_web_acl import Wafv2WebAcl
from constructs import Construct


def build(outdir: Path, stacks: int, copies: int) -> None:
    """Synthesize `stacks` stacks into `outdir`: each has one network and `copies` of the service of 37 resources."""

    app = App(outdir=str(outdir))
    for number in range(1, stacks + 1):
        _stack(app, f"stack-{number}", copies)
    app.synth()


def _stack(app: App, name: str, copies: int) -> None:

    stack = TerraformStack(app, name)
    AwsProvider(
        stack,
        "aws",
        region="us-east-1",
        allowed_account_ids=["111111111111"],
        default_tags=[{"tags": {"environment": name, "project": "sample"}}],
    )
    S3Backend(stack, bucket="sample-state", key=f"{name}.tfstate", region="us-east-1", encrypt=True)
    stack.add_override("terraform.backend.s3.use_lockfile", True)
    account = DataAwsCallerIdentity(stack, "account").account_id
    statement = DataAwsIamPolicyDocument(
        stack,
        "key-policy",
        statement=[
            {
                "sid": "Account",
                "effect": "Allow",
                "actions": ["kms:*"],
                "resources": ["*"],
                "principals": [{"type": "AWS", "identifiers": [f"arn:aws:iam::{account}:root"]}],
                "condition": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]}],
            }
        ],
    )
    key = KmsKey(stack, "key", description="sample", enable_key_rotation=True, policy=statement.json)
    KmsAlias(stack, "key-alias", name=f"alias/{name}", target_key_id=key.key_id)
    key_arn = key.arn
    vpc = Vpc(stack, "vpc", cidr_block="10.0.0.0/16", enable_dns_hostnames=True, lifecycle={"prevent_destroy": True})
    vpc_id = vpc.id
    gateway = InternetGateway(stack, "igw", vpc_id=vpc_id)
    table = RouteTable(stack, "public", vpc_id=vpc_id, tags={"Name": f"{name}-public"})
    table_id = table.id
    Route(stack, "default", route_table_id=table_id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
    acl = NetworkAcl(stack, "acl", vpc_id=vpc_id)
    subnet_ids = []
    for number in (1, 2, 3):
        subnet = Subnet(
            stack,
            f"subnet-{number}",
            vpc_id=vpc_id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"us-east-1{'abc'[number - 1]}",
        )
        subnet_ids.append(subnet.id)
        RouteTableAssociation(stack, f"association-{number}", subnet_id=subnet_ids[-1], route_table_id=table_id)
        NetworkAclRule(
            stack,
            f"acl-rule-{number}",
            network_acl_id=acl.id,
            rule_number=100 * number,
            egress=False,
            protocol="tcp",
            rule_action="allow",
            cidr_block=f"10.0.{number}.0/24",
            from_port=443,
            to_port=443,
        )
    prefix_list = DataAwsPrefixList(stack, "s3-prefix-list", name="com.amazonaws.us-east-1.s3")
    for service in ("s3", "dynamodb"):
        VpcEndpoint(
            stack,
            f"endpoint-{service}",
            vpc_id=vpc_id,
            service_name=f"com.amazonaws.us-east-1.{service}",
            route_table_ids=[table_id],
        )
    zone = Route53Zone(stack, "zone", name=f"{name}.example.com")
    for number in range(1, copies + 1):
        _service(stack, number, vpc_id, subnet_ids, key_arn, zone.zone_id, prefix_list.id)
    TerraformOutput(stack, "vpc-id", value=vpc_id, description="The VPC")


def _service(
    stack: Construct,
    number: int,
    vpc_id: str,
    subnet_ids: list[str],
    key_arn: str,
    zone_id: str,
    prefix_list_id: str,
) -> None:

    scope = Construct(stack, f"service-{number}")
    name = f"service-{number}"
    log_arn = CloudwatchLogGroup(scope, "log", name=f"/{name}", retention_in_days=365, kms_key_id=key_arn).arn
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]})
    role = IamRole(scope, "role", name=name, assume_role_policy=trust, tags={"zeta": "1", "alpha": "2"})
    role_arn = role.arn
    role_name = role.name
    for part in ("logs", "metrics", "keys"):
        IamRolePolicy(scope, f"policy-{part}", role=role_name, name=part, policy=trust)
    profile = IamInstanceProfile(scope, "profile", name=name, role=role_name)
    groups = [
        SecurityGroup(scope, f"group-{part}", name=f"{name}-{part}", vpc_id=vpc_id).id for part in ("edge", "server")
    ]
    VpcSecurityGroupEgressRule(
        scope,
        "egress",
        security_group_id=groups[0],
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        prefix_list_id=prefix_list_id,
    )
    for port in (443, 8443, 5671):
        VpcSecurityGroupIngressRule(
            scope,
            f"ingress-{port}",
            security_group_id=groups[1],
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            referenced_security_group_id=groups[0],
        )
    template = LaunchTemplate(
        scope,
        "template",
        name=name,
        image_id="ami-0123456789abcdef0",
        instance_type="t4g.medium",
        iam_instance_profile={"arn": profile.arn},
        metadata_options={"http_tokens": "required", "http_put_response_hop_limit": 1},
        block_device_mappings=[
            LaunchTemplateBlockDeviceMappings(
                device_name="/dev/xvda",
                ebs=LaunchTemplateBlockDeviceMappingsEbs(encrypted="true", volume_size=20, kms_key_id=key_arn),
            )
        ],
        tag_specifications=[LaunchTemplateTagSpecifications(resource_type="instance", tags={"Name": name})],
    )
    bucket = S3Bucket(scope, "bucket", bucket=f"sample-{name}")
    bucket_id = bucket.id
    S3BucketVersioningA(scope, "versioning", bucket=bucket_id, versioning_configuration={"status": "Enabled"})
    S3BucketServerSideEncryptionConfigurationA(
        scope,
        "encryption",
        bucket=bucket_id,
        rule=[{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True}],
    )
    S3BucketPublicAccessBlock(scope, "public-access", bucket=bucket_id, block_public_acls=True)
    S3BucketPolicy(scope, "bucket-policy", bucket=bucket_id, policy=trust)
    S3BucketLifecycleConfiguration(
        scope,
        "lifecycle",
        bucket=bucket_id,
        rule=[
            {
                "id": "expire",
                "status": "Enabled",
                "filter": [{"prefix": "logs/"}],
                "expiration": [{"days": 30}],
                "noncurrentVersionExpiration": [{"noncurrentDays": 7}],
            }
        ],
    )
    balancer = Lb(
        scope,
        "balancer",
        name=name,
        load_balancer_type="application",
        subnets=subnet_ids,
        security_groups=[groups[0]],
        access_logs={"bucket": bucket_id, "enabled": True},
    )
    certificate = AcmCertificate(
        scope,
        "certificate",
        domain_name=f"{name}.example.com",
        validation_method="DNS",
        lifecycle={"create_before_destroy": True},
    )
    target = LbTargetGroup(
        scope,
        "target",
        name=name,
        port=8443,
        protocol="HTTPS",
        vpc_id=vpc_id,
        health_check={"path": "/health", "protocol": "HTTPS", "matcher": "200"},
    )
    target_arn = target.arn
    listener = LbListener(
        scope,
        "listener",
        load_balancer_arn=balancer.arn,
        port=443,
        protocol="HTTPS",
        certificate_arn=certificate.arn,
        default_action=[{"type": "forward", "targetGroupArn": target_arn}],
    )
    LbListenerRule(
        scope,
        "rule",
        listener_arn=listener.arn,
        priority=10,
        action=[{"type": "forward", "targetGroupArn": target_arn}],
        condition=[{"pathPattern": {"values": ["/ordering*"]}}],
    )
    Route53Record(
        scope,
        "record",
        zone_id=zone_id,
        name=name,
        type="A",
        alias={"name": balancer.dns_name, "zone_id": balancer.zone_id, "evaluate_target_health": True},
    )
    scaling_group = AutoscalingGroup(
        scope,
        "scaling",
        name=name,
        min_size=1,
        max_size=3,
        vpc_zone_identifier=subnet_ids,
        target_group_arns=[target_arn],
        launch_template={"id": template.id, "version": "$Latest"},
        instance_refresh={"strategy": "Rolling", "preferences": {"auto_rollback": True}},
        tag=[AutoscalingGroupTag(key="Name", value=name, propagate_at_launch=True)],
        depends_on=[listener],
    )
    AutoscalingPolicy(
        scope,
        "cpu",
        name="cpu",
        autoscaling_group_name=scaling_group.name,
        policy_type="TargetTrackingScaling",
        target_tracking_configuration={
            "target_value": 75.0,
            "predefined_metric_specification": {"predefined_metric_type": "ASGAverageCPUUtilization"},
        },
    )
    Wafv2WebAcl(
        scope,
        "web-acl",
        name=name,
        scope="REGIONAL",
        default_action={"allow": {}},
        visibility_config={
            "cloudwatch_metrics_enabled": True,
            "metric_name": name,
            "sampled_requests_enabled": True,
        },
        rule=[
            {
                "name": "rate",
                "priority": 1,
                "action": {"block": {}},
                "statement": {"rateBasedStatement": {"limit": 2000, "aggregateKeyType": "IP"}},
                "visibilityConfig": {
                    "cloudwatchMetricsEnabled": True,
                    "metricName": "rate",
                    "sampledRequestsEnabled": True,
                },
            }
        ],
    )
    CognitoUserPool(
        scope,
        "pool",
        name=name,
        password_policy={"minimum_length": 12, "require_numbers": True},
        auto_verified_attributes=["email"],
    )
    topic = SnsTopic(scope, "topic", name=name, kms_master_key_id=key_arn)
    topic_arn = topic.arn
    topic.add_override("//.suppressions", [{"rule": "CKV_1", "reason": "sample"}])
    SnsTopicPolicy(scope, "topic-policy", arn=topic_arn, policy=trust)
    CloudwatchMetricAlarm(
        scope,
        "alarm",
        alarm_name=name,
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=3,
        metric_name="CPUUtilization",
        namespace="AWS/EC2",
        period=60,
        statistic="Average",
        threshold=90,
        alarm_actions=[topic_arn],
    )
    DynamodbTable(
        scope,
        "table",
        name=name,
        billing_mode="PAY_PER_REQUEST",
        hash_key="stream_id",
        range_key="version",
        attribute=[{"name": "stream_id", "type": "S"}, {"name": "version", "type": "N"}],
        point_in_time_recovery={"enabled": True},
        server_side_encryption={"enabled": True, "kms_key_arn": key_arn},
    )
    MqBroker(
        scope,
        "broker",
        broker_name=name,
        engine_type="RabbitMQ",
        engine_version="3.13",
        host_instance_type="mq.m7g.medium",
        user=[{"username": "admin", "password": "${random}"}],
        logs={"general": True},
        subnet_ids=[subnet_ids[0]],
    )
    cluster = MskCluster(
        scope,
        "cluster",
        cluster_name=name,
        kafka_version="3.8.x",
        number_of_broker_nodes=3,
        broker_node_group_info={
            "instance_type": "kafka.m7g.large",
            "client_subnets": subnet_ids,
            "security_groups": [groups[1]],
            "storage_info": {"ebs_storage_info": {"volume_size": 100}},
        },
        client_authentication={"sasl": {"iam": True}, "unauthenticated": False},
        encryption_info={"encryption_in_transit": {"client_broker": "TLS", "in_cluster": True}},
    )
    cluster_arn = cluster.arn
    PipesPipe(
        scope,
        "pipe",
        name=name,
        role_arn=role_arn,
        source=cluster_arn,
        target=topic_arn,
        source_parameters={
            "managed_streaming_kafka_parameters": {"topic_name": "requests", "starting_position": "LATEST"}
        },
        log_configuration={"level": "ERROR", "cloudwatch_logs_log_destination": {"log_group_arn": log_arn}},
    )
    KinesisFirehoseDeliveryStream(
        scope,
        "delivery",
        name=name,
        destination="extended_s3",
        extended_s3_configuration={
            "role_arn": role_arn,
            "bucket_arn": bucket.arn,
            "buffering_interval": 60,
            "compression_format": "GZIP",
        },
        msk_source_configuration={
            "msk_cluster_arn": cluster_arn,
            "topic_name": "reports",
            "authentication_configuration": {"connectivity": "PRIVATE", "role_arn": role_arn},
        },
    )


if __name__ == "__main__":
    build(Path(sys.argv[1]), stacks=int(sys.argv[2]), copies=int(sys.argv[3]))
