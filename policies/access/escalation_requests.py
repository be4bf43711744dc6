"""What the request of a further step holds so that it gives all that it can: conditions may leave it less, or nothing.

Sources: Service Authorization Reference, "Condition keys for IAM" (`iam:PolicyARN`, `iam:PermissionsBoundary`) and
"Condition keys for AWS KMS" (`kms:GrantIsForAWSResource`, `kms:GrantOperations`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.access.escalation_actions import PASSED_TO
from policies.access.model import ABSENT, AccessModel, Context, KeyValues, Requester

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
_POLICY, _BOUNDARY = "iam:policyarn", "iam:permissionsboundary"
_ANY_POLICY = KeyValues(("*",))
_ATTACHES = frozenset({"iam:attachgrouppolicy", "iam:attachrolepolicy", "iam:attachuserpolicy"})
_SETS_BOUNDARY = frozenset({"iam:putrolepermissionsboundary", "iam:putuserpermissionsboundary"})
_WITHIN_BOUNDARY = frozenset(
    {
        "iam:attachrolepolicy",
        "iam:attachuserpolicy",
        "iam:createrole",
        "iam:createuser",
        "iam:putrolepolicy",
        "iam:putuserpolicy",
    }
)
"""Actions of which the key holds the boundary of the role or user."""

_GRANT: Context = {"kms:grantisforawsresource": KeyValues(("false",)), "kms:grantoperations": KeyValues(("Decrypt",))}


@dataclass(frozen=True)
class Boundary:
    """The permissions boundary of a role or user."""

    arns: tuple[str, ...] = ()
    is_known: bool = True
    """Whether these are all that it may be."""

    def __bool__(self) -> bool:
        return bool(self.arns) or not self.is_known


NO_BOUNDARY = Boundary()


def boundary_of(requester: Requester | None, model: AccessModel) -> Boundary:
    """The boundary of who is in the model, by its ARN."""
    policies = requester.boundaries if requester is not None else ()
    resources = [each.resource.address for each in policies if each.resource is not None]
    things = [model.things[each] for each in resources if each in model.things and "policy" in model.things[each].arns]
    return Boundary(tuple(arn for each in things for arn in each.arns["policy"]), len(things) == len(policies))


def full(action: str, boundary: Boundary, *, is_new: bool = False) -> Iterator[tuple[Context, bool]]:
    """What a request may hold, by how much it gives, and whether it surely gives all.

    Who is new has the boundary that their maker chooses.
    """
    name = action.lower()
    if name == "kms:creategrant":
        yield _GRANT, True
    elif name in _SETS_BOUNDARY:
        yield {_BOUNDARY: KeyValues(_ANY_POLICY.values, but=boundary.arns)}, boundary.is_known
    else:
        for context, is_all in _within(name, boundary, is_new=is_new):
            if name in _ATTACHES:
                yield {**context, _POLICY: KeyValues(tuple(map(_administrators, PARTITIONS)))}, is_all
                yield context, False
            else:
                yield context, is_all


def _within(name: str, boundary: Boundary, *, is_new: bool) -> Iterator[tuple[Context, bool]]:
    if name not in _WITHIN_BOUNDARY:
        yield {}, True
    elif is_new:
        yield {_BOUNDARY: ABSENT}, True
        yield {}, False
    elif boundary:
        yield ({_BOUNDARY: KeyValues(boundary.arns)} if boundary.is_known else {}), False
    else:
        yield {_BOUNDARY: ABSENT}, True


def _administrators(partition: str) -> str:
    return f"arn:{partition}:iam::aws:policy/AdministratorAccess"


def known(model: AccessModel) -> Iterator[Context]:
    """All that these requests may hold."""
    yield _GRANT
    yield {"iam:passedtoservice": KeyValues(PASSED_TO), _BOUNDARY: _ANY_POLICY}
    yield {_POLICY: KeyValues(tuple(map(_administrators, PARTITIONS)))}
    for requester in model.principals.values():
        if requester.boundaries:
            yield {_BOUNDARY: KeyValues(boundary_of(requester, model).arns)}
