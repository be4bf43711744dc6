"""Log groups of the stream and its consumers."""

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from modules.common.context import Context

LOG_RETENTION_DAYS = 365  # a year, what CKV_AWS_338 asks for
PART = "streaming"


def stream_log_group(
    scope: Construct,
    id: str,
    *,
    context: Context,
    purpose: str,
    retention_days: int = LOG_RETENTION_DAYS,
) -> CloudwatchLogGroup:
    """Make the encrypted log group `/<project>/<environment>/streaming/<purpose>`."""
    return CloudwatchLogGroup(
        scope,
        id,
        name=context.names.log_group(PART, purpose),
        retention_in_days=retention_days,
        kms_key_id=context.keys.logs.arn,
        tags=context.names.tags(PART, purpose),
    )
