"""The S3 backend of an environment's state, with S3's own locking."""

from cdktf import S3Backend, TerraformStack

from envs.settings import StateSettings
from modules.names import Names

STATE_BUCKET = "state"


def state_bucket(names: Names, settings: StateSettings) -> str:
    """Return the name of the bucket that holds the environment's state."""
    return settings.bucket or names.bucket(STATE_BUCKET)


def state_key(names: Names, settings: StateSettings) -> str:
    """Return the key of the environment's state object; its lock is `<key>.tflock`."""
    return settings.key or f"{names.environment}/terraform.tfstate"


def add_backend(stack: TerraformStack, *, names: Names, settings: StateSettings) -> None:
    """Keep the state of `stack` in S3, encrypted, one state per environment, locked by `use_lockfile`."""
    S3Backend(
        stack,
        bucket=state_bucket(names, settings),
        key=state_key(names, settings),
        region=names.region,
        encrypt=True,
        kms_key_id=f"alias/{names.name(STATE_BUCKET)}",
    )
    # The bindings were generated before S3's own locking: the argument exists in Terraform (1.10) only.
    stack.add_override("terraform.backend.s3.use_lockfile", True)
