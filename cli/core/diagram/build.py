"""Makes the picture of a network: its boxes from the Terraform, and one arrow for each row of who reaches whom."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from textwrap import wrap

from cli.core.base.text import count
from cli.core.diagram.descriptions import SERVICES, described
from cli.core.diagram.encryption import encrypted, passed_on_encrypted
from cli.core.diagram.gateways import gateways
from cli.core.diagram.model import AccountBox, Box, BoxKind, Flow, Picture, RegionBox, SubnetCell, Tier, VpcBox
from cli.core.diagram.regions import AccountRegion, Regions
from cli.core.reach import table
from cli.core.reach.table import FEWEST, TableRow
from policies.library.model import Configuration, Resource
from policies.library.values import UnknownValue
from policies.reachability import addresses, traffic
from policies.reachability.matrix import matrix
from policies.reachability.network import Network, Node, Subnet
from policies.reachability.read.vpcs import DEFAULT_VPC

_KINDS: Mapping[str, BoxKind] = {
    "server": "server",
    "load balancer": "load balancer",
    "broker": "data",
    "database": "data",
    "nat gateway": "gateway",
    "endpoint": "endpoint",
}

_ORDER: Sequence[BoxKind] = ("load balancer", "gateway", "server", "other", "data", "endpoint")
"""How boxes of a tier follow each other where flows lead both ways."""

_TITLE = 36
"""Characters up to which the title of several ends names them all; the JSON has all names."""

_LINE = 44
"""Characters of a line in the box of all other services."""

_NONE_OR_SOME = "none or some"
"""What is said of something of which it is not known how many there are."""

_NOT_HERE = "module that is not here"
"""What is said of a module whose source is not here: it may have anything."""

_ELSEWHERE = "elsewhere"
"""Key of the frame around what stands in VPCs that are not declared: modules that are not here, the edge of AWS."""

_SERVICE_RESOURCES = {"s3": "aws_s3_bucket", "dynamodb": "aws_dynamodb_table"}


def picture(configuration: Configuration, network: Network, title: str) -> Picture:
    """The picture of a network with everything that has an address in it."""
    rows = table.rows(network, matrix(network))
    located = Regions(configuration)
    drawn = _Drawn(network, rows)
    regions = tuple(_regions(configuration, network, drawn, located))
    ends = tuple(_service_ends(configuration, network, drawn))
    if len(regions) == 1:
        regions = tuple((where, replace(region, services=(*ends, *region.services))) for where, region in regions)
    return Picture(
        title=title,
        above=tuple(drawn.above()),
        accounts=tuple(_accounts(regions)),
        below=(*drawn.below(), *(ends if len(regions) != 1 else ())),
        flows=tuple(
            _flow(configuration, network, drawn, row=row, key=f"flow-{number}")
            for number, row in enumerate(rows, start=1)
        ),
        notes=tuple(table.assumed(network)),
    )


@dataclass(frozen=True)
class _Family:
    """Ends that one box stands for."""

    nodes: tuple[Node, ...]

    @property
    def key(self) -> str:
        return self.nodes[0].key

    @property
    def title(self) -> str:
        names = [node.name for node in self.nodes]
        together = table.joined(names, names)
        return together if len(together) <= _TITLE or len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


class _Drawn:
    """Which box stands for which end.

    Several nodes of one type in the same subnets, that each row treats alike, are one box. What is outside is drawn
    above where it opens connections, and below where it accepts them.
    """

    def __init__(self, network: Network, rows: Sequence[TableRow]) -> None:
        self._network = network
        self._keys = {end.name: key for key, end in network.externals.items()}
        self._keys |= {node.name: key for key, node in network.nodes.items()}
        self._opening = {self._keys[name] for row in rows for name in row.sources}
        self._accepting = {self._keys[name] for row in rows for name in row.targets}
        self._outside = [key for key in sorted(network.externals) if key not in addresses.SERVICES]
        self.families = tuple(_families(network, rows))
        self._box_of = {node.name: family.key for family in self.families for node in family.nodes}

    def above(self) -> Iterator[Box]:
        """What is outside and opens connections."""
        for key in self._outside:
            if key in self._opening:
                yield _outside(self._network, key, key)

    def below(self) -> Iterator[Box]:
        """What is outside and accepts connections."""
        for key in self._outside:
            if key in self._accepting:
                yield _outside(self._network, key, self._below(key))

    def has_flows(self, key: str) -> bool:
        """Whether something outside opens or accepts connections."""
        return key in self._opening or key in self._accepting

    def sources(self, row: TableRow) -> tuple[str, ...]:
        """The keys of the boxes that a flow leads from, each once."""
        return tuple(dict.fromkeys(self._box_of.get(name) or self._keys[name] for name in row.sources))

    def targets(self, row: TableRow) -> tuple[str, ...]:
        """The keys of the boxes that a flow leads to, each once."""
        return tuple(dict.fromkeys(self._box_of.get(name) or self._below(self._keys[name]) for name in row.targets))

    def key(self, name: str) -> str:
        """The key of an end in the network."""
        return self._keys[name]

    def _below(self, key: str) -> str:
        return f"{key} (below)" if key in self._opening else key


def _families(network: Network, rows: Sequence[TableRow]) -> Iterator[_Family]:
    parts: dict[str, list[tuple[int, str]]] = {}
    for number, row in enumerate(rows):
        for role, names in (("source", row.sources), ("target", row.targets), ("through", row.path.through)):
            for name in names:
                parts.setdefault(name, []).append((number, role))
    alike: dict[Hashable, list[Node]] = {}
    for node in sorted(network.nodes.values(), key=lambda each: each.name):
        where = tuple(sorted({subnet.key for subnet in node.subnets}))
        is_known = not node.resource.number_unknown
        alike.setdefault((node.resource.type, where, is_known, tuple(parts.get(node.name, ()))), []).append(node)
    for nodes in alike.values():
        yield from [_Family(tuple(nodes))] if len(nodes) >= FEWEST else [_Family((node,)) for node in nodes]


def _accounts(regions: Sequence[tuple[AccountRegion, RegionBox]]) -> Iterator[AccountBox]:
    for account in dict.fromkeys(where.account for where, _ in regions):
        those = [(where, region) for where, region in regions if where.account == account]
        yield AccountBox(f"account {account}", those[0][0].account_title, tuple(region for _, region in those))


def _regions(
    configuration: Configuration, network: Network, drawn: _Drawn, located: Regions
) -> Iterator[tuple[AccountRegion, RegionBox]]:
    """The regions with their VPCs and the services of each; those with a VPC first."""
    vpcs: dict[AccountRegion, dict[str, list[_Family]]] = {}
    for key in sorted(each for each in network.vpcs if each in configuration.resources):
        vpcs.setdefault(located.of(configuration.resources[key]), {})[key] = []
    for family in drawn.families:
        node = family.nodes[0]
        declared = configuration.resources.get(node.vpc)
        where = located.of(declared or node.resource)
        vpcs.setdefault(where, {}).setdefault(node.vpc if declared else _ELSEWHERE, []).append(family)
    services: dict[AccountRegion, list[Resource]] = {}
    for resource in configuration.of_type(*SERVICES):
        services.setdefault(located.of(resource), []).append(resource)
    for where in sorted(vpcs.keys() | services.keys(), key=lambda where: (where not in vpcs, where)):
        yield (
            where,
            RegionBox(
                key=f"region {where.region} of {where.account}",
                title=where.region_title,
                vpcs=tuple(_vpcs(configuration, network, vpcs.get(where, {}))),
                services=tuple(_services(network, drawn, services.get(where, []), where)),
            ),
        )


def _vpcs(configuration: Configuration, network: Network, in_vpcs: Mapping[str, Sequence[_Family]]) -> Iterator[VpcBox]:
    """The VPCs that are declared here, and all others in one frame, which is the last."""
    for key in sorted(in_vpcs, key=lambda key: (key == _ELSEWHERE, key)):
        if key == _ELSEWHERE:
            yield _elsewhere(configuration, in_vpcs[key])
            continue
        tiers = []
        for is_public in (True, False):
            families = [each for each in in_vpcs[key] if any(map(_is_public, each.nodes[0].subnets)) == is_public]
            declared = [each for each in network.subnets if each.vpc == key and _is_public(each) == is_public]
            tiers += [_tier(configuration, key, is_public, families, declared=declared)] if families or declared else []
        block = _text(configuration.resources[key], "cidr_block")
        title = " ".join(filter(None, ("VPC", network.vpcs[key].name, block)))
        yield VpcBox(key, title, tuple(tiers), tuple(gateways(configuration, network, key)))


def _elsewhere(configuration: Configuration, families: Sequence[_Family]) -> VpcBox:
    """The frame around what stands in VPCs that are not declared; of the default one the subnets are known as AWS's."""
    key = f"{_ELSEWHERE}, {families[0].key}"
    is_default = all(family.nodes[0].vpc.startswith(DEFAULT_VPC) for family in families)
    is_public = is_default and all(_is_public(subnet) for each in families for subnet in each.nodes[0].subnets)
    title = "Default VPC" if is_default else "VPCs that are not declared here"
    subnets = "Default subnets" if is_default else "Subnets that are not declared here"
    tier = _tier(configuration, key, is_public, families)
    return VpcBox(key, title, (replace(tier, title=subnets),))


def _tier(
    configuration: Configuration,
    vpc: str,
    is_public: bool,
    families: Sequence[_Family],
    declared: Sequence[Subnet] = (),
) -> Tier:
    standing = [subnet for family in families for node in family.nodes for subnet in node.subnets]
    subnets = {
        subnet.key: subnet
        for subnet in (*standing, *declared)
        if _is_public(subnet) == is_public and subnet.key in configuration.resources
    }
    cells = [
        SubnetCell(
            subnet.name,
            _text(configuration.resources[key], "cidr_block"),
            _text(configuration.resources[key], "availability_zone"),
        )
        for key, subnet in subnets.items()
    ]
    boxes = [_box(configuration, family) for family in families]
    return Tier(
        key=f"{vpc} {'public' if is_public else 'private'}",
        title="Public subnets" if is_public else "Private subnets",
        is_public=is_public,
        subnets=tuple(sorted(cells, key=lambda cell: (*_number_of(cell.cidr_block), cell.zone, cell.name))),
        boxes=tuple(sorted(boxes, key=lambda box: _ORDER.index(box.kind))),
    )


def _number_of(cidr_block: str) -> tuple[bool, int]:
    """What orders blocks as people count: 10.0.2.0/24 before 10.0.14.0/24, and what is none after them."""
    try:
        return False, int(IPv4Network(cidr_block).network_address)
    except ValueError:
        return True, 0


def _is_public(subnet: Subnet) -> bool:
    """Whether a subnet has a route to an internet gateway: VPC user guide, "Subnet types"."""
    return any(route.target.kind == "internet gateway" for route in subnet.table.routes)


def _box(configuration: Configuration, family: _Family) -> Box:
    first = family.nodes[0]
    lines = (_NOT_HERE,) if first.kind == "module" else described(configuration, first.resource)
    if len(family.nodes) > 1:
        lines = (count(len(family.nodes), lines[0].partition(",")[0]),)
    is_number_known = not first.resource.number_unknown
    if not is_number_known:
        lines = (*lines, _NONE_OR_SOME if len(family.nodes) == 1 else f"{_NONE_OR_SOME} of each")
    zones = {_text(configuration.resources.get(subnet.key), "availability_zone") for subnet in first.subnets}
    return Box(
        key=family.key,
        title=family.title,
        lines=lines,
        kind=_KINDS.get(first.kind, "other"),
        zones=_short(zones - {""}),
        members=tuple(node.name for node in family.nodes),
        is_number_known=is_number_known,
    )


def _short(zones: Iterable[str]) -> tuple[str, ...]:
    """Zones of one region by their letters, as the heading has them in full: `a` for `us-east-1a`."""
    names = sorted(zones)
    regions = {name[:-1] for name in names}
    return tuple(name[-1] for name in names) if len(regions) == 1 else tuple(names)


def _outside(network: Network, key: str, box: str) -> Box:
    name = network.externals[key].name
    return Box(box, name, (), "outside", members=(name,))


def _service_ends(configuration: Configuration, network: Network, drawn: _Drawn) -> Iterator[Box]:
    """The services that flows lead to."""
    for key in sorted(filter(drawn.has_flows, set(addresses.SERVICES) & network.externals.keys())):
        type_ = _SERVICE_RESOURCES[key]
        found = configuration.of_type(type_)
        name = network.externals[key].name
        yield Box(key, name, (_number(found, type_),) if found else (), "service", members=(name,))


def _services(network: Network, drawn: _Drawn, resources: Sequence[Resource], where: AccountRegion) -> Iterator[Box]:
    """One box for all other services of a region."""
    shown = {_SERVICE_RESOURCES[key] for key in addresses.SERVICES if key in network.externals and drawn.has_flows(key)}
    types = {each.type for each in resources} - shown
    numbers = [
        _number([each for each in resources if each.type == type_], type_) for type_ in SERVICES if type_ in types
    ]
    if numbers:
        yield Box(f"services of {where}", "other services", tuple(wrap(", ".join(numbers), _LINE)), "service")


def _number(found: Sequence[Resource], type_: str) -> str:
    """`2 SNS topics`; `2 or more SNS topics` where it is not known of some how many there are."""
    known = sum(1 for each in found if not each.number_unknown)
    return count(known, SERVICES[type_]) if known == len(found) else f"{known} or more {SERVICES[type_]}s"


def _flow(configuration: Configuration, network: Network, drawn: _Drawn, *, row: TableRow, key: str) -> Flow:
    told = traffic.describe(row.path.traffic)
    through = f" through {', '.join(row.path.through)}" if row.path.through else ""
    assumed = ", which is assumed" if row.path.is_assumed else ""
    ends = [drawn.key(name) for name in row.targets]
    passing = [drawn.key(name) for name in row.path.through]
    return Flow(
        key=key,
        sources=drawn.sources(row),
        targets=drawn.targets(row),
        traffic=told,
        through=row.path.through,
        is_assumed=row.path.is_assumed,
        is_encrypted=all(
            row.path.traffic <= encrypted(network, configuration, (passing or [end])[0])
            and all(passed_on_encrypted(network, configuration, through, end) for through in passing)
            for end in ends
        ),
        description=f"{', '.join(row.sources)} to {', '.join(row.targets)}{through}: {told}{assumed}",
    )


def _text(resource: Resource | None, name: str) -> str:
    """What an attribute says; nothing where that is not known."""
    try:
        return resource.text(name) if resource else ""
    except UnknownValue:
        return ""
