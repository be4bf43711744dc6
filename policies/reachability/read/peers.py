"""The addresses that rules and routes name: CIDRs, prefix lists, and networks that are only known when applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policies.library.model import Block, Resource
from policies.library.values import Partial, Reference, Unknown, UnknownValue, Value, label_of, references
from policies.reachability import addresses
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.read.reading import Reading, known_text, leaves
from policies.reachability.read.vpcs import ANY_PRIVATE

_LISTS = ("aws_ec2_managed_prefix_list", "data.aws_ec2_managed_prefix_list", "data.aws_prefix_list")
_ENDPOINT = "aws_vpc_endpoint"
_PUBLIC = ("public_ip", "public_ips", "address", "nat_public_ips")
SERVICE_LENGTH = 33
"""Prefix length of a route with a service's prefix list: its networks are longer than any that people write."""
UNKNOWN_LENGTH = -1
"""Prefix length of a route whose network is not known: it takes nothing from another route."""
ANNOUNCED_LENGTH = 129
"""Prefix length of a route for what is announced: it may be longer than any, and rests on that assumption."""


class Peers:
    """Addresses by value. `network_of` gives those of a VPC or subnet whose CIDR is only known when applied."""

    def __init__(self, reading: Reading, network_of: Callable[[Resource], Intervals | None]) -> None:
        self._reading = reading
        self._network_of = network_of

    def allowed(self, value: Value, resource: Resource) -> Intervals:
        """Every address that a CIDR which lets traffic through may mean."""
        try:
            return addresses.allowed(known_text(value))
        except ValueError:
            found = self._referenced(value)
        if found is None:
            self._reading.assume(f"the network {label_of(value)} is not known: taken for every address", resource)
            return addresses.ALL
        return found

    def denied(self, value: Value, resource: Resource) -> Intervals:
        """The addresses that a CIDR which stops traffic means for certain."""
        try:
            return addresses.denied(known_text(value))
        except ValueError:
            found = self._exactly(value)
        if found is None:
            self._reading.assume(f"the network {label_of(value)} is not known: what it denies is let through", resource)
            return NOTHING
        return found

    def routed(self, value: Value, resource: Resource, is_blackhole: bool = False) -> Iterator[tuple[Intervals, int]]:
        """What a route's CIDR covers, with the bits of its prefix."""
        try:
            text = known_text(value)
            found = addresses.denied(text) if is_blackhole else addresses.allowed(text)
            yield found, _length(text)
        except ValueError:
            if is_blackhole:
                return
            found = self._referenced(value) or addresses.ALL
            self._reading.assume(f"the route's destination {label_of(value)} is not known: as if any", resource)
            yield found, UNKNOWN_LENGTH

    def prefix_list(self, value: Value, resource: Resource) -> Iterator[tuple[Intervals, int]]:
        """The networks of a prefix list, each with the bits of its prefix; every address if they are not known."""
        for each in self._reading.named(value, (*_LISTS, _ENDPOINT)):
            yield from self._entries(each)
            return
        self._reading.assume(f"the prefix list {label_of(value)} is not known: taken for every address", resource)
        yield addresses.ALL, UNKNOWN_LENGTH

    def service(self, endpoint: Resource) -> tuple[str, ...]:
        """Which of the services with gateway endpoints an endpoint is for; all if that is not known."""
        value = endpoint.get("service_name")
        for looked_up in self._reading.named(value, ("data.aws_vpc_endpoint_service",)):
            value = looked_up.get("service") if looked_up.has("service") else looked_up.get("service_name")
        last = _last_label(value)
        if last in addresses.SERVICES:
            return (last,)
        if isinstance(value, Unknown):
            self._reading.assume(f"it is not known which service {label_of(value)} is: each", endpoint)
            return tuple(addresses.SERVICES)
        return ()

    def _entries(self, prefix_list: Resource) -> Iterator[tuple[Intervals, int]]:
        if prefix_list.type == _ENDPOINT:
            for name in self.service(prefix_list):
                yield addresses.service(name), SERVICE_LENGTH
            return
        if prefix_list.type.startswith("data."):
            yield from self._looked_up(prefix_list)
            return
        blocks: list[Block] = list(
            self._reading.blocks(prefix_list, "entry", prefix_list, "only the entries that are known are read")
        )
        if any(isinstance(each, Unknown) for each in prefix_list.values("entry")):
            yield addresses.ALL, UNKNOWN_LENGTH
        for resource in self._reading.configuration.of_type("aws_ec2_managed_prefix_list_entry"):
            if prefix_list in self._reading.owners(resource, "prefix_list_id", _LISTS):
                blocks.append(resource)
        for block in blocks:
            yield from self.routed(block.get("cidr"), prefix_list)

    def _looked_up(self, prefix_list: Resource) -> Iterator[tuple[Intervals, int]]:
        """AWS's lists by their names; what others hold is not known."""
        name = _last_label(prefix_list.get("name")) or self._filtered(prefix_list)
        if name in addresses.SERVICES:
            yield addresses.service(name), SERVICE_LENGTH
        elif name == "origin-facing":
            self._reading.assume("CloudFront's addresses: taken for the whole internet", prefix_list)
            yield addresses.INTERNET, UNKNOWN_LENGTH
        else:
            self._reading.assume("what is in the prefix list is not known: taken for every address", prefix_list)
            yield addresses.ALL, UNKNOWN_LENGTH

    def _filtered(self, prefix_list: Resource) -> str:
        try:
            for block in prefix_list.blocks("filter"):
                if block.text("name") == "prefix-list-name":
                    return _last_label(next(iter(block.texts("values")), ""))
        except UnknownValue:
            pass
        return ""

    def _exactly(self, value: Value) -> Intervals | None:
        """The network of a VPC or subnet that a value is, whole."""
        if isinstance(value, Reference) and "cidr" in value.attribute:
            for resource in self._reading.configuration.resolve(value):
                found = self._network_of(resource)
                if found is not None:
                    family = addresses.ALL_V6 if "ipv6" in value.attribute else addresses.ALL_V4
                    return found & family
        return None

    def _referenced(self, value: Value) -> Intervals | None:
        """What text with references in it can be at most: public or private addresses of things, networks."""
        if not isinstance(value, Reference | Partial):
            return None
        whole = self._exactly(value)
        if whole is not None:
            return whole
        attributes = [each.attribute.split(".")[-1].removesuffix("[]") for each in references(value)]
        if attributes and all(each in _PUBLIC for each in attributes):
            return addresses.INTERNET | addresses.ALL_SERVICES
        if attributes and all(each.startswith(("private_ip", "secondary_private_ip")) for each in attributes):
            return self._stands_in(value)
        return None

    def _stands_in(self, value: Value) -> Intervals:
        """The addresses of the subnets in which the things stand whose private addresses a value names."""
        found = NOTHING
        for resource in self._reading.configuration.resolve(value):
            subnets = [
                self._network_of(subnet)
                for leaf in leaves(resource.get("subnet_id"))
                for subnet in self._reading.configuration.resolve(leaf)
            ]
            if not subnets or None in subnets:
                return ANY_PRIVATE
            found = found | Intervals.union(each for each in subnets if each is not None)
        return found or ANY_PRIVATE


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


def _last_label(value: Value) -> str:
    """The last part of a service's name: `s3` of `com.amazonaws.us-east-1.s3`, also where the region is not known."""
    if isinstance(value, Partial):
        last = value.parts[-1]
        return last.rpartition(".")[2] if isinstance(last, str) else ""
    return "" if isinstance(value, Unknown) or value is None else str(value).rpartition(".")[2]
