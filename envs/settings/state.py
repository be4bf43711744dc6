"""Where Terraform keeps an environment's state."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from envs.settings.base import Part
from envs.settings.types import BucketName, Spelling

ObjectKey = Annotated[
    str, Spelling(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,1000}", "an S3 object key, such as dev/terraform.tfstate")
]


class State(Part):
    """The S3 backend. It locks natively (``use_lockfile``), so there is no table of locks."""

    bucket: BucketName | None = Field(
        default=None, description="Bucket of the state. Default: <project>-<environment>-state-<account_id>."
    )
    key: ObjectKey | None = Field(
        default=None,
        description="Object key of the state in the bucket. Default: <environment>/terraform.tfstate.",
    )
