"""Makes the picture of a network: its boxes from the Terraform, and one arrow for each row of who reaches whom."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from cli.core.base.text import count, cut
from cli.core.diagram.descriptions import SERVICES, described
from cli.core.diagram.encryption import encrypted, passed_on_encrypted
from cli.core.diagram.model import Box, BoxKind, Flow, Picture, SubnetCell, Tier, VpcBox
from cli.core.reach import table
from cli.core.reach.table import FEWEST, TableRow
from policies.library.model import Configuration, Resource
from policies.library.values import UnknownValue
from policies.reachability import addresses, traffic
from policies.reachability.matrix import matrix
from policies.reachability.network import Network, Node, Subnet

_KINDS: Mapping[str, BoxKind] = {
    "server": "server",
    "load balancer": "load balancer",
    "broker": "data",
    "database": "data",
    "endpoint": "endpoint",
}

_ORDER: Sequence[BoxKind] = ("load balancer", "server", "other", "data", "endpoint")
"""How boxes of a tier follow each other where flows lead both ways."""

_TITLE = 36
"""Characters of the title of several ends; the JSON has all names."""

_LINE = 44
"""Characters of a line in the box of all other services."""

_NONE_OR_SOME = "none or some"
"""What is said of something of which it is not known how many there are."""

_ELSEWHERE = "elsewhere"
"""Key of the frame around what stands in VPCs that are not declared: modules that are not here, the edge of AWS."""

_SERVICE_RESOURCES = {"s3": "aws_s3_bucket", "dynamodb": "aws_dynamodb_table"}


def picture(configuration: Configuration, network: Network, title: str) -> Picture:
    """The picture of a network with everything that has an address in it."""
    rows = table.rows(network, matrix(network))
    drawn = _Drawn(network, rows)
    return Picture(
        title=title,
        region=_region(configuration),
        above=tuple(drawn.above()),
        vpcs=tuple(_vpcs(configuration, network, drawn.families)),
        services=tuple(_services(configuration, network, drawn)),
        below=tuple(drawn.below()),
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
        if len(together) <= _TITLE:
            return together
        if len(names) > 1:
            return f"{cut(names[0], _TITLE)} and {len(names) - 1} more"
        return f"…{names[0][1 - _TITLE :]}"  # of an address the end says what it is


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


def _vpcs(configuration: Configuration, network: Network, families: Iterable[_Family]) -> Iterator[VpcBox]:
    """The VPCs that are declared here, and all others in one frame."""
    in_vpc: dict[str, dict[bool, list[_Family]]] = {key: {} for key in network.vpcs if key in configuration.resources}
    for family in families:
        node = family.nodes[0]
        is_public = any(map(_is_public, node.subnets))
        key = node.vpc if node.vpc in configuration.resources else _ELSEWHERE
        in_vpc.setdefault(key, {}).setdefault(is_public, []).append(family)
    for key in sorted(in_vpc, key=lambda key: (key == _ELSEWHERE, key)):
        if key == _ELSEWHERE:
            families_here = [family for families in in_vpc[key].values() for family in families]
            tier = replace(_tier(configuration, key, False, families_here), title="Subnets that are not declared here")
            yield VpcBox(key, "VPCs that are not declared here", (tier,))
            continue
        block = _text(configuration.resources[key], "cidr_block")
        title = " ".join(filter(None, ("VPC", network.vpcs[key].name, block)))
        tiers = tuple(
            _tier(configuration, key, is_public, in_vpc[key][is_public])
            for is_public in (True, False)
            if is_public in in_vpc[key]
        )
        yield VpcBox(key, title, tiers)


def _tier(configuration: Configuration, vpc: str, is_public: bool, families: Sequence[_Family]) -> Tier:
    subnets = {
        subnet.key: subnet
        for family in families
        for node in family.nodes
        for subnet in node.subnets
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
        subnets=tuple(sorted(cells, key=lambda cell: (cell.zone, cell.cidr_block, cell.name))),
        boxes=tuple(sorted(boxes, key=lambda box: _ORDER.index(box.kind))),
    )


def _is_public(subnet: Subnet) -> bool:
    """Whether a subnet has a route to an internet gateway: VPC user guide, "Subnet types"."""
    return any(route.target.kind == "internet gateway" for route in subnet.table.routes)


def _box(configuration: Configuration, family: _Family) -> Box:
    first = family.nodes[0]
    lines = described(configuration, first.resource)
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


def _services(configuration: Configuration, network: Network, drawn: _Drawn) -> Iterator[Box]:
    """The services that flows lead to, and one box for all others."""
    numbers = {type_: _number(configuration, type_) for type_ in SERVICES if configuration.of_type(type_)}
    for key in sorted(filter(drawn.has_flows, set(addresses.SERVICES) & network.externals.keys())):
        type_ = _SERVICE_RESOURCES[key]
        lines = tuple(filter(None, (numbers.pop(type_, ""),)))
        name = network.externals[key].name
        yield Box(key, name, lines, "service", members=(name,))
    if others := ", ".join(numbers.values()):
        yield Box("services", "other services", tuple(wrap(others, _LINE)), "service")


def _number(configuration: Configuration, type_: str) -> str:
    """`2 SNS topics`; `2 or more SNS topics` where it is not known of some how many there are."""
    found = configuration.of_type(type_)
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


def _region(configuration: Configuration) -> str:
    provider = configuration.providers.get("aws")
    try:
        region = provider.text("region") if provider else ""
    except UnknownValue:
        region = ""
    return f"AWS, {region}" if region else "AWS"


def _text(resource: Resource | None, name: str) -> str:
    """What an attribute says; nothing where that is not known."""
    try:
        return resource.text(name) if resource else ""
    except UnknownValue:
        return ""
