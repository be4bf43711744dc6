"""What a configuration costs in a month. Pure.

Whatever is not known, its type, its number, its price, its region, is `missing` with the reason, and never nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from cli.core.base.addresses import part_of
from cli.core.cost.charges import READERS
from cli.core.cost.charges.unpriced import unpriced
from cli.core.cost.free import free_types
from cli.core.cost.model import Charge, Estimate, Missing, Unsaid
from cli.core.cost.prices import NoPrice, PriceTable, price_table
from cli.core.cost.reading import Reading
from cli.core.cost.usage import Quantities, Usage
from policies.library.model import Configuration, Resource
from policies.library.values import UnknownValue, written

_REGION = "us-east-1"
"""The region of resources of which the Terraform does not say it, as it is assumed and said."""

_COSTS_NOTHING = ("description", "name", "policy", "tags", "tags_all")
"""Arguments that change no cost."""

_SERVERS = ("aws_autoscaling_group", "aws_eks_node_group", "aws_instance")


def estimate(configurations: Iterable[Configuration], quantities: Quantities) -> Estimate:
    """The cost of some configurations together: of an environment and its bootstrap stack, or of what is at a path."""
    usage = Usage(quantities)
    entries: list[Charge | Missing] = []
    notes: list[str] = []
    for configuration in configurations:
        work = _Work(Reading(configuration, usage), price_table())
        resources = [each for _, each in sorted(configuration.resources.items()) if not each.type.startswith("data.")]
        for resource in resources:
            entries.extend(work.entries(resource))
        for gap in configuration.gaps:
            part = gap.where if gap.where.startswith("module.") else ""
            about = (gap.version, written(gap.arguments))
            entries.append(Missing(part, gap.where, f"not read: {gap.text}", about))
        notes.extend(_notes(work, resources))
    notes.extend(f"No resource uses the numbers for {name}." for name in usage.unused())
    return Estimate(
        charges=tuple(each for each in entries if isinstance(each, Charge)),
        missing=tuple(each for each in entries if isinstance(each, Missing)),
        assumptions=usage.assumptions(),
        notes=tuple(dict.fromkeys(notes)),
    )


@dataclass(frozen=True)
class _Work:
    """A configuration with the prices for it."""

    reading: Reading
    table: PriceTable

    def entries(self, resource: Resource) -> Iterator[Charge | Missing]:
        """What a resource costs, and what of it is not known."""
        part = part_of(resource)
        if resource.type in free_types():
            return
        about = _about(resource)
        if resource.number_unknown:
            yield Missing(part, resource.address, f"how many there are of it: {resource.number_unknown}", about)
            return
        if resource.type not in READERS:
            yield Missing(part, resource.address, f"the toolkit does not know what {resource.type} costs", about)
            return
        try:
            region = self.region(resource)
            for use in chain(READERS[resource.type](self.reading, resource), unpriced(resource)):
                if isinstance(use, Unsaid):
                    yield Missing(part, resource.address, use.reason, about)
                    continue
                if not 0 <= use.quantity.low <= use.quantity.high:
                    yield Missing(part, resource.address, f"its numbers of {use.item} are no quantity", about)
                    continue
                try:
                    price = self.table.price(use.service, use.item, region)
                except NoPrice as error:
                    yield Missing(part, resource.address, str(error), use.quantity)
                    continue
                yield Charge(
                    part=part,
                    address=resource.address,
                    service=use.service,
                    item=use.item,
                    unit=price.unit,
                    kind=use.kind,
                    quantity=use.quantity,
                    price_usd=price.usd,
                    source=price.source,
                )
        except UnknownValue as error:
            yield Missing(part, resource.address, f"it depends on {error}", about)

    def region(self, resource: Resource) -> str:
        """The region of a resource: its own, that of its provider, or the one that is assumed. Raises UnknownValue."""
        return resource.text("region") or self.provider_region(resource) or _REGION

    def provider_region(self, resource: Resource) -> str:
        """What the provider of a resource says; empty where it says nothing, or nothing that is known here."""
        provider = self.reading.configuration.providers.get(resource.provider or "aws")
        try:
            return provider.text("region") if provider else ""
        except UnknownValue:
            return ""


def _about(resource: Resource) -> Hashable:
    """What the Terraform says of a resource that may change its cost."""
    return written({name: value for name, value in resource.attributes.items() if name not in _COSTS_NOTHING})


def _notes(work: _Work, resources: Iterable[Resource]) -> Iterator[str]:
    """What is assumed beside how much is used."""
    charged = [each for each in resources if each.type in READERS]
    if any(not each.has("region") and not work.provider_region(each) for each in charged):
        yield f"The region is {_REGION}, where the Terraform does not decide it."
    if any(each.type in _SERVERS for each in charged):
        yield "Instances run Linux, where the Terraform does not say otherwise."
