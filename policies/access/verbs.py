"""What people call the actions that matter about data: reading, writing, deleting, copying and sharing it.

Sources: Service Authorization Reference, "Actions defined by" each service; for escalation, Rhino Security Labs, "AWS
IAM Privilege Escalation: Methods and Mitigation", and policy-sentry's list of actions that change permissions.
"""

from __future__ import annotations

from collections.abc import Mapping

READ, WRITE, DELETE, COPY, SHARE, USE, ASSUME = VERBS = (
    "read",
    "write",
    "delete",
    "copy",
    "share",
    "use",
    "assume",
)
"""Read and write data; delete it or what holds it, also by settings that let it expire; copy all of it elsewhere;
change who may do any of this; use a key; become a role, or change what it may do."""

_OF_SERVICES: Mapping[str, Mapping[str, str]] = {
    "apprunner": {WRITE: "UpdateService", DELETE: "DeleteService"},
    "athena": {READ: "GetQueryResults", WRITE: "StartQueryExecution", DELETE: "DeleteWorkGroup"},
    "autoscaling": {WRITE: "UpdateAutoScalingGroup", DELETE: "DeleteAutoScalingGroup"},
    "backup": {
        READ: "GetRecoveryPointRestoreMetadata StartRestoreJob",
        WRITE: "StartBackupJob",
        DELETE: "DeleteBackupVault DeleteRecoveryPoint UpdateRecoveryPointLifecycle",
        COPY: "CopyFromBackupVault StartCopyJob",
        SHARE: "DeleteBackupVaultAccessPolicy PutBackupVaultAccessPolicy",
    },
    "batch": {WRITE: "SubmitJob", DELETE: "DeregisterJobDefinition"},
    "bedrock-agentcore": {WRITE: "InvokeCodeInterpreter", DELETE: "DeleteCodeInterpreter"},
    "cloudformation": {WRITE: "ExecuteChangeSet UpdateStack", DELETE: "DeleteStack"},
    "codebuild": {WRITE: "StartBuild UpdateProject", DELETE: "DeleteProject"},
    "dynamodb": {
        READ: "BatchGetItem ConditionCheckItem GetItem GetRecords GetShardIterator PartiQLSelect Query Scan",
        WRITE: "BatchWriteItem PartiQLInsert PartiQLUpdate PutItem UpdateItem",
        DELETE: "BatchWriteItem DeleteItem DeleteTable PartiQLDelete UpdateTimeToLive",
        COPY: "CreateBackup EnableKinesisStreamingDestination ExportTableToPointInTime RestoreTableToPointInTime"
        " StartAwsBackupJob",
        SHARE: "DeleteResourcePolicy PutResourcePolicy",
    },
    "ec2": {
        WRITE: "CreateLaunchTemplateVersion ModifyInstanceAttribute",
        DELETE: "DeleteLaunchTemplate TerminateInstances",
    },
    "ecr": {
        READ: "BatchGetImage GetDownloadUrlForLayer",
        WRITE: "PutImage",
        DELETE: "BatchDeleteImage DeleteRepository",
        SHARE: "DeleteRepositoryPolicy SetRepositoryPolicy",
    },
    "ecs": {WRITE: "RunTask UpdateService", DELETE: "DeleteService"},
    "elasticfilesystem": {
        READ: "ClientMount",
        WRITE: "ClientRootAccess ClientWrite",
        DELETE: "DeleteFileSystem",
        COPY: "Backup CreateReplicationConfiguration",
        SHARE: "DeleteFileSystemPolicy PutFileSystemPolicy",
    },
    "elasticmapreduce": {WRITE: "AddJobFlowSteps", DELETE: "TerminateJobFlows"},
    "events": {WRITE: "PutEvents", DELETE: "DeleteEventBus", SHARE: "PutPermission RemovePermission"},
    "firehose": {WRITE: "PutRecord PutRecordBatch UpdateDestination", DELETE: "DeleteDeliveryStream"},
    "glue": {READ: "GetTable", WRITE: "UpdateTable", DELETE: "DeleteTable"},
    "iam": {
        ASSUME: "AttachRolePolicy AttachUserPolicy CreateAccessKey CreateLoginProfile CreatePolicyVersion PassRole"
        " PutGroupPolicy PutRolePolicy PutUserPolicy SetDefaultPolicyVersion UpdateAssumeRolePolicy UpdateLoginProfile",
        DELETE: "DeleteGroup DeletePolicy DeleteRole DeleteUser",
    },
    "kafka": {
        WRITE: "UpdateClusterConfiguration UpdateSecurity",
        DELETE: "DeleteCluster",
        SHARE: "CreateVpcConnection DeleteClusterPolicy PutClusterPolicy",
    },
    "kafka-cluster": {
        READ: "ReadData",
        WRITE: "WriteData",
        DELETE: "DeleteTopic",
    },
    "kafkaconnect": {WRITE: "UpdateConnector", DELETE: "DeleteConnector"},
    "kinesis": {
        READ: "GetRecords SubscribeToShard",
        WRITE: "PutRecord PutRecords",
        DELETE: "DeleteStream",
        SHARE: "DeleteResourcePolicy PutResourcePolicy",
    },
    "kms": {
        USE: "Decrypt Encrypt GenerateDataKey ReEncryptFrom Sign",
        DELETE: "DisableKey ScheduleKeyDeletion",
        SHARE: "CreateGrant PutKeyPolicy",
    },
    "lambda": {
        READ: "GetLayerVersion",
        WRITE: "InvokeFunction InvokeFunctionUrl UpdateFunctionCode UpdateFunctionConfiguration",
        DELETE: "DeleteFunction DeleteLayerVersion",
        SHARE: "AddLayerVersionPermission AddPermission RemoveLayerVersionPermission RemovePermission",
    },
    "logs": {
        READ: "FilterLogEvents GetLogEvents StartQuery",
        WRITE: "PutLogEvents",
        DELETE: "DeleteLogGroup DeleteLogStream PutRetentionPolicy",
        COPY: "CreateExportTask PutSubscriptionFilter",
        SHARE: "DeleteResourcePolicy PutResourcePolicy",
    },
    "pipes": {WRITE: "UpdatePipe", DELETE: "DeletePipe"},
    "s3": {
        READ: "GetObject GetObjectVersion ListBucket",
        WRITE: "PutObject",
        DELETE: "DeleteBucket DeleteObject DeleteObjectVersion PutLifecycleConfiguration",
        COPY: "PutReplicationConfiguration",
        SHARE: "DeleteBucketPolicy PutBucketAcl PutBucketPolicy PutBucketPublicAccessBlock PutObjectAcl",
    },
    "s3express": {
        READ: "CreateSession",
        WRITE: "CreateSession",
        DELETE: "CreateSession DeleteBucket PutLifecycleConfiguration",
        SHARE: "DeleteBucketPolicy PutBucketPolicy",
    },
    "sagemaker": {WRITE: "UpdateNotebookInstance", DELETE: "DeleteNotebookInstance"},
    "scheduler": {WRITE: "UpdateSchedule", DELETE: "DeleteSchedule"},
    "secretsmanager": {
        READ: "BatchGetSecretValue GetSecretValue",
        WRITE: "PutSecretValue UpdateSecret",
        DELETE: "DeleteSecret",
        COPY: "ReplicateSecretToRegions",
        SHARE: "DeleteResourcePolicy PutResourcePolicy",
    },
    "sns": {
        READ: "Subscribe",
        WRITE: "Publish",
        DELETE: "DeleteTopic",
        SHARE: "AddPermission RemovePermission SetTopicAttributes",
    },
    "sqs": {
        READ: "ReceiveMessage",
        WRITE: "SendMessage",
        DELETE: "DeleteMessage DeleteQueue PurgeQueue",
        SHARE: "AddPermission RemovePermission SetQueueAttributes",
    },
    "ssm": {READ: "GetParameter GetParameters GetParametersByPath", WRITE: "PutParameter", DELETE: "DeleteParameter"},
    "states": {WRITE: "StartExecution UpdateStateMachine", DELETE: "DeleteStateMachine"},
}

_OF_ROLES = ("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
"""What makes somebody a role, beside what changes it."""


def actions_of(service: str, verb: str) -> tuple[str, ...]:
    """The actions of a service that a verb means; none if it has no such."""
    own = tuple(f"{service}:{name}" for name in _OF_SERVICES.get(service, {}).get(verb, "").split())
    return (*_OF_ROLES, *own) if (service, verb) == ("iam", ASSUME) else own


def verbs_of(service: str) -> tuple[str, ...]:
    """The verbs that mean something for a service, in the order of `VERBS`."""
    return tuple(verb for verb in VERBS if verb in _OF_SERVICES.get(service, {}))
