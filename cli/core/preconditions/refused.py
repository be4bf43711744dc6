"""What no rule says of an environment, and nevertheless keeps it from being applied to any account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cli.core.gate.model import Problem
from cli.core.preconditions.checks.zones import FEWEST_ZONES, ONE_ZONE_IS_REFUSED, two_zones
from cli.core.synthesis.address_check import AddressVanished, guard
from envs.settings import Settings


def refused(settings: Settings, stacks: Path) -> Iterator[Problem]:
    """A problem where `infra synth` would refuse to write an environment, and where AWS refuses it.

    ``stacks`` is the directory to which it was synthesized.
    """
    if len(settings.network.zones_in_use) < FEWEST_ZONES:
        yield Problem("refused-by-aws", f"{settings.environment}: {ONE_ZONE_IS_REFUSED}: {two_zones(settings)}")
    try:
        guard(stacks)
    except AddressVanished as error:
        yield Problem("address-vanished", f"infra synth refuses {settings.environment}: {error}")
