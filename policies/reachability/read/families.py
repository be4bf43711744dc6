"""Which services' interfaces have IPv6 addresses, by what each type says of itself.

Sources: VPC user guide, "Modify the IP addressing attributes of your subnet" (what is launched in a subnet); ECS
developer guide, "Task networking options for Fargate" ("if your VPC is configured for dual-stack mode and you use a
subnet with an IPv6 CIDR block, your task's ENI also receives an IPv6 address") and "Account settings"
(`dualStackIPv6`); EKS user guide, "IPv6 addresses for clusters, Pods, and services".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from policies.library.model import Resource
from policies.library.values import Unknown
from policies.reachability import addresses
from policies.reachability.network import Subnet
from policies.reachability.read.attributes import flags_named, values_named
from policies.reachability.read.launches import LAUNCHING, launches_with
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading, leaves

TASKS = frozenset(
    {
        "aws_cloudwatch_event_target",
        "aws_ecs_service",
        "aws_ecs_task_set",
        "aws_pipes_pipe",
        "aws_scheduler_schedule",
        "aws_sfn_state_machine",
    }
)
"""What runs tasks of ECS on interfaces of their own."""

_FAMILIES = re.compile("(ip_address|network|endpoint_network|resolver_endpoint)_type")
"""What most services call the families of their addresses: `dualstack`, `DUAL`, `ipv6`."""
_ALLOWED = re.compile("ipv6_allowed_for_dual_stack")
_SETTINGS = ("aws_ecs_account_setting_default",)
_DUAL_STACK = "dualStackIPv6"
_CLUSTER = ("aws_eks_cluster",)


def has_ipv6(resource: Resource, standing: Sequence[Subnet], places: Places) -> bool:
    """Whether a service has IPv6 addresses too, where its subnets have."""
    if any(
        isinstance(leaf, Unknown) or re.search("dual|ipv6", str(leaf).lower())
        for value in values_named(resource.attributes, _FAMILIES)
        for leaf in leaves(value)
    ):
        return True
    if any(isinstance(flag, Unknown) or flag for flag in flags_named(resource.attributes, _ALLOWED)):
        return True
    if resource.type in TASKS:
        return _tasks(resource, standing, places.reading)
    if resource.type in LAUNCHING:
        given = any(launch.has_ipv6 for launch in launches_with(resource, places.reading))
        return given or places.gives_ipv6(standing) or _is_in_ipv6_cluster(resource, places.reading)
    return False


def _tasks(resource: Resource, standing: Sequence[Subnet], reading: Reading) -> bool:
    """Tasks have IPv6 addresses in subnets with an IPv6 network, if a setting of the account says so."""
    if not any(subnet.addresses & addresses.ALL_V6 for subnet in standing):
        return False
    for setting in reading.configuration.of_type(*_SETTINGS):
        if reading.text(setting, "name") == _DUAL_STACK and not isinstance(setting.get("value"), Unknown):
            return reading.text(setting, "value") == "enabled"
    reading.assume(f"whether the account's setting {_DUAL_STACK} is on is not known: its tasks have IPv6", resource)
    return True


def _is_in_ipv6_cluster(nodes: Resource, reading: Reading) -> bool:
    """Whether nodes of EKS are in a cluster whose Pods have IPv6 addresses, which are the nodes' own."""
    for cluster in reading.named(nodes.get("cluster_name"), _CLUSTER):
        for block in reading.blocks(cluster, "kubernetes_network_config", cluster, "read as far as known"):
            if isinstance(block.get("ip_family"), Unknown) or reading.text(block, "ip_family") == "ipv6":
                return True
    return False
