"""Route tables, as the VPC user guide says: "Route tables", sections "Route priority" and "Longest prefix match"."""

from __future__ import annotations

from dataclasses import replace

from policies.reachability import addresses, traffic
from policies.reachability.addresses import network
from policies.reachability.factors.factor import Packet
from policies.reachability.factors.routes import Lead, choices, leading
from policies.reachability.intervals import Intervals
from policies.reachability.network import Assumption, RouteTable, Target
from tests.support.building import LOCAL, TO_INTERNET, WORLD, table, uncertain

PEERING = Target("peering", "pcx")
ENDPOINT = Target("gateway endpoint", "vpce")
GATEWAY = Target("internet gateway", "igw")


def chosen(found: RouteTable) -> dict[str, Intervals]:
    """What each kind of target is chosen for."""
    by_kind: dict[str, Intervals] = {}
    for choice in choices(found.routes):
        kind = choice.route.target.kind
        by_kind[kind] = by_kind.get(kind, Intervals()) | choice.addresses
    return by_kind


def test_the_most_specific_route_is_chosen() -> None:
    """The guide's example: local, a peering connection for 172.31.0.0/16, everything else to the internet gateway."""
    found = chosen(table(TO_INTERNET, LOCAL, ("172.31.0.0/16", PEERING)))
    assert found["local"] == network("10.0.0.0/16")
    assert found["peering"] == network("172.31.0.0/16")
    assert found["internet gateway"] == addresses.allowed(WORLD) - found["local"] - found["peering"]


def test_of_equal_prefixes_the_earlier_is_chosen() -> None:
    static, propagated = ("172.31.0.0/24", GATEWAY), ("172.31.0.0/24", Target("vpn gateway", "vgw"))
    assert set(chosen(table(static, propagated))) == {"internet gateway"}
    assert set(chosen(table(propagated, static))) == {"vpn gateway"}


def test_a_gateway_endpoint_is_more_specific_than_any_network() -> None:
    """Guide "Gateway endpoints": "traffic destined to the service takes precedence over the internet route"."""
    found = chosen(table(TO_INTERNET, ("s3", ENDPOINT)))
    assert found["gateway endpoint"] == addresses.service("s3")
    assert addresses.service("dynamodb") <= found["internet gateway"]
    assert not addresses.service("s3") & found["internet gateway"]


def test_a_black_hole_hides_wider_routes() -> None:
    found = chosen(table(TO_INTERNET, ("203.0.113.0/24", Target("blackhole"))))
    assert not network("203.0.113.0/24") & found["internet gateway"]


def test_a_route_that_may_not_be_there_takes_nothing_from_others() -> None:
    (hole,) = table(("172.31.0.0/16", Target("blackhole"))).routes
    found = choices((*table(TO_INTERNET).routes, uncertain(hole, "strict")))
    by_kind = [(each.route.target.kind, each.addresses, [rest.text for rest in each.unless]) for each in found]
    everything = addresses.allowed(WORLD)
    assert by_kind == [
        ("blackhole", network("172.31.0.0/16"), []),
        ("internet gateway", everything - network("172.31.0.0/16"), []),
        ("internet gateway", network("172.31.0.0/16"), ["strict"]),
    ]


def test_all_leads_of_a_table_that_a_subnet_may_not_have_are_assumed() -> None:
    own = replace(table(TO_INTERNET), assumption=Assumption("it is associated"))
    factor = leading(own, [Lead(network("203.0.113.0/24"), own.routes)], "forward")
    assert factor.allowed
    assert not factor.guaranteed


def test_ipv4_and_ipv6_are_apart() -> None:
    """ "If your route table has multiple routes, we use the most specific that matches": of its own family."""
    found = chosen(table(TO_INTERNET, ("::/0", Target("egress-only gateway", "eigw"))))
    assert found["egress-only gateway"] == addresses.ALL_V6
    assert not found["internet gateway"] & addresses.ALL_V6


def test_no_route() -> None:
    assert choices(()) == ()


def test_directions() -> None:
    """A route is for where packets go: the server on the way, the client on the way back."""
    own = table(TO_INTERNET, name="public")
    lead = Lead(network("203.0.113.0/24"), own.routes)
    there, back = (leading(own, [lead], direction) for direction in ("forward", "return"))
    ssh = traffic.tcp(22).first
    out = Packet(network("10.0.0.5").first, network("203.0.113.9").first, ssh)
    into = Packet(network("203.0.113.9").first, network("10.0.0.5").first, ssh)
    assert [there.decides(out) is None, there.decides(into) is None] == [False, True]
    assert [back.decides(out) is None, back.decides(into) is None] == [True, False]
    assert there.place == "route table public"
    assert [rule.text for rule in there.rules] == ["0.0.0.0/0 -> internet gateway"]


def test_only_tcp_needs_a_route_back() -> None:
    back = leading(table(TO_INTERNET), [], "return")
    assert back.allowed.traffic == back.guaranteed.traffic == traffic.ALL - traffic.TCP
    assert not leading(table(TO_INTERNET), [], "forward").allowed


def test_assumed_leads_are_not_sure() -> None:
    own = table((WORLD, Target("unknown")))
    factor = leading(own, [Lead(network("203.0.113.0/24"), own.routes, is_assumed=True)], "forward")
    assert factor.allowed
    assert not factor.guaranteed
