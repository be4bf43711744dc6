"""The one construct that makes S3 buckets (claim C7).

Every bucket is private, versioned, encrypted, TLS-only, owner-enforced, access-logged and has a lifecycle; what
differs between buckets is only what the arguments say.
"""

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
)
from cdktf_cdktf_provider_aws.s3_bucket_logging import S3BucketLoggingA as S3BucketLogging
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import S3BucketOwnershipControls
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA as S3BucketServerSideEncryptionConfiguration,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import S3BucketVersioningA as S3BucketVersioning
from constructs import Construct

from modules.names import Names
from modules.policy import Statement, deny_insecure_transport, document

ABORT_INCOMPLETE_UPLOAD_DAYS = 7


class Bucket(Construct):
    """One S3 bucket, named `<project>-<environment>-<purpose>-<account>`.

    `kms_key_arn` is None only for buckets that AWS's log delivery writes to, which can use nothing but SSE-S3.
    `access_logs` is the bucket that receives this one's access logs; None only for that bucket itself.
    `noncurrent_version_retention_days` and `expiration_days` (None: objects stay) are the lifecycle.
    `statements` are added to the TLS-only bucket policy. `protected` forbids Terraform to destroy it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        purpose: str,
        kms_key_arn: str | None,
        access_logs: "Bucket | None",
        noncurrent_version_retention_days: int,
        expiration_days: int | None = None,
        statements: Sequence[Statement] = (),
        protected: bool = False,
    ) -> None:
        super().__init__(scope, id)
        self.name: str = names.bucket(purpose)
        self.arn: str = names.bucket_arn(purpose)
        self.resource = bucket = S3Bucket(
            self,
            "bucket",
            bucket=self.name,
            tags=names.tags(purpose),
            lifecycle={"prevent_destroy": True} if protected else None,
        )
        bucket_id = bucket.id

        ownership = S3BucketOwnershipControls(
            self, "ownership", bucket=bucket_id, rule={"object_ownership": "BucketOwnerEnforced"}
        )
        public_access = S3BucketPublicAccessBlock(
            self,
            "public-access-block",
            bucket=bucket_id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        versioning = S3BucketVersioning(
            self, "versioning", bucket=bucket_id, versioning_configuration={"status": "Enabled"}
        )
        encryption: dict[str, str] = {"sse_algorithm": "AES256"}
        if kms_key_arn:
            encryption = {"sse_algorithm": "aws:kms", "kms_master_key_id": kms_key_arn}
        S3BucketServerSideEncryptionConfiguration(
            self,
            "encryption",
            bucket=bucket_id,
            rule=[
                {
                    "apply_server_side_encryption_by_default": encryption,
                    "bucket_key_enabled": kms_key_arn is not None,
                }
            ],
        )
        self._lifecycle(bucket_id, versioning, noncurrent_version_retention_days, expiration_days)
        # The policy comes after the ownership and the public access block, which else refuse or race it.
        self.policy = S3BucketPolicy(
            self,
            "policy",
            bucket=bucket_id,
            policy=document(
                [
                    deny_insecure_transport(actions=["s3:*"], resources=[self.arn, f"{self.arn}/*"]),
                    *statements,
                ]
            ),
            depends_on=[ownership, public_access],
        )
        if access_logs:
            S3BucketLogging(
                self,
                "access-logging",
                bucket=bucket_id,
                target_bucket=access_logs.name,
                target_prefix=f"s3/{purpose}/",
                depends_on=[access_logs.policy],
            )

    def _lifecycle(
        self,
        bucket_id: str,
        versioning: ITerraformDependable,
        noncurrent_version_retention_days: int,
        expiration_days: int | None,
    ) -> None:
        rule: dict[str, object] = {
            "id": "retention",
            "status": "Enabled",
            "filter": [{}],
            "abort_incomplete_multipart_upload": [{"days_after_initiation": ABORT_INCOMPLETE_UPLOAD_DAYS}],
            "noncurrent_version_expiration": [{"noncurrent_days": noncurrent_version_retention_days}],
        }
        if expiration_days is not None:
            rule["expiration"] = [{"days": expiration_days}]
        S3BucketLifecycleConfiguration(
            self, "lifecycle", bucket=bucket_id, rule=[rule], depends_on=[versioning]
        )
