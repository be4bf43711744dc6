"""What a node opens and accepts by what it is, whatever stands around it."""

from __future__ import annotations

from policies.reachability import addresses, traffic
from policies.reachability.factors.factor import Factor, Region
from policies.reachability.flows import Box
from policies.reachability.network import Node, Rule

_TRANSLATED = traffic.TCP | traffic.UDP | traffic.ports("icmp", 0, traffic.PORTS - 1)
"""What NAT gateways translate."""


def opens(node: Node) -> tuple[Factor, ...]:
    """What keeps a node from opening connections, or from sending on what others open.

    Sources: AWS PrivateLink guide, "Concepts": only consumers do. VPC user guide, "NAT gateways": TCP, UDP and ICMP.
    """
    if node.kind == "nat gateway":
        rule = Rule("a NAT gateway sends on TCP, UDP and ICMP", node.resource)
        return (
            Factor(node.name, "forward", (Region(Box(addresses.ALL, addresses.ALL, _TRANSLATED), (rule,)),), (rule,)),
        )
    if node.kind != "endpoint":
        return ()
    return (Factor(node.name, "forward", (), (Rule("an interface endpoint opens no connections", node.resource),)),)


def accepts(node: Node) -> tuple[Factor, ...]:
    """What keeps a node from accepting connections: load balancers have listeners, and NAT gateways accept none.

    Source: VPC user guide, "NAT gateways" ("can't receive unsolicited inbound connections").
    """
    if node.kind == "nat gateway":
        return (Factor(node.name, "forward", (), (Rule("a NAT gateway accepts no connections", node.resource),)),)
    if node.listens is None:
        return ()
    rule = Rule(f"{node.name} listens on {traffic.describe(node.listens)}", node.resource)
    regions = (Region(Box(addresses.ALL, addresses.ALL, node.listens), (rule,)),) if node.listens else ()
    return (Factor(f"listeners of {node.name}", "forward", regions, (rule,)),)
