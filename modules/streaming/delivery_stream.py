"""What Firehose's delivery streams have in common: where they log, and what their roles may do in S3."""

from cdktf_cdktf_provider_aws.cloudwatch_log_stream import CloudwatchLogStream
from constructs import Construct

from modules.common.context import Context
from modules.common.policy import Statement
from modules.storage.bucket import Bucket
from modules.streaming.logs import stream_log_group

FIREHOSE_SERVICE = "firehose.amazonaws.com"


class DeliveryLog(Construct):
    """The log group and the one log stream that a delivery stream writes its errors to."""

    def __init__(self, scope: Construct, id: str, *, context: Context, purpose: str) -> None:
        super().__init__(scope, id)
        log_group = stream_log_group(self, "log-group", context=context, purpose=purpose)
        self.log_group_name: str = log_group.name
        self.log_stream_name: str = "delivery"
        CloudwatchLogStream(self, "log-stream", name=self.log_stream_name, log_group_name=self.log_group_name)
        self._log_group_arn: str = log_group.arn

    def write_statement(self) -> Statement:
        """Return what the delivery stream's role needs to log."""
        return Statement(
            sid="WriteErrors",
            actions=["logs:PutLogEvents"],
            resources=[f"{self._log_group_arn}:log-stream:{self.log_stream_name}"],
        )


def bucket_statements(context: Context, bucket: Bucket) -> list[Statement]:
    """Return what a delivery stream's role needs to write to `bucket`, which the storage key encrypts.

    Source: Amazon Data Firehose developer guide, "Grant Firehose access to an Amazon S3 destination".
    """
    return [
        Statement(
            sid="WriteObjects",
            actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
            resources=[f"{bucket.arn}/*"],
        ),
        Statement(
            sid="ListBucket",
            actions=["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            resources=[bucket.arn],
        ),
        Statement(
            sid="EncryptObjects",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[context.keys.storage.arn],
            conditions={"StringEquals": {"kms:ViaService": context.names.service_host("s3")}},
        ),
    ]
