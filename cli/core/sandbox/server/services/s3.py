"""S3: notifications to EventBridge, which moto keeps and does not give back."""

from __future__ import annotations

from moto.s3.models import s3_backends

from cli.core.sandbox.server.service import Call, Parameters, Result, Service


class S3(Service):
    """Everything else is moto's."""

    name = "s3"

    def get_bucket_notification_configuration(self, call: Call, given: Parameters) -> Result:
        """The notifications of a bucket that has them in EventBridge only."""
        bucket = s3_backends[call.account_id]["aws"].buckets.get(given["Bucket"])
        kept = bucket.notification_configuration if bucket else None
        if kept is None or kept.event_bridge is None or kept.topic or kept.queue or kept.cloud_function:
            return None
        return {"EventBridgeConfiguration": {}}
