"""How much is used in a month, where the Terraform does not say it: `usage.yaml`, and a file of the user's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cli.core.base.addresses import declared
from cli.core.base.errors import ExitCode, InfraError
from cli.core.cost.model import Assumption
from policies.library.model import Resource

Quantities: TypeAlias = Mapping[str, Mapping[str, Decimal]]
"""Numbers by type or address, then by name."""

_SAME = {"aws_alb": "aws_lb", "aws_kms_external_key": "aws_kms_key", "aws_kms_replica_key": "aws_kms_key"}
"""Types that are used as much as another one, or are another name of it."""

_DEFAULTS = Path(__file__).with_name("usage.yaml")


class UsageFileError(InfraError, exit_code=ExitCode.USAGE):
    """A file with usage cannot be read, or names a type, a quantity or a number that is not allowed."""


@dataclass(frozen=True)
class Usage:
    """How much is used in a month, and which of the numbers were asked for: the assumptions of an estimate."""

    quantities: Quantities
    _asked: Counter[tuple[str, str]] = field(default_factory=Counter)

    def of(self, resource: Resource, quantity: str) -> Decimal:
        """How much is used of a resource; the number for its address before that for its type."""
        type_ = _SAME.get(resource.type, resource.type)
        named = resource.address if quantity in self.quantities.get(resource.address, {}) else type_
        self._asked[named, quantity] += 1
        return self.quantities[named][quantity]

    def assumptions(self) -> tuple[Assumption, ...]:
        """The numbers that were asked for, by name."""
        return tuple(
            Assumption(name, quantity, self.quantities[name][quantity], number)
            for (name, quantity), number in sorted(self._asked.items())
        )

    def unused(self) -> tuple[str, ...]:
        """The addresses of which nothing was asked: no resource here has them."""
        asked = {name for name, _ in self._asked}
        return tuple(sorted(name for name in self.quantities if "." in name and name not in asked))


def quantities(path: Path | None = None) -> Quantities:
    """The numbers of a file, over those that come with the toolkit. Raises `UsageFileError`."""
    defaults = _defaults()
    if path is None:
        return defaults
    merged = {name: dict(numbers) for name, numbers in defaults.items()}
    for name, numbers in _read(path).items():
        type_ = declared(name).partition(".")[0]
        known = defaults.get(_SAME.get(type_, type_))
        if known is None:
            near = ", ".join(get_close_matches(name, defaults, n=3)) or "aws_lb"
            raise UsageFileError(
                f"{path}: {name}: allowed: {near}, another type of cli/core/cost/usage.yaml, or an address of such a "
                "resource"
            )
        if unknown := numbers.keys() - known.keys():
            raise UsageFileError(f"{path}: {name}: {min(unknown)}: allowed: {', '.join(known)}")
        merged.setdefault(_SAME.get(name, name), {}).update(numbers)
    return merged


@cache
def _defaults() -> Quantities:
    return _read(_DEFAULTS)


def _read(path: Path) -> dict[str, dict[str, Decimal]]:
    """A file, checked as far as it can be without knowing what is allowed."""
    try:
        data = YAML(typ="safe").load(path)
    except OSError as error:
        raise UsageFileError(f"{path}: {error.strerror}") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise UsageFileError(f"{path}: is not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(data, dict) or not all(isinstance(each, dict) for each in data.values()):
        raise UsageFileError(f"{path}: allowed: types or addresses with quantities: aws_lb: {{capacity_units: 2}}")
    return {
        str(name): {str(quantity): _number(path, f"{name}: {quantity}", value) for quantity, value in content.items()}
        for name, content in data.items()
    }


def _number(path: Path, place: str, value: object) -> Decimal:
    number = Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is None or not number.is_finite() or number < 0:
        raise UsageFileError(f"{path}: {place}: received {value!r}; allowed: a number that is not negative")
    return number
