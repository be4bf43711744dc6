"""What the request of a further step holds so that it gives all that it can: conditions may leave it less, or nothing.

Sources: Service Authorization Reference, "Condition keys for IAM" (`iam:PolicyARN`, `iam:PermissionsBoundary`) and
"Condition keys for AWS KMS" (`kms:GrantIsForAWSResource`, `kms:GrantOperations`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def boundary_of(requester: Requester | None) -> Boundary:
    """The boundary of somebody, by its ARN."""
    policies = requester.boundaries if requester is not None else ()
    arns = tuple(each.arn for each in policies if each.arn)
    return Boundary(arns, len(arns) == len(policies))


def full(action: str, boundary: Boundary, *, is_new: bool = False) -> Iterator[tuple[Context, bool]]:
    """What a request may hold, by how much it gives, and whether it surely gives all, within the boundary if that is
    known.

    Who is new has any other boundary than those of `boundary`, or none.
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


def exactly(action: str, boundary: Boundary) -> tuple[Context, ...]:
    """What a request holds that makes somebody, or gives them a policy, with one boundary, or none."""
    name = action.lower()
    if name in _WITHIN_BOUNDARY:
        held: Context = {_BOUNDARY: KeyValues(boundary.arns) if boundary else ABSENT}
        return ({**held, _POLICY: KeyValues(tuple(map(_administrators, PARTITIONS)))} if name in _ATTACHES else held,)
    return ({},)


def _within(name: str, boundary: Boundary, *, is_new: bool) -> Iterator[tuple[Context, bool]]:
    if name not in _WITHIN_BOUNDARY:
        yield {}, True
    elif is_new:
        yield {_BOUNDARY: ABSENT}, True
        yield {_BOUNDARY: KeyValues(_ANY_POLICY.values, but=boundary.arns)}, False
    elif boundary:
        yield ({_BOUNDARY: KeyValues(boundary.arns)} if boundary.is_known else {}), boundary.is_known
    else:
        yield {_BOUNDARY: ABSENT}, True


def _administrators(partition: str) -> str:
    return f"arn:{partition}:iam::aws:policy/AdministratorAccess"


def limits(model: AccessModel) -> tuple[Boundary, ...]:
    """The policies that something asks for as permissions boundaries."""
    return tuple(Boundary((arn,)) for arn in model.attachable if arn not in model.things)


def all_of(several: Iterable[Boundary]) -> Boundary:
    """A boundary that may be any of several."""
    return Boundary(tuple(arn for each in several for arn in each.arns))


def known(model: AccessModel) -> Iterator[Context]:
    """All that these requests may hold."""
    yield _GRANT
    yield {"iam:passedtoservice": KeyValues(PASSED_TO), _BOUNDARY: _ANY_POLICY}
    yield {_POLICY: KeyValues(tuple(map(_administrators, PARTITIONS)))}
    yield {_BOUNDARY: KeyValues(all_of(limits(model)).arns)}
    for requester in model.principals.values():
        if requester.boundaries:
            yield {_BOUNDARY: KeyValues(boundary_of(requester).arns)}
