"""The buckets that belong to no other part: access logs and images."""

from constructs import Construct

from envs.settings.storage import Storage as StorageSettings
from modules.keys import Keys
from modules.names import Names
from modules.policy import Statement
from modules.storage.bucket import Bucket
from modules.suppressions import suppress

LOAD_BALANCER_LOG_PREFIX = "alb"


class Storage(Construct):
    """The access-log bucket (S3 and load balancers write to it) and the bucket of menu images."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        settings: StorageSettings,
        keys: Keys,
        stateful_protection: bool,
    ) -> None:
        super().__init__(scope, id)
        self._storage_key = keys.storage
        logs_arn = names.bucket_arn("access-logs")
        self.access_logs = Bucket(
            self,
            "access-logs",
            names=names,
            purpose="access-logs",
            kms_key_arn=None,
            access_logs=None,
            noncurrent_version_retention_days=settings.noncurrent_version_retention_days,
            expiration_days=settings.access_log_retention_days,
            protected=stateful_protection,
            statements=[
                Statement(
                    sid="S3WritesAccessLogs",
                    principals={"Service": ["logging.s3.amazonaws.com"]},
                    actions=["s3:PutObject"],
                    resources=[f"{logs_arn}/s3/*"],
                    conditions={
                        "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{names.prefix}-*"},
                        "StringEquals": {"aws:SourceAccount": names.account_id},
                    },
                ),
                # Elastic Load Balancing user guide, "Access logs for your Application Load Balancer".
                Statement(
                    sid="LoadBalancersWriteAccessLogs",
                    principals={"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]},
                    actions=["s3:PutObject"],
                    resources=[f"{logs_arn}/{LOAD_BALANCER_LOG_PREFIX}/*"],
                    conditions={
                        "ArnLike": {"aws:SourceArn": names.arn("elasticloadbalancing", "loadbalancer/*")}
                    },
                ),
            ],
        )
        suppress(
            self.access_logs.resource,
            rule="CKV_AWS_145",
            reason="S3 and load-balancer log delivery write to SSE-S3 buckets only; a KMS key stops the logs",
        )
        suppress(
            self.access_logs.resource,
            rule="CKV_AWS_18",
            reason="This bucket receives the access logs; logging itself into itself would never end",
        )
        self.images = Bucket(
            self,
            "images",
            names=names,
            purpose="images",
            kms_key_arn=keys.storage.arn,
            access_logs=self.access_logs,
            noncurrent_version_retention_days=settings.noncurrent_version_retention_days,
            protected=stateful_protection,
        )

    def image_statements(self) -> list[Statement]:
        """Return what a server needs to read and publish menu images: the objects, their listing and the key."""
        return [
            Statement(
                sid="ReadAndWriteImages",
                actions=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                resources=[f"{self.images.arn}/*"],
            ),
            Statement(sid="ListImages", actions=["s3:ListBucket"], resources=[self.images.arn]),
            self._storage_key.use_statement(sid="UseImageKey"),
        ]
