"""The policies on a bucket, topic or queue, wherever they are written."""

from __future__ import annotations

from policies.library.model import Configuration, Resource
from policies.library.values import Value


def attached_policies(target: Resource, type_: str, attribute: str, configuration: Configuration) -> tuple[Value, ...]:
    """The policies of a target: of resources of a type that name it in an attribute, and its own.

    Each must be right: AWS keeps the one that is written last. So must one of which nobody knows whether it is made.
    Raises UnknownValue if none is certain and one possible.
    """
    attached = configuration.referrers(target, type_, attribute).each()
    return tuple(each.get("policy") for each in (*attached, target) if each.has("policy"))


def is_judged_at_target(policy: Resource, attribute: str, type_: str, configuration: Configuration) -> bool:
    """Whether what a policy belongs to is declared here, so that it is judged there."""
    return any(each.type == type_ for each in configuration.resolve(policy.get(attribute)))
