"""Reading records of version 1: their data, as version 2 has it. The files stay as they are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.core.records.model import VERSION


def upgraded(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of a record in version 2, whichever version it was written in. Raises `LookupError` for neither."""
    if "version" in data:
        return data
    kind, rest = data["deed"], {name: value for name, value in data.items() if name not in ("deed", "realm", "who")}
    common = {"version": VERSION, "kind": kind}
    match kind:
        case "recover":
            return common | _recover(data)
        case "promotion" | "rollback":
            return common | _promotion(data)
        case "freeze" | "thaw":
            return common | rest | {"by": {"user": "", "host": "", "git": data["by"]}}
        case _:
            return common | rest | {"target": data["realm"], "by": data["who"], "resources": _resources(data)}


def _resources(data: Mapping[str, Any]) -> dict[str, Any]:
    """Results without keys of other kinds of events."""
    names = ("actions", "seconds", "result", "begun", "id")
    return {
        address: {name: resource[name] for name in names if name in resource}
        for address, resource in data["resources"].items()
    }


def _recover(data: Mapping[str, Any]) -> dict[str, Any]:
    same = ("environment", "stack", "lock", "state_pushed", "state_restored", "forgotten", "adopted", "gone")
    return {name: data[name] for name in same} | {
        "target": data["realm"],
        "by": data["who"],
        "at": data["finished"],
        "commit": data["made_from"]["commit"],
        "dirty": data["made_from"]["dirty"],
        "lineage": data["state"]["lineage"],
        "serial": data["state"]["serial_after"],
        "untainted": data["kept"],
        "may_exist": data["may_be_there"],
        "may_exist_twice": data["may_be_there_twice"],
    }


def _promotion(data: Mapping[str, Any]) -> dict[str, Any]:
    same = ("environment", "at", "by", "release", "commit", "policies", "plan", "approvals")
    residual = data["residual"]
    return {name: data[name] for name in same} | {
        "source": data["from"],
        "target": data["realm"],
        "evidence": data["evidence"] or None,
        "checks": {name: {"is_open": gate["open"], "text": gate["why"]} for name, gate in data["gates"].items()},
        "unexplained": {
            "id": residual["id"],
            "changes": residual["resources"],
            "explained": residual["of_sizes"],
            "acknowledged": residual["acknowledged"],
        },
        "overrides": [
            {"check": _check(override["gate"]), "reason": override["reason"], "expires": override["expires"]}
            for override in data["overrides"]
        ],
    }


def _check(gate: str) -> str:
    return "unexplained" if gate == "residual" else gate
