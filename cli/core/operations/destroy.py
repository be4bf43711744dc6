"""Planning to destroy an environment, unless something protects it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from cli.core.gate.gate import Gate
from cli.core.operations.plan import PlanResult, make_plan
from cli.core.operations.refusals import Protected
from cli.core.plans.saved_plan import discard_plan
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
    """Raise `Protected` when the settings protect the resources that hold data."""
    if settings.stateful_protection:
        raise Protected(
            f"{settings.environment} is protected: stateful_protection is true in envs/{settings.environment}.yaml. To "
            "destroy the environment, set it to false and apply that first"
        )


def make_destroy_plan(workspace: Workspace, gate: Gate, options: Options, now: datetime.datetime) -> PlanResult:
    """Plan to destroy everything in a stack. Raises `Protected` when AWS protects any of it; then nothing is saved."""
    result = make_plan(workspace, gate, options, now, mode="destroy")
    protected = protected_addresses(result.saved.plan_json()) if result.saved else ()
    if protected:
        discard_plan(workspace.saved)
        listed = "".join(f"\n  {address}" for address in protected)
        raise Protected(
            f"AWS protects {len(protected)} of the resources of {workspace.environment} from deletion; apply "
            f"settings without stateful_protection first:{listed}"
        )
    return result


def protected_addresses(plan_json: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses of resources that the plan deletes although AWS protects them from deletion."""
    return tuple(
        sorted(
            change["address"]
            for change in plan_json.get("resource_changes") or ()
            if "delete" in change["change"]["actions"]
            for name, value in _PROTECTIONS.items()
            if (change["change"].get("before") or {}).get(name) == value
        )
    )
