"""The customer-managed KMS keys, one per kind of data, and their key policies (claim C7).

One key per kind of data keeps the blast radius small: who may read the logs cannot read the event store. Every key
policy holds the account's root (IAM policies then decide, AWS's default and the only way to keep a key manageable)
and the AWS services that use the key on their own behalf, limited to this account.
"""

from collections.abc import Sequence

from cdktf import TerraformProvider, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.data_aws_kms_alias import DataAwsKmsAlias
from cdktf_cdktf_provider_aws.iam_service_linked_role import IamServiceLinkedRole
from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from envs.settings.keys import Keys as KeySettings
from modules.common.names import SECRETS, Names
from modules.common.policy import Statement, document

USE_KEY = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")


def account_administers_key(names: Names) -> Statement:
    """Return the statement of a key policy that leaves the key to the account's IAM policies."""
    return Statement(
        sid="AccountAdministersKey",
        principals={"AWS": [names.iam_arn("root")]},
        actions=["kms:*"],
        resources=["*"],  # in a key policy: this key
    )


class Key(Construct):
    """One customer-managed key with yearly rotation, and its alias `alias/<project>-<environment>-<purpose>`.

    `protected` forbids Terraform to destroy it: without its key, data is lost. `provider` makes it in another region.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        names: Names,
        purpose: str,
        description: str,
        deletion_window_days: int,
        statements: Sequence[Statement] = (),
        protected: bool = False,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        key = KmsKey(
            self,
            "key",
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=deletion_window_days,
            policy=document([account_administers_key(names), *statements]),
            tags=names.tags(purpose),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if protected else None,
            provider=provider,
        )
        alias = f"alias/{names.name(purpose)}"
        KmsAlias(self, "alias", name=alias, target_key_id=key.key_id, provider=provider)
        self.arn: str = key.arn


class Keys(Construct):
    """All keys of an environment, one attribute per kind of data; `secrets_key_arn` is looked up by its alias."""

    def __init__(
        self, scope: Construct, id: str, *, names: Names, settings: KeySettings, stateful_protection: bool
    ) -> None:
        super().__init__(scope, id)
        self._protected = stateful_protection
        self._names = names
        self._deletion_window_days = settings.deletion_window_days

        # EC2 Auto Scaling starts instances through a service-linked role, which only the key policy can let use the
        # key of the volumes (EC2 Auto Scaling user guide, "Required AWS KMS key policy for use with encrypted
        # volumes"). Each environment makes its own, with a suffix, before its first group.
        scaling_role = IamServiceLinkedRole(
            self,
            "auto-scaling-role",
            aws_service_name="autoscaling.amazonaws.com",
            custom_suffix=names.prefix,
            description=f"Lets EC2 Auto Scaling manage the instances of {names.prefix}",
        )
        self.auto_scaling_role_arn: str = scaling_role.arn

        self.compute = self._key(
            "compute",
            "Volumes of the servers",
            [
                Statement(
                    sid="AutoScalingUsesKey",
                    principals={"AWS": [self.auto_scaling_role_arn]},
                    actions=USE_KEY,
                    resources=["*"],
                ),
                Statement(
                    sid="AutoScalingGrantsVolumes",
                    principals={"AWS": [self.auto_scaling_role_arn]},
                    actions=["kms:CreateGrant"],
                    resources=["*"],
                    conditions={"Bool": {"kms:GrantIsForAWSResource": "true"}},
                ),
            ],
        )
        self.logs = self._key(
            "logs",
            "CloudWatch Logs groups",
            [
                Statement(
                    sid="CloudWatchLogsUsesKey",
                    principals={"Service": [names.service_host("logs")]},
                    actions=USE_KEY,
                    resources=["*"],
                    conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": names.arn("logs", "*")}},
                )
            ],
        )
        self.storage = self._key("storage", "S3 buckets of images, reports and backups")
        # Made with the secrets by the bootstrap stack, for they must hold their values before the first apply.
        secrets = DataAwsKmsAlias(self, "secrets", name=f"alias/{names.name(SECRETS)}")
        self.secrets_key_arn: str = secrets.target_key_arn
        self.event_store = self._key("event-store", "Event-store table and its backups")
        self.messaging = self._key("messaging", "Amazon MQ broker")
        self.streaming = self._key("streaming", "MSK cluster and delivery streams")
        self.notifications = self._key("notifications", "SNS topics")

    def _key(self, purpose: str, description: str, statements: Sequence[Statement] = ()) -> Key:
        return Key(
            self,
            purpose,
            names=self._names,
            purpose=purpose,
            description=f"{description} ({self._names.prefix})",
            deletion_window_days=self._deletion_window_days,
            statements=statements,
            protected=self._protected,
        )
