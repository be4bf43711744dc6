"""The matrix says what the answers say, and takes no longer for copies of what is there."""

from __future__ import annotations

import pytest

from policies.reachability.analysis import answer, direct, end
from policies.reachability.connections import connections_of
from policies.reachability.matrix import matrix
from policies.reachability.network import Network
from tests.support.building import PRIVATE, PUBLIC, WORLD, group, network, node, permission, subnet
from tests.support.random_networks import Drawing


@pytest.mark.parametrize("seed", range(20))
def test_it_holds_every_answer(seed: int) -> None:
    net = Drawing(seed).network()
    found = matrix(net)
    for source in (*net.nodes, *net.externals):
        for target in (*net.nodes, *net.externals):
            is_within = source in found.sources and target in found.targets
            is_between_externals = source in net.externals and target in net.externals
            reached = bool(answer(net, source, target)) and not is_between_externals
            if is_within:
                assert ((source, target) in found.answers) is reached
            else:
                assert not answer(net, source, target) or source.startswith("nat")
    assert list(found.answers) == [
        (source, target) for source in found.sources for target in found.targets if (source, target) in found.answers
    ]


def replicas(number: int) -> Network:
    """Public and private servers over so many pairs of subnets."""
    public = [subnet(f"public-{k}", f"10.0.{2 * k}.0/24", PUBLIC) for k in range(number)]
    private = [subnet(f"private-{k}", f"10.0.{2 * k + 1}.0/24", PRIVATE) for k in range(number)]
    return network(
        node("web", public, group("sg-web", [permission(WORLD)]), is_public=True),
        node("store", private, group("sg-store", [permission("sg-web")])),
    )


@pytest.mark.parametrize("number", [1, 2, 40])
def test_subnets_that_say_the_same_are_one_class(number: int) -> None:
    """What is worked out does not grow with their number: two paths' worth, and one for each subnet that is shared."""
    net = replicas(number)
    web, store = net.nodes["web"], net.nodes["store"]
    assert len(connections_of(net).between(web, store)) == 1
    assert len(connections_of(net).between(web, web)) == (1 if number == 1 else 1 + number)
    assert direct(net, "web", "store").flows.boxes[0].destination.size == 256 * number
    assert set(matrix(net).answers) == {
        ("internet", "web"),
        ("web", "dynamodb"),
        ("web", "internet"),
        ("web", "s3"),
        ("web", "store"),
        ("web", "web"),
        ("store", "web"),
    }


def test_an_end_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="nobody"):
        end(replicas(1), "nobody")


def test_a_network_is_worked_out_once() -> None:
    net = replicas(2)
    assert connections_of(net) is connections_of(net)
    assert connections_of(net) is not connections_of(replicas(2))
