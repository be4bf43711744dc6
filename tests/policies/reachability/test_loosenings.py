"""Every loosening of the production network breaks a claim, or is shown to let nothing more through.

What one line alone would let through, another mechanism still stops in most cases: that is what there are several for.
`REDUNDANT` says of each such loosening which one that is, and the test that nothing gained a connection by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from policies.reachability.analysis import answer
from policies.reachability.claims.judge import violations
from policies.reachability.claims.load import claims
from policies.reachability.claims.system import System
from policies.reachability.difference import NetworkView, opened
from policies.reachability.flows import Flows
from policies.reachability.read import read
from tests.support.helpers import Document
from tests.support.loosening import Loosening, loosenings
from tests.support.rules import read as load

OF_NO_NETWORK = re.compile(
    "aws_(athena|backup|cloudwatch|cognito|dynamodb|glue|iam|kinesis|kms|route53|s3|scheduler|sns|wafv2)"
)
"""Types that have no interface and no rule about one: left out, because 400 networks are read here."""

LIKE_OTHERS = re.compile(
    "network_interface-endpoints_(?!security-group|kms|pipes-data)|streaming_notification-requests_(?!meal-ready)"
)
"""Interface endpoints and pipes that differ from those that are kept by their names only."""


@dataclass(frozen=True)
class Redundant:
    """Loosenings that let nothing more through, and why."""

    kind: str
    path: str
    change: str
    why: str

    def covers(self, loosening: Loosening) -> bool:
        """Whether a loosening is one of them."""
        pairs = ((self.kind, loosening.kind), (self.path, loosening.path), (self.change, loosening.change))
        return all(re.fullmatch(pattern, text) for pattern, text in pairs)


INGRESS, EGRESS = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
OTHER_HALF = "a connection needs both halves, and the other one still names the port and the group"
NO_WAY_OUT = "private subnets have no route to the internet gateway, and nothing in the VPC lets these groups in"
SAME_SERVERS = "it leads to servers that the listener leads to already"
NOT_LET_OUT = "the load balancer's egress rules name other servers"

REDUNDANT = (
    Redundant(INGRESS, "edge/public/.*", ".*", "a load balancer accepts what its listeners listen on, and no more"),
    Redundant(INGRESS, "(?!edge/public/).*", "every (port|protocol)", OTHER_HALF),
    Redundant(
        INGRESS,
        "servers/security-groups/(core|ordering)-server/.*",
        "from and to everybody",
        "the network ACL keeps the port closed to the internet; in the VPC nothing else may open connections to it",
    ),
    Redundant(
        INGRESS,
        "(servers/security-groups/(event-store|purchase-gateway)|messaging|streaming|edge/private-load-balancer)/.*",
        "from and to everybody",
        "the internet has no way to private subnets; in the VPC nothing else may open connections to this port",
    ),
    Redundant(EGRESS, ".*", "every (port|protocol)", OTHER_HALF),
    Redundant(
        EGRESS,
        "servers/security-groups/(core|ordering)-server/.*",
        "from and to everybody",
        "public servers may call everybody on 443 already",
    ),
    Redundant(
        EGRESS,
        "(servers/security-groups/(event-store|purchase-gateway)|streaming|edge/private-load-balancer)/.*",
        "from and to everybody",
        NO_WAY_OUT,
    ),
    Redundant(
        "aws_security_group",
        "edge/public/.*",
        "a new ingress rule for everything",
        "a load balancer accepts what its listeners listen on, and no more",
    ),
    Redundant(
        "aws_security_group",
        "network/.*",
        "a new egress rule for everything",
        "interface endpoints open no connections",
    ),
    Redundant("aws_default_.*", ".*", ".*", "nothing uses the defaults of the VPC"),
    Redundant(
        "aws_network_acl(_rule)?", ".*", ".*", "network ACLs are the second line: security groups let no more in"
    ),
    Redundant(
        "aws_network_acl_association",
        "network/nacls/private/.*",
        ".*",
        "network ACLs are the second line: security groups let no more in",
    ),
    Redundant(
        "aws_route_table",
        "network/routes/private",
        "a route to the internet",
        "nothing in private subnets has a public address, or may open connections to the internet",
    ),
    Redundant("aws_route_table", "network/routes/public", "a route to the internet", "public subnets have it already"),
    Redundant(
        "aws_route_table_association",
        "network/routes/private-.*",
        ".*",
        "nothing in private subnets has a public address, or may open connections to the internet",
    ),
    Redundant(
        "aws_subnet", ".*", "public addresses", "launch templates say who has a public address, whatever the subnet"
    ),
    Redundant(
        "aws_(launch_template|lb|mq_broker|msk_cluster)",
        ".*",
        "(a public address|public addresses)",
        "private subnets have no route to the internet gateway",
    ),
    Redundant("aws_lb", ".*", "a listener for .*", "the load balancer's security group lets nothing in on its port"),
    Redundant("aws_lb_listener", "edge/private-.*", "a rule for edge/public/.*", NOT_LET_OUT),
    Redundant("aws_lb_listener", "edge/public/.*", "(a rule for|forwards to) edge/private-.*", NOT_LET_OUT),
    Redundant(
        "aws_lb_listener", "edge/public/.*/https-listener", "(a rule for|forwards to) edge/public/.*", SAME_SERVERS
    ),
    Redundant("aws_lb_listener", "edge/private-.*/event-store-listener", "a rule for .*/event-store", SAME_SERVERS),
    Redundant(
        "aws_lb_listener", "edge/private-.*/purchase-gateway-listener", "a rule for .*/purchase-gateway", SAME_SERVERS
    ),
)

Carried = Mapping[tuple[str, str, tuple[str, ...]], Flows]
"""What is possible by source, target and the load balancers in between."""


def carried(system: System) -> Carried:
    """Everything that is possible in a network."""
    found: dict[tuple[str, str, tuple[str, ...]], Flows] = {}
    for source, target in system.matrix.answers:
        for path in answer(system.network, source, target).paths:
            if path:
                key = (source, target, tuple(each.through for each in path.forwards))
                found[key] = found.get(key, Flows()) | path.flows
    return found


def gained(before: Carried, after: Carried) -> list[tuple[str, str, tuple[str, ...]]]:
    """The ends that more is possible between, with the load balancers in between."""
    return [key for key, flows in after.items() if flows.boxes and not flows <= before.get(key, Flows())]


def breaks_a_claim(system: System) -> bool:
    """Whether there is anything that a claim does not allow, or that is none of the parts or not in its place."""
    wrong = (system.missing(), system.misplaced(), system.unknown())
    found = (violations(system, claim) for claim in system.claims.claims.values())
    return any(any(True for _ in each) for each in (*wrong, *found))


@pytest.fixture(scope="module")
def document(synthesized: Mapping[str, Any]) -> Document:
    """What decides over the network of the production stack."""
    whole = synthesized["prod"]
    kept = {
        type_: {name: body for name, body in named.items() if not LIKE_OTHERS.match(name)}
        for type_, named in whole["resource"].items()
        if not OF_NO_NETWORK.match(type_)
    }
    return {**whole, "resource": kept}


def system_of(document: Document, directory: Path) -> System:
    """The network of a document, with the names of the claims."""
    configuration = load(document, directory)
    return System(claims(), configuration, read(configuration))


def test_every_loosening_breaks_a_claim_or_lets_nothing_more_through(document: Document, tmp_path: Path) -> None:
    base = system_of(document, tmp_path)
    assert not breaks_a_claim(base)
    before = carried(base)
    unseen: list[str] = []
    unexplained: list[str] = []
    used: set[Redundant] = set()
    for loosening in loosenings(document):
        system = system_of(loosening.document, tmp_path)
        reasons = [each for each in REDUNDANT if each.covers(loosening)]
        if breaks_a_claim(system):
            continue
        if gained(before, carried(system)):
            unseen.append(loosening.name)
        elif len(reasons) == 1:
            used.update(reasons)
        else:
            unexplained.append(f"{loosening.name}: has {len(reasons)} reasons")
    assert unseen == []
    assert unexplained == []
    assert [each for each in REDUNDANT if each not in used] == []


def test_a_loosening_opens_a_line_exactly_when_more_is_carried(document: Document, tmp_path: Path) -> None:
    """One of every forty-five, each of them by `opened` and by the flows of every pair."""
    base = system_of(document, tmp_path)
    before, view = carried(base), NetworkView(base.network)
    chosen = list(loosenings(document))[::45]
    opening = 0
    for loosening in chosen:
        system = system_of(loosening.document, tmp_path)
        lines = {each.ends for each in opened(view, NetworkView(system.network))}
        assert lines == set(gained(before, carried(system))), loosening.name
        opening += bool(lines)
    assert 0 < opening < len(chosen)
