"""The inventory of several environments: what they have in common stands once, with the environments that have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cli.core.inventory import items as inventory
from cli.core.report.model import SharedResource
from policies.library.model import Configuration


def parts(stacks: Mapping[str, Sequence[Configuration]]) -> Mapping[str, tuple[SharedResource, ...]]:
    """The resources of the stacks of each environment, the environment's own first: by part, in the order of paths."""
    having: dict[tuple[bool, str], dict[str, inventory.ListedResource]] = {}
    for environment, configurations in stacks.items():
        for number, configuration in enumerate(configurations):
            for item in inventory.items(environment, configuration):
                having.setdefault((number > 0, item.address), {})[environment] = item
    shared = [
        SharedResource(next(iter(by_name.values())), is_bootstrap, tuple(by_name))
        for (is_bootstrap, _), by_name in having.items()
    ]
    found: dict[str, list[SharedResource]] = {}
    for each in sorted(shared, key=lambda each: (each.item.part, each.path, each.is_bootstrap, each.item.address)):
        found.setdefault(each.item.part, []).append(each)
    return {part: tuple(resources) for part, resources in found.items()}
