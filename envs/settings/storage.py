"""The S3 buckets."""

from __future__ import annotations

from pydantic import Field

from envs.settings.base import Part


class Storage(Part):
    """S3 buckets: images, event-store backups, reporting backups, access logs."""

    noncurrent_version_retention_days: int = Field(
        default=90, ge=1, le=3650, description="Days that a replaced or deleted version of an object is kept."
    )
    access_log_retention_days: int = Field(
        default=365, ge=1, le=3650, description="Days that access logs of buckets and load balancers are kept."
    )
