"""Gateways: where routes really lead, each as the guide of its service says."""

from __future__ import annotations

import pytest

from policies.reachability import addresses, traffic
from policies.reachability.addresses import network as cidr
from policies.reachability.factors.ends import accepts, opens
from policies.reachability.factors.factor import Factor
from policies.reachability.factors.gateways import (
    attached,
    coming_from,
    detours,
    leads_back,
    leads_to,
    passing,
)
from policies.reachability.factors.routes import choices
from policies.reachability.intervals import Intervals
from policies.reachability.network import Network, Peering, Target, TransitGateway, Vpc
from tests.support.building import LOCAL, TO_INTERNET, WORLD, group, network, node, subnet, table

HERE = subnet("here", "10.0.0.0/24")
THERE = subnet("there", "10.1.0.0/24", vpc="other")
NEAR = node("near", HERE, group("sg-near"))
FAR = node("far", THERE, group("sg-far"))
NAT = node("nat", HERE, None, kind="nat gateway", is_public=True)
OTHER = Vpc("other", "other", cidr("10.1.0.0/16"))
NETWORK = network(
    NEAR,
    FAR,
    NAT,
    vpcs=[OTHER],
    externals={"vgw": "192.168.0.0/16", "pcx-outside": "10.2.0.0/16"},
    peerings={
        "pcx": Peering("pcx", ("vpc", "other")),
        "pcx-third": Peering("pcx-third", ("third", "other")),
        "pcx-outside": Peering("pcx-outside", ("vpc", None)),
    },
    transit_gateways={
        "tgw": TransitGateway(
            "tgw",
            {
                "vpc": table(
                    ("10.1.0.0/16", Target("local", "other")),
                    ("10.1.0.0/28", Target("blackhole")),
                    ("192.168.0.0/16", Target("vpn gateway", "vgw")),
                    (WORLD, Target("local", "inspection")),
                ).routes
            },
        )
    },
)


def leads(destination: str, target: Target, end: str, net: Network = NETWORK) -> dict[str, tuple[str, bool]]:
    """Where one route leads on the way to an end: by manner the networks, and whether that is only assumed."""
    to = net.nodes.get(end) or net.externals[end]
    found = leads_to(net, choices(table(LOCAL, (destination, target)).routes), "vpc", to)
    return {
        manner: (
            addresses.describe(Intervals.union(lead.addresses for lead in each)),
            any(lead.is_assumed for lead in each),
        )
        for manner, each in found.items()
    }


@pytest.mark.parametrize(
    ("destination", "target", "end", "found"),
    [
        (WORLD, Target("internet gateway", "igw"), "internet", {"internet gateway"}),
        (WORLD, Target("internet gateway", "igw-detached"), "internet", set()),
        (WORLD, Target("internet gateway", "igw"), "far", set()),
        (WORLD, Target("nat gateway", "nat"), "internet", set()),
        ("::/0", Target("egress-only gateway", "eigw"), "internet", {"egress-only gateway"}),
        (WORLD, Target("blackhole"), "internet", set()),
        (WORLD, Target("peering", "pcx"), "internet", set()),
        (WORLD, Target("peering", "pcx"), "far", {"plain"}),
        ("10.1.0.0/16", Target("peering", "pcx-third"), "far", set()),
        ("10.2.0.0/16", Target("peering", "pcx-outside"), "pcx-outside", {"plain"}),
        ("10.2.0.0/16", Target("peering", "pcx"), "pcx-outside", set()),
        ("192.168.0.0/16", Target("vpn gateway", "vgw"), "vgw", {"plain"}),
        ("10.1.0.0/16", Target("vpn gateway", "vgw"), "far", set()),
        ("s3", Target("gateway endpoint", "vpce"), "s3", {"plain"}),
        ("s3", Target("gateway endpoint", "vpce"), "internet", {"plain"}),
        ("10.1.0.0/16", Target("gateway endpoint", "vpce"), "far", set()),
    ],
)
def test_where_a_route_leads(destination: str, target: Target, end: str, found: set[str]) -> None:
    assert set(leads(destination, target, end)) == found


def test_peering_is_not_transitive_and_has_no_way_to_the_internet() -> None:
    """Peering guide, "VPC peering limitations": no edge to edge routing through a gateway or private connection."""
    assert leads(WORLD, Target("peering", "pcx"), "internet") == {}
    assert leads(WORLD, Target("peering", "pcx"), "vgw") == {}


def test_a_gateway_endpoint_leads_to_services_only() -> None:
    assert leads(WORLD, Target("gateway endpoint", "vpce"), "internet") == {"plain": ("s3, dynamodb", False)}


def test_local_routes_stay_in_their_vpc() -> None:
    assert set(leads("198.18.0.0/15", Target("blackhole"), "near")) == {"plain"}
    assert leads("198.18.0.0/15", Target("blackhole"), "far") == {}


def test_a_transit_gateway_has_a_table_of_its_own() -> None:
    """Transit Gateway guide, "Route tables for transit gateways": static routes, blackholes, longest prefix."""
    words, is_assumed = leads(WORLD, Target("transit gateway", "tgw"), "far")["addresses only"]
    assert not is_assumed
    assert words.startswith("10.1.0.16/28, 10.1.0.32/27")
    assert leads("192.168.0.0/16", Target("transit gateway", "tgw"), "vgw")["plain"] == ("192.168.0.0/16", False)


def test_what_is_behind_a_transit_gateway_may_have_a_way_to_the_internet() -> None:
    assert leads(WORLD, Target("transit gateway", "tgw"), "internet")["plain"][1]


def test_a_transit_gateway_of_elsewhere_may_lead_anywhere() -> None:
    for end in ("far", "internet", "vgw"):
        assert leads(WORLD, Target("transit gateway", "tgw-elsewhere"), end)["plain"][1]


def test_a_vpc_that_is_not_attached_gets_nowhere() -> None:
    to = NETWORK.nodes["near"]
    found = leads_to(NETWORK, choices(table((WORLD, Target("transit gateway", "tgw"))).routes), "other", to)
    assert found == {}


@pytest.mark.parametrize("kind", ["unknown", "interface", "appliance"])
@pytest.mark.parametrize("end", ["far", "internet", "vgw"])
def test_what_is_not_known_may_lead_anywhere(kind: str, end: str) -> None:
    """References to groups do not hold through an appliance: VPC user guide, "Security group rules"."""
    manner = "addresses only" if end == "far" and kind != "unknown" else "plain"
    found = leads(WORLD, Target(kind, "elsewhere"), end)  # type: ignore[arg-type]  # three of the kinds
    assert {each: is_assumed for each, (_, is_assumed) in found.items()} == {manner: True}


def test_nat_gateways_are_detours_to_anything_that_their_routes_are_for() -> None:
    chosen = choices(table((WORLD, Target("nat gateway", "nat"))).routes)
    assert set(detours(NETWORK, chosen, "vpc", NETWORK.externals["internet"])) == {"nat"}
    assert set(detours(NETWORK, chosen, "vpc", FAR)) == {"nat"}
    assert detours(NETWORK, chosen, "other", NETWORK.externals["internet"]) == {}


def test_instances_are_detours_to_the_internet_only() -> None:
    """An appliance between subnets may be anything: what it does there is assumed, not worked out."""
    chosen = choices(table((WORLD, Target("interface", "near"))).routes)
    assert set(detours(NETWORK, chosen, "vpc", NETWORK.externals["internet"])) == {"near"}
    assert detours(NETWORK, chosen, "vpc", FAR) == {}


@pytest.mark.parametrize(
    ("target", "comes_back"),
    [
        (Target("internet gateway", "igw"), [False]),
        (Target("internet gateway", "igw-detached"), []),
        (Target("nat gateway", "nat"), []),
        (Target("egress-only gateway", "eigw"), []),
        (Target("transit gateway", "tgw"), []),
        (Target("vpn gateway", "vgw"), []),
        (Target("unknown"), [True]),
        (Target("interface", "near"), [True]),
        (Target("blackhole"), []),
    ],
)
def test_answers_to_the_internet_leave_as_the_question_came(target: Target, comes_back: list[bool]) -> None:
    found = leads_back(NETWORK, choices(table((WORLD, target)).routes), "vpc", NETWORK.externals["internet"])
    assert [lead.is_assumed for lead in found] == comes_back


def families(factors: tuple[Factor, ...]) -> list[str]:
    (factor,) = factors
    return [addresses.describe(box.source) for box in factor.allowed]


def test_an_internet_gateway_passes_what_has_a_public_address() -> None:
    """Guide "Enable internet access": "a public IPv4 address or IPv6 address that's associated" with the instance."""
    v6 = subnet("v6", "10.0.2.0/24 2600:1f18::/64")
    private = node("n", v6, group("sg-n"))
    assert families(passing("internet gateway", private)) == []
    assert families(passing("internet gateway", node("n", v6, group("sg-n"), is_public=True))) == ["any IPv4 address"]
    assert families(passing("internet gateway", node("n", v6, group("sg-n"), has_ipv6=True))) == ["any IPv6 address"]
    assert passing("plain", private) == ()


def test_an_egress_only_gateway_passes_ipv6() -> None:
    own = node("n", HERE, group("sg-n"), is_public=True, has_ipv6=True)
    assert families(passing("egress-only gateway", own)) == ["any IPv6 address"]


def test_the_way_in_is_an_attached_gateway() -> None:
    assert attached(NETWORK, "vpc").allowed
    assert not attached(NETWORK, "other").allowed


def test_services_open_no_connections() -> None:
    assert not coming_from(NETWORK, NETWORK.externals["s3"], NEAR)[0].allowed
    assert coming_from(NETWORK, NETWORK.externals["vgw"], NEAR) == ()


def test_what_nodes_open_and_accept() -> None:
    endpoint = node("e", HERE, group("sg-e"), kind="endpoint")
    balancer = node("b", HERE, group("sg-b"), kind="load balancer", listens=traffic.tcp(443))
    idle = node("b", HERE, group("sg-b"), kind="load balancer", listens=Intervals())
    assert opens(NEAR) == accepts(NEAR) == accepts(endpoint) == opens(balancer) == ()
    assert not opens(endpoint)[0].allowed
    assert opens(NAT)[0].allowed.traffic == traffic.TCP | traffic.UDP | traffic.ports("icmp", 0, 65535)
    assert not accepts(NAT)[0].allowed
    assert accepts(balancer)[0].allowed.traffic == traffic.tcp(443)
    assert not accepts(idle)[0].allowed


def test_routes_to_the_internet_are_for_services_too() -> None:
    assert set(leads(*TO_INTERNET, "s3")) == {"internet gateway"}
