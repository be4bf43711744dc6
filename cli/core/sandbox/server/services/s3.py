"""S3: notifications to EventBridge, which moto keeps and does not give back; checksums, which moto does not compare."""

from __future__ import annotations

import base64
import hashlib

from moto.s3.models import s3_backends

from cli.core.sandbox.server.service import AwsError, Call, Parameters, Result, Service


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

    def put_object(self, call: Call, given: Parameters) -> Result:
        """Refuse an object whose content has another SHA-256 than the request says; the rest is moto's."""
        checksum = given.get("ChecksumSHA256")
        is_whole = "aws-chunked" not in given.get("ContentEncoding", "")
        if checksum is not None and is_whole:
            content = given.get("Body") or b""
            digest = hashlib.sha256(content.encode() if isinstance(content, str) else content).digest()
            if base64.b64encode(digest).decode() != checksum:
                raise AwsError("BadDigest", "The SHA256 you specified did not match the calculated checksum.")
        return None
