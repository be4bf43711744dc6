"""How far Application Auto Scaling changes a number of something, and the alarms of policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from cli.core.cost.model import Range
from cli.core.cost.reading import Reader, Reading, Uses, monthly, whole
from policies.library.model import Block, Resource


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
            for block in _scheduled(reading, target, resource):
                least = min(least, whole(block, "min_capacity", least))
                most = max(most, whole(block, "max_capacity", most))
            is_storage = target.text("scalable_dimension").endswith("VolumeSize")
            low = without.low if is_storage else Decimal(least)
            return Range(low, max(low, Decimal(most)))
    return without


def _scheduled(reading: Reading, target: Resource, resource: Resource) -> Iterator[Block]:
    """What scheduled actions make of a scaling target of a resource. Raises UnknownValue."""
    for action in reading.configuration.of_type("aws_appautoscaling_scheduled_action"):
        named = reading.configuration.resolve(action.get("resource_id"))
        dimension = action.get("scalable_dimension")
        if (target in named or resource in named) and (
            target in reading.configuration.resolve(dimension)
            or action.text("scalable_dimension") == target.text("scalable_dimension")
        ):
            yield from action.blocks("scalable_target_action")


def _policy(_: Reading, resource: Resource) -> Uses:
    """The alarms that AWS makes for target tracking: one to scale out, one to scale in, and for DynamoDB two more
    (examples of `put-scaling-policy` in the guides of EC2 Auto Scaling and DynamoDB). Scaling itself is free."""
    for name in ("target_tracking_configuration", "target_tracking_scaling_policy_configuration"):
        for tracking in resource.blocks(name):
            out_and_in = 1 if tracking.flag("disable_scale_in") else 2
            more = 2 if resource.text("service_namespace") == "dynamodb" else 0
            yield monthly("AmazonCloudWatch", "alarm", out_and_in + more)


SCALING: Mapping[str, Reader] = {
    "aws_appautoscaling_policy": _policy,
    "aws_autoscaling_policy": _policy,
}
