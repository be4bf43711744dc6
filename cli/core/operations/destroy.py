"""The plan that destroys an environment, unless something protects it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from cli.core.base.progress import ProgressReporter
from cli.core.gate.gate import Gate
from cli.core.operations import plan as planning
from cli.core.operations.plan import PlanResult
from cli.core.operations.refusals import Protected
from cli.core.plans import saved_plan as saved
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace
from envs.settings import Settings

_PROTECTIONS: Mapping[str, object] = {
    "deletion_protection": "ACTIVE",
    "deletion_protection_enabled": True,
    "enable_deletion_protection": True,
}
"""Attributes by which AWS itself protects a resource from deletion, and the value that does."""


def require_unprotected_settings(settings: Settings) -> None:
    """Raise `Protected` when the settings protect what holds data."""
    if settings.stateful_protection:
        raise Protected(
            f"{settings.environment} is protected: stateful_protection is true in envs/{settings.environment}.yaml. If "
            "it is really to go, set it to false and apply that first"
        )


def plan(
    workspace: Workspace, gate: Gate, options: Options, progress: ProgressReporter, now: datetime.datetime
) -> PlanResult:
    """Plan to destroy everything in a stack. Raises `Protected` when AWS protects any of it; then nothing is kept."""
    made = planning.plan(workspace, gate, options, progress, now, mode="destroy")
    if made.saved is not None:
        protected = protected_addresses(made.saved.plan_json())
        if protected:
            saved.discard(workspace.saved)
            listed = "".join(f"\n  {address}" for address in protected)
            raise Protected(
                f"AWS protects {len(protected)} of the resources of {workspace.environment} from deletion; apply "
                f"settings without stateful_protection first:{listed}"
            )
    return made


def protected_addresses(plan_json: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses of what goes although AWS protects it from deletion."""
    return tuple(
        sorted(
            change["address"]
            for change in plan_json.get("resource_changes") or ()
            if "delete" in change["change"]["actions"]
            for name, value in _PROTECTIONS.items()
            if (change["change"].get("before") or {}).get(name) == value
        )
    )
