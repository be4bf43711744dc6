"""The state of an environment in words, for the table of `infra status` and the page of `infra report`."""

from __future__ import annotations

from collections.abc import Iterator

from cli.core.promotion.status import EnvironmentStatus, NextPromotion


def release_text(status: EnvironmentStatus) -> str:
    """The release that was applied last, or why there is none."""
    return status.applied_release or ("destroyed" if status.destroyed else "never applied")


def drift_text(status: EnvironmentStatus) -> str:
    """How much has drifted, or that nobody looked."""
    return "not looked at" if status.drift is None else str(status.drift or "none")


def next_text(step: NextPromotion | None) -> str:
    """The next promotion from an environment, with what it carries and how long it has to wait."""
    if step is None:
        return "-"
    if not step.carries:
        return f"nothing new for {step.to}"
    soak = f", {step.soak_hours_left} h of soak left" if step.soak_hours_left else ""
    return f"to {step.to}: {', '.join(step.carries)}{soak}"


def notes(status: EnvironmentStatus) -> Iterator[str]:
    """What there is to know besides, a sentence each."""
    name = status.environment
    if status.last_apply not in (None, "succeeded"):
        yield f"the last apply ended as {status.last_apply}; see infra history {name}"
    if status.destroyed:
        yield f"destroyed {status.destroyed:%Y-%m-%d %H:%M} UTC, at least in part; see infra history {name}"
    if status.frozen_until:
        yield f"frozen until {status.frozen_until:%Y-%m-%d %H:%M} UTC"
    for objection in status.objections:
        yield f"infra apply refuses its release, {objection.condition}: {objection.text}"
    if status.missing_delegation:
        yield str(status.missing_delegation)
    for override in status.overrides:
        yield f"{override.check} overridden until {override.expires:%Y-%m-%d}: {override.reason}"
