"""What requests can be about: types of Terraform, the services and the resource types that they are to AWS.

Names of resource types and forms of ARNs: Service Authorization Reference, "Resource types defined by" each service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ThingType:
    """What a type of Terraform is to one service. In forms of ARNs `{}` is the resource's own ARN."""

    service: str
    resources: Mapping[str, tuple[str, ...]]
    part: str = ""
    """Of what is a thing of its own beside its resource: `stream` of a table."""
    base: str = "arn"
    """The attribute that `{}` stands for."""
    in_network: bool = False
    """Whether requests go to its own interfaces in a VPC."""


_CLUSTER = (
    ThingType("kafka", {"cluster": ("{}",)}),
    ThingType(
        "kafka-cluster",
        {
            "cluster": ("{}",),
            "topic": ("{topic}/*",),
            "group": ("{group}/*",),
            "transactional-id": ("{transactional-id}/*",),
        },
        part="data",
        in_network=True,
    ),
)

_INSTANCES = "arn:{partition}:ec2:{region}:{account}:instance/*"
_TASKS = "arn:{partition}:ecs:{region}:{account}:task/*"

THING_TYPES: Mapping[str, tuple[ThingType, ...]] = {
    "aws_athena_workgroup": (ThingType("athena", {"workgroup": ("{}",)}),),
    "aws_apprunner_service": (ThingType("apprunner", {"service": ("{}",)}),),
    "aws_autoscaling_group": (ThingType("autoscaling", {"autoScalingGroup": ("{}",), "instance": (_INSTANCES,)}),),
    "aws_backup_vault": (
        ThingType(
            "backup",
            {"backupVault": ("{}",), "recoveryPoint": ("arn:{partition}:backup:{region}:{account}:recovery-point:*",)},
        ),
    ),
    "aws_batch_job_definition": (ThingType("batch", {"job-definition": ("{}",)}),),
    "aws_bedrockagentcore_code_interpreter": (ThingType("bedrock-agentcore", {"code-interpreter-custom": ("{}",)}),),
    "aws_cloudformation_stack": (ThingType("cloudformation", {"stack": ("{}",)}),),
    "aws_cloudwatch_event_bus": (ThingType("events", {"event-bus": ("{}",)}),),
    "aws_cloudwatch_log_group": (ThingType("logs", {"log-group": ("{}", "{}:*"), "log-stream": ("{}:log-stream:*",)}),),
    "aws_codebuild_project": (ThingType("codebuild", {"project": ("{}",)}),),
    "aws_dynamodb_table": (
        ThingType(
            "dynamodb",
            {"table": ("{}",), "index": ("{}/index/*",), "backup": ("{}/backup/*",), "export": ("{}/export/*",)},
        ),
        ThingType("dynamodb", {"stream": ("{}",)}, part="stream", base="stream_arn"),
    ),
    "aws_ecr_repository": (ThingType("ecr", {"repository": ("{}",)}),),
    "aws_ecs_service": (ThingType("ecs", {"service": ("{}",), "task": (_TASKS,)}),),
    "aws_ecs_task_definition": (ThingType("ecs", {"task-definition": ("{}",), "task": (_TASKS,)}),),
    "aws_efs_file_system": (ThingType("elasticfilesystem", {"file-system": ("{}",)}),),
    "aws_emr_cluster": (ThingType("elasticmapreduce", {"cluster": ("{}",)}),),
    "aws_glue_catalog_database": (ThingType("glue", {"database": ("{}",)}),),
    "aws_glue_catalog_table": (ThingType("glue", {"table": ("{}",)}),),
    "aws_glue_dev_endpoint": (ThingType("glue", {"devendpoint": ("{}",)}),),
    "aws_glue_job": (ThingType("glue", {"job": ("{}",)}),),
    "aws_iam_group": (ThingType("iam", {"group": ("{}",)}),),
    "aws_iam_policy": (ThingType("iam", {"policy": ("{}",)}),),
    "aws_iam_role": (ThingType("iam", {"role": ("{}",)}),),
    "aws_iam_user": (ThingType("iam", {"user": ("{}",)}),),
    "aws_instance": (ThingType("ec2", {"instance": ("{}",)}),),
    "aws_kinesis_firehose_delivery_stream": (ThingType("firehose", {"deliverystream": ("{}",)}),),
    "aws_kinesis_stream": (ThingType("kinesis", {"stream": ("{}",), "consumer": ("{}/consumer/*",)}),),
    "aws_kms_external_key": (ThingType("kms", {"key": ("{}",)}),),
    "aws_kms_key": (ThingType("kms", {"key": ("{}",)}),),
    "aws_kms_replica_external_key": (ThingType("kms", {"key": ("{}",)}),),
    "aws_kms_replica_key": (ThingType("kms", {"key": ("{}",)}),),
    "aws_lambda_function": (
        ThingType("lambda", {"function": ("{}", "{}:*"), "function alias": ("{}:*",), "function version": ("{}:*",)}),
    ),
    "aws_lambda_layer_version": (ThingType("lambda", {"layerVersion": ("{}",)}),),
    "aws_launch_template": (ThingType("ec2", {"launch-template": ("{}",)}),),
    "aws_mskconnect_connector": (ThingType("kafkaconnect", {"connector": ("{}",)}),),
    "aws_msk_cluster": _CLUSTER,
    "aws_msk_serverless_cluster": _CLUSTER,
    "aws_pipes_pipe": (ThingType("pipes", {"pipe": ("{}",)}),),
    "aws_s3_access_point": (ThingType("s3", {"accesspoint": ("{}",), "object": ("{}/object/*",)}),),
    "aws_s3_bucket": (ThingType("s3", {"bucket": ("{}",), "object": ("{}/*",)}),),
    "aws_s3_directory_bucket": (ThingType("s3express", {"bucket": ("{}",)}),),
    "aws_sagemaker_notebook_instance": (ThingType("sagemaker", {"notebook-instance": ("{}",)}),),
    "aws_scheduler_schedule": (ThingType("scheduler", {"schedule": ("{}",)}),),
    "aws_secretsmanager_secret": (ThingType("secretsmanager", {"Secret": ("{}",)}),),
    "aws_sfn_state_machine": (ThingType("states", {"statemachine": ("{}",)}),),
    "aws_sns_topic": (ThingType("sns", {"topic": ("{}",)}),),
    "aws_spot_instance_request": (ThingType("ec2", {"instance": (_INSTANCES,)}),),
    "aws_sqs_queue": (ThingType("sqs", {"queue": ("{}",)}),),
    "aws_ssm_parameter": (ThingType("ssm", {"parameter": ("{}",)}),),
}

LOOKED_UP = (
    "aws_backup_vault",
    "aws_cloudwatch_event_bus",
    "aws_dynamodb_table",
    "aws_ecr_repository",
    "aws_efs_file_system",
    "aws_kinesis_stream",
    "aws_kms_key",
    "aws_lambda_function",
    "aws_msk_cluster",
    "aws_s3_bucket",
    "aws_secretsmanager_secret",
    "aws_sns_topic",
    "aws_sqs_queue",
)
"""Types of which data sources are things too, where what they find is declared elsewhere."""

RUNS_CODE = frozenset(
    {
        "aws_apprunner_service",
        "aws_autoscaling_group",
        "aws_batch_job_definition",
        "aws_bedrockagentcore_code_interpreter",
        "aws_codebuild_project",
        "aws_ecs_service",
        "aws_ecs_task_definition",
        "aws_emr_cluster",
        "aws_glue_dev_endpoint",
        "aws_glue_job",
        "aws_instance",
        "aws_lambda_function",
        "aws_launch_configuration",
        "aws_launch_template",
        "aws_mskconnect_connector",
        "aws_sagemaker_notebook_instance",
        "aws_spot_instance_request",
    }
)
"""Types whose code has the credentials of their role; a template's are those of what is started from it."""

ACTS = frozenset({"aws_cloudformation_stack", "aws_pipes_pipe", "aws_scheduler_schedule", "aws_sfn_state_machine"})
"""Types of which AWS makes calls as their role, and their definition says which."""

USED_BY_AWS = frozenset(
    {
        "aws_api_gateway_account",
        "aws_appautoscaling_target",
        "aws_appsync_api",
        "aws_appsync_datasource",
        "aws_appsync_graphql_api",
        "aws_autoscaling_lifecycle_hook",
        "aws_backup_plan",
        "aws_backup_restore_testing_selection",
        "aws_backup_selection",
        "aws_bedrock_model_invocation_logging_configuration",
        "aws_cloudfront_realtime_log_config",
        "aws_cloudtrail",
        "aws_cloudwatch_event_endpoint",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
        "aws_cloudwatch_log_destination",
        "aws_cloudwatch_log_subscription_filter",
        "aws_cloudwatch_metric_stream",
        "aws_config_configuration_aggregator",
        "aws_config_configuration_recorder",
        "aws_db_instance",
        "aws_db_proxy",
        "aws_dlm_lifecycle_policy",
        "aws_eks_cluster",
        "aws_flow_log",
        "aws_glue_catalog_table_optimizer",
        "aws_guardduty_malware_protection_plan",
        "aws_iot_logging_options",
        "aws_iot_topic_rule",
        "aws_kinesis_firehose_delivery_stream",
        "aws_mq_broker",
        "aws_pinpoint_event_stream",
        "aws_rds_cluster",
        "aws_rds_cluster_instance",
        "aws_rds_export_task",
        "aws_s3_bucket_replication_configuration",
        "aws_s3tables_table_bucket_replication",
        "aws_s3tables_table_replication",
        "aws_ses_event_destination",
        "aws_ses_receipt_rule",
        "aws_sesv2_configuration_set_event_destination",
        "aws_sns_platform_application",
        "aws_sns_sms_preferences",
        "aws_sns_topic_subscription",
    }
)
"""Types whose role AWS alone has, for calls of its own; and those whose roles are names of something else. Of all other
types code may run as the role that they name."""
