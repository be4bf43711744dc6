"""One AWS profile per environment, for commands that work on several accounts in one run."""

from __future__ import annotations

from collections.abc import Mapping

VARIABLE = "INFRA_PROFILE_PER_ENVIRONMENT"
"""Environment variable that, set to 1, has each environment take the AWS profile of its name."""

_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""Variables that AWS's SDKs take before a profile."""


def profile_of(environment: str, variables: Mapping[str, str]) -> str | None:
    """The profile of an environment; None where AWS's own variables and files decide."""
    return environment if variables.get(VARIABLE) == "1" else None


def with_profile(environment: str, variables: Mapping[str, str]) -> Mapping[str, str]:
    """Environment variables with which an environment's profile is used, where `VARIABLE` asks for it."""
    if profile_of(environment, variables) is None:
        return variables
    return {**{name: value for name, value in variables.items() if name not in _KEYS}, "AWS_PROFILE": environment}
