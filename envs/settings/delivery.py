"""Who deploys the environment from outside AWS: the repository whose workflows may assume its two roles."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from envs.settings.base import Part
from envs.settings.types import Spelling

RepositoryName = Annotated[
    str,
    Spelling(
        # GitHub's own limits: no wildcard can stand in it, so none comes into the trust of a role.
        r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?/[A-Za-z0-9._-]{1,100}",
        "a repository on GitHub as OWNER/NAME, such as meals-example/infrastructure",
    ),
]


class Delivery(Part):
    """GitHub Actions, which the bootstrap stack lets plan and apply the environment without a stored secret."""

    repository: RepositoryName = Field(description="Repository on GitHub whose workflows plan and apply: OWNER/NAME.")
    owns_identity_provider: bool = Field(
        default=True,
        description="Whether this environment's bootstrap stack makes GitHub's identity provider. There is one per AWS "
        "account: of the environments that share an account, one says true.",
    )
