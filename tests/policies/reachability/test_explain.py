"""Explanations hold: every yes is a connection that the simulator makes, every no has something that stops it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.reachability import addresses, text, traffic
from policies.reachability.analysis import Answer, answer
from policies.reachability.explain import Blocker, Leg, assumptions, blockers, is_assumed, witness
from policies.reachability.factors.factor import Packet
from policies.reachability.flows import Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Assumption, Network, Target, TransitGateway, Vpc
from tests.support.building import LOCAL, TO_INTERNET, WORLD, group, network, node, permission, subnet, table
from tests.support.random_networks import Drawing
from tests.support.simulator import Interface, Outside
from tests.support.trial import Trial

NETWORKS = 25


def answers(seed: int) -> list[tuple[Trial, Answer]]:
    found = Drawing(seed).network()
    trial = Trial(found)
    ends = [*found.nodes, *found.externals]
    pairs = [(one, other) for one in ends for other in ends if one in found.nodes or other in found.nodes]
    return [(trial, answer(found, *pair)) for pair in pairs]


@pytest.mark.parametrize("batch", range(4))
def test_every_yes_has_a_connection_and_every_no_something_that_stops_it(batch: int) -> None:
    for seed in range(batch * NETWORKS, (batch + 1) * NETWORKS):
        for trial, found in answers(seed):
            legs, stops = witness(found), blockers(found)
            place = f"network {seed}, from {found.source.key} to {found.target.key}"
            assert bool(legs) is bool(found) is not bool(stops), place
            if legs:
                assert holds(trial, found, legs), place
            for path in () if found else found.paths:
                of_path = [stop for stop in stops if stop.forwards == path.forwards]
                assert of_path, f"{place}: a way of a no is left unshown"
                assert all(stop.place and (stop.rules or stop.is_allow_list) for stop in of_path), place


def holds(trial: Trial, found: Answer, legs: tuple[Leg, ...]) -> bool:
    """Whether the simulator makes the first connection of a witness, and it is among the flows of a path."""
    packet = legs[0].packet
    goals = [
        trial.network.nodes[path.forwards[0].through] if path.forwards else found.target
        for path in found.paths
        if is_in(packet, path.flows)
    ]
    # Numbers of one class are alike: what stands in the witness need not be the one that the trial takes.
    return any(
        trial.simulator.connects(
            standing(trial, found.source.key, packet.source),
            standing(trial, goal.key, packet.destination),
            packet.traffic,
            strict=False,
        )
        for goal in goals
        if goal.name in [leg.target for leg in legs]
    )


def is_in(packet: Packet, flows: Flows) -> bool:
    return any(packet.is_in(box) for box in flows)


def standing(trial: Trial, key: str, address: int) -> Interface | Outside:
    if key not in trial.network.nodes:
        return Outside(key, address)
    found = trial.network.nodes[key]
    return Interface(found, next(each for each in found.subnets if address in each.addresses), address)


def public_server(*lets_in: str, routes: Target = TO_INTERNET[1]) -> Network:
    own = subnet("one", "10.0.1.0/24", table(LOCAL, (WORLD, routes)))
    around = group("sg-a", [permission(*lets_in, about=traffic.tcp(22))])
    return network(node("a", own, around, is_public=True))


def test_packets_are_ones_that_people_recognise() -> None:
    (leg,) = witness(answer(public_server(WORLD), "internet", "a"))
    assert (leg.source, leg.target, leg.client_port) == ("internet", "a", 50000)
    assert addresses.address(leg.packet.source) == "203.0.113.10"
    assert addresses.address(leg.packet.destination) == "10.0.1.4"
    assert leg.packet.traffic in traffic.tcp(22)


def test_two_ends_of_one_subnet_have_two_addresses() -> None:
    (leg,) = witness(answer(public_server("10.0.0.0/16"), "a", "a"))
    assert leg.packet.source != leg.packet.destination


def test_names_are_those_of_the_subnet_that_the_packet_is_from() -> None:
    """Subnets that say the same are one class for the analysis, and each has its own table in the explanation."""
    stands = [
        subnet(f"subnet-{number}", f"10.0.{number}.0/24", table(LOCAL, TO_INTERNET, name=f"table-{number}"))
        for number in (1, 2)
    ]
    around = group("sg-a", [permission(WORLD)])
    net = network(node("a", stands, around, is_public=True, addresses=addresses.network("10.0.2.9")))
    (leg,) = witness(answer(net, "internet", "a"))
    assert next(hop.place for hop in leg.hops if hop.direction == "return") == "route table table-2"


def test_what_stops_only_together() -> None:
    """The groups let one half of the addresses in, the route leads back to the other: neither stops all on its own."""
    own = subnet("one", "10.0.1.0/24", table(LOCAL, ("128.0.0.0/1", TO_INTERNET[1])))
    net = network(node("a", own, group("sg-a", [permission("0.0.0.0/1")]), is_public=True))
    assert [(block.place, block.is_alone) for block in blockers(answer(net, "internet", "a", traffic.TCP))] == [
        ("security groups sg-a, inbound", False),
        ("route table table", False),
    ]


def test_a_no_shows_the_chosen_route_and_that_of_the_transit_gateway() -> None:
    tgw = Target("transit gateway", "tgw")
    there = subnet("two", "10.1.1.0/24", table(("10.1.0.0/16", Target("local")), (WORLD, tgw)), vpc="other")
    open_to_all = group("sg-open", [permission(WORLD)])

    def stopped(*routes: tuple[str, Target]) -> list[str]:
        net = network(
            node("a", subnet("one", "10.0.1.0/24", table(LOCAL, (WORLD, tgw))), open_to_all),
            node("b", there, open_to_all),
            vpcs=[Vpc("other", "other", addresses.network("10.1.0.0/16"))],
            transit_gateways={"tgw": TransitGateway("tgw", {"vpc": table(*routes).routes, "other": ()})},
        )
        return list(text.blocked(blockers(answer(net, "a", "b", traffic.UDP))))

    hole = ("10.1.1.0/24", Target("blackhole"))
    assert stopped(("10.1.0.0/16", Target("local", "other")), hole) == [
        "a -> b",
        "  -> route table table: 0.0.0.0/0 -> transit gateway is chosen, and there 10.1.1.0/24 -> blackhole",
    ]
    (_, line) = stopped(("10.9.0.0/16", Target("local", "other")), hole, ("10.1.0.0/16", Target("local", "vpc")))
    assert line.endswith("and there 10.1.1.0/24 -> blackhole")


def test_a_no_about_some_addresses_shows_what_stops_them() -> None:
    net = public_server("203.0.113.0/24")
    strangers = answer(net, "internet", "a", traffic.tcp(22)).limited(addresses.network("198.51.100.7"), addresses.ALL)
    assert [stop.place for stop in blockers(strangers)] == ["security groups sg-a, inbound"]
    nobody = answer(net, "internet", "a").limited(addresses.network("10.9.9.9"), addresses.ALL)
    assert [stop.place for stop in blockers(nobody)] == ["addresses"]


def test_every_connection_of_a_no_is_shown_in_the_text() -> None:
    stops = [Blocker("a", "b", place, "forward", rules=(), is_allow_list=True) for place in ("one", "two")]
    apart = [Blocker("a", "lb", "one", "forward", rules=(), is_alone=False)]
    assert list(text.blocked([*stops, *apart, *stops])) == [
        "a -> b",
        "  -> one: nothing",
        "  -> two: nothing",
        "a -> lb",
        "  -> one, with others: stops it",
    ]


def test_assumptions_that_matter() -> None:
    unknown = public_server(WORLD, routes=Target("unknown"))
    other = node("b", subnet("two", "10.0.2.0/24"), group("sg-b")).resource
    about_it, of_it, about_another, about_nothing = (
        Assumption(text, each)
        for text, each in (
            ("it", unknown.nodes["a"].resource),
            ("its VPC", None),
            ("another", other),
            ("nothing", None),
        )
    )
    resting = {"a": replace(unknown.nodes["a"], assumptions=(of_it,))}
    net = replace(unknown, nodes=resting, assumptions=(about_it, of_it, about_another, about_nothing))
    assert assumptions(answer(net, "internet", "a")) == (about_it, of_it)


def test_an_address_that_is_not_known_and_must_be_some_is_an_assumption() -> None:
    own, other = subnet("one", "10.0.1.0/24"), subnet("two", "10.0.2.0/24")

    def rests(*lets_in: str, **more: Intervals) -> list[str]:
        around = group("sg-b", [permission(each, about=traffic.tcp(22)) for each in lets_in])
        net = network(node("a", (own, subnet("three", "10.0.3.0/24")), group("sg-a"), **more), node("b", other, around))
        found = answer(net, "a", "b")
        assert is_assumed(found) is bool(assumptions(found))
        return [each.text for each in assumptions(found)]

    assert rests("10.0.1.0/25") == ["the address of a is not known: taken for one of 10.0.1.0/25"]
    assert rests("10.0.1.0/25", "10.0.1.128/25") == rests("10.0.3.0/24") == rests(WORLD) == []
    assert rests("10.0.1.0/25", addresses=addresses.network("10.0.1.7")) == []
