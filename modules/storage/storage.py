"""The buckets that belong to no other part: access logs and menu images."""

from collections.abc import Sequence

from constructs import Construct

from envs.settings.storage import Storage as StorageSettings
from modules.common.context import Context
from modules.common.names import Names
from modules.common.policy import Statement
from modules.common.suppressions import suppress
from modules.storage.bucket import Bucket

LOAD_BALANCER_LOG_PREFIX = "alb"


class AccessLogs(Bucket):
    """The bucket that S3 writes the access logs of other buckets to; `statements` let other services write too."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        settings: StorageSettings,
        protected: bool,
        purpose: str = "access-logs",
        statements: Sequence[Statement] = (),
    ) -> None:
        arn = names.bucket_arn(purpose)
        super().__init__(
            scope,
            id,
            names=names,
            purpose=purpose,
            key=None,
            access_logs=None,
            noncurrent_version_retention_days=settings.noncurrent_version_retention_days,
            expiration_days=settings.access_log_retention_days,
            protected=protected,
            statements=[
                # Amazon S3 user guide, "Enabling Amazon S3 server access logging".
                Statement(
                    sid="S3WritesAccessLogs",
                    principals={"Service": ["logging.s3.amazonaws.com"]},
                    actions=["s3:PutObject"],
                    resources=[f"{arn}/s3/*"],
                    conditions={"StringEquals": {"aws:SourceAccount": names.account_id}},
                ),
                *statements,
            ],
        )
        suppress(
            self.resource,
            rule="CKV_AWS_145",
            reason="S3 and load balancers deliver logs to SSE-S3 buckets only; with a KMS key the logs stop",
            expires="2027-11-30",
        )
        suppress(
            self.resource,
            rule="CKV_AWS_18",
            reason="This bucket receives the access logs; logging into itself would never end",
            expires="2028-01-31",
        )


class Storage(Construct):
    """The access-log bucket of the environment and the bucket of menu images; other parts get theirs by `bucket`."""

    def __init__(self, scope: Construct, id: str, *, context: Context, settings: StorageSettings) -> None:
        super().__init__(scope, id)
        self._context = context
        self._settings = settings
        names = context.names
        self.access_logs = AccessLogs(
            self,
            "access-logs",
            names=names,
            settings=settings,
            protected=context.stateful_protection,
            statements=[
                # Elastic Load Balancing user guide, "Access logs for your Application Load Balancer".
                Statement(
                    sid="LoadBalancersWriteLogs",
                    principals={"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]},
                    actions=["s3:PutObject"],
                    resources=[f"{names.bucket_arn('access-logs')}/{LOAD_BALANCER_LOG_PREFIX}/*"],
                    conditions={"ArnLike": {"aws:SourceArn": names.arn("elasticloadbalancing", "loadbalancer/*")}},
                )
            ],
        )
        self.images = self.bucket(self, "images", purpose="images", protected=context.stateful_protection)

    def bucket(
        self,
        scope: Construct,
        id: str,
        *,
        purpose: str,
        expiration_days: int | None = None,
        statements: Sequence[Statement] = (),
        protected: bool = False,
    ) -> Bucket:
        """Make a bucket in `scope`, with the storage key and the access logs of the environment."""
        return Bucket(
            scope,
            id,
            names=self._context.names,
            purpose=purpose,
            key=self._context.keys.storage,
            access_logs=self.access_logs,
            noncurrent_version_retention_days=self._settings.noncurrent_version_retention_days,
            expiration_days=expiration_days,
            statements=statements,
            protected=protected,
        )

    def image_statements(self) -> list[Statement]:
        """Return what a server needs to read and publish menu images: the objects, their listing and the key.

        The key encrypts backups and reports too, so it may be used through S3 and for the images only. With an
        S3 Bucket Key the encryption context is the bucket's ARN (Amazon S3 user guide, "Reducing the cost of SSE-KMS
        with Amazon S3 Bucket Keys").
        """
        return [
            Statement(
                sid="ReadAndWriteImages",
                actions=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                resources=[f"{self.images.arn}/*"],
            ),
            Statement(sid="ListImages", actions=["s3:ListBucket"], resources=[self.images.arn]),
            Statement(
                sid="UseImageKey",
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=[self._context.keys.storage.arn],
                conditions={
                    "StringEquals": {
                        "kms:EncryptionContext:aws:s3:arn": self.images.arn,
                        "kms:ViaService": self._context.names.service_host("s3"),
                    }
                },
            ),
        ]
