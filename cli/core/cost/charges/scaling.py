"""How far Application Auto Scaling changes a number of something."""

from __future__ import annotations

from decimal import Decimal

from cli.core.cost.model import Range
from cli.core.cost.reading import Reading
from policies.library.model import Resource


def scaled(reading: Reading, resource: Resource, without: Range, dimension: str = "") -> Range:
    """A number as a scaling target changes it, of the dimension if one is named; what it is where nothing scales it.

    Storage only grows, so that its least is what it begins with. Raises UnknownValue.
    """
    for target in reading.configuration.of_type("aws_appautoscaling_target"):
        if resource not in reading.configuration.resolve(target.get("resource_id")):
            continue
        if dimension and target.text("scalable_dimension") != dimension:
            continue
        least, most = target.number("min_capacity"), target.number("max_capacity")
        if least is not None and most is not None:
            is_storage = target.text("scalable_dimension").endswith("VolumeSize")
            low = without.low if is_storage else Decimal(least)
            return Range(low, max(low, Decimal(most)))
    return without
