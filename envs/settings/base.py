"""What every part of the settings has in common: it is frozen, strict, closed to unknown keys, and states its
rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

RULE_ERROR = "settings_rule"
"""Pydantic error type under which a part reports its broken rules; its context holds them as ``violations``.
"""


class Violation(NamedTuple):
    """One broken rule between values that are each fine alone."""

    key: tuple[str | int, ...]
    """Path of the offending value, relative to the part that states the rule."""
    received: object
    allowed: str
    """What the rule allows here, as a phrase."""
    hint: str = ""
    """How to put it right, as a sentence; empty when ``allowed`` says it all."""


def repeated(key: str, values: Iterable[object], *, within: str = "") -> Iterator[Violation]:
    """Yield each value of the list ``key`` that stands there before; ``within`` names the field compared, if
    any."""
    seen: list[object] = []
    for index, value in enumerate(values):
        if value in seen:
            yield Violation((key, index, within) if within else (key, index), value, "each value once")
        seen.append(value)


def expressions(key: tuple[str | int, ...], value: object) -> Iterator[Violation]:
    """Yield each text in a value that Terraform would take for a template and not for what it says.

    Source: Terraform language, "Strings and Templates".
    """
    if isinstance(value, str):
        if "${" in value or "%{" in value:
            yield Violation(key, value, "a text without ${ and %{, with which Terraform begins an expression")
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from expressions((*key, name), each)
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from expressions((*key, index), each)


class Part(BaseModel):
    """One part of an environment's settings.

    Values keep the type they are written in (a quoted number is no number) and unknown keys are errors. Lists
    are read into tuples, so that a part cannot be changed after it was checked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def rules(self) -> Iterator[Violation]:
        """Yield what breaks the rules between this part's values, each of which is valid by itself."""
        yield from ()

    @model_validator(mode="before")
    @classmethod
    def _lists_as_tuples(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}

    @model_validator(mode="after")
    def _check_rules(self) -> Self:
        own = ((name, getattr(self, name)) for name in type(self).model_fields)
        if violations := (*(each for name, value in own for each in expressions((name,), value)), *self.rules()):
            message = "; ".join(f"{'.'.join(map(str, broken.key))}: allowed: {broken.allowed}" for broken in violations)
            raise PydanticCustomError(RULE_ERROR, "{message}", {"message": message, "violations": violations})
        return self
