"""Overrides: what somebody lets pass, with a reason that is recorded and shown for a time."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from cli.core.base.errors import ExitCode, InfraError
from cli.core.records.model import Override

LIFETIME = datetime.timedelta(days=7)
"""How long `infra status` shows an override, so that what it skipped is made up for."""


class InvalidOverride(InfraError, kind="invalid-override", exit_code=ExitCode.USAGE):
    """An override names nothing that can be overridden, or has no reason."""


def overrides_of(names: Collection[str], reason: str | None, allowed: Collection[str]) -> Mapping[str, str]:
    """The reason by what is overridden, from the command line. Raises `InvalidOverride`."""
    for name in names:
        if name not in allowed:
            raise InvalidOverride(f"there is no gate {name!r} to override; gates: {', '.join(allowed)}")
    text = (reason or "").strip()
    if names and not text:
        raise InvalidOverride('an override needs a reason: --reason "..."')
    return dict.fromkeys(names, text)


def recorded(overrides: Mapping[str, str], needed: Collection[str], now: datetime.datetime) -> tuple[Override, ...]:
    """The overrides of what was ``needed``, for a record."""
    return tuple(
        Override(check=name, reason=reason, expires=now + LIFETIME)
        for name, reason in sorted(overrides.items())
        if name in needed
    )
