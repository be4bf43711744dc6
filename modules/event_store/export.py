"""The scheduled export of the event store's table to S3: a copy outside of DynamoDB and of AWS Backup."""

import json

from cdktf_cdktf_provider_aws.scheduler_schedule import (
    SchedulerSchedule,
    SchedulerScheduleFlexibleTimeWindow,
    SchedulerScheduleTarget,
    SchedulerScheduleTargetDeadLetterConfig,
    SchedulerScheduleTargetRetryPolicy,
)
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from modules.common.context import Context
from modules.common.names import Names
from modules.common.policy import Statement, deny_insecure_transport, document
from modules.common.service_role import ServiceRole
from modules.event_store.perimeter import deny_outside_endpoint
from modules.event_store.table import EXPORT_ACTION
from modules.storage.bucket import Bucket

ROLE = "event-store-export"

EXPORT_PREFIX = "exports"
"""First part of the keys of exported objects; DynamoDB adds `AWSDynamoDB/<export id>/`."""

"""EventBridge Scheduler user guide, "Using universal targets"."""

OBJECT_ACTIONS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject*",
    "s3:GetObject*",
    "s3:ListMultipartUploadParts",
    "s3:PutObject*",
    "s3:RestoreObject",
)
"""What reads or changes objects. Calls on the bucket itself stay possible, for Terraform makes them."""

FAILED_EXPORT_RETENTION_SECONDS = 14 * 24 * 3600  # the longest that SQS keeps a message
RETRY_ATTEMPTS = 3
RETRY_SECONDS = 4 * 3600


def export_role_arn(names: Names) -> str:
    """Return the ARN of the role that exports the table: policies name it before it exists."""
    return names.iam_arn(f"role/{names.name(ROLE)}")


def bucket_statement(names: Names, *, purpose: str, endpoint_id: str) -> Statement:
    """Return the statement of the backup bucket's policy that refuses object calls from outside the VPC (claim C2).

    DynamoDB writes an export with the permissions of the role that asked for it. The other way back, an import into a
    new table, is done by DynamoDB with the permissions of the operator who asks for it.
    """
    return deny_outside_endpoint(
        actions=OBJECT_ACTIONS,
        resources=[f"{names.bucket_arn(purpose)}/*"],
        endpoint_id=endpoint_id,
        except_role_arns=[export_role_arn(names)],
        except_called_via=["dynamodb.amazonaws.com"],
    )


class TableExport(Construct):
    """A full export of the table `table_arn` to `bucket`, as often as `schedule` says.

    EventBridge Scheduler calls DynamoDB by itself: no code runs. A queue keeps each call that fails for good, with the
    request and the error. The storage key encrypts the objects, the event-store key the schedule and the queue.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        schedule: str,
        table_arn: str,
        bucket: Bucket,
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        kms_key_arn, storage_key_arn = context.keys.event_store.arn, context.keys.storage.arn
        queue_name = names.name("event-store-export-failures")
        queue_arn = names.arn("sqs", queue_name)
        queue = SqsQueue(
            self,
            "failures",
            name=queue_name,
            kms_master_key_id=kms_key_arn,
            message_retention_seconds=FAILED_EXPORT_RETENTION_SECONDS,
            tags=names.tags("event-store-export-failures"),
        )
        SqsQueuePolicy(
            self,
            "failures-policy",
            queue_url=queue.url,
            policy=document([deny_insecure_transport(actions=["sqs:*"], resources=[queue_arn])]),
        )
        role = ServiceRole(
            self,
            "role",
            names=names,
            name=ROLE,
            service="scheduler.amazonaws.com",
            statements=[
                Statement(sid="ExportTable", actions=[EXPORT_ACTION], resources=[table_arn]),
                # Amazon DynamoDB developer guide, "Requesting a table export in DynamoDB".
                Statement(
                    sid="WriteExports",
                    actions=["s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"],
                    resources=[f"{bucket.arn}/{EXPORT_PREFIX}/*"],
                ),
                Statement(
                    sid="EncryptExports",
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=[storage_key_arn],
                    conditions={"StringEquals": {"kms:ViaService": names.service_host("s3")}},
                ),
                Statement(sid="KeepFailures", actions=["sqs:SendMessage"], resources=[queue_arn]),
                # The schedule, the queue and the table are encrypted with it.
                Statement(
                    sid="UseEventStoreKey",
                    actions=["kms:Decrypt", "kms:GenerateDataKey"],
                    resources=[kms_key_arn],
                ),
            ],
        )
        SchedulerSchedule(
            self,
            "schedule",
            name=names.name(ROLE),
            description=f"Full export of the event store of {names.prefix} to S3",
            schedule_expression=schedule,
            schedule_expression_timezone="UTC",
            flexible_time_window=SchedulerScheduleFlexibleTimeWindow(mode="OFF"),
            kms_key_arn=kms_key_arn,
            target=SchedulerScheduleTarget(
                arn=names.scheduler_target("dynamodb", "exportTableToPointInTime"),
                role_arn=role.arn,
                input=json.dumps(
                    {
                        "ExportFormat": "DYNAMODB_JSON",
                        "S3Bucket": bucket.resource_name,
                        "S3BucketOwner": names.account_id,
                        "S3Prefix": EXPORT_PREFIX,
                        "S3SseAlgorithm": "KMS",
                        "S3SseKmsKeyId": storage_key_arn,
                        "TableArn": table_arn,
                    },
                    sort_keys=True,
                ),
                dead_letter_config=SchedulerScheduleTargetDeadLetterConfig(arn=queue.arn),
                retry_policy=SchedulerScheduleTargetRetryPolicy(
                    maximum_retry_attempts=RETRY_ATTEMPTS, maximum_event_age_in_seconds=RETRY_SECONDS
                ),
            ),
            depends_on=[role.policy],
        )
