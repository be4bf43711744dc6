"""What a release must have before it comes to an environment."""

from __future__ import annotations

from pydantic import Field

from envs.settings.base import Part


class Promotion(Part):
    """The conditions of a promotion to the environment; the first of the chain takes none."""

    soak_hours: int = Field(
        default=0,
        ge=0,
        le=720,
        description="Hours that a release must have been applied in the environment below, since its apply.",
    )
    approvals: int = Field(
        default=0,
        ge=0,
        le=10,
        description="People, other than the author of the release, who must approve it.",
    )
    signed_approvals: bool = Field(
        default=False, description="Whether an approval counts only with a signature that git can verify."
    )
    proved_changes_pass: bool = Field(
        default=False,
        description="Whether changes that the environment below has not seen pass without --acknowledge where they are "
        "proved to open nothing, destroy nothing and put data nowhere else.",
    )
