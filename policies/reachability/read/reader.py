"""The network of a configuration, part by part."""

from __future__ import annotations

from dataclasses import replace

from policies.library.model import Configuration, Resource
from policies.reachability import addresses
from policies.reachability.network import External, Network
from policies.reachability.read.acls import Acls
from policies.reachability.read.balancers import Balancers
from policies.reachability.read.edges import Edges
from policies.reachability.read.elastic import with_elastic_addresses
from policies.reachability.read.gaps import gap_assumptions, modules
from policies.reachability.read.gateways import Gateways
from policies.reachability.read.groups import Groups
from policies.reachability.read.interfaces import Interfaces
from policies.reachability.read.lattice import Lattice
from policies.reachability.read.names import named
from policies.reachability.read.peers import Peers
from policies.reachability.read.places import Places
from policies.reachability.read.proxies import Proxies
from policies.reachability.read.reading import Reading
from policies.reachability.read.routes import Tables
from policies.reachability.read.servers import servers
from policies.reachability.read.services import services
from policies.reachability.read.stacks import with_stacks
from policies.reachability.read.subnets import Subnets, subnet_extents
from policies.reachability.read.target_groups import Membership
from policies.reachability.read.vpcs import TYPES as VPCS
from policies.reachability.read.vpcs import Extent, Vpcs


def read(configuration: Configuration) -> Network:
    """The network that a configuration describes. What it does not determine is assumed: see `Network.assumptions`."""
    reading = Reading(with_stacks(configuration))
    vpcs = Vpcs(reading)
    extents = subnet_extents(reading, vpcs)

    def extent_of(resource: Resource) -> Extent | None:
        if resource.address in extents:
            return extents[resource.address]
        return vpcs.extent(vpcs.key_of_resource(resource)) if resource.type in VPCS else None

    peers = Peers(reading, extent_of)
    gateways = Gateways(reading, vpcs, peers)
    interfaces = Interfaces(reading)
    tables = Tables(reading, vpcs, peers, gateways=gateways, interfaces=interfaces)
    subnets = Subnets(reading, vpcs, extents, tables=tables, acls=Acls(reading, vpcs, peers))
    places = Places(reading, vpcs, subnets, groups=Groups(reading, vpcs, peers), interfaces=interfaces)
    nodes = {node.key: node for node in (*servers(places), *services(places), *modules(places))}
    nodes = dict(with_elastic_addresses(places, nodes))
    membership = Membership(places, nodes)
    balancers = Balancers(places, nodes, membership)
    nodes = {key: replace(node, listens=balancers.listens(key)) for key, node in balancers.nodes.items()}
    proxies = Proxies(places, nodes)
    nodes = proxies.nodes
    lattice = Lattice(places, nodes, membership, proxies)
    edges = Edges(places, nodes, proxies.entrances)
    externals = {name: External(name, name, addresses.service(name)) for name in addresses.SERVICES}
    externals["internet"] = External("internet", "internet", addresses.INTERNET)
    populated = {node.vpc for node in (*nodes.values(), *lattice.nodes.values(), *edges.nodes.values())}
    transit_gateways = gateways.transit.read(subnets.named, populated)
    externals.update(gateways.externals(subnets.tables, transit_gateways, populated))
    externals.update(gateways.clients(nodes))
    gaps = gap_assumptions(reading)
    return Network(
        vpcs=vpcs.all,
        nodes=named({key: places.rests_on(node) for key, node in {**nodes, **lattice.nodes, **edges.nodes}.items()}),
        externals=dict(sorted(externals.items())),
        forwards=tuple(dict.fromkeys([*balancers.forwards, *proxies.forwards, *lattice.forwards, *edges.forwards])),
        peerings=gateways.peerings(),
        transit_gateways=transit_gateways,
        assumptions=reading.assumptions,
        gaps=gaps,
        subnets=subnets.declared(),  # the last: who can reach whom rests on nothing about where nothing stands
    )
