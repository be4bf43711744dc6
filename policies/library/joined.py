"""Several root modules as one, for what they decide together."""

from __future__ import annotations

from collections.abc import Sequence

from policies.library.model import Configuration


class SameAddress(Exception):
    """Two root modules have a resource of one address, so that they cannot be read as one."""


def joined(configurations: Sequence[Configuration]) -> Configuration:
    """All resources of several root modules; of providers with one name the first's. Raises SameAddress."""
    if len(configurations) == 1:
        return configurations[0]
    resources = {address: each for one in configurations for address, each in one.resources.items()}
    if len(resources) < sum(len(each.resources) for each in configurations):
        raise SameAddress("two of the stacks have resources of the same address, so that they cannot be read together")
    return Configuration(
        dict(sorted(resources.items())),
        tuple(gap for each in configurations for gap in each.gaps),
        frozenset(address for each in configurations for address in each.empty),
        {name: block for each in reversed(configurations) for name, block in each.providers.items()},
    )
