"""What must exist before an environment's first apply: the buckets of its state and artifacts, its secrets, their keys.

The stack is small and applied once per environment by an administrator of its account; its own state is a local
file. Nothing in it is ever destroyed by Terraform: without the state, Terraform no longer knows what it manages.
"""

from cdktf import LocalBackend, TerraformOutput, TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct

from envs.settings import Settings
from modules.common.keys import Key
from modules.common.names import ARTIFACTS, SECRETS, Names
from modules.common.suppressions import suppress
from modules.storage.bucket import Bucket
from modules.storage.storage import AccessLogs

STATE = "state"


def add_local_backend(stack: TerraformStack) -> None:
    """Keep the state of `stack` in a file beside its Terraform (by default its path would name this machine)."""
    LocalBackend(stack, path="terraform.tfstate")


def secrets_by_purpose(settings: Settings) -> dict[str, str]:
    """Return the names of the secrets that the environment reads, by what they are for; operators fill them."""
    return {
        "broker-user": settings.broker.credentials_secret_name,
        "datadog-api-key": settings.streaming.metrics_export.api_key_secret_name,
        **{
            f"mobile-push-{push.platform.lower()}": push.credential_secret_name
            for push in settings.notifications.mobile_push
        },
    }


class Bootstrap(Construct):
    """The buckets of state and artifacts with the bucket of their access logs, and the secrets, without their values.

    The artifacts bucket is where a build puts `<server>/<application version>.tar.gz`, which servers fetch when they
    start. Artifacts and secrets are here, not in the environment's stack, because they must be there before it is
    applied: the first server that starts needs the one, and the broker's user is read from the other.

    Attributes: the keys `state_key`, `artifacts_key` and `secrets_key`.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names, settings: Settings) -> None:
        super().__init__(scope, id)
        self._names = names
        self._settings = settings
        access_logs = AccessLogs(
            self,
            "access-logs",
            names=names,
            purpose="bootstrap-access-logs",
            settings=settings.storage,
            protected=True,
        )
        keys: dict[str, Key] = {}
        for purpose, description, name in (
            (STATE, "Terraform state", settings.state_bucket),
            (ARTIFACTS, "Application artifacts", names.bucket(ARTIFACTS)),
        ):
            keys[purpose] = self._key(purpose, description)
            Bucket(
                self,
                purpose,
                names=names,
                purpose=purpose,
                name=name,
                key=keys[purpose],
                access_logs=access_logs,
                noncurrent_version_retention_days=settings.storage.noncurrent_version_retention_days,
                protected=True,
            )
            TerraformOutput(self, f"{purpose}-bucket", value=name, description=f"Bucket: {description}")
        self.state_key = keys[STATE]
        self.artifacts_key = keys[ARTIFACTS]
        self.secrets_key = self._key(SECRETS, "Secrets Manager secrets")
        self._secrets()

    def _key(self, purpose: str, description: str) -> Key:
        return Key(
            self,
            f"{purpose}-key",
            names=self._names,
            purpose=purpose,
            description=f"{description} ({self._names.prefix})",
            deletion_window_days=self._settings.keys.deletion_window_days,
            protected=True,
        )

    def _secrets(self) -> None:
        for purpose, name in secrets_by_purpose(self._settings).items():
            secret = SecretsmanagerSecret(
                self,
                f"secret-{purpose}",
                name=name,
                description=f"Filled by an operator, read by {self._names.prefix}",
                kms_key_id=self.secrets_key.arn,
                tags={"Name": name},
                lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
            )
            suppress(
                secret,
                rule="CKV2_AWS_57",
                reason="Its value is issued outside AWS or by an operator, so nothing in this account can rotate it",
                expires="2027-03-31",
            )
