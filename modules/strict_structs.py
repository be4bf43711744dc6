"""Refuse the plain dictionaries that jsii would lose a part of without a word.

The bindings take a nested block as a typed struct or as a dictionary. A dictionary inside a list is passed to Node with
its keys as they are; a key such as `sse_algorithm` is then unknown there (it wants `sseAlgorithm`) and vanishes from
the synthesized Terraform: no error, one security setting less. `install` makes that an error that names the struct to
use instead.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsii

_STRUCT = re.compile(r"ForwardRef\('(\w+)'\)")


class PlainDictionaryError(TypeError):
    """A dictionary was given where only a typed struct survives."""


def install() -> None:
    """Check the arguments of every construct that is created from now on. Does nothing when called again."""
    create = jsii.create
    if getattr(create, "is_strict", False):
        return

    def strict_create(klass: Any, instance: Any, arguments: list[Any] | None = None) -> Any:
        for argument in arguments or ():
            check(argument)
        return create(klass, instance, arguments)

    strict_create.is_strict = True  # type: ignore[attr-defined]
    jsii.create = strict_create  # type: ignore[assignment]


def check(value: object) -> None:
    """Raise PlainDictionaryError if the struct `value` holds, at any depth, a dictionary that stands for a struct."""
    fields = getattr(value, "_values", None)
    if not isinstance(fields, dict):
        return
    for name, field in fields.items():
        for item in field if isinstance(field, list | tuple) else (field,):
            if isinstance(item, Mapping):
                annotation = _annotations(type(value)).get(name, "")
                if "Mapping" not in annotation:
                    allowed = _STRUCT.findall(annotation)
                    raise PlainDictionaryError(
                        f"{type(value).__name__}.{name}: a plain dictionary with keys {sorted(item)} loses them; "
                        f"use {allowed[0] if allowed else 'the typed struct'}(...) from the same module"
                    )
            else:
                check(item)


@cache
def _annotations(struct: type) -> dict[str, str]:
    return {name: str(annotation) for name, annotation in struct.__init__.__annotations__.items()}
