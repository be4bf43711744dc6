"""Modules whose source is not here: they may hold anything, and open what they are given.

Each is an end of its own, which may have any address, group and route that it is given or makes. What a module is given
(a group, a route table, a network ACL, a subnet, a VPC, an instance) may be opened by it. What it is not given it is
taken not to open: that is said of every "no". So it is of what controllers of Kubernetes make out of its resources:
EKS user guide, "Route application and HTTP traffic with Application Load Balancers", "Route TCP and UDP traffic with
Network Load Balancers".
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.gaps import Gap, GapKind
from policies.library.model import Resource
from policies.library.security_groups import GROUP_TYPES
from policies.library.terraform.addresses import without_indexes
from policies.reachability.network import Assumption, Node
from policies.reachability.read.eks import TYPES as EKS
from policies.reachability.read.places import Places
from policies.reachability.read.reading import Reading
from policies.reachability.read.vpcs import TYPES as VPCS

_SUBNETS = ("aws_subnet", "aws_default_subnet")
_KUBERNETES = ("kubernetes_", "helm_", "kubectl_")
"""How the types of the providers begin whose resources are made in clusters."""


def modules(places: Places) -> Iterator[Node]:
    """An end for each module whose source is not here."""
    for gap in places.reading.configuration.gaps:
        if gap.kind is GapKind.MODULE:
            yield _module(gap, places)


def gap_assumptions(reading: Reading) -> tuple[Assumption, ...]:
    """What every "no" rests on: that nothing which could not be read opens what it is not given."""
    gaps = [
        reading.assume(f"{gap.text}: taken to open nothing that it is not given") for gap in reading.configuration.gaps
    ]
    return (*gaps, *_kubernetes(reading))


def _kubernetes(reading: Reading) -> Iterator[Assumption]:
    """That resources in clusters of EKS make nothing that leads to its nodes, where there are both."""
    found = [each for _, each in sorted(reading.configuration.resources.items()) if each.type.startswith(_KUBERNETES)]
    if found and reading.configuration.of_type(*EKS):
        text = (
            "it and others like it may make load balancers and bind target groups to nodes of EKS: taken to do neither"
        )
        yield reading.assume(text, found[0])


def _module(gap: Gap, places: Places) -> Node:
    reading = places.reading
    resource = Resource({}, gap.where, gap.where, type="module", name=without_indexes(gap.where), file="")
    given = reading.given(gap)
    subnets = [each for each in given if each.type in _SUBNETS]
    vpcs = [places.vpcs.key_of_resource(each) for each in given if each.type in VPCS]
    assumption = reading.assume("what is in it is not known: as if it reached all and were reached", resource)
    groups = [places.groups.perhaps(each.address, assumption) for each in given if each.type in GROUP_TYPES]
    return places.node(
        resource,
        "module",
        places.anywhere(resource, subnets, vpcs, assumption),
        (*groups, places.groups.open(f"the groups of {gap.where}", resource)),
        is_public=True,
        has_ipv6=True,
    )
