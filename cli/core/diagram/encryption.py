"""Which ports of an end speak TLS, as far as the Terraform says so."""

from __future__ import annotations

from policies.library.model import Configuration, Resource
from policies.library.values import UnknownValue
from policies.reachability import traffic
from policies.reachability.intervals import NOTHING, Intervals
from policies.reachability.network import Forward, Network, Node

_TLS = {"HTTPS", "TLS"}

_HTTPS = traffic.tcp(443)

_LISTENERS = ("aws_lb_listener", "aws_alb_listener")
_TARGET_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")

_MSK_PLAINTEXT = traffic.tcp(9092)
"""MSK developer guide, "Port information": the brokers' port without TLS."""


def encrypted(network: Network, configuration: Configuration, key: str) -> Intervals:
    """The traffic to an end that is TLS for certain; what the Terraform does not say is not in it."""
    node = network.nodes.get(key)
    if node is None:
        return _HTTPS if key in ("s3", "dynamodb") else NOTHING
    try:
        return _of_node(network, configuration, node)
    except UnknownValue:
        return NOTHING


def passed_on_encrypted(network: Network, configuration: Configuration, through: str, target: str) -> bool:
    """Whether all that a load balancer passes on to an end is TLS there."""
    inside = encrypted(network, configuration, target)
    return all(each.back <= inside for each in network.forwards if (each.through, each.target) == (through, target))


def _of_node(network: Network, configuration: Configuration, node: Node) -> Intervals:
    resource = node.resource
    if resource.type == "aws_mq_broker":
        return traffic.TCP  # Amazon MQ has endpoints with TLS only: its developer guide, "Encryption in transit"
    if resource.type == "aws_msk_cluster":
        return traffic.TCP - _MSK_PLAINTEXT if _takes_tls_only(resource) else NOTHING
    if node.kind == "endpoint":
        return _HTTPS
    listeners = [each for type_ in _LISTENERS for each in configuration.referring(resource, type_, "load_balancer_arn")]
    found = Intervals.union(_port(each) for each in listeners if each.text("protocol").upper() in _TLS)
    return found | Intervals.union(
        each.back for each in network.forwards if each.target == node.key and _is_tls(configuration, each)
    )


def _takes_tls_only(cluster: Resource) -> bool:
    """Whether clients of a cluster must use TLS, which is the default."""
    encryption = cluster.block("encryption_info")
    in_transit = encryption.block("encryption_in_transit") if encryption else None
    return in_transit is None or in_transit.text("client_broker", "TLS") == "TLS"


def _is_tls(configuration: Configuration, forward: Forward) -> bool:
    """Whether every target group that may get what is passed on to some ports speaks TLS."""
    groups = [each for each in configuration.of_type(*_TARGET_GROUPS) if _may_be(each, forward)]
    return bool(groups) and all(each.text("protocol").upper() in _TLS for each in groups)


def _may_be(group: Resource, forward: Forward) -> bool:
    return bool(_port(group) & forward.back)


def _port(block: Resource) -> Intervals:
    port = block.number("port")
    return NOTHING if port is None else traffic.tcp(port)
