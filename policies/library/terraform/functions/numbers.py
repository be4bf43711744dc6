"""Functions of numbers, and conversions to primitive types."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from policies.library.terraform.conversions import Fault, boolean, items, number, text
from policies.library.values import Value


def _whole(value: float) -> int | float:
    if not math.isfinite(value):
        raise Fault("not a finite number")
    return int(value) if value.is_integer() else value


PURE: Mapping[str, Callable[..., Value]] = {
    "abs": lambda value: abs(number(value)),
    "ceil": lambda value: math.ceil(number(value)),
    "floor": lambda value: math.floor(number(value)),
    "log": lambda value, base: _whole(math.log(number(value), number(base))),
    "max": lambda *values: max(number(value) for value in values),
    "min": lambda *values: min(number(value) for value in values),
    "parseint": lambda value, base: int(text(value), int(number(base))),
    "pow": lambda value, exponent: _whole(math.pow(number(value), number(exponent))),
    "signum": lambda value: (number(value) > 0) - (number(value) < 0),
    "sum": lambda value: sum(number(item) for item in items(value)),
    "tobool": lambda value: None if value is None else boolean(value),
    "tonumber": lambda value: None if value is None else number(value),
}
