"""Network ACLs, as the VPC user guide says: "Network ACL rules", "Custom network ACLs", "Ephemeral ports"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.reachability import addresses, traffic
from policies.reachability.addresses import network
from policies.reachability.factors.acls import answered, passing, ports_back
from policies.reachability.factors.factor import Factor, Packet
from policies.reachability.flows import Box, Flows
from policies.reachability.intervals import Intervals
from policies.reachability.network import Assumption, Entry
from tests.support.building import EPHEMERAL, WORLD, acl, allow, deny, uncertain

CLIENT = network("203.0.113.7").first
SERVER = network("10.0.1.5").first


def inbound(*entries: Entry) -> Factor:
    return passing(acl(entries, ()), "ingress", "client", "forward")


def allowed(factor: Factor, port: int, client: str = "203.0.113.7") -> bool:
    packet = Packet(network(client).first, SERVER, traffic.tcp(port).first)
    assert (factor.decides(packet) is not None) == any(packet.is_in(box) for box in factor.allowed)
    return factor.decides(packet) is not None


def test_the_lowest_number_that_matches_decides() -> None:
    denied_first = inbound(deny(90, WORLD, traffic.tcp(22)), allow(100, WORLD, traffic.TCP))
    assert [allowed(denied_first, port) for port in (21, 22, 23)] == [True, False, True]
    allowed_first = inbound(allow(90, WORLD, traffic.tcp(22)), deny(100, WORLD, traffic.TCP))
    assert [allowed(allowed_first, port) for port in (21, 22, 23)] == [False, True, False]


def test_what_no_rule_matches_is_denied() -> None:
    assert not inbound().allowed
    assert not allowed(inbound(allow(100, "198.51.100.0/24")), 443)


def test_an_entry_that_may_be_absent_is_certain_of_nothing() -> None:
    doubtful = inbound(uncertain(deny(90, WORLD, traffic.tcp(22)), "strict"), allow(100, WORLD, traffic.TCP))
    assert [allowed(doubtful, port) for port in (22, 23)] == [True, True]
    assert doubtful.guaranteed.traffic == traffic.TCP - traffic.tcp(22)
    (region,) = [each for each in doubtful.regions if not each.is_certain]
    assert [each.text for each in region.assumptions] == ["strict"]
    perhaps = inbound(uncertain(allow(90, WORLD, traffic.tcp(22))), deny(100, WORLD))
    assert [allowed(perhaps, port) for port in (22, 23)] == [True, False]
    assert not perhaps.guaranteed


def test_an_answer_that_may_be_denied_is_not_certain() -> None:
    back = acl((), [uncertain(deny(90, WORLD)), allow(100, WORLD)])
    some, every = answered([passing(back, "egress", "client", "return")])
    assert traffic.tcp(443) <= some.traffic
    assert not every.with_traffic(traffic.TCP)


def test_all_that_passes_an_acl_rests_on_its_being_the_subnets() -> None:
    one_of_several = replace(acl([allow(100, WORLD)], ()), assumption=Assumption("it is associated"))
    factor = passing(one_of_several, "ingress", "client", "forward")
    assert allowed(factor, 443)
    assert not factor.guaranteed


def test_custom_acl_of_the_guide() -> None:
    """The example of "Custom network ACLs": web from anywhere, SSH and RDP from one network, answers to 32768-65535."""
    example = inbound(
        allow(100, WORLD, traffic.tcp(80)),
        allow(110, WORLD, traffic.tcp(443)),
        allow(120, "192.0.2.0/24", traffic.tcp(22)),
        allow(130, "192.0.2.0/24", traffic.tcp(3389)),
        allow(140, WORLD, traffic.tcp(32768, 65535)),
    )
    assert [allowed(example, port) for port in (80, 443, 22, 3389, 8080, 40000)] == [
        True,
        True,
        False,
        False,
        False,
        True,
    ]
    assert [allowed(example, port, "192.0.2.9") for port in (22, 3389, 23)] == [True, True, False]


def test_who_decides() -> None:
    factor = inbound(deny(90, WORLD, traffic.tcp(22)), allow(100, "203.0.113.0/24"), allow(110, WORLD))
    decided = [
        factor.decides(Packet(network(client).first, SERVER, traffic.tcp(443).first))
        for client in ("203.0.113.7", "8.8.8.8")
    ]
    assert [[rule.text for rule in region.rules] for region in decided if region] == [["allow 100"], ["allow 110"]]
    assert [rule.text for rule in factor.rules] == ["deny 90", "allow 100", "allow 110"]
    assert factor.place == "network ACL acl, inbound"


def test_outbound_entries_are_about_where_packets_go() -> None:
    out = passing(acl((), [allow(100, "10.0.1.0/24", traffic.tcp(5671))]), "egress", "server", "forward")
    assert out.allowed.same(Flows((Box(addresses.ALL, network("10.0.1.0/24"), traffic.tcp(5671)),)))


def test_ipv6_entries_are_apart() -> None:
    assert not inbound(allow(100, WORLD)).allowed.sources & addresses.ALL_V6
    assert inbound(allow(100, "::/0")).allowed.sources == addresses.ALL_V6


def test_denying_part_of_the_internet_does_not_deny_services() -> None:
    """Their addresses are not known: that they are all denied must be certain."""
    factor = inbound(deny(90, "52.0.0.0/8"), allow(100, WORLD))
    assert factor.allowed.sources >= addresses.ALL_SERVICES
    assert not inbound(deny(90, WORLD), allow(100, WORLD)).allowed


def back(*entries: Entry) -> Factor:
    """Out of the server's subnet, as answers pass."""
    return passing(acl((), entries), "egress", "client", "return")


@pytest.mark.parametrize(
    ("entries", "on_some", "on_every"),
    [
        ([allow(100, WORLD, EPHEMERAL)], True, True),
        ([allow(100, WORLD)], True, True),
        ([allow(100, WORLD, traffic.tcp(32768, 60999))], True, False),
        ([allow(100, WORLD, traffic.tcp(443))], True, False),
        ([allow(100, WORLD, traffic.tcp(0))], False, False),
        ([deny(90, WORLD, traffic.tcp(3389)), allow(100, WORLD)], True, False),
        ([deny(90, WORLD, traffic.tcp(22)), allow(100, WORLD)], True, True),
        ([allow(100, WORLD, traffic.UDP)], False, False),
        ([allow(100, "10.0.0.0/8")], False, False),
        ([], False, False),
    ],
)
def test_answers_need_some_port_and_for_certain_every_usual_one(
    entries: list[Entry], on_some: bool, on_every: bool
) -> None:
    packet = Packet(CLIENT, SERVER, traffic.tcp(443).first)
    some, every = answered([back(*entries)])
    assert any(packet.is_in(box) for box in some) is on_some
    assert any(packet.is_in(box) for box in every) is on_every


def test_an_answer_goes_to_one_port_through_all_acls() -> None:
    out = back(allow(100, WORLD, traffic.tcp(1024, 30000)))
    into = passing(acl([allow(100, WORLD, traffic.tcp(30001, 65535))], ()), "ingress", "server", "return")
    some, _ = answered([out, into])
    assert not some.with_traffic(traffic.TCP)
    both = passing(acl([allow(100, WORLD, traffic.tcp(30000, 65535))], ()), "ingress", "server", "return")
    assert answered([out, both])[0].with_traffic(traffic.TCP)
    assert ports_back([out, both], CLIENT, SERVER) == traffic.tcp(30000)


def test_only_tcp_needs_answers() -> None:
    some, every = answered([back()])
    assert some.traffic == every.traffic == traffic.ALL - traffic.TCP


def test_without_acls_everything_is_answered() -> None:
    some, every = answered([])
    assert some.traffic == every.traffic == traffic.ALL


def test_which_ports_answers_get_back_to() -> None:
    found = ports_back([back(deny(90, WORLD, traffic.tcp(3389)), allow(100, WORLD))], CLIENT, SERVER)
    assert found == traffic.tcp(1, 65535) - traffic.tcp(3389)
    assert ports_back([back()], CLIENT, SERVER) == Intervals()
