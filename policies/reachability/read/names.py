"""What people call the parts of a network: short, and unique in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from policies.library.model import Resource
from policies.reachability.network import Node
from policies.reachability.read.vpcs import index_of

_HASH = re.compile(r"_[0-9A-F]{8}$")

_OWN = (
    (r"event-store_server_scaling-group", "event_store"),
    (r"purchase-gateway_server_scaling-group", "purchase_gateway"),
    (r"servers_(?:(?:public|private)_)?(.+)-server_scaling-group", r"\1"),
    (r"edge_public_load-balancer", "public_load_balancer"),
    (r"edge_private-load-balancer", "internal_load_balancer"),
    (r"messaging_broker", "broker"),
    (r"streaming_cluster", "cluster"),
    (r"network_interface-endpoints_(.+)", r"endpoint_\1"),
    (r"streaming_notification-requests_(.+)", r"pipe_\1"),
    (r"streaming_consumers_(.+)_pipe", r"pipe_\1"),
    (r"streaming_metrics-export_connector", "connector"),
    (r"streaming_metrics-export_connector_intake", "datadog_endpoint"),
    (r"network_vpn_vpn-gateway", "on_premises"),
)
"""This toolkit's constructs by the labels that their paths become in Terraform (docs/adr, construct ids)."""


def named(nodes: Mapping[str, Node]) -> Mapping[str, Node]:
    """The nodes in the order of their keys, with names: a short one, or the address where several would share it."""
    short = {key: _short(node) for key, node in nodes.items()}
    counted = Counter(short.values())
    return {
        key: replace(node, name=short[key] if counted[short[key]] == 1 else key) for key, node in sorted(nodes.items())
    }


def own_name(resource: Resource) -> str | None:
    """What this toolkit's documents call what a resource makes or leads to; None for any other resource."""
    label = _HASH.sub("", resource.name)
    if label != resource.name:
        for pattern, name in _OWN:
            found = re.fullmatch(pattern, label)
            if found:
                return found.expand(name).replace("-", "_")
    return None


def _short(node: Node) -> str:
    if node.key != node.resource.address:
        return node.key
    return own_name(node.resource) or f"{node.resource.name}{index_of(node.key)}"
