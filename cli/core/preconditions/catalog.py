"""All preconditions of an environment."""

from __future__ import annotations

from typing import Any

from cli.core.preconditions.checks import (
    account,
    artifacts,
    broker,
    delegation,
    delivery_policies,
    email,
    instance_types,
    kafka,
    quotas,
    secrets,
    service_linked_roles,
    sms,
    state_bucket,
    zones,
)
from cli.core.preconditions.model import Precondition, Subject

CHECKS = (
    account,
    state_bucket,
    secrets,
    artifacts,
    delegation,
    zones,
    instance_types,
    broker,
    kafka,
    quotas,
    sms,
    email,
    service_linked_roles,
    delivery_policies,
)
"""In the order of a first deployment."""


def preconditions_of(subject: Subject) -> tuple[Precondition[Any], ...]:
    """The preconditions that apply to what the stacks contain."""
    return tuple(precondition for check in CHECKS for precondition in check.preconditions(subject))
