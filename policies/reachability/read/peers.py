"""The addresses that rules and routes name: CIDRs, prefix lists, and networks that are only known when applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from policies.library.model import Resource
from policies.library.values import OneOf, Partial, Reference, Unknown, UnknownValue, Value, label_of, references
from policies.reachability import addresses
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Assumption
from policies.reachability.read.reading import Reading, known_text, leaves
from policies.reachability.read.vpcs import ANY_NETWORK, Extent, Vpcs

_LISTS = ("aws_ec2_managed_prefix_list", "data.aws_ec2_managed_prefix_list", "data.aws_prefix_list")
_ENDPOINT = "aws_vpc_endpoint"
_PUBLIC = ("public_ip", "public_ips", "address", "nat_public_ips")
SERVICE_LENGTH = 33
"""Prefix length of a route with a service's prefix list: its networks are longer than any that people write."""
ANY_LENGTH = 129
"""Prefix length of a route whose network is not known: perhaps longer than that of any other."""


@dataclass(frozen=True)
class Part:
    """Some of the addresses that a value means, and the bits of their prefix."""

    addresses: Intervals
    length: int
    assumption: Assumption | None = None
    """That it means them; None if that is certain."""


class Peers:
    """Addresses by value. `extent_of` gives those of a VPC or subnet whose CIDR is only known when applied."""

    def __init__(self, reading: Reading, extent_of: Callable[[Resource], Extent | None]) -> None:
        self._reading = reading
        self._extent_of = extent_of

    def allowed(self, value: Value, resource: Resource) -> tuple[Part, ...]:
        """The addresses that a CIDR which lets traffic through means, and those that it may mean."""
        return self._parts(value, resource, addresses.allowed)

    def denied(self, value: Value, resource: Resource) -> tuple[Part, ...]:
        """The addresses that a CIDR which stops traffic means, and those that it may mean."""
        return self._parts(value, resource, addresses.denied)

    def routed(self, value: Value, resource: Resource) -> tuple[Part, ...]:
        """What a route's CIDR covers, and what it may cover; a public network may hold a service's addresses."""
        parts = self._parts(value, resource, addresses.denied)
        services = Intervals.union(each.addresses for each in self._allowed_more(value))
        if services:
            text = f"whether {label_of(value)} holds addresses of S3 or DynamoDB is not known: as if it did"
            parts += (Part(services, _length(known_text(value)), self._reading.assume(text, resource)),)
        return parts

    def prefix_list(self, value: Value, resource: Resource) -> tuple[Part, ...]:
        """The networks of a prefix list; every address, perhaps, if they are not known."""
        lists = self._reading.named(value, (*_LISTS, _ENDPOINT))
        if lists:
            return tuple(self._entries(lists[0]))
        text = f"the prefix list {label_of(value)} is not known: taken for every address"
        return (Part(addresses.ALL, ANY_LENGTH, self._reading.assume(text, resource)),)

    def service(self, endpoint: Resource) -> tuple[str, ...]:
        """Which of the services with gateway endpoints an endpoint is for; all if that is not known."""
        value = endpoint.get("service_name")
        for looked_up in self._reading.named(value, ("data.aws_vpc_endpoint_service",)):
            value = looked_up.get("service") if looked_up.has("service") else looked_up.get("service_name")
        last = last_label(value)
        if last in addresses.SERVICES:
            return (last,)
        if isinstance(value, Unknown):
            self._reading.assume(f"it is not known which service {label_of(value)} is: each", endpoint)
            return tuple(addresses.SERVICES)
        return ()

    def _entries(self, prefix_list: Resource) -> Iterator[Part]:
        if prefix_list.type == _ENDPOINT:
            for name in self.service(prefix_list):
                yield Part(addresses.service(name), SERVICE_LENGTH)
            return
        if prefix_list.type.startswith("data."):
            yield self._looked_up(prefix_list)
            return
        if any(isinstance(each, Unknown) for each in prefix_list.values("entry")):
            text = "its entries are not all known: as if every address were in it"
            yield Part(addresses.ALL, ANY_LENGTH, self._reading.assume(text, prefix_list))
        for block in self._reading.blocks(prefix_list, "entry", prefix_list, "the entries that are known are read"):
            yield from self.routed(block.get("cidr"), prefix_list)
        for entry in self._reading.configuration.of_type("aws_ec2_managed_prefix_list_entry"):
            for candidate in self._reading.candidates(entry, "prefix_list_id", _LISTS):
                if candidate.resource is prefix_list:
                    doubt = candidate.assumption or self._reading.presence(entry)
                    for part in self.routed(entry.get("cidr"), entry):
                        yield replace(part, assumption=part.assumption or doubt)

    def _looked_up(self, prefix_list: Resource) -> Part:
        """AWS's lists by their names; what others hold is not known."""
        name = last_label(prefix_list.get("name")) or self._filtered(prefix_list)
        if name in addresses.SERVICES:
            return Part(addresses.service(name), SERVICE_LENGTH)
        if name == "origin-facing":
            text = "CloudFront's addresses: taken for the whole internet"
            return Part(addresses.INTERNET, ANY_LENGTH, self._reading.assume(text, prefix_list))
        text = "what is in the prefix list is not known: taken for every address"
        return Part(addresses.ALL, ANY_LENGTH, self._reading.assume(text, prefix_list))

    def _filtered(self, prefix_list: Resource) -> str:
        try:
            for block in prefix_list.blocks("filter"):
                if block.text("name") == "prefix-list-name":
                    return last_label(next(iter(block.texts("values")), ""))
        except UnknownValue:
            pass
        return ""

    def _parts(self, value: Value, resource: Resource, read: Callable[[str], Intervals]) -> tuple[Part, ...]:
        if isinstance(value, OneOf):
            text = f"it is not known which network {label_of(value)} is: any that it may be"
            doubt = self._reading.assume(text, resource)
            parts = (
                part
                for each in value.alternatives
                for leaf in leaves(each)
                for part in self._parts(leaf, resource, read)
            )
            return tuple(replace(part, assumption=part.assumption or doubt) for part in parts)
        try:
            text = known_text(value)
            return (Part(read(text), _length(text)),)
        except ValueError:
            return tuple(self._unknown(value, resource))

    def _allowed_more(self, value: Value) -> Iterator[Part]:
        """What a CIDR may hold that it does not hold for certain."""
        try:
            text = known_text(value)
            yield Part(addresses.allowed(text) - addresses.denied(text), _length(text))
        except ValueError:
            return

    def _unknown(self, value: Value, resource: Resource) -> Iterator[Part]:
        """What text with references in it is for certain, and what it may be."""
        extent = self._network_of(value)
        if extent is not None:
            yield from (Part(network, length) for network, length in blocks(extent.least))
            if extent.most <= extent.least:
                return
        most = extent.most - extent.least if extent is not None else self._at_most(value)
        text = f"the network {label_of(value)} is not known: taken for {addresses.describe(most)}"
        yield Part(most, ANY_LENGTH, self._reading.assume(text, resource))

    def _network_of(self, value: Value) -> Extent | None:
        """The network of a VPC or subnet that a value is, whole."""
        if isinstance(value, Reference) and "cidr" in value.attribute:
            for resource in self._reading.resolve(value):
                extent = self._extent_of(resource)
                if extent is not None:
                    return extent & (addresses.ALL_V6 if "ipv6" in value.attribute else addresses.ALL_V4)
        return None

    def _at_most(self, value: Value) -> Intervals:
        """What a value can be at most: public or private addresses of things, or anything."""
        attributes = [each.attribute.split(".")[-1].removesuffix("[]") for each in references(value)]
        if isinstance(value, Reference | Partial) and attributes:
            if all(each in _PUBLIC for each in attributes):
                return addresses.INTERNET | addresses.ALL_SERVICES
            if all(each.startswith(("private_ip", "secondary_private_ip")) for each in attributes):
                return self._stands_in(value)
        return addresses.ALL

    def _stands_in(self, value: Value) -> Intervals:
        """The addresses of the subnets in which the things stand whose private addresses a value names."""
        found = NOTHING
        for resource in self._reading.resolve(value):
            extents = [
                self._extent_of(subnet)
                for leaf in leaves(resource.get("subnet_id"))
                for subnet in self._reading.resolve(leaf)
            ]
            if not extents or None in extents:
                return ANY_NETWORK
            found = found | Intervals.union(each.most for each in extents if each is not None)
        return found or ANY_NETWORK


def parts_of(vpcs: Vpcs, key: str) -> Iterator[Part]:
    """The networks of a VPC: for certain, and those that it may have."""
    extent = vpcs.extent(key)
    yield from (Part(network, length) for network, length in blocks(extent.least))
    unknown = extent.most - extent.least
    if unknown:
        yield Part(unknown, ANY_LENGTH, vpcs.doubt(key))


def blocks(found: Intervals) -> Iterator[tuple[Intervals, int]]:
    """The CIDR blocks that addresses are made of, each with the bits of its prefix."""
    for family, bits in ((addresses.ALL_V4, 32), (addresses.ALL_V6, 128)):
        start = family.first
        for first, last in (found & family).spans:
            while first <= last:
                offset = first - start
                size = offset & -offset if offset else 1 << bits
                while size > last - first + 1:
                    size //= 2
                yield Intervals.of([(first, first + size - 1)]), bits - (size.bit_length() - 1)
                first += size


def _length(cidr: str) -> int:
    whole = addresses.network(cidr)
    bits = 128 if whole & addresses.ALL_V6 else 32
    return bits - (whole.size.bit_length() - 1)


def last_label(value: Value) -> str:
    """The last part of a service's name: `s3` of `com.amazonaws.us-east-1.s3`, also where the region is not known."""
    if isinstance(value, Partial):
        last = value.parts[-1]
        return last.rpartition(".")[2] if isinstance(last, str) else ""
    return "" if isinstance(value, Unknown) or value is None else str(value).rpartition(".")[2]
