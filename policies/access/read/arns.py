"""ARNs and other names that AWS gives resources, as far as their arguments decide them.

Sources: the Service Authorization Reference, "Resource types defined by" each service; the provider's documentation for
what an attribute such as `id` is.
"""

from __future__ import annotations

from collections.abc import Mapping

ARNS: Mapping[str, str] = {
    "aws_apprunner_service": "apprunner:{region}:{account}:service/{service_name}/{service_id}",
    "aws_athena_workgroup": "athena:{region}:{account}:workgroup/{name}",
    "aws_autoscaling_group": "autoscaling:{region}:{account}:autoScalingGroup:{id}:autoScalingGroupName/{name}",
    "aws_backup_plan": "backup:{region}:{account}:backup-plan:{id}",
    "aws_backup_vault": "backup:{region}:{account}:backup-vault:{name}",
    "aws_batch_job_definition": "batch:{region}:{account}:job-definition/{name}:{revision}",
    "aws_bedrockagentcore_code_interpreter": (
        "bedrock-agentcore:{region}:{account}:code-interpreter-custom/{code_interpreter_id}"
    ),
    "aws_cloudformation_stack": "cloudformation:{region}:{account}:stack/{name}/{number}",
    "aws_cloudtrail": "cloudtrail:{region}:{account}:trail/{name}",
    "aws_cloudwatch_event_bus": "events:{region}:{account}:event-bus/{name}",
    "aws_cloudwatch_event_rule": "events:{region}:{account}:rule/{name}",
    "aws_cloudwatch_log_group": "logs:{region}:{account}:log-group:{name}",
    "aws_cloudwatch_metric_stream": "cloudwatch:{region}:{account}:metric-stream/{name}",
    "aws_codebuild_project": "codebuild:{region}:{account}:project/{name}",
    "aws_codepipeline": "codepipeline:{region}:{account}:{name}",
    "aws_dynamodb_table": "dynamodb:{region}:{account}:table/{name}",
    "aws_ecr_repository": "ecr:{region}:{account}:repository/{name}",
    "aws_ecs_cluster": "ecs:{region}:{account}:cluster/{name}",
    "aws_ecs_service": "ecs:{region}:{account}:service/{ecs_cluster}/{name}",
    "aws_ecs_task_definition": "ecs:{region}:{account}:task-definition/{family}:{revision}",
    "aws_efs_access_point": "elasticfilesystem:{region}:{account}:access-point/{id}",
    "aws_efs_file_system": "elasticfilesystem:{region}:{account}:file-system/{id}",
    "aws_emr_cluster": "elasticmapreduce:{region}:{account}:cluster/{id}",
    "aws_glue_catalog_database": "glue:{region}:{account}:database/{name}",
    "aws_glue_catalog_table": "glue:{region}:{account}:table/{database_name}/{name}",
    "aws_glue_dev_endpoint": "glue:{region}:{account}:devEndpoint/{name}",
    "aws_glue_job": "glue:{region}:{account}:job/{name}",
    "aws_iam_group": "iam::{account}:group{path}{name}",
    "aws_iam_instance_profile": "iam::{account}:instance-profile{path}{name}",
    "aws_iam_openid_connect_provider": "iam::{account}:oidc-provider/{url}",
    "aws_iam_policy": "iam::{account}:policy{path}{name}",
    "aws_iam_role": "iam::{account}:role{path}{name}",
    "aws_iam_saml_provider": "iam::{account}:saml-provider/{name}",
    "aws_iam_service_linked_role": "iam::{account}:role/aws-service-role/{aws_service_name}/{name}",
    "aws_iam_user": "iam::{account}:user{path}{name}",
    "aws_instance": "ec2:{region}:{account}:instance/{id}",
    "aws_kinesis_firehose_delivery_stream": "firehose:{region}:{account}:deliverystream/{name}",
    "aws_kinesis_stream": "kinesis:{region}:{account}:stream/{name}",
    "aws_kms_alias": "kms:{region}:{account}:{name}",
    "aws_kms_external_key": "kms:{region}:{account}:key/{key_id}",
    "aws_kms_key": "kms:{region}:{account}:key/{key_id}",
    "aws_kms_replica_external_key": "kms:{region}:{account}:key/{key_id}",
    "aws_kms_replica_key": "kms:{region}:{account}:key/{key_id}",
    "aws_lambda_alias": "lambda:{region}:{account}:function:{function}:{name}",
    "aws_lambda_function": "lambda:{region}:{account}:function:{function_name}",
    "aws_lambda_layer_version": "lambda:{region}:{account}:layer:{layer_name}:{version}",
    "aws_launch_template": "ec2:{region}:{account}:launch-template/{id}",
    "aws_mq_broker": "mq:{region}:{account}:broker:{broker_name}:{id}",
    "aws_msk_cluster": "kafka:{region}:{account}:cluster/{cluster_name}/{cluster_uuid}",
    "aws_msk_serverless_cluster": "kafka:{region}:{account}:cluster/{cluster_name}/{cluster_uuid}",
    "aws_mskconnect_connector": "kafkaconnect:{region}:{account}:connector/{name}/{id}",
    "aws_pipes_pipe": "pipes:{region}:{account}:pipe/{name}",
    "aws_route53_zone": "route53:::hostedzone/{zone_id}",
    "aws_s3_access_point": "s3:{region}:{account}:accesspoint/{name}",
    "aws_s3_bucket": "s3:::{bucket}",
    "aws_s3_directory_bucket": "s3express:{region}:{account}:bucket/{bucket}",
    "aws_sagemaker_notebook_instance": "sagemaker:{region}:{account}:notebook-instance/{name}",
    "aws_scheduler_schedule": "scheduler:{region}:{account}:schedule/{group_name}/{name}",
    "aws_secretsmanager_secret": "secretsmanager:{region}:{account}:secret:{name}-??????",
    "aws_sfn_state_machine": "states:{region}:{account}:stateMachine:{name}",
    "aws_sns_topic": "sns:{region}:{account}:{name}",
    "aws_spot_instance_request": "ec2:{region}:{account}:spot-instances-request/{id}",
    "aws_sqs_queue": "sqs:{region}:{account}:{name}",
    "aws_ssm_parameter": "ssm:{region}:{account}:parameter{path_name}",
    "aws_vpc": "ec2:{region}:{account}:vpc/{id}",
}
"""What follows `arn:PARTITION:`. A secret's ends in six characters that AWS chooses, which policies write `??????`."""

OTHERS: Mapping[tuple[str, str], str] = {
    ("aws_dynamodb_table", "stream_arn"): "{arn}/stream/{stream_label}",
    ("aws_instance", "id"): "i-{number}",
    ("aws_kinesis_stream_consumer", "arn"): "{stream_arn}/consumer/{name}:{creation_timestamp}",
    ("aws_lambda_function", "qualified_arn"): "{arn}:{version}",
    ("aws_subnet", "id"): "subnet-{number}",
    ("aws_vpc", "id"): "vpc-{number}",
    ("aws_vpc_endpoint", "id"): "vpce-{number}",
}
"""What other attributes look like that AWS fills in."""

ALIKE: Mapping[str, Mapping[str, str]] = {
    "aws_athena_workgroup": {"id": "name"},
    "aws_backup_vault": {"id": "name"},
    "aws_bedrockagentcore_code_interpreter": {"code_interpreter_arn": "arn"},
    "aws_cloudformation_stack": {"id": "arn"},
    "aws_cloudwatch_event_bus": {"id": "name"},
    "aws_cloudwatch_log_group": {"id": "name"},
    "aws_dynamodb_table": {"id": "name"},
    "aws_ecr_repository": {"id": "name"},
    "aws_iam_group": {"id": "name"},
    "aws_iam_instance_profile": {"id": "name"},
    "aws_iam_openid_connect_provider": {"id": "arn"},
    "aws_iam_policy": {"id": "arn"},
    "aws_iam_role": {"id": "name"},
    "aws_iam_saml_provider": {"id": "arn"},
    "aws_iam_service_linked_role": {"id": "arn"},
    "aws_iam_user": {"id": "name"},
    "aws_kms_alias": {"id": "name", "target_key_arn": "target_key_arn"},
    "aws_kms_external_key": {"id": "key_id"},
    "aws_kms_key": {"id": "key_id"},
    "aws_kms_replica_external_key": {"id": "key_id"},
    "aws_kms_replica_key": {"id": "key_id"},
    "aws_lambda_function": {"id": "function_name"},
    "aws_lambda_layer_version": {"id": "arn"},
    "aws_msk_cluster": {"id": "arn"},
    "aws_msk_serverless_cluster": {"id": "arn"},
    "aws_s3_bucket": {"id": "bucket"},
    "aws_s3_directory_bucket": {"id": "bucket"},
    "aws_secretsmanager_secret": {"id": "arn"},
    "aws_sns_topic": {"id": "arn", "topic_arn": "arn"},
    "aws_sqs_queue": {"id": "url"},
    "aws_ssm_parameter": {"id": "name"},
}
"""Attributes that AWS fills in, and those that they equal."""

DEFAULTS: Mapping[tuple[str, str], str] = {
    ("aws_iam_group", "path"): "/",
    ("aws_iam_instance_profile", "path"): "/",
    ("aws_iam_policy", "path"): "/",
    ("aws_iam_role", "path"): "/",
    ("aws_iam_user", "path"): "/",
    ("aws_scheduler_schedule", "group_name"): "default",
}
"""What AWS takes for arguments that are not set."""

ASSIGNED = frozenset(
    {
        ("aws_cognito_identity_pool", "id"),
        ("aws_eks_cluster", "identity[].oidc[].issuer"),
        ("aws_organizations_organization", "id"),
        ("data.aws_organizations_organization", "id"),
    }
)
"""Attributes that AWS assigns, beside those that the forms above ask for; an account has one organization alone."""

RANDOM = frozenset({"random_id", "random_password", "random_pet", "random_string", "random_uuid"})
"""Types of which each attribute that is not set is drawn at random."""
