"""The one construct that makes S3 buckets (claim C7).

Every bucket is private, versioned, encrypted, TLS-only, owner-enforced, access-logged and has a lifecycle; what
differs between buckets is only what the arguments say.
"""

from collections.abc import Sequence

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_logging import S3BucketLoggingA
from cdktf_cdktf_provider_aws.s3_bucket_notification import S3BucketNotification
from cdktf_cdktf_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from modules.common.keys import Key
from modules.common.names import Names
from modules.common.policy import Statement, deny_insecure_transport, document
from modules.common.suppressions import suppress

ABORT_INCOMPLETE_UPLOAD_DAYS = 7


class Bucket(Construct):
    """One S3 bucket, called `name` or, by default, `<project>-<environment>-<purpose>-<account>`.

    `key` is None only for buckets that AWS's log delivery writes to, which can use nothing but SSE-S3.
    `access_logs` is the bucket that receives this one's access logs; None only for that bucket itself.
    `noncurrent_version_retention_days` and `expiration_days` (None: objects stay) are the lifecycle.
    `statements` are added to the TLS-only bucket policy. `protected` forbids Terraform to destroy it; a bucket that is
    not protected is emptied when it is destroyed.

    `resource_name` and `resource_arn` are `name` and `arn` as attributes of the resource: what uses the bucket takes
    these, so that it is made after the bucket and goes before it. Policies take the others, which can be read.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        purpose: str,
        key: Key | None,
        access_logs: "Bucket | None",
        noncurrent_version_retention_days: int,
        expiration_days: int | None = None,
        statements: Sequence[Statement] = (),
        protected: bool = False,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.name: str = name or names.bucket(purpose)
        self.arn: str = names.named_bucket_arn(self.name)
        self.resource = bucket = S3Bucket(
            self,
            "bucket",
            bucket=self.name,
            force_destroy=not protected,
            tags=names.tags(purpose),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if protected else None,
        )
        bucket_id = bucket.id
        self.resource_name: str = bucket.bucket
        self.resource_arn: str = bucket.arn

        ownership = S3BucketOwnershipControls(
            self,
            "ownership",
            bucket=bucket_id,
            rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
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
        versioning = S3BucketVersioningA(
            self,
            "versioning",
            bucket=bucket_id,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=bucket_id,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    apply_server_side_encryption_by_default=(
                        S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                            sse_algorithm="aws:kms" if key else "AES256",
                            kms_master_key_id=key.arn if key else None,
                        )
                    ),
                    bucket_key_enabled=key is not None,
                )
            ],
        )
        # Object events go to EventBridge, where a rule can watch them; without a rule nothing happens.
        S3BucketNotification(self, "notification", bucket=bucket_id, eventbridge=True)
        suppress(
            bucket,
            rule="CKV_AWS_144",
            reason="The system lives in one region by decision; versioning and backups guard against loss in it",
            expires="2027-07-31",
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
            S3BucketLoggingA(
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
        rule = S3BucketLifecycleConfigurationRule(
            id="retention",
            status="Enabled",
            filter=[S3BucketLifecycleConfigurationRuleFilter()],
            abort_incomplete_multipart_upload=[
                S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(
                    days_after_initiation=ABORT_INCOMPLETE_UPLOAD_DAYS
                )
            ],
            noncurrent_version_expiration=[
                S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                    noncurrent_days=noncurrent_version_retention_days
                )
            ],
            expiration=(
                [S3BucketLifecycleConfigurationRuleExpiration(days=expiration_days)] if expiration_days else None
            ),
        )
        S3BucketLifecycleConfiguration(self, "lifecycle", bucket=bucket_id, rule=[rule], depends_on=[versioning])
