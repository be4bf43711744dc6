"""Subnets: those declared, the default ones, and those that are declared elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policies.library.model import Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability import addresses
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Assumption, RouteTable, Subnet
from policies.reachability.read.acls import Acls
from policies.reachability.read.public_access import public_access
from policies.reachability.read.reading import Reading, could_be_anything, is_put_out, known_text, leaves
from policies.reachability.read.routes import Tables
from policies.reachability.read.vpcs import DEFAULT_CIDR, Extent, Vpcs, name_of

DECLARED = ("aws_subnet", "aws_default_subnet")
_DATA = ("data.aws_subnet", "data.aws_subnets", "data.aws_subnet_ids")
_GROUP_SUFFIX = "_subnet_group"


def subnet_extents(reading: Reading, vpcs: Vpcs) -> Mapping[str, Extent]:
    """The addresses of every declared subnet, by its address."""
    extents = {}
    for resource in reading.configuration.of_type(*DECLARED):
        parts = list(_extents(resource, reading, vpcs))
        most, least = Intervals.union(each.most for each in parts), Intervals.union(each.least for each in parts)
        extents[resource.address] = Extent(most, least)
    return extents


def _extents(resource: Resource, reading: Reading, vpcs: Vpcs) -> Iterator[Extent]:
    if resource.type == "aws_default_subnet":
        yield Extent(addresses.network(DEFAULT_CIDR), NOTHING)
        return
    vpc = vpcs.of_subnet(resource)
    try:
        yield _exactly(addresses.network(known_text(resource.get("cidr_block"))))
    except ValueError:
        if resource.has("cidr_block") or not _is_ipv6_only(resource):
            reading.assume("its network is not known: any address of its VPC", resource)
            yield Extent(vpcs[vpc].addresses & addresses.ALL_V4, NOTHING)
    if resource.has("ipv6_cidr_block"):
        try:
            yield _exactly(addresses.network(known_text(resource.get("ipv6_cidr_block"))))
        except ValueError:
            yield _exactly(vpcs.generated_subnet(vpc))


def _exactly(network: Intervals) -> Extent:
    return Extent(network, network)


def _is_ipv6_only(resource: Resource) -> bool:
    value = resource.get("ipv6_native")
    return not isinstance(value, Unknown) and str(value).lower() == "true"


class Subnets:
    """Subnets by what names them."""

    def __init__(self, reading: Reading, vpcs: Vpcs, extents: Mapping[str, Extent], tables: Tables, acls: Acls) -> None:
        self._reading, self._vpcs, self._extents, self._tables, self._acls = reading, vpcs, extents, tables, acls
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

    def default(self, resource: Resource) -> tuple[Subnet, ...]:
        """The subnets of the default VPC of the region that a resource is in."""
        vpc = self._vpcs.default(resource)
        declared = self._of_vpc.get(vpc)
        if declared:
            return self._all(declared)
        return self.elsewhere(f"{vpc}/default subnet", vpc)

    def all_of(self, vpc: str, resource: Resource) -> tuple[Subnet, ...]:
        """All subnets of a VPC, for what stands in one of them."""
        declared = self._of_vpc.get(vpc, ())
        assumption = self._reading.assume(f"its subnet is not known: any of {self._vpcs[vpc].name}", resource)
        return self._all(declared) or self.elsewhere(f"a subnet of {vpc}", vpc, assumption)

    def elsewhere(self, key: str, vpc: str, assumption: Assumption | None = None) -> tuple[Subnet, ...]:
        """A subnet that is not declared, on an assumption or as AWS makes it: any addresses of its VPC."""
        self._vpcs.use(vpc)
        if key not in self._built:
            is_default = self._vpcs.is_default(vpc)
            tables = self._tables.main_of(vpc) if is_default else [self._tables.elsewhere(key, vpc, assumption)]
            acl = self._acls.elsewhere(key, vpc)
            self._built[key] = tuple(
                Subnet(key, key, vpc, addresses=self._vpcs[vpc].addresses, table=table, acl=acl) for table in tables
            )
        return self._built[key]

    def declared(self) -> tuple[Subnet, ...]:
        """All that are declared."""
        return self._all(self._reading.configuration.of_type(*DECLARED))

    def resource(self, subnet: Subnet) -> Resource | None:
        """What declares a subnet."""
        return self._resources.get(subnet.key)

    def _all(self, resources: Iterable[Resource]) -> tuple[Subnet, ...]:
        return tuple(subnet for resource in resources for subnet in self.of_resource(resource))

    def _named(self, value: Value, vpcs: list[str], resource: Resource) -> Iterator[Subnet]:
        choices = [each.resource for each in self._reading.choices(value, (*DECLARED, *_DATA), resource)]
        for each in choices:
            yield from self.of_resource(each) if each.type in DECLARED else self._looked_up(each, vpcs)
        groups = [] if choices else self._groups(value)
        for group in groups:
            yield from self.named([group.get("subnet_ids")], vpcs, group)
        if (choices or groups) and not is_put_out(value):
            return
        label = label_of(value)
        vpc = vpcs[0] if vpcs else self._vpcs.only_one(value)
        if could_be_anything(value):
            self._reading.assume(f"it is not known which subnet {label} is: any that there is", resource)
            yield from self._all(self._in_any(vpcs))
        text = f"the subnet {label} is not declared here: taken for a public one"
        yield from self.elsewhere(label, vpc, self._reading.assume(text, resource))

    def _in_any(self, vpcs: list[str]) -> list[Resource]:
        """The declared subnets of some VPCs; all, where none is named."""
        return [each for vpc in vpcs or sorted(self._of_vpc) for each in self._of_vpc.get(vpc, ())]

    def _groups(self, value: Value) -> list[Resource]:
        """The groups of subnets that a value names, also by a name that is only written."""
        found = self._reading.resolve(value)
        if not found and not isinstance(value, Unknown):
            found = self._groups_by_name.get(str(value), [])
        return [each for each in found if each.type.endswith(_GROUP_SUFFIX) and not each.type.startswith("data.")]

    def _looked_up(self, data: Resource, vpcs: list[str]) -> tuple[Subnet, ...]:
        """Subnets that are looked up and not declared here: one for all of a data source."""
        vpc = next(iter(vpcs), None)
        if data.has("vpc_id"):
            vpc = self._vpcs.key_of(data.get("vpc_id"))
        for block in self._reading.blocks(data, "filter", data, "it may be any"):
            if self._reading.text(block, "name") == "vpc-id":
                for leaf in leaves(block.get("values")):
                    vpc = self._vpcs.key_of(leaf)
        assumption = self._reading.assume("it is looked up: taken for a public subnet", data)
        if vpc is None:
            possible = self._reading.found(data).possible
            around = [self._vpcs.of_subnet(each) for each in possible if each.type in DECLARED]
            vpc = self._vpcs.undeclared(f"the VPC of {data.address}", around)
        return self.elsewhere(data.address, vpc, assumption)

    def of_resource(self, resource: Resource) -> tuple[Subnet, ...]:
        """A subnet, once for each route table and network ACL that it may have."""
        if resource.address not in self._built:
            vpc = self._vpcs.of_subnet(resource)
            network = self._extents[resource.address].most
            self._resources[resource.address] = resource
            block = public_access(resource, self._vpcs.resource(vpc), self._reading)
            self._built[resource.address] = tuple(
                Subnet(resource.address, name_of(resource), vpc, addresses=network, table=table, acl=acl, block=block)
                for table in self._tables.of(resource, vpc)
                for acl in self._acls.of(resource, vpc)
            )
        return self._built[resource.address]
