"""JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cli.core.change.text import headlines
from cli.core.plans.model import Attribute, Change
from cli.core.plans.report import Report
from cli.core.plans.report.text import summary

VERSION = 2
"""Of the document. Version 1 names the target otherwise."""


def render(report: Report) -> str:
    """The report as one JSON document."""
    return json.dumps(data(report), indent=2, ensure_ascii=False) + "\n"


def data(report: Report) -> dict[str, Any]:
    """The report as data. Values are texts: JSON, `(sensitive)`, `(known after apply)`, or empty where not set. What
    looks like a secret is masked in them."""
    plan = report.plan
    return {
        "version": VERSION,
        "environment": plan.environment,
        "stack": plan.stack,
        "target": report.target,
        "mode": report.mode,
        "headlines": list(headlines(report.proof)) if report.proof else [],
        "cost": report.proof.cost if report.proof else "",
        "proof": {**report.proof.data(), "digest": report.proof.digest()} if report.proof else None,
        "summary": summary(plan),
        "counts": {str(kind): number for kind, number in plan.counts().items()},
        "parts": {part: {str(kind): n for kind, n in counts.items()} for part, counts in plan.counts_by_part().items()},
        "stateful_losses": list(plan.stateful_losses),
        "access": [
            {
                "address": each.address,
                "construct_path": each.construct_path,
                "certainty": str(each.how),
                "is_new": each.is_new,
                "source_line": each.source_line,
                "text": each.text,
            }
            for each in plan.access
        ],
        "images": [{"server": each.server, "before": each.before, "after": each.after} for each in plan.images],
        "changes": [change(each) for each in plan.changes],
        "drift": [change(each) for each in plan.drift],
        "outputs": list(plan.outputs),
        "semantics": plan.digest(),
        "id": report.id,
        "sha256": report.sha256,
        "expires": report.expires,
        "providers": dict(report.providers),
        "notes": list(report.notes),
    }


def change(each: Change) -> Mapping[str, Any]:
    """What happens to one resource."""
    return {
        "address": each.address,
        "construct_path": each.construct_path,
        "part": each.part,
        "type": each.type,
        "kind": str(each.kind),
        "reason": each.reason,
        "previous_address": each.previous_address,
        "import_id": each.import_id,
        "facts": list(each.facts),
        "loss": each.loss,
        "source_line": each.source_line,
        "attributes": [_attribute(attribute) for attribute in each.attributes],
    }


def _attribute(each: Attribute) -> Mapping[str, Any]:
    return {
        "path": each.path,
        "name": each.name or each.path,
        "before": each.before.text,
        "after": each.after.text,
        "lines": list(each.lines),
        "forces_replacement": each.forces_replacement,
    }
