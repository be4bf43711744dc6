"""The S3 backend of an environment's state, with S3's own locking."""

from cdktf import S3Backend, TerraformStack

from envs.settings import Settings


def add_backend(stack: TerraformStack, settings: Settings) -> None:
    """Keep the state of `stack` in S3: one state per environment, locked by `<key>.tflock` (`use_lockfile`).

    `encrypt` stays unset on purpose: without a key it asks for SSE-S3 and so overrides the bucket's default, which is
    the customer-managed key that the bootstrap stack made (claim C7). Credentials of another account are refused before
    the state is asked for, as the provider does later.
    """
    S3Backend(
        stack,
        bucket=settings.state_bucket,
        key=settings.state_key,
        region=settings.region,
        allowed_account_ids=[settings.account_id],
    )
    # The bindings predate S3's own locking (Terraform 1.10), so the argument is written past them.
    stack.add_override("terraform.backend.s3.use_lockfile", True)
