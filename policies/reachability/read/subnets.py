"""Subnets: those declared, the default ones, and those that are declared elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policies.library.model import Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability import addresses
from policies.reachability.intervals import Intervals
from policies.reachability.network import RouteTable, Subnet
from policies.reachability.read.acls import Acls
from policies.reachability.read.reading import Reading, could_be_anything, known_text, leaves
from policies.reachability.read.routes import Tables
from policies.reachability.read.vpcs import DEFAULT_CIDR, DEFAULT_VPC, Vpcs, name_of

DECLARED = ("aws_subnet", "aws_default_subnet")
_DATA = ("data.aws_subnet", "data.aws_subnets", "data.aws_subnet_ids")
_GROUP_SUFFIX = "_subnet_group"


def subnet_networks(reading: Reading, vpcs: Vpcs) -> Mapping[str, Intervals]:
    """The addresses of every declared subnet, by its address."""
    return {
        resource.address: Intervals.union(_networks(resource, reading, vpcs))
        for resource in reading.configuration.of_type(*DECLARED)
    }


def _networks(resource: Resource, reading: Reading, vpcs: Vpcs) -> Iterator[Intervals]:
    if resource.type == "aws_default_subnet":
        yield addresses.network(DEFAULT_CIDR)
        return
    vpc = vpcs.of_subnet(resource)
    try:
        yield addresses.network(known_text(resource.get("cidr_block")))
    except ValueError:
        if resource.has("cidr_block") or not _is_ipv6_only(resource):
            reading.assume("its network is not known: any address of its VPC", resource)
            yield vpcs[vpc].addresses & addresses.ALL_V4
    if resource.has("ipv6_cidr_block"):
        try:
            yield addresses.network(known_text(resource.get("ipv6_cidr_block")))
        except ValueError:
            yield vpcs.generated_subnet(vpc)


def _is_ipv6_only(resource: Resource) -> bool:
    value = resource.get("ipv6_native")
    return not isinstance(value, Unknown) and str(value).lower() == "true"


class Subnets:
    """Subnets by what names them."""

    def __init__(
        self, reading: Reading, vpcs: Vpcs, networks: Mapping[str, Intervals], tables: Tables, acls: Acls
    ) -> None:
        self._reading, self._vpcs, self._networks, self._tables, self._acls = reading, vpcs, networks, tables, acls
        self._built: dict[str, tuple[Subnet, ...]] = {}
        self._resources: dict[str, Resource] = {}
        self._of_vpc: dict[str, list[Resource]] = {}
        self._groups_by_name: dict[str, list[Resource]] = {}
        for _, group in sorted(reading.configuration.resources.items()):
            name = group.get("name")
            if group.type.endswith(_GROUP_SUFFIX) and isinstance(name, str):
                self._groups_by_name.setdefault(name, []).append(group)
        for resource in reading.configuration.of_type(*DECLARED):
            vpc = vpcs.of_subnet(resource)
            self._of_vpc.setdefault(vpc, []).append(resource)
            vpcs.use(vpc)

    @property
    def tables(self) -> list[RouteTable]:
        """The route tables of all subnets met so far."""
        found = (subnet.table for _, subnets in sorted(self._built.items()) for subnet in subnets)
        return list({id(table): table for table in found}.values())

    def named(self, values: Iterable[Value], vpcs: Iterable[str], resource: Resource) -> tuple[Subnet, ...]:
        """The subnets that some values name; `vpcs` are the ones that `resource` is known to stand in."""
        found: list[Subnet] = []
        known = list(dict.fromkeys(vpcs))
        for value in values:
            for leaf in leaves(value):
                found += self._named(leaf, known, resource)
        return tuple(dict.fromkeys(found))

    def default(self) -> tuple[Subnet, ...]:
        """The subnets of the default VPC."""
        declared = self._of_vpc.get(DEFAULT_VPC)
        if declared:
            return self._all(declared)
        return self.elsewhere(f"{DEFAULT_VPC}/default subnet", self._vpcs.default())

    def all_of(self, vpc: str, resource: Resource) -> tuple[Subnet, ...]:
        """All subnets of a VPC, for what stands in one of them."""
        declared = self._of_vpc.get(vpc, ())
        self._reading.assume(f"its subnet is not known: any of {self._vpcs[vpc].name}", resource)
        return self._all(declared) or self.elsewhere(f"a subnet of {vpc}", vpc)

    def elsewhere(self, key: str, vpc: str) -> tuple[Subnet, ...]:
        """A subnet that is not declared: any addresses of its VPC."""
        self._vpcs.use(vpc)
        if key not in self._built:
            is_default = vpc == DEFAULT_VPC
            table = self._tables.main_of(vpc) if is_default else self._tables.elsewhere(key, vpc)
            acl = self._acls.elsewhere(key, vpc)
            self._built[key] = (Subnet(key, key, vpc, addresses=self._vpcs[vpc].addresses, table=table, acl=acl),)
        return self._built[key]

    def resource(self, subnet: Subnet) -> Resource | None:
        """What declares a subnet."""
        return self._resources.get(subnet.key)

    def _all(self, resources: Iterable[Resource]) -> tuple[Subnet, ...]:
        return tuple(subnet for resource in resources for subnet in self._declared(resource))

    def _named(self, value: Value, vpcs: list[str], resource: Resource) -> Iterator[Subnet]:
        declared = self._reading.named(value, DECLARED)
        if declared:
            yield from self._all(declared)
            return
        groups = self._groups(value)
        if groups:
            for group in groups:
                yield from self.named([group.get("subnet_ids")], vpcs, group)
            return
        label = label_of(value)
        for data in self._reading.named(value, _DATA):
            yield from self._looked_up(data, vpcs)
            return
        vpc = vpcs[0] if vpcs else self._vpcs.only_one(value)
        if vpc in self._of_vpc and could_be_anything(value):
            self._reading.assume(f"it is not known which subnet {label} is: any of {self._vpcs[vpc].name}", resource)
            yield from self._all(self._of_vpc[vpc])
            return
        self._reading.assume(f"the subnet {label} is not declared here: taken for a public one", resource)
        yield from self.elsewhere(label, vpc)

    def _groups(self, value: Value) -> list[Resource]:
        """The groups of subnets that a value names, also by a name that is only written."""
        found = self._reading.configuration.resolve(value)
        if not found and not isinstance(value, Unknown):
            found = tuple(self._groups_by_name.get(str(value), ()))
        return [each for each in found if each.type.endswith(_GROUP_SUFFIX) and not each.type.startswith("data.")]

    def _looked_up(self, data: Resource, vpcs: list[str]) -> tuple[Subnet, ...]:
        """Subnets that are looked up: one for all of a data source."""
        vpc = next(iter(vpcs), None)
        if data.has("vpc_id"):
            vpc = self._vpcs.key_of(data.get("vpc_id"))
        for block in self._reading.blocks(data, "filter", data, "it may be any"):
            if self._reading.text(block, "name") == "vpc-id":
                for leaf in leaves(block.get("values")):
                    vpc = self._vpcs.key_of(leaf)
        self._reading.assume("it is looked up: taken for a public subnet", data)
        return self.elsewhere(data.address, vpc or self._vpcs.only_one(data.get("id")))

    def _declared(self, resource: Resource) -> tuple[Subnet, ...]:
        """A subnet, once for each route table and network ACL that it may have."""
        if resource.address not in self._built:
            vpc = self._vpcs.of_subnet(resource)
            network = self._networks[resource.address]
            self._resources[resource.address] = resource
            self._built[resource.address] = tuple(
                Subnet(resource.address, name_of(resource), vpc, addresses=network, table=table, acl=acl)
                for table in self._tables.of(resource, vpc)
                for acl in self._acls.of(resource, vpc)
            )
        return self._built[resource.address]
