"""Security groups, as the VPC user guide says: "Control traffic to your AWS resources using security groups"."""

from __future__ import annotations

from dataclasses import replace

from policies.reachability import addresses, traffic
from policies.reachability.addresses import network
from policies.reachability.factors.factor import Packet
from policies.reachability.factors.groups import inbound, outbound
from policies.reachability.flows import Box, Flows
from policies.reachability.network import Assumption
from tests.support.building import WORLD, group, permission, uncertain

NOBODY: frozenset[str] = frozenset()
HTTPS = traffic.tcp(443)


def test_no_rules_let_nothing_through() -> None:
    assert not inbound((group("sg-a"),), NOBODY).allowed
    assert not outbound((group("sg-a", egress=[]),), NOBODY).allowed
    assert not inbound((), NOBODY).allowed


def test_a_rule_that_may_not_be_there_lets_in_but_not_for_certain() -> None:
    factor = inbound((group("sg-a", [uncertain(permission(WORLD, about=HTTPS))]),), NOBODY)
    assert factor.allowed
    assert not factor.guaranteed
    perhaps_in_it = replace(group("sg-a", [permission(WORLD, about=HTTPS)]), assumption=Assumption("it is in it"))
    factor = inbound((perhaps_in_it, group("sg-b", [permission("10.0.0.0/8")])), NOBODY)
    assert factor.guaranteed.same(Flows.of([Box(network("10.0.0.0/8"), addresses.ALL, traffic.ALL)]))
    decided = factor.decides(Packet(network("10.1.1.1").first, network("10.0.0.5").first, HTTPS.first))
    assert decided is not None
    assert decided.is_certain


def test_the_union_of_all_rules_of_all_groups_counts() -> None:
    one = group("sg-a", [permission("203.0.113.0/24", about=traffic.tcp(22)), permission(WORLD, about=HTTPS)])
    two = group("sg-b", [permission("10.0.0.0/8", about=traffic.tcp(5671))])
    factor = inbound((one, two), NOBODY)
    assert factor.allowed.same(
        Flows.of(
            Box(each, addresses.ALL, about)
            for each, about in (
                (addresses.allowed("203.0.113.0/24"), traffic.tcp(22)),
                (addresses.allowed(WORLD), HTTPS),
                (network("10.0.0.0/8"), traffic.tcp(5671)),
            )
        )
    )
    assert factor.place == "security groups sg-a, sg-b, inbound"
    packet = Packet(network("10.1.1.1").first, network("10.0.0.5").first, traffic.tcp(5671).first)
    decided = factor.decides(packet)
    assert decided is not None
    assert [rule.text for rule in decided.rules] == ["10.0.0.0/8 tcp 5671"]


def test_a_referenced_group_stands_for_its_members() -> None:
    own = (group("sg-a", [permission("sg-lb", about=HTTPS)], [permission("sg-db", about=traffic.tcp(5432))]),)
    assert inbound(own, frozenset({"sg-lb", "sg-x"})).allowed.traffic == HTTPS
    assert not inbound(own, frozenset({"sg-x"})).allowed
    assert outbound(own, frozenset({"sg-db"})).allowed.traffic == traffic.tcp(5432)
    assert not outbound(own, NOBODY).allowed


def test_itself() -> None:
    own = (group("sg-a", [permission("sg-a")]),)
    assert inbound(own, frozenset({"sg-a"})).allowed
    assert not inbound(own, NOBODY).allowed


def test_outbound_rules_are_about_where_packets_go() -> None:
    factor = outbound((group("sg-a", egress=[permission("s3", about=HTTPS)]),), NOBODY)
    assert factor.allowed.same(Flows((Box(addresses.ALL, addresses.service("s3"), HTTPS),)))


def test_public_networks_may_hold_services_and_private_ones_do_not() -> None:
    assert outbound((group("sg-a", egress=[permission(WORLD)]),), NOBODY).allowed.destinations >= addresses.ALL_SERVICES
    own = (group("sg-a", egress=[permission("10.0.0.0/8")]),)
    assert not outbound(own, NOBODY).allowed.destinations & addresses.ALL_SERVICES


def test_no_group_around_it() -> None:
    everything = Flows((Box(addresses.ALL, addresses.ALL, traffic.ALL),))
    assert inbound(None, NOBODY).allowed.same(everything)
    assert outbound(None, NOBODY).allowed.same(everything)
