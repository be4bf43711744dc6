"""What is looser though nothing opens, and what still stops it."""

from __future__ import annotations

from policies.reachability import addresses, traffic
from policies.reachability.barriers import loosened
from policies.reachability.difference import NetworkView, opened
from policies.reachability.network import SecurityGroup
from tests.support.building import PRIVATE, PUBLIC, WORLD, acl, allow, group, network, node, permission, subnet

HTTPS, SSH = traffic.tcp(443), traffic.tcp(22)
CLOSED = acl([allow(100, WORLD, HTTPS)], [allow(100, WORLD)], "closed")


def view(around: SecurityGroup) -> NetworkView:
    """An endpoint, which opens no connections, behind a network ACL that lets in HTTPS only."""
    place, own = subnet("public", "10.0.1.0/24", PUBLIC, CLOSED), addresses.network("10.0.1.10")
    return NetworkView(network(node("web", place, around, kind="endpoint", addresses=own, is_public=True)))


def test_a_wider_group_behind_a_network_acl_is_looser_and_opens_nothing() -> None:
    before, after = view(group("sg", [permission(WORLD, about=HTTPS)])), view(group("sg", [permission(WORLD)]))
    assert opened(before, after) == ()
    (found,) = loosened(before, after)
    assert (found.place, found.source, found.target) == ("security groups sg, inbound", "internet", "web")
    assert found.stopped_by == ("network ACL closed, inbound",)
    assert found.traffic >= SSH
    assert not found.traffic & HTTPS
    assert loosened(after, before) == ()


def test_the_name_of_a_group_is_no_barrier() -> None:
    rules = [permission(WORLD, about=HTTPS)]
    assert loosened(view(group("sg", rules)), view(group("sg-other", rules))) == ()


def test_what_opens_is_not_said_to_be_stopped() -> None:
    front = node("web", subnet("public", "10.0.1.0/24", PUBLIC), group("sg-web"))

    def both(*ports: int) -> NetworkView:
        rules = [permission("sg-web", about=traffic.tcp(port)) for port in ports]
        back = node("db", subnet("private", "10.0.2.0/24", PRIVATE), group("sg-db", rules, []))
        return NetworkView(network(front, back))

    assert len(opened(both(443), both(443, 22))) == 1
    assert loosened(both(443), both(443, 22)) == ()
