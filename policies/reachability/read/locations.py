"""In which account and region a resource is made, as far as configurations of the provider say.

Source: the provider's documentation, "Provider Configuration" and "Enhanced Region Support" (the argument `region`).
"""

from __future__ import annotations

from dataclasses import dataclass

from policies.library.model import Configuration, Resource
from policies.reachability.read.data_sources import Match


@dataclass(frozen=True)
class Location:
    """A configuration of the provider, and the region."""

    provider: str = ""
    """As the root module calls it; empty for the default one."""
    own_region: str = ""
    """What the resource says itself; an expression where that is not known."""
    region: str = ""
    """The region, empty where it is not known."""

    def __str__(self) -> str:
        return ", ".join(
            part for part in (self.provider or ("" if self.own_region else "aws"), self.own_region) if part
        )

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is not simply where the default configuration of the provider makes things."""
        return bool(self.provider or self.own_region)

    def same_as(self, other: Location) -> Match:
        """Whether both are one account and region: two configurations of one region may be of two accounts."""
        if self.region and other.region and self.region != other.region:
            return Match.NO
        is_one_region = self.own_region == other.own_region or bool(self.region and self.region == other.region)
        return Match.YES if self.provider == other.provider and is_one_region else Match.MAYBE


def location_of(resource: Resource | None, configuration: Configuration) -> Location:
    """Where a resource is made; or where the default configuration of the provider makes what says no more."""
    own = resource.get("region") if resource is not None else None
    name = resource.provider if resource is not None else ""
    provider = configuration.providers.get(name or "aws")
    region = own if own is not None else provider.get("region") if provider is not None else None
    written = own if isinstance(own, str) else "" if own is None else "a region that is not known"
    return Location("" if name == "aws" else name, written, region if isinstance(region, str) else "")
