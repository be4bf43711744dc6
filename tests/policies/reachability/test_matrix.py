"""The matrix says what the answers say, and takes no longer for copies of what is there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.reachability import addresses
from policies.reachability.analysis import Answer, answer, direct
from policies.reachability.classes import Classes, Role
from policies.reachability.connections import connections_of
from policies.reachability.intervals import Intervals
from policies.reachability.matrix import matrix
from policies.reachability.network import Network
from policies.reachability.placement import end
from tests.support.building import PRIVATE, PUBLIC, WORLD, group, network, node, permission, subnet
from tests.support.random_networks import Drawing


def split(net: Network) -> Network:
    """The same with each subnet cut in two, and each node copied into every half: much is alike, and not all."""
    halves = {
        (id(where), number): replace(where, key=f"{where.key}-{number}", addresses=half)
        for each in net.nodes.values()
        for where in each.subnets
        for number, half in enumerate(cut(where.addresses))
    }
    copies = {}
    for each in net.nodes.values():
        for number in (0, 1):
            own = tuple(halves[id(where), number] for where in each.subnets if (id(where), number) in halves)
            known = each.addresses & Intervals.union(where.addresses for where in own)
            if own and bool(known) == bool(each.addresses):
                key = each.key if number == 0 else f"{each.key}-copy"
                copies[key] = replace(each, key=key, name=key, subnets=own, addresses=known)
    forwards = [
        replace(forward, target=target)
        for forward in net.forwards
        for target in (forward.target, f"{forward.target}-copy")
        if forward.through in copies and target in copies
    ]
    return replace(net, nodes=copies, forwards=tuple(forwards))


def cut(numbers: Intervals) -> list[Intervals]:
    """The first address of each span, and the others."""
    first = Intervals.of((start, start) for start, _ in numbers.spans)
    return [each for each in (first, numbers - first) if each]


def carried(reply: Answer) -> list[tuple[list[str], Intervals, Intervals]]:
    """What the paths of an answer carry, and through what."""
    return [
        ([each.through for each in path.forwards], path.flows.traffic, path.arrives) for path in reply.paths if path
    ]


@pytest.mark.parametrize("seed", range(40))
def test_it_holds_every_answer(seed: int) -> None:
    net = split(Drawing(seed).network())
    found = matrix(net)
    for source in (*net.nodes, *net.externals):
        for target in (*net.nodes, *net.externals):
            is_within = source in found.sources and target in found.targets
            is_between_externals = source in net.externals and target in net.externals
            reply = answer(net, source, target)
            if is_within and not is_between_externals:
                like = found.answers.get((source, target))
                assert (carried(like) if like else []) == carried(reply), (source, target)
            elif not is_between_externals:
                assert not reply or source.startswith("nat")
    assert list(found.answers) == [
        (source, target) for source in found.sources for target in found.targets if (source, target) in found.answers
    ]
    assert len(found.answers) == sum(1 for row in found.rows for _ in row.pairs())


def test_many_nodes_of_these_networks_are_alike() -> None:
    """Else the test above would show nothing."""
    alike = 0
    for seed in range(50):
        net = split(Drawing(seed).network())
        classes = Classes(net)
        for role in ROLES:
            alike += len(net.nodes) - len({classes.of(each, role) for each in net.nodes.values()})
    assert alike > 80


@pytest.mark.parametrize("seed", range(10))
def test_some_ends_only(seed: int) -> None:
    net = split(Drawing(seed).network())
    whole = matrix(net)
    for key in whole.sources:
        some = matrix(net, sources=[key])
        assert some.sources == (key,)
        assert some.answers.keys() == {pair for pair in whole.answers if pair[0] == key}
    for key in whole.targets:
        assert matrix(net, targets=[key]).answers.keys() == {pair for pair in whole.answers if pair[1] == key}


def instances(number: int, subnets: int) -> Network:
    """So many instances of three kinds over so many subnets."""
    groups = [
        group("sg-web", [permission(WORLD)]),
        group("sg-app", [permission("sg-web")]),
        group("sg-store", [permission("sg-app")]),
    ]
    stands = [subnet(f"subnet-{k}", f"10.0.{k}.0/24", PUBLIC if k % 2 else PRIVATE) for k in range(subnets)]
    nodes = [
        node(
            f"instance-{k}",
            stands[k % subnets],
            groups[k // subnets % 3],
            addresses=addresses.network(f"10.0.{k % subnets}.{4 + k // subnets}"),
        )
        for k in range(number)
    ]
    return network(*nodes)


def worked_out(net: Network, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many answers are worked out for the whole matrix."""
    count = 0

    def counted(network: Network, source: str, target: str) -> Answer:
        nonlocal count
        count += 1
        return answer(network, source, target)

    monkeypatch.setattr("policies.reachability.matrix.answer", counted)
    matrix(net)
    return count


def test_the_work_grows_with_classes_and_not_with_instances(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = instances(24, 4), instances(600, 50)
    assert worked_out(many, monkeypatch) == worked_out(few, monkeypatch) < 150


ROLES: tuple[Role, ...] = ("source", "target")


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
