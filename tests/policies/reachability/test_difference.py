"""What a change opens and closes: laws that hold for all networks, and cases of what is noise and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from policies.reachability import addresses, traffic
from policies.reachability.difference import ConnectionDifference, NetworkView, opened
from policies.reachability.flows import EMPTY, Flows
from policies.reachability.network import Network, Permission
from tests.support.building import PRIVATE, PUBLIC, WORLD, group, network, node, permission, subnet, uncertain
from tests.support.random_networks import Drawing

Relation = Mapping[tuple[str, str, tuple[str, ...]], Flows]


def relation(found: Iterable[ConnectionDifference]) -> Relation:
    """What differs, whatever the addresses inside are, by ends."""
    flows: dict[tuple[str, str, tuple[str, ...]], Flows] = {}
    for each in found:
        if not each.is_partly and not each.is_perhaps:
            flows[each.ends] = flows.get(each.ends, EMPTY) | each.flows
    return flows


def changed(net: Network, seed: int) -> Network:
    """A network with the groups, tables and listeners of another one that was drawn for the same nodes."""
    other = Drawing(seed).network()
    nodes = {
        key: replace(each, groups=other.nodes[key].groups, listens=other.nodes[key].listens)
        if key in other.nodes and other.nodes[key].kind == each.kind
        else each
        for key, each in net.nodes.items()
    }
    return replace(net, nodes=nodes)


@pytest.mark.parametrize("seed", range(25))
def test_nothing_opens_where_nothing_changes(seed: int) -> None:
    assert opened(NetworkView(Drawing(seed).network()), NetworkView(Drawing(seed).network())) == ()


@pytest.mark.parametrize("seed", range(25))
def test_two_changes_compose(seed: int) -> None:
    """What opens over two steps is what opens in the one and does not close in the other."""
    first = Drawing(seed).network()
    a, b, c = (NetworkView(each) for each in (first, changed(first, seed + 1000), changed(first, seed + 2000)))
    ab, ba, bc, cb, ac = (relation(opened(*pair)) for pair in ((a, b), (b, a), (b, c), (c, b), (a, c)))
    ends = {*ab, *ba, *bc, *cb, *ac}
    for each in ends:
        one = ab.get(each, EMPTY) - cb.get(each, EMPTY)
        other = bc.get(each, EMPTY) - ba.get(each, EMPTY)
        assert ac.get(each, EMPTY).same(one | other), each
    assert not any(each in ba and ab[each] & ba[each] for each in ab)


def test_the_drawn_changes_open_and_close() -> None:
    """Else the test above would show nothing."""
    views = [
        (NetworkView(net), NetworkView(changed(net, seed + 1000)))
        for seed in range(25)
        for net in [Drawing(seed).network()]
    ]
    assert sum(bool(opened(*pair)) for pair in views) > 8
    assert sum(bool(opened(after, before)) for before, after in views) > 8


HTTPS, SSH = traffic.tcp(443), traffic.tcp(22)
IN_PUBLIC, IN_PRIVATE = subnet("public", "10.0.1.0/24", PUBLIC), subnet("private", "10.0.2.0/24", PRIVATE)
THIRD = subnet("third", "10.0.3.0/24", PRIVATE)


def small(*ports: int, whom: str = "sg-web", name: str = "sg-db", **more: Any) -> NetworkView:
    """A public server, and a private one that lets it in on some ports."""
    rules = [permission(whom, about=traffic.tcp(port)) for port in ports]
    front = node("web", IN_PUBLIC, group("sg-web", [permission(WORLD, about=HTTPS)]), is_public=True)
    return NetworkView(network(front, node("db", more.get("subnets", IN_PRIVATE), group(name, rules))))


def lines(before: NetworkView, after: NetworkView) -> list[str]:
    """What opens, in few words."""
    return [
        f"{each.source} {each.target} {traffic.describe(each.flows.traffic)}{' partly' * each.is_partly}"
        for each in opened(before, after)
    ]


def test_one_port_more_opens_exactly_that_port() -> None:
    assert lines(small(443), small(443, 5432)) == ["web db tcp 5432"]
    assert lines(small(443, 5432), small(443)) == []


def test_another_group_of_the_same_rules_is_no_difference() -> None:
    assert lines(small(443), small(443, name="sg-other")) == []


def test_a_server_of_another_address_and_the_same_name_is_the_same() -> None:
    before = small(443)
    web = replace(before.network.nodes["web"], key="new")
    after = NetworkView(replace(before.network, nodes={"new": web, "db": before.network.nodes["db"]}))
    assert lines(before, after) == lines(after, before) == []


def test_one_subnet_more_opens_nothing() -> None:
    assert lines(small(443), small(443, subnets=(IN_PRIVATE, THIRD))) == []


def test_an_address_less_in_a_rule_opens_the_others() -> None:
    """Which address the server has, nobody knows: it may have reached the other before."""
    (found,) = opened(small(443, whom="10.0.1.0/25"), small(443, whom="10.0.1.0/24"))
    assert found.is_perhaps


def test_one_subnet_more_in_a_rule_opens_it_for_those_there() -> None:
    def both(cidr: str) -> NetworkView:
        own = node("db", (IN_PRIVATE, THIRD), group("sg", [permission("10.0.1.0/24", about=HTTPS)]))
        front = node("web", IN_PUBLIC, group("sg-web", egress=[permission(cidr)]))
        return NetworkView(network(front, own))

    assert lines(both("10.0.2.0/24"), both("10.0.2.0/23")) == ["web db tcp 443 partly"]


def test_the_addresses_of_what_is_outside_count() -> None:
    def front(cidr: str) -> NetworkView:
        return NetworkView(network(node("web", IN_PUBLIC, group("sg", [permission(cidr, about=SSH)]), is_public=True)))

    (found,) = opened(front("203.0.113.0/24"), front("203.0.112.0/23"))
    assert (found.source, found.flows.sources) == ("internet", addresses.network("203.0.112.0/24"))


def test_what_may_have_been_closed_may_open() -> None:
    """Before, nobody knew whether the rule is there; now it is."""
    rule = permission(WORLD, about=SSH)

    def web(*own: Permission) -> NetworkView:
        return NetworkView(network(node("web", IN_PUBLIC, group("sg", own), is_public=True)))

    def manner(before: NetworkView, after: NetworkView) -> set[tuple[bool, bool]]:
        return {(each.is_perhaps, each.is_assumed) for each in opened(before, after)}

    assert manner(web(uncertain(rule)), web(rule)) == {(True, False)}
    assert manner(web(uncertain(rule)), web(uncertain(rule))) == set()
    assert manner(web(uncertain(rule)), web(uncertain(rule, "another reason"))) == {(True, True)}
    assert manner(web(), web(uncertain(rule))) == {(False, True)}
