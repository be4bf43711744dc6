"""The table of prices, in `prices.json`: a row has the prices of an item by region, its unit and its source with dates.

AWS publishes prices on the pricing page of each service and in its Price List. A price that was not found in a source
is not in the table, and what would cost it is named as unknown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from envs.settings.regions import partition_of

_FILE = Path(__file__).with_name("prices.json")

_EVERYWHERE = "global"
"""Region of what costs the same in all regions of the partition `aws`; GovCloud and China have prices of their own."""


@dataclass(frozen=True)
class Price:
    """What one unit costs."""

    usd: Decimal
    unit: str
    source: str


@dataclass(frozen=True)
class PriceSource:
    """Where prices come from."""

    name: str
    published: str
    """The day of what was read, as far as it says."""
    read: str


@dataclass(frozen=True)
class PriceTable:
    """Prices by service, item and region."""

    prices: Mapping[tuple[str, str, str], Price]
    sources: Mapping[str, PriceSource]

    def price(self, service: str, item: str, region: str) -> Price:
        """The price of an item in a region. Raises `NoPrice`."""
        for place in (region, _EVERYWHERE) if partition_of(region) == "aws" else (region,):
            if found := self.prices.get((service, item, place)):
                return found
        if region not in self.regions:
            known = ", ".join(sorted(self.regions))
            raise NoPrice(f"the table has no prices of {region}, only of {known}")
        raise NoPrice(f"the table has no price of {service}, {item}, in {region}")

    @cached_property
    def regions(self) -> frozenset[str]:
        """The regions that have prices of their own."""
        return frozenset(region for _, _, region in self.prices) - {_EVERYWHERE}


class NoPrice(Exception):
    """The table has no such price; the text says which."""


@cache
def price_table() -> PriceTable:
    """The table that comes with the toolkit."""
    data = json.loads(_FILE.read_bytes())
    return PriceTable(
        {
            (row["service"], row["item"], region): Price(Decimal(usd), row["unit"], row["source"])
            for row in data["prices"]
            for region, usd in row["usd"].items()
        },
        {key: PriceSource(**source) for key, source in data["sources"].items()},
    )
