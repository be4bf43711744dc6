"""What is read, in words, so that a test can say all of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from policies.library.model import Configuration
from policies.library.terraform.load import load_directory
from policies.reachability import addresses, traffic
from policies.reachability.analysis import answer
from policies.reachability.intervals import Intervals
from policies.reachability.network import Acl, Network, Permission, RouteTable, Rule, SecurityGroup
from tests.support.helpers import ROOT

CASES = ROOT / "tests" / "policies" / "reachability" / "read" / "cases"
NAMES = ("estate", "hub", "joined_networks", "load_balancers", "three_tiers")


def configuration_of(name: str, directory: Path) -> Configuration:
    """The configuration of a case."""
    (directory / "main.tf").write_text((CASES / f"{name}.tf").read_text())
    configuration, unreadable = load_directory(directory)
    assert not unreadable
    return configuration


def routes(table: RouteTable) -> list[str]:
    """A table's routes: what goes where; `?` after what rests on an assumption."""
    found = [(addresses.describe(each.destination), each.target, each.rule) for each in table.routes]
    return [f"{where} -> {target.kind} {target.key}".rstrip() + _doubt(rule) for where, target, rule in found]


def entries(acl: Acl, direction: str) -> list[str]:
    """An ACL's entries in order; `?` after what rests on an assumption."""
    return [
        f"{each.number} {'allow' if each.allows else 'deny'} {traffic.describe(each.traffic)} "
        f"{addresses.describe(each.peers)}{_doubt(each.rule)}"
        for each in (acl.ingress if direction == "ingress" else acl.egress)
    ]


def permissions(group: SecurityGroup, direction: str) -> list[str]:
    """A group's rules: what traffic, with whom; `?` after what rests on an assumption."""
    return [_permission(each) for each in (group.ingress if direction == "ingress" else group.egress)]


def _permission(permission: Permission) -> str:
    peers = [addresses.describe(permission.peers)] if permission.peers else []
    whom = ", ".join([*peers, *sorted(permission.groups)]) or "nobody"
    return f"{traffic.describe(permission.traffic)} {whom}{_doubt(permission.rule)}"


def _doubt(rule: Rule) -> str:
    return "" if rule.assumption is None else "?"


def forwards(network: Network) -> list[str]:
    """What is passed on to whom; `kept` where the target sees the client's address."""
    return sorted(
        f"{each.through} {traffic.describe(each.front)} -> {each.target} {traffic.describe(each.back)}"
        + (" kept" if each.keeps_client else "")
        for each in network.forwards
    )


def reached(network: Network, *, of: str = "") -> list[str]:
    """Who reaches whom on what, by name, in alphabetical order; of one source, or of all."""
    names = {key: node.name for key, node in network.nodes.items()}
    names |= {key: external.name for key, external in network.externals.items()}
    found = []
    for source in names:
        for target in names:
            if source != target and of in ("", names[source]):
                reply = answer(network, source, target)
                if reply:
                    found.append(f"{names[source]} -> {names[target]}: {traffic.describe(reply.arrives)}")
    return sorted(found)


def assumed(network: Network) -> list[str]:
    """What was assumed, each with the resource it is about."""
    return [f"{each.resource.address if each.resource else ''}: {each.text}" for each in network.assumptions]


def who_reaches(network: Network) -> Mapping[tuple[str, str], Intervals]:
    """The traffic that gets through, by ends."""
    keys = [*network.nodes, *network.externals]
    replies = {(one, other): answer(network, one, other) for one in keys for other in keys if one != other}
    return {ends: reply.arrives for ends, reply in replies.items() if reply}
