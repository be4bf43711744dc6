"""What hangs on a resource after its owner is gone: AWS takes a while to remove it, and refuses deletions meanwhile.

Kept with moto's own EC2 backend of the region, so that every service finds it and the sandbox remembers it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends

from cli.core.sandbox.server.service import Call

SECONDS = 2.0
"""How long something lingers; on AWS it is minutes. Pauses of an apply last longer (override.py)."""


@dataclass
class Lingering:
    """Something that hangs on resources: a pipe's network interfaces, a private connection of Firehose."""

    owner: str
    """ARN or name of what made it."""
    hangs_on: frozenset[str]
    """Ids or ARNs of the resources that cannot be deleted while it is there."""
    role: str = ""
    """Name of the role whose permissions remove it; empty where a service needs none."""
    until: float | None = None
    """When it is gone; None while its owner exists, and for good when its role lost its permissions too early."""

    @property
    def is_gone(self) -> bool:
        """Whether it has been removed by now."""
        return self.until is not None and self.until <= time.time()


@dataclass
class Cluster:
    """What other services need to know of an MSK cluster."""

    network: frozenset[str]
    """Ids of the subnets and security groups of its brokers."""
    policy_since: float | None = None
    """When it got its policy, which is in force `SECONDS` later."""

    @property
    def lets_firehose_connect(self) -> bool:
        """Whether its policy is in force."""
        return self.policy_since is not None and self.policy_since + SECONDS <= time.time()


def add(call: Call, lingering: Lingering) -> None:
    """Remember that something hangs on resources."""
    _all(call).append(lingering)


def release(call: Call, owner: str) -> None:
    """The owner was deleted: what it made goes in a while."""
    for lingering in _all(call):
        if lingering.owner == owner and lingering.until is None:
            lingering.until = time.time() + SECONDS


def strand(call: Call, role: str) -> None:
    """A role lost its permissions: what they have not yet removed stays."""
    for lingering in _all(call):
        if lingering.role == role and lingering.until is not None and not lingering.is_gone:
            lingering.until, lingering.owner = None, ""


def hangs_on(call: Call, resource: str) -> bool:
    """Whether anything hangs on a resource."""
    kept = _all(call)
    kept[:] = [lingering for lingering in kept if not lingering.is_gone]
    return any(resource in lingering.hangs_on for lingering in kept)


def clusters(call: Call) -> dict[str, Cluster]:
    """The MSK clusters, by their ARN."""
    backend: Any = ec2_backends[call.account_id][call.region]
    if not hasattr(backend, "msk_clusters"):
        backend.msk_clusters = {}
    found: dict[str, Cluster] = backend.msk_clusters
    return found


def _all(call: Call) -> list[Lingering]:
    backend: Any = ec2_backends[call.account_id][call.region]
    if not hasattr(backend, "lingering"):
        backend.lingering = []
    found: list[Lingering] = backend.lingering
    return found
