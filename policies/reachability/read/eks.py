"""Security groups of EKS: the one that a cluster makes, and what it puts around its nodes.

Sources: EKS user guide, "View Amazon EKS security group requirements for clusters", "Create a managed node group".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.library.model import Resource
from policies.library.values import Unknown, Value, label_of
from policies.reachability import addresses, traffic
from policies.reachability.intervals import NOTHING
from policies.reachability.network import Permission, Rule, SecurityGroup
from policies.reachability.read.launches import launch_of
from policies.reachability.read.places import Places
from policies.reachability.read.reading import could_be_anything, leaves

_CLUSTER = "aws_eks_cluster"
TYPES = (_CLUSTER, "aws_eks_node_group", "aws_eks_fargate_profile")
_SSH = traffic.tcp(22)


def groups_of_eks(resource: Resource, named: Sequence[Value], vpc: str, places: Places) -> tuple[SecurityGroup, ...]:
    """The security groups of a cluster's interfaces, of a group of nodes, or of Fargate's containers."""
    if resource.type == _CLUSTER:
        own = [group for value in named for leaf in leaves(value) for group in places.groups.named(leaf, vpc, resource)]
        return (places.groups.of_eks(resource), *own)
    launch = launch_of(resource, places.reading)
    if launch.groups:
        return places.groups_of(resource, launch.groups, vpc)
    return (*_of_cluster(resource, places), *_remote_access(resource, places, vpc))


def _of_cluster(resource: Resource, places: Places) -> Iterator[SecurityGroup]:
    for leaf in leaves(resource.get("cluster_name")):
        found = places.reading.named(leaf, (_CLUSTER,))
        found += [
            each
            for each in places.reading.configuration.of_type(_CLUSTER)
            if not found and (could_be_anything(leaf) or _is_named(each, label_of(leaf)))
        ]
        yield from map(places.groups.of_eks, found)
        if not found:
            yield places.groups.open(f"the cluster security group of {label_of(leaf)}", resource)


def _is_named(cluster: Resource, name: str) -> bool:
    own = cluster.get("name")
    return isinstance(own, str) and own == name


def _remote_access(resource: Resource, places: Places, vpc: str) -> Iterator[SecurityGroup]:
    """The group with which EKS opens port 22 of nodes: to some groups or, where none is named, to the internet."""
    if any(isinstance(each, Unknown) for each in resource.values("remote_access")):
        yield places.groups.open(f"remote access to {resource.address}", resource)
    for block in places.reading.blocks(resource, "remote_access", resource, "as if it were open to everybody"):
        rule = Rule("remote_access opens port 22 of the nodes", resource)
        sources = [
            group.key
            for leaf in leaves(block.get("source_security_group_ids"))
            for group in places.groups.named(leaf, vpc, resource)
        ]
        if sources or block.has("ec2_ssh_key"):
            peers = NOTHING if sources else addresses.ALL_V4
            permission = Permission(peers, frozenset(sources), _SSH, rule)
            key = f"{resource.address}/remote access"
            yield SecurityGroup(key, key, (permission,), ())
