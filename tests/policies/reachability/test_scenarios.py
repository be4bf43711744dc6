"""Whole networks, with what must get there, what must get back, why, and why not."""

from __future__ import annotations

import pytest

from policies.reachability import addresses, traffic
from policies.reachability.addresses import network as cidr
from policies.reachability.analysis import answer, direct
from policies.reachability.explain import blockers, witness
from policies.reachability.flows import Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Acl, Forward, Network, Peering, Rule, Target, TransitGateway, Vpc
from tests.support.building import (
    EPHEMERAL,
    LOCAL,
    OPEN,
    PRIVATE,
    PUBLIC,
    TO_INTERNET,
    WORLD,
    acl,
    allow,
    between,
    deny,
    group,
    network,
    node,
    permission,
    subnet,
    table,
)

TO_NAT = (WORLD, Target("nat gateway", "nat"))
HTTPS, SSH, EVENTS = traffic.tcp(443), traffic.tcp(22), traffic.tcp(2113)
ICMP = traffic.ports("icmp", 0, 65535)


def forward(through: str, front: Intervals, target: str, back: Intervals, keeps_client: bool = False) -> Forward:
    return Forward(through, front, target, back=back, keeps_client=keeps_client, rule=Rule(f"{through} -> {target}"))


def reaches(net: Network, source: str, target: str, about: Intervals = traffic.ALL) -> str:
    """What arrives, in words; empty for nothing."""
    return traffic.describe(answer(net, source, target, about).arrives)


def stopped_by(net: Network, source: str, target: str, about: Intervals = traffic.ALL) -> list[str]:
    return [block.place for block in blockers(answer(net, source, target, about))]


def passed(net: Network, source: str, target: str, about: Intervals = traffic.ALL) -> list[str]:
    """The places of the witness, forward and back."""
    return [
        f"{'->' if hop.direction == 'forward' else '<-'} {hop.place}: {'; '.join(rule.text for rule in hop.rules)}"
        for leg in witness(answer(net, source, target, about))
        for hop in leg.hops
    ]


# A public and a private subnet


def two_tiers(around_private: Acl = OPEN, around_public: Acl = OPEN) -> Network:
    public = subnet("public", "10.0.1.0/24", PUBLIC, around_public)
    private = subnet("private", "10.0.2.0/24", table(LOCAL, TO_NAT, name="private"), around_private)
    return network(
        node("web", public, group("sg-web", [permission(WORLD, about=HTTPS)]), is_public=True),
        node("store", private, group("sg-store", [permission("sg-web", about=EVENTS)])),
        node("nat", public, None, kind="nat gateway", is_public=True),
    )


def test_two_tiers() -> None:
    net = two_tiers()
    assert reaches(net, "internet", "web") == "tcp 443"
    assert reaches(net, "internet", "store") == ""
    assert reaches(net, "web", "store") == "tcp 2113"
    assert reaches(net, "store", "web") == "tcp 443"
    assert reaches(net, "web", "internet") == "all traffic"
    assert reaches(net, "store", "internet") == "icmp; every tcp port; every udp port"
    assert reaches(net, "internet", "nat") == reaches(net, "web", "nat") == ""


def test_the_way_in_hop_by_hop() -> None:
    assert passed(two_tiers(), "internet", "web") == [
        "-> internet gateway of vpc: igw is attached to the VPC",
        "-> internet gateway: web has a public IPv4 address",
        "-> network ACL default, inbound: allow 100",
        "-> security groups sg-web, inbound: 0.0.0.0/0 tcp 443",
        "<- route table public: 0.0.0.0/0 -> internet gateway",
        "<- network ACL default, outbound: allow 100",
    ]


def test_the_way_out_through_nat_hop_by_hop() -> None:
    net = two_tiers()
    assert passed(net, "store", "internet", HTTPS) == [
        "-> security groups sg-store, outbound: 0.0.0.0/0 ::/0 all traffic",
        "-> network ACL default, outbound: allow 100",
        "-> route table private: 0.0.0.0/0 -> nat gateway",
        "-> network ACL default, inbound: allow 100",
        "-> security groups, inbound: there is none",
        "<- route table public: 10.0.0.0/16 -> local",
        "<- network ACL default, outbound: allow 100",
        "<- network ACL default, inbound: allow 100",
        "-> nat: a NAT gateway sends on TCP, UDP and ICMP",
        "-> security groups, outbound: there is none",
        "-> network ACL default, outbound: allow 100",
        "-> route table public: 0.0.0.0/0 -> internet gateway",
        "-> internet gateway: nat has a public IPv4 address",
        "<- network ACL default, inbound: allow 100",
    ]
    first, second = witness(answer(net, "store", "internet", HTTPS))
    assert first.packet.destination == second.packet.destination
    assert first.packet.source in cidr("10.0.2.0/24")
    assert second.packet.source in cidr("10.0.1.0/24")


def test_why_the_internet_does_not_reach_the_private_subnet() -> None:
    found = blockers(answer(two_tiers(), "internet", "store", traffic.TCP))
    assert [(block.place, block.direction, block.is_alone) for block in found] == [
        ("internet gateway", "forward", True),
        ("security groups sg-store, inbound", "forward", True),
        ("route table private", "return", True),
    ]


@pytest.mark.parametrize(
    ("around_private", "around_public", "stopped"),
    [
        (acl([], [allow(100, WORLD)], "strict"), OPEN, "network ACL strict, inbound"),
        (acl([allow(100, "10.0.0.0/16")], [allow(100, WORLD)], "strict"), OPEN, "network ACL strict, inbound"),
        (acl([allow(100, WORLD, traffic.UDP)], [allow(100, WORLD)], "strict"), OPEN, "network ACL strict, inbound"),
        (OPEN, acl([allow(100, "10.0.0.0/16")], [allow(100, WORLD)], "strict"), "network ACL strict, inbound"),
        (
            OPEN,
            acl([allow(100, WORLD)], [deny(90, "10.0.2.0/24"), allow(100, WORLD)], "strict"),
            "network ACL strict, outbound",
        ),
        (OPEN, acl([allow(100, WORLD, EPHEMERAL)], [allow(100, WORLD)], "strict"), "network ACL strict, inbound"),
    ],
)
def test_nat_needs_the_acls_of_both_subnets_in_both_directions(
    around_private: Acl, around_public: Acl, stopped: str
) -> None:
    net = two_tiers(around_private, around_public)
    assert reaches(net, "store", "internet", HTTPS) == ""
    assert stopped in stopped_by(net, "store", "internet", HTTPS)


def test_nat_needs_a_route_back() -> None:
    """A route in its own table that is more specific than the local one takes the answers elsewhere."""

    def net(*more: tuple[str, Target]) -> Network:
        public = subnet("public", "10.0.1.0/24", table(LOCAL, TO_INTERNET, *more))
        private = subnet("private", "10.0.2.0/24", table(LOCAL, TO_NAT))
        nat = node("nat", public, None, kind="nat gateway", is_public=True)
        return network(nat, node("store", private, group("sg-store")))

    assert reaches(net(), "store", "internet", HTTPS) == "tcp 443"
    assert reaches(net(("10.0.2.0/24", Target("blackhole"))), "store", "internet", HTTPS) == ""


def test_answers_that_do_not_get_out() -> None:
    """A stateless ACL that lets requests in and not the answers out: no TCP connection comes about."""
    net = two_tiers(around_public=acl([allow(100, WORLD)], [allow(100, WORLD, traffic.UDP)], "mute"))
    assert reaches(net, "internet", "web") == ""
    assert stopped_by(net, "internet", "web", HTTPS) == ["network ACL mute, outbound"]


def test_a_client_may_bind_any_port() -> None:
    """Answers to port 443 get out: to a client that opens its connection from port 443."""
    net = two_tiers(around_public=acl([allow(100, WORLD)], [allow(100, WORLD, HTTPS)], "narrow"))
    assert reaches(net, "internet", "web") == "tcp 443"
    (leg,) = witness(answer(net, "internet", "web"))
    assert leg.client_port == 443
    assert not direct(net, "internet", "web").is_universal_on(HTTPS)


def test_datagrams_are_delivered_without_a_way_back() -> None:
    """Only TCP asks for answers: neither the route nor the ACL on the way back counts for anything else."""
    everything = group("sg-open", [permission(WORLD)])
    mute = acl([allow(100, WORLD)], [], "mute")
    net = network(
        node("sender", subnet("one", "10.0.1.0/24", table(("10.0.2.0/24", Target("local")))), everything),
        node("log", subnet("two", "10.0.2.0/24", table(("10.0.2.0/24", Target("local"))), mute), everything),
    )
    assert reaches(net, "sender", "log", traffic.UDP) == "every udp port"
    assert reaches(net, "sender", "log", ICMP) == "icmp"
    assert reaches(net, "sender", "log", traffic.ports("50", 0, 65535)) == "protocol 50"
    assert reaches(net, "sender", "log", traffic.TCP) == reaches(net, "log", "sender") == ""
    (leg,) = witness(answer(net, "sender", "log", traffic.UDP))
    assert {hop.direction for hop in leg.hops} == {"forward"}


def test_answers_to_some_ports_are_reachable_and_not_sure() -> None:
    some = traffic.tcp(32768, 60999)
    net = two_tiers(around_public=acl([allow(100, WORLD)], [allow(100, WORLD, some)], "narrow"))
    found = direct(net, "internet", "web")
    assert found.flows.traffic == HTTPS
    assert not found.guaranteed
    assert not found.is_universal_on(HTTPS)
    assert direct(two_tiers(), "internet", "web").is_universal_on(HTTPS)


# Inside a VPC


def test_acls_are_not_consulted_inside_a_subnet() -> None:
    closed = acl([], [], "closed")
    one, two = subnet("one", "10.0.1.0/24", around=closed), subnet("two", "10.0.2.0/24", around=closed)
    members = group("sg-a", [permission("sg-a")])
    net = network(node("a", (one, two), members), node("b", two, members))
    assert direct(net, "a", "b").flows.same(between("10.0.2.0/24", "10.0.2.0/24", traffic.ALL))
    assert not direct(net, "a", "b").is_universal_on(HTTPS)


def test_a_rule_for_part_of_a_subnet_lets_part_of_its_addresses_through() -> None:
    net = network(
        node("a", subnet("one", "10.0.1.0/24"), group("sg-a")),
        node("b", subnet("two", "10.0.2.0/24"), group("sg-b", [permission("10.0.1.0/25", about=HTTPS)])),
    )
    found = direct(net, "a", "b")
    assert found.flows.same(between("10.0.1.0/25", "10.0.2.0/24", HTTPS))
    assert found.missing(HTTPS).same(between("10.0.1.128/25", "10.0.2.0/24", HTTPS))
    assert not found.is_universal_on(HTTPS)


def test_known_addresses() -> None:
    net = network(
        node("a", subnet("one", "10.0.1.0/24"), group("sg-a"), addresses=cidr("10.0.1.7")),
        node("b", subnet("two", "10.0.2.0/24"), group("sg-b", [permission("10.0.1.0/25", about=HTTPS)])),
    )
    assert direct(net, "a", "b").is_universal_on(HTTPS)


def test_a_group_lets_its_own_members_in() -> None:
    own = subnet("one", "10.0.1.0/24")
    net = network(node("a", own, group("sg-a", [permission("sg-a", about=HTTPS)])))
    assert reaches(net, "a", "a") == "tcp 443"
    assert reaches(net, "internet", "a") == ""


# Peering, transit gateways, VPN


def peered(here: tuple[str, str], there: tuple[str, str], *, third: bool = False) -> Network:
    pcx = Target("peering", "pcx")
    one = subnet("one", "10.0.1.0/24", table(LOCAL, *((each, pcx) for each in here if each)))
    other = table(("10.1.0.0/16", Target("local")), *((each, pcx) for each in there if each), TO_INTERNET)
    two = subnet("two", "10.1.1.0/24", other, vpc="other")
    return network(
        node("a", one, group("sg-a")),
        node("b", two, group("sg-b", [permission("sg-a", about=SSH)]), is_public=True),
        vpcs=[Vpc("other", "other", cidr("10.1.0.0/16"), internet_gateway="igw")],
        peerings={"pcx": Peering("pcx", ("third", "other") if third else ("vpc", "other"))},
    )


def test_peering_needs_routes_on_both_sides() -> None:
    assert reaches(peered(("10.1.0.0/16", ""), ("10.0.0.0/16", "")), "a", "b") == "tcp 22"
    no_way_back = peered(("10.1.0.0/16", ""), ("10.9.0.0/16", ""))
    assert reaches(no_way_back, "a", "b") == ""
    assert blockers(answer(no_way_back, "a", "b", SSH))[0].direction == "return"
    assert reaches(peered(("10.9.0.0/16", ""), ("10.0.0.0/16", "")), "a", "b") == ""


def test_peering_is_between_two_vpcs() -> None:
    assert reaches(peered(("10.1.0.0/16", ""), ("10.0.0.0/16", ""), third=True), "a", "b") == ""


def test_a_peer_is_no_way_to_the_internet() -> None:
    net = peered((WORLD, ""), ("10.0.0.0/16", ""))
    assert reaches(net, "a", "internet") == ""
    assert reaches(net, "b", "internet") == "all traffic"
    assert stopped_by(net, "a", "internet") == ["route table table"]


def transit(routes: dict[str, list[tuple[str, Target]]]) -> Network:
    tgw = Target("transit gateway", "tgw")
    one = subnet("one", "10.0.1.0/24", table(LOCAL, (WORLD, tgw)))
    two = subnet("two", "10.1.1.0/24", table(("10.1.0.0/16", Target("local")), (WORLD, tgw)), vpc="other")
    return network(
        node("a", one, group("sg-a")),
        node("b", two, group("sg-b", [permission("10.0.0.0/8", about=SSH)])),
        vpcs=[Vpc("other", "other", cidr("10.1.0.0/16"))],
        transit_gateways={"tgw": TransitGateway("tgw", {vpc: table(*own).routes for vpc, own in routes.items()})},
    )


def test_transit_gateways_route_between_attachments() -> None:
    there, back = ("10.1.0.0/16", Target("local", "other")), ("10.0.0.0/16", Target("local", "vpc"))
    assert reaches(transit({"vpc": [there], "other": [back]}), "a", "b") == "tcp 22"
    assert reaches(transit({"vpc": [there], "other": []}), "a", "b") == ""
    assert reaches(transit({"vpc": [], "other": [back]}), "a", "b") == ""
    hole = ("10.1.1.0/24", Target("blackhole"))
    assert reaches(transit({"vpc": [there, hole], "other": [back]}), "a", "b") == ""


def test_a_vpn_is_a_network_of_its_own() -> None:
    vpn = Target("vpn gateway", "vgw")
    own = subnet("one", "10.0.1.0/24", table(LOCAL, ("192.168.0.0/16", vpn)))
    around = group("sg-a", [permission("192.168.7.0/24", about=SSH)], [permission("192.168.0.0/16", about=HTTPS)])
    net = network(node("a", own, around), externals={"vgw": "192.168.0.0/16"})
    assert direct(net, "vgw", "a").flows.same(between("192.168.7.0/24", "10.0.1.0/24", SSH))
    assert direct(net, "a", "vgw").flows.same(between("10.0.1.0/24", "192.168.0.0/16", HTTPS))
    assert reaches(net, "a", "internet") == reaches(net, "internet", "a") == ""


# AWS services


@pytest.mark.parametrize(
    ("around", "found"),
    [
        (OPEN, "tcp 443"),
        (acl([allow(100, WORLD, EPHEMERAL)], [allow(100, WORLD, HTTPS)]), "tcp 443"),
        (acl([allow(100, "10.0.0.0/16")], [allow(100, WORLD)]), ""),
        (acl([allow(100, WORLD)], [allow(100, "10.0.0.0/16")]), ""),
    ],
)
def test_gateway_endpoints(around: Acl, found: str) -> None:
    """The ACL must let the service's public addresses through, in both directions."""
    own = subnet("one", "10.0.1.0/24", table(LOCAL, ("s3", Target("gateway endpoint", "vpce"))), around)
    net = network(node("a", own, group("sg-a", egress=[permission("s3", about=HTTPS)])))
    assert reaches(net, "a", "s3") == found
    assert reaches(net, "a", "dynamodb") == reaches(net, "a", "internet") == reaches(net, "s3", "a") == ""


# IPv6


def test_egress_only_gateways_let_nothing_in() -> None:
    routes = table(LOCAL, TO_INTERNET, ("::/0", Target("egress-only gateway", "eigw")))
    own = subnet("one", "10.0.1.0/24 2600:1f18::/64", routes)
    net = network(node("a", own, group("sg-a", [permission("::/0")]), has_ipv6=True))
    assert direct(net, "a", "internet").flows.sources == cidr("2600:1f18::/64")
    assert reaches(net, "internet", "a", traffic.TCP) == ""


def test_ipv6_addresses_are_public() -> None:
    routes = table(LOCAL, ("::/0", Target("internet gateway", "igw")))
    own = subnet("one", "10.0.1.0/24 2600:1f18::/64", routes)
    around = group("sg-a", [permission(WORLD, "::/0", about=SSH)])
    assert reaches(network(node("a", own, around, has_ipv6=True)), "internet", "a") == "tcp 22"
    assert reaches(network(node("a", own, around)), "internet", "a") == ""
    assert reaches(network(node("a", own, around, is_public=True)), "internet", "a") == ""


# What is not in the Terraform


def test_what_is_not_known_is_reached_and_not_sure() -> None:
    own = subnet("one", "10.0.1.0/24", table(LOCAL, (WORLD, Target("unknown"))))
    net = network(node("a", own, group("sg-a", [permission(WORLD, about=SSH)]), is_public=True))
    for source, target in (("a", "internet"), ("internet", "a")):
        found = direct(net, source, target)
        assert found.flows
        assert not found.guaranteed
    assert any(hop.is_assumed for leg in witness(answer(net, "a", "internet")) for hop in leg.hops)


def test_nat_instances_let_in_what_their_groups_do() -> None:
    def net(lets_in: Intervals) -> Network:
        public = subnet("public", "10.0.1.0/24", PUBLIC)
        private = subnet("private", "10.0.2.0/24", table(LOCAL, (WORLD, Target("interface", "nat"))))
        around = group("sg-nat", [permission("10.0.2.0/24", about=lets_in)])
        return network(node("nat", public, around, is_public=True), node("a", private, group("sg-a")))

    assert reaches(net(HTTPS), "a", "internet") == "tcp 443"
    assert reaches(net(Intervals()), "a", "internet") == ""


def test_an_instance_is_not_its_own_way_out() -> None:
    """Two servers that are alike but for one: routes lead through it."""
    one = subnet("one", "10.0.1.0/24", table(LOCAL, (WORLD, Target("interface", "nat"))))
    two = subnet("two", "10.0.2.0/24", PUBLIC)
    around = group("sg-a", [permission("sg-a")])
    net = network(*(node(key, (one, two), around, is_public=True) for key in ("nat", "a")))
    assert direct(net, "nat", "internet").flows.sources == cidr("10.0.2.0/24")
    assert direct(net, "a", "internet").flows.sources == cidr("10.0.1.0/24") | cidr("10.0.2.0/24")


# Load balancers


def behind(around_balancer: list[Intervals], keeps_client: bool, server_lets_in: tuple[str, ...]) -> Network:
    """An internet-facing load balancer in front of a server without any way to or from the internet."""
    front = subnet("public", "10.0.1.0/24", PUBLIC)
    groups = [group("sg-lb", [permission(WORLD, about=each)]) for each in around_balancer]
    return network(
        node("lb", front, *(groups or (None,)), kind="load balancer", is_public=True, listens=HTTPS),
        node("app", subnet("private", "10.0.2.0/24"), group("sg-app", [permission(*server_lets_in, about=EVENTS)])),
        forwards=[forward("lb", HTTPS, "app", back=EVENTS, keeps_client=keeps_client)],
    )


def test_load_balancers_speak_for_their_clients() -> None:
    net = behind([HTTPS], False, ("sg-lb",))
    found = answer(net, "internet", "app")
    assert not found.paths[0]
    assert found.arrives == EVENTS
    assert found.flows.traffic == HTTPS
    assert found.flows.destinations == cidr("10.0.1.0/24")
    assert found.is_universal_on(HTTPS)
    assert [leg.target for leg in witness(found)] == ["lb", "app"]
    assert reaches(net, "internet", "app", SSH) == ""
    assert stopped_by(net, "internet", "app", SSH)[-1] == "what lb passes on"


def test_load_balancers_accept_what_they_listen_on() -> None:
    net = behind([traffic.ALL], False, ("sg-lb",))
    assert reaches(net, "internet", "lb") == "tcp 443"
    assert stopped_by(net, "internet", "lb", SSH) == ["listeners of lb"]


@pytest.mark.parametrize(
    ("around_balancer", "keeps_client", "server_lets_in", "found"),
    [
        ([], False, ("10.0.1.0/24",), "tcp 2113"),
        ([], False, (WORLD,), "tcp 2113"),
        ([], False, ("203.0.113.0/24",), ""),
        ([], True, ("10.0.1.0/24",), ""),
        ([], True, (WORLD,), "tcp 2113"),
        ([], True, ("203.0.113.0/24",), "tcp 2113"),
        ([HTTPS], True, ("sg-lb",), "tcp 2113"),
        ([HTTPS], True, ("sg-x",), ""),
        ([SSH], True, (WORLD,), ""),
    ],
)
def test_network_load_balancers_may_keep_the_clients_address(
    around_balancer: list[Intervals], keeps_client: bool, server_lets_in: tuple[str, ...], found: str
) -> None:
    assert reaches(behind(around_balancer, keeps_client, server_lets_in), "internet", "app") == found


def test_kept_addresses_tell_clients_apart() -> None:
    found = answer(behind([], True, ("203.0.113.0/24",)), "internet", "app").flows
    assert found.same(between("203.0.113.0/24", "10.0.1.0/24", HTTPS))


def test_groups_of_clients_do_not_count_behind_a_network_load_balancer() -> None:
    """Guide of Network Load Balancers: "use the client CIDR blockers in the target security groups instead"."""

    def net(lets_in: str) -> Network:
        own = subnet("one", "10.0.1.0/24")
        return network(
            node("client", own, group("sg-client")),
            node("lb", own, None, kind="load balancer", listens=HTTPS),
            node("app", subnet("two", "10.0.2.0/24"), group("sg-app", [permission(lets_in, about=EVENTS)])),
            forwards=[forward("lb", HTTPS, "app", EVENTS, keeps_client=True)],
        )

    assert [bool(path) for path in answer(net("sg-client"), "client", "app").paths] == [True, False]
    assert [bool(path) for path in answer(net("10.0.1.0/24"), "client", "app").paths] == [True, True]


def test_the_acl_of_the_target_sees_kept_addresses() -> None:
    def net(keeps_client: bool) -> Network:
        inside = acl([allow(100, "10.0.0.0/16")], [allow(100, "10.0.0.0/16")], "inside")
        return network(
            node(
                "lb", subnet("public", "10.0.1.0/24", PUBLIC), None, kind="load balancer", is_public=True, listens=HTTPS
            ),
            node("app", subnet("private", "10.0.2.0/24", PRIVATE, inside), group("sg-app", [permission(WORLD)])),
            forwards=[forward("lb", HTTPS, "app", back=HTTPS, keeps_client=keeps_client)],
        )

    assert reaches(net(False), "internet", "app") == "tcp 443"
    assert reaches(net(True), "internet", "app") == ""


def test_chains() -> None:
    """A network load balancer in front of an application load balancer: the server sees the second."""
    public, private = subnet("public", "10.0.1.0/24", PUBLIC), subnet("private", "10.0.2.0/24")
    net = network(
        node("nlb", public, None, kind="load balancer", is_public=True, listens=HTTPS),
        node(
            "alb",
            private,
            group("sg-alb", [permission("203.0.113.0/24", about=HTTPS)]),
            kind="load balancer",
            listens=HTTPS,
        ),
        node("app", private, group("sg-app", [permission("sg-alb", about=EVENTS)])),
        forwards=[forward("nlb", HTTPS, "alb", HTTPS, keeps_client=True), forward("alb", HTTPS, "app", EVENTS)],
    )
    found = answer(net, "internet", "app")
    assert found.flows.same(between("203.0.113.0/24", "10.0.1.0/24", HTTPS))
    assert [leg.target for leg in witness(found)] == ["nlb", "alb", "app"]


def test_private_link() -> None:
    """A service in another VPC: reached through the endpoint, and seen as the addresses of its load balancer."""
    there = subnet("there", "10.1.1.0/24", table(("10.1.0.0/16", Target("local"))), vpc="other")
    here = subnet("here", "10.0.1.0/24")

    def net(server_lets_in: str) -> Network:
        return network(
            node("client", here, group("sg-client")),
            node("stranger", subnet("apart", "10.0.9.0/24"), group("sg-stranger")),
            node("endpoint", here, group("sg-vpce", [permission("sg-client", about=HTTPS)]), kind="endpoint"),
            node("nlb", there, None, kind="load balancer", listens=HTTPS),
            node("app", there, group("sg-app", [permission(server_lets_in, about=EVENTS)])),
            forwards=[
                forward("endpoint", HTTPS, "nlb", HTTPS),
                forward("nlb", HTTPS, "app", EVENTS, keeps_client=True),
            ],
            vpcs=[Vpc("other", "other", cidr("10.1.0.0/16"))],
        )

    assert reaches(net("10.1.1.0/24"), "client", "app") == "tcp 2113"
    assert reaches(net("10.0.1.0/24"), "client", "app") == ""
    assert reaches(net("10.1.1.0/24"), "stranger", "app") == ""
    assert reaches(net("10.1.1.0/24"), "endpoint", "client") == reaches(net("10.1.1.0/24"), "app", "client") == ""
    assert [leg.target for leg in witness(answer(net("10.1.1.0/24"), "client", "app"))] == ["endpoint", "nlb", "app"]


def test_every_target_counts_for_what_must_be_reached() -> None:
    """The load balancer reaches only half of the targets' addresses: reachable, and not universal."""
    net = network(
        node("a", subnet("one", "10.0.1.0/24"), group("sg-a")),
        node(
            "lb",
            subnet("two", "10.0.2.0/24"),
            group("sg-lb", [permission("sg-a")], [permission("10.0.3.0/25")]),
            kind="load balancer",
            listens=HTTPS,
        ),
        node("app", subnet("three", "10.0.3.0/24"), group("sg-app", [permission("sg-lb")])),
        forwards=[forward("lb", HTTPS, "app", EVENTS)],
    )
    found = answer(net, "a", "app")
    assert found.flows.traffic == HTTPS
    assert not found.is_universal_on(HTTPS)
    assert found.missing(HTTPS).same(Flows.between(cidr("10.0.1.0/24"), cidr("10.0.2.0/24"), HTTPS))
    assert addresses.describe(found.flows.destinations) == "10.0.2.0/24"
