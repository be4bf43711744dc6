"""Remembers what checkov works out of an expression's text, which it is asked for again and again.

Without it, the worker takes 1.3 times as long on HCL with modules (`benchmarks/modules.py`). To remove it: delete this
file, its test and the call in `scanner`. Imported by `scanner` only.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from types import ModuleType
from typing import Any

_CHANGING = ("timestamp", "uuid", "bcrypt", "random")
"""What makes a value that differs from one time to the next."""


def remembered(evaluate: Callable[[str], Any]) -> Callable[[str], Any]:
    """A function that answers what `evaluate` does, and works each text out once. Errors are remembered too."""
    values: dict[str, Any] = {}
    errors: dict[str, Exception] = {}

    def answer(text: str) -> Any:
        if not isinstance(text, str) or any(name in text for name in _CHANGING):
            return evaluate(text)
        if text in errors:
            raise errors[text]
        if text not in values:
            try:
                values[text] = evaluate(text)
            except Exception as error:
                errors[text] = error.with_traceback(None)
                raise
        value = values[text]
        return value if isinstance(value, str | int | float | bool | None) else deepcopy(value)

    return answer


def install(evaluate_terraform: ModuleType) -> None:
    """Give checkov's module of this name the function in place of its own."""
    names = vars(evaluate_terraform)
    names["evaluate"] = remembered(names["evaluate"])
