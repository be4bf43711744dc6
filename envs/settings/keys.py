"""The customer-managed keys that encrypt everything at rest."""

from __future__ import annotations

from pydantic import Field

from envs.settings.base import Part


class Keys(Part):
    """KMS keys."""

    deletion_window_days: int = Field(
        default=30,
        ge=7,
        le=30,
        description="Days between asking for a key's deletion and losing it: 7 to 30.",
    )
