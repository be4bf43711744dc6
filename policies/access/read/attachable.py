"""What somebody would be allowed in a group, or within a managed policy that something asks for as a boundary.

Source: IAM user guide, "Permissions boundaries for IAM entities", "Delegating responsibility to others using
permissions boundaries" (the condition key iam:PermissionsBoundary).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policies.access.model import Policy, Requester, Thing
from policies.access.read.attached import Attached

_BOUNDARY = "iam:permissionsboundary"


def attachable(
    attached: Attached, things: Iterable[Thing], principals: Iterable[Requester]
) -> Mapping[str, tuple[Policy, ...]]:
    """By the keys of groups their policies; by the ARNs of policies that conditions name as boundaries these."""
    found: dict[str, tuple[Policy, ...]] = {}
    for statement in (one for each in principals for policy in each.identity for one in policy.statements):
        for text in (text for each in statement.conditions if each.key == _BOUNDARY for text in each.texts()):
            if text not in found and statement.origin.resource is not None:
                policy = attached.as_boundary(text, statement.origin.resource)
                found |= {text: (policy,)} if policy is not None else {}
    for thing in things:
        if thing.type == "aws_iam_group" and thing.resource is not None:
            found[thing.key] = attached.identity(thing.resource)
    return found
