"""What gives somebody more than they have: the actions, by what they do.

Sources: IAM user guide, "Grant a user permissions to pass a role to an AWS service"; the actions of the level
"Permissions management" in the Service Authorization Reference; Rhino Security Labs, "AWS IAM privilege escalation
methods"; the services' user guides for what copies data.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Escalation(StrEnum):
    """How somebody gets more than they have."""

    ASSUME = "assume"
    """They take the role."""
    PASS = "pass"  # no password
    """They let a service run their code with the role."""
    CODE = "code"
    """They change or enter code that runs with the role."""
    CREDENTIALS = "credentials"
    """They make themselves credentials of it, or have it trust them."""
    JOIN = "join"
    """They put a user into a group."""
    CREATE = "create"
    """They make a role or user that may do what they like, and are it."""
    REWRITE = "rewrite"
    """They give whom or what it is any permission, or let in whom they like."""
    LOOSEN = "loosen"
    """They take away what limits it."""
    TAG = "tag"
    """They change the tags by which conditions tell it."""
    GRANT = "grant"
    """They give themselves the use of the key."""
    COPY = "copy"
    """They copy the data to where they may read it."""


ASSUME = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")

PASS = "iam:PassRole"  # no password

STARTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "apprunner": (("apprunner:CreateService",), ("apprunner:UpdateService",)),
    "autoscaling": (("autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"),),
    "batch": (("batch:RegisterJobDefinition", "batch:SubmitJob"),),
    "bedrock-agentcore": (
        (
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
            "bedrock-agentcore:InvokeCodeInterpreter",
        ),
    ),
    "cloudformation": (
        ("cloudformation:CreateStack",),
        ("cloudformation:UpdateStack",),
        ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
        ("cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"),
        ("cloudformation:UpdateStackSet",),
    ),
    "codebuild": (
        ("codebuild:CreateProject", "codebuild:StartBuild"),
        ("codebuild:CreateProject", "codebuild:StartBuildBatch"),
        ("codebuild:UpdateProject", "codebuild:StartBuild"),
        ("codebuild:UpdateProject", "codebuild:StartBuildBatch"),
    ),
    "codepipeline": (("codepipeline:CreatePipeline",), ("codepipeline:UpdatePipeline",)),
    "datapipeline": (
        ("datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"),
    ),
    "ec2": (
        ("ec2:RunInstances",),
        ("ec2:RequestSpotInstances",),
        ("ec2:AssociateIamInstanceProfile",),
        ("ec2:ReplaceIamInstanceProfileAssociation",),
    ),
    "ecs": (
        ("ecs:RunTask",),  # with a command and a role of their choice, of whatever task definition there is
        ("ecs:StartTask",),
        ("ecs:RegisterTaskDefinition", "ecs:CreateService"),
        ("ecs:RegisterTaskDefinition", "ecs:UpdateService"),
    ),
    "elasticmapreduce": (("elasticmapreduce:RunJobFlow",),),
    "events": (("events:PutRule", "events:PutTargets"),),
    "glue": (
        ("glue:CreateDevEndpoint",),
        ("glue:CreateJob", "glue:StartJobRun"),
        ("glue:CreateJob", "glue:CreateTrigger"),
        ("glue:UpdateJob", "glue:StartJobRun"),
        ("glue:UpdateJob", "glue:CreateTrigger"),
        ("glue:CreateSession", "glue:RunStatement"),
    ),
    "lambda": (
        ("lambda:CreateFunction", "lambda:InvokeFunction"),
        ("lambda:CreateFunction", "lambda:AddPermission"),
        ("lambda:CreateFunction", "lambda:CreateEventSourceMapping"),
        ("lambda:CreateFunction", "lambda:CreateFunctionUrlConfig"),
    ),
    "pipes": (("pipes:CreatePipe",), ("pipes:UpdatePipe",)),
    "sagemaker": (
        ("sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"),
        ("sagemaker:CreateProcessingJob",),
        ("sagemaker:CreateTrainingJob",),
    ),
    "scheduler": (("scheduler:CreateSchedule",), ("scheduler:UpdateSchedule",)),
    "ssm": (("ssm:StartAutomationExecution",),),
    "states": (
        ("states:CreateStateMachine", "states:StartExecution"),
        ("states:UpdateStateMachine", "states:StartExecution"),
    ),
}
"""By prefix of actions: what lets somebody start code, or calls of their choice, with a role that they pass; each of
the alternatives with all its actions."""

RUNS_FOR: Mapping[str, tuple[str, ...]] = {
    "apprunner": ("tasks.apprunner.amazonaws.com",),
    "autoscaling": ("ec2.amazonaws.com",),
    "batch": ("ecs-tasks.amazonaws.com",),
    "ecs": ("ecs-tasks.amazonaws.com",),
    "elasticmapreduce": ("ec2.amazonaws.com", "elasticmapreduce.amazonaws.com"),
}
"""The services that such a role trusts; of the other prefixes `PREFIX.amazonaws.com`."""

PASSED_TO = tuple(sorted({name for prefix in STARTS for name in RUNS_FOR.get(prefix, (f"{prefix}.amazonaws.com",))}))
"""All that iam:PassedToService can hold here."""

CODE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "aws_apprunner_service": (("apprunner:UpdateService",),),
    "aws_autoscaling_group": (("ssm:SendCommand",), ("ssm:StartSession",)),
    "aws_batch_job_definition": (("batch:SubmitJob",),),
    "aws_bedrockagentcore_code_interpreter": (
        ("bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"),
    ),
    "aws_cloudformation_stack": (
        ("cloudformation:UpdateStack",),
        ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    ),
    "aws_codebuild_project": (("codebuild:StartBuild",), ("codebuild:StartBuildBatch",), ("codebuild:UpdateProject",)),
    "aws_ecs_service": (("ecs:ExecuteCommand",), ("ssm:StartSession",)),
    "aws_ecs_task_definition": (("ecs:ExecuteCommand",), ("ssm:StartSession",)),
    "aws_emr_cluster": (("elasticmapreduce:AddJobFlowSteps",),),
    "aws_glue_dev_endpoint": (("glue:UpdateDevEndpoint",),),
    "aws_instance": (
        ("ec2-instance-connect:SendSSHPublicKey",),
        ("ec2-instance-connect:SendSerialConsoleSSHPublicKey",),
        ("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),
        ("ssm:SendCommand",),
        ("ssm:StartSession",),
    ),
    "aws_lambda_function": (("lambda:UpdateFunctionCode",), ("lambda:UpdateFunctionConfiguration",)),
    "aws_launch_template": (("ec2:CreateLaunchTemplateVersion",),),
    "aws_pipes_pipe": (("pipes:UpdatePipe",),),
    "aws_sagemaker_notebook_instance": (
        ("sagemaker:CreatePresignedNotebookInstanceUrl",),
        ("sagemaker:UpdateNotebookInstance", "sagemaker:StartNotebookInstance"),
    ),
    "aws_scheduler_schedule": (("scheduler:UpdateSchedule",),),
    "aws_sfn_state_machine": (("states:UpdateStateMachine",),),
    "aws_spot_instance_request": (
        ("ec2-instance-connect:SendSSHPublicKey",),
        ("ssm:SendCommand",),
        ("ssm:StartSession",),
    ),
}
"""By type of what runs code, or calls that somebody defines: what changes them, or enters where they run; each of the
alternatives with all its actions. Where a change names the role again, as in a job of Glue, it has to be passed."""

CREDENTIALS: Mapping[str, tuple[str, ...]] = {
    "aws_iam_role": ("iam:UpdateAssumeRolePolicy",),
    "aws_iam_user": ("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile"),
}
"""By type: what lets somebody be it."""

CREATE_ROLE = (("iam:CreateRole", "iam:PutRolePolicy"), ("iam:CreateRole", "iam:AttachRolePolicy"))
CREATE_USER = tuple(
    ("iam:CreateUser", f"iam:{policy}", f"iam:{credentials}")
    for policy in ("PutUserPolicy", "AttachUserPolicy")
    for credentials in ("CreateAccessKey", "CreateLoginProfile")
)
"""What makes a role or a user with any permission: each of the alternatives with all its actions, about the same one. A
role trusts whom its maker likes."""

NEW_USER = (("iam:CreateUser", "iam:CreateAccessKey"), ("iam:CreateUser", "iam:CreateLoginProfile"))
"""What makes a user whom somebody can be."""

JOIN = "iam:AddUserToGroup"
"""What gives a user the policies of a group."""

LOOSEN_BOUNDARY: Mapping[str, tuple[str, ...]] = {
    "aws_iam_role": ("iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"),
    "aws_iam_user": ("iam:DeleteUserPermissionsBoundary", "iam:PutUserPermissionsBoundary"),
}
LOOSEN_DENY: Mapping[str, tuple[str, ...]] = {
    "aws_iam_role": ("iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
    "aws_iam_user": ("iam:DeleteUserPolicy", "iam:DetachUserPolicy"),
}
"""By type: what takes a boundary, or policies that deny, away."""

REWRITE: Mapping[str, tuple[str, ...]] = {
    "aws_backup_vault": ("backup:DeleteBackupVaultAccessPolicy", "backup:PutBackupVaultAccessPolicy"),
    "aws_cloudwatch_event_bus": ("events:PutPermission",),
    "aws_dynamodb_table": ("dynamodb:DeleteResourcePolicy", "dynamodb:PutResourcePolicy"),
    "aws_ecr_repository": ("ecr:DeleteRepositoryPolicy", "ecr:SetRepositoryPolicy"),
    "aws_efs_file_system": ("elasticfilesystem:DeleteFileSystemPolicy", "elasticfilesystem:PutFileSystemPolicy"),
    "aws_iam_group": ("iam:AttachGroupPolicy", "iam:PutGroupPolicy"),
    "aws_iam_policy": ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"),
    "aws_iam_role": ("iam:AttachRolePolicy", "iam:PutRolePolicy"),
    "aws_iam_user": ("iam:AttachUserPolicy", "iam:PutUserPolicy"),
    "aws_kms_key": ("kms:PutKeyPolicy",),
    "aws_lambda_function": ("lambda:AddPermission",),
    "aws_msk_cluster": ("kafka:DeleteClusterPolicy", "kafka:PutClusterPolicy"),
    "aws_s3_access_point": ("s3:DeleteAccessPointPolicy", "s3:PutAccessPointPolicy"),
    "aws_s3_bucket": (
        "s3:DeleteBucketPolicy",
        "s3:PutBucketAcl",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutObjectAcl",
    ),
    "aws_secretsmanager_secret": ("secretsmanager:DeleteResourcePolicy", "secretsmanager:PutResourcePolicy"),
    "aws_sns_topic": ("sns:AddPermission", "sns:SetTopicAttributes"),
    "aws_sqs_queue": ("sqs:AddPermission", "sqs:SetQueueAttributes"),
}
"""By type: what writes policies, or attaches them."""

HELD: Mapping[str, tuple[str, ...]] = {
    "aws_codebuild_project": ("codebuild:BatchGetProjects",),
    "aws_dynamodb_table": ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"),
    "aws_ecs_task_definition": ("ecs:DescribeTaskDefinition",),
    "aws_instance": ("ec2:DescribeInstanceAttribute",),
    "aws_lambda_function": ("lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:ListFunctions"),
    "aws_launch_template": ("ec2:DescribeLaunchTemplateVersions",),
    "aws_s3_bucket": ("s3:GetObject",),
    "aws_secretsmanager_secret": ("secretsmanager:GetSecretValue",),
    "aws_ssm_parameter": ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"),
}
"""By type of what credentials are written into: what reads them. Source: the API reference of each service."""

TAG: Mapping[str, tuple[str, ...]] = {
    "aws_autoscaling_group": ("autoscaling:CreateOrUpdateTags",),
    "aws_backup_vault": ("backup:TagResource",),
    "aws_cloudwatch_log_group": ("logs:TagLogGroup", "logs:TagResource"),
    "aws_dynamodb_table": ("dynamodb:TagResource", "dynamodb:UntagResource"),
    "aws_ecr_repository": ("ecr:TagResource",),
    "aws_efs_file_system": ("elasticfilesystem:TagResource",),
    "aws_iam_role": ("iam:TagRole", "iam:UntagRole"),
    "aws_iam_user": ("iam:TagUser", "iam:UntagUser"),
    "aws_instance": ("ec2:CreateTags",),
    "aws_kinesis_stream": ("kinesis:AddTagsToStream",),
    "aws_kms_key": ("kms:TagResource", "kms:UntagResource"),
    "aws_lambda_function": ("lambda:TagResource",),
    "aws_s3_bucket": ("s3:PutBucketTagging",),
    "aws_secretsmanager_secret": ("secretsmanager:TagResource", "secretsmanager:UntagResource"),
    "aws_sns_topic": ("sns:TagResource",),
    "aws_sqs_queue": ("sqs:TagQueue",),
    "aws_ssm_parameter": ("ssm:AddTagsToResource",),
}
"""By type: what changes tags. Source: the actions of the level "Tagging" in the Service Authorization Reference."""

TAG_SESSION = "sts:TagSession"
"""What lets who takes a role choose tags, which come before the role's. Source: IAM user guide, "Pass session tags in
AWS STS"."""

GRANT: Mapping[str, tuple[str, ...]] = {"aws_kms_key": ("kms:CreateGrant",)}

COPY: Mapping[str, tuple[str, ...]] = {
    "aws_cloudwatch_log_group": ("logs:CreateExportTask", "logs:PutSubscriptionFilter"),
    "aws_dynamodb_table": (
        "dynamodb:CreateBackup",
        "dynamodb:EnableKinesisStreamingDestination",
        "dynamodb:ExportTableToPointInTime",
        "dynamodb:RestoreTableFromBackup",
        "dynamodb:RestoreTableToPointInTime",
        "dynamodb:StartAwsBackupJob",
    ),
    "aws_ebs_snapshot": ("ec2:CopySnapshot", "ec2:CreateVolume", "ec2:ModifySnapshotAttribute"),
    "aws_ebs_volume": ("ec2:CreateSnapshot", "ec2:CreateSnapshots"),
    "aws_backup_vault": ("backup:CopyIntoBackupVault", "backup:StartCopyJob", "backup:StartRestoreJob"),
    "aws_msk_cluster": ("kafka:CreateReplicator",),
    "aws_s3_bucket": ("s3:PutReplicationConfiguration",),
    "aws_secretsmanager_secret": ("secretsmanager:ReplicateSecretToRegions",),
}
"""By type: what exports, restores, snapshots or replicates data."""

BY_TYPE = (CREDENTIALS, LOOSEN_BOUNDARY, LOOSEN_DENY, REWRITE, GRANT, COPY)
"""All that is asked about things of a type, each action by itself."""

BECOMES = tuple(
    sorted(
        {
            *ASSUME,
            PASS,
            JOIN,
            TAG_SESSION,
            *(action for way in (*CREATE_ROLE, *CREATE_USER) for action in way),
            *(action for table in (STARTS, CODE) for ways in table.values() for way in ways for action in way),
            *(
                action
                for table in (CREDENTIALS, LOOSEN_BOUNDARY, LOOSEN_DENY)
                for each in table.values()
                for action in each
            ),
            *(
                action
                for table in (REWRITE, TAG)
                for type_, actions in table.items()
                if type_.startswith("aws_iam_")
                for action in actions
            ),
        }
    )
)
"""Those that make somebody of whom does them, or give whom they may be more permissions, once each: what grants, copies
or writes policies or tags of other things makes nobody."""

ESCALATIONS = tuple(
    sorted(
        {
            *BECOMES,
            *(action for actions in TAG.values() for action in actions),
            *(action for table in BY_TYPE for actions in table.values() for action in actions),
        }
    )
)
"""All of them, once each."""
