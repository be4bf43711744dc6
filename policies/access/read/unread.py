"""Resources with a policy that is not read: nothing is said of who may use what they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from policies.library.model import Configuration
from policies.reachability.network import Assumption

_POLICIES = ("access_policies", "access_policy", "policy", "policy_document", "policy_text", "resource_policy")
"""What the provider calls the attributes that hold resource policies."""
_OF_OTHERS = ("data.", "aws_iam_", "aws_organizations_", "aws_vpc_endpoint")
"""Types that begin so have policies of callers, accounts or ways, which are read, or none."""
_NO_ACCESS = frozenset({"aws_ecr_lifecycle_policy"})
"""Types whose policy is not about who may use what is declared."""


def unread(configuration: Configuration, read: Collection[str]) -> Iterator[Assumption]:
    """What has a policy and is of none of the types that are read."""
    for address, resource in sorted(configuration.resources.items()):
        if resource.type in read or resource.type in _NO_ACCESS or not resource.type.startswith("aws_"):
            continue
        if not resource.type.startswith(_OF_OTHERS) and any(map(resource.has, _POLICIES)):
            yield Assumption(f"the policy of {address} is not read: who may use what it is about is not said", resource)
