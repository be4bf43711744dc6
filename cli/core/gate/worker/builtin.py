"""What checkov's built-in rules found, allow and want to have changed, in words. They keep only a name and attributes.

Imported by `scanner` only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from checkov.common.checks.base_check import BaseCheck
from checkov.common.graph.checks_infra.base_check import BaseGraphCheck
from checkov.common.models.consts import ANY_VALUE
from checkov.terraform.checks.resource.base_resource_negative_value_check import BaseResourceNegativeValueCheck
from checkov.terraform.checks.resource.base_resource_value_check import BaseResourceValueCheck

_INDEX = re.compile(r"\[?\d+\]?")
_SHOWN = re.compile(r"[\w.:/-]{1,60}")
"""Texts that are shown: identifiers and versions, and nothing that could be a document or a secret with its signs."""


def describe(
    check: BaseCheck | BaseGraphCheck | None, evaluated: Iterable[str], attributes: Mapping[str, Any]
) -> tuple[str, str, str]:
    """What was found, what is allowed and how to fix it; a text that cannot be known is empty.

    `evaluated` are the paths that checkov names in its result, such as `versioning/[0]/enabled`; `attributes` are those
    of the resource in checkov's graph, where nested ones have dotted names.
    """
    keys = sorted({_dotted(path) for path in evaluated} - {"", "resource_type"})
    if isinstance(check, BaseResourceValueCheck):
        key, values = _dotted(check.get_inspected_key()), check.get_expected_values()
        if ANY_VALUE in values:
            return _found(key, attributes), f"{key} is set", f"Set {key}."
        allowed = " or ".join(map(_shown, values))
        return _found(key, attributes), f"{key} is {allowed}", f"Set {key} to {allowed}."
    if isinstance(check, BaseResourceNegativeValueCheck):
        key, values = _dotted(check.get_inspected_key()), check.get_forbidden_values()
        if ANY_VALUE in values:
            return _found(key, attributes), f"{key} is not set", f"Remove {key}."
        forbidden = " nor ".join(map(_shown, values))
        return _found(key, attributes), f"{key} is not {forbidden}", f"Set {key} to another value, or remove it."
    return (f"see {', '.join(keys)}" if keys else ""), "", ""


def _found(key: str, attributes: Mapping[str, Any]) -> str:
    """What an attribute is, in words."""
    value = attributes.get(key)
    return f"{key} is not set" if value is None else f"{key} is {_shown(value)}"


def _dotted(path: str) -> str:
    """`versioning/[0]/enabled` as `versioning.enabled`."""
    return ".".join(part for part in path.split("/") if part and not _INDEX.fullmatch(part))


def _shown(value: Any) -> str:
    """A value as Terraform writes it, or that it is something else."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool | int | float) or (isinstance(value, str) and _SHOWN.fullmatch(value)):
        return json.dumps(value)
    return "something else"
