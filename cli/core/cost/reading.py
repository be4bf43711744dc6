"""What the readers of types get, and what they give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from cli.core.cost.model import HOURS, Range, Unsaid, Use, exactly
from cli.core.cost.usage import Usage
from policies.library.model import Block, Configuration, Resource
from policies.library.values import Repeated, Unknown, WrongValue

Uses: TypeAlias = Iterator[Use | Unsaid]

Reader: TypeAlias = Callable[["Reading", Resource], Uses]
"""What a resource uses in a month. Raises UnknownValue where the Terraform does not decide it."""


@dataclass(frozen=True)
class Reading:
    """A configuration, and how much is used of what is in it."""

    configuration: Configuration
    usage: Usage

    def used(self, resource: Resource, quantity: str) -> Range:
        """How much is used of a resource in a month: an assumption."""
        return exactly(self.usage.of(resource, quantity))

    def pointing_at(self, target: Resource, type_: str, attribute: str) -> list[Resource]:
        """The resources of a type whose attribute leads to one. Raises UnknownValue where one may, and nobody knows."""
        return [
            each
            for each in self.configuration.of_type(type_)
            if target in self.configuration.declared(each.get(attribute), target.type)
        ]


def always(*uses: Use) -> Reader:
    """The reader of a type that uses the same, whatever it says; of none, of one that costs by some attributes only."""
    return lambda _reading, _resource: iter(uses)


def hourly(service: str, item: str, count: Range | int = 1) -> Use:
    """So many of something that costs by the hour, all month."""
    number = exactly(count) if isinstance(count, int) else count
    return Use(service, item, number.times(HOURS))


def monthly(service: str, item: str, count: Range | Decimal | int = 1) -> Use:
    """So many of something that costs by the month."""
    return Use(service, item, count if isinstance(count, Range) else exactly(count))


def by_usage(service: str, item: str, quantity: Range) -> Use:
    """So much of something in a month, by assumption."""
    return Use(service, item, quantity, "usage")


def number_of(block: Block, name: str) -> int:
    """How many items a list has, known or not. Raises UnknownValue where the list as a whole is not known."""
    items = block.get(name)
    if isinstance(items, Unknown):
        raise items.failure(f"{block.place}.{name}")
    for item in block.values(name):
        if isinstance(item, Repeated):
            raise item.failure(f"{block.place}.{name}")
    return len(block.values(name))


def whole(block: Block, name: str, default: int) -> int:
    """A whole number, or what AWS takes where none is given. Raises UnknownValue."""
    number = block.number(name)
    return default if number is None else number


def decimal(block: Block, name: str) -> Decimal | None:
    """A number that need not be whole. Raises UnknownValue."""
    text = block.text(name)
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise WrongValue(repr(text), f"{block.place}.{name}", "a value of an unexpected type") from None
