"""What must exist before an environment's first `terraform init`: the state's bucket and key, and the artifacts bucket.

The stack is small and applied once per environment by an administrator of its account; its own state is a local
file. Nothing in it is ever destroyed by Terraform: without the state, Terraform no longer knows what it manages.
"""

from cdktf import LocalBackend, TerraformOutput, TerraformStack
from constructs import Construct

from envs.settings import Settings
from modules.keys import Key
from modules.names import Names
from modules.storage.bucket import Bucket
from modules.storage.storage import AccessLogs

ARTIFACTS = "artifacts"
STATE = "state"


def add_local_backend(stack: TerraformStack) -> None:
    """Keep the state of `stack` in a file beside its Terraform (by default its path would name this machine)."""
    LocalBackend(stack, path="terraform.tfstate")


class Bootstrap(Construct):
    """The state bucket with its key, the artifacts bucket with its key, and the bucket of their access logs.

    The artifacts bucket is where a build puts `<server>/<application version>.tar.gz`, which servers fetch when they
    start. It is here, not in the environment's stack, because a build must be there before the first server starts.
    """

    def __init__(self, scope: Construct, id: str, *, names: Names, settings: Settings) -> None:
        super().__init__(scope, id)
        retention_days = settings.storage.noncurrent_version_retention_days
        access_logs = AccessLogs(
            self,
            "access-logs",
            names=names,
            purpose="bootstrap-access-logs",
            settings=settings.storage,
            protected=True,
        )
        for purpose, description, name in (
            (STATE, "Terraform state", settings.state_bucket),
            (ARTIFACTS, "Application artifacts", names.bucket(ARTIFACTS)),
        ):
            key = Key(
                self,
                f"{purpose}-key",
                names=names,
                purpose=purpose,
                description=f"{description} ({names.prefix})",
                deletion_window_days=settings.keys.deletion_window_days,
                protected=True,
            )
            Bucket(
                self,
                purpose,
                names=names,
                purpose=purpose,
                name=name,
                kms_key_arn=key.arn,
                access_logs=access_logs,
                noncurrent_version_retention_days=retention_days,
                protected=True,
            )
            TerraformOutput(self, f"{purpose}-bucket", value=name, description=f"Bucket: {description}")
