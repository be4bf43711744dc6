"""What requests hold: the condition keys that follow from who makes them, from where, and about what.

A key that is in none of these may hold anything, or be absent. Source: IAM user guide, "AWS global condition context
keys".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from policies.access.model import ABSENT, Account, Context, KeyValues, Position, PrincipalKind, Requester, Thing
from policies.access.sources import SOURCES, sent
from policies.access.text import is_determined, undetermined

_TYPES = {
    PrincipalKind.ROLE: "AssumedRole",
    PrincipalKind.SERVICE_LINKED_ROLE: "AssumedRole",
    PrincipalKind.USER: "User",
    PrincipalKind.ROOT: "Account",
    PrincipalKind.ANONYMOUS: "Anonymous",
}

UNSAID: Context = dict.fromkeys(SOURCES, KeyValues((undetermined("what a service says of whom it acts for"),)))
"""Keys of which nobody knows whether a service sends them."""

NO_VPC: Context = dict.fromkeys(
    (
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "aws:vpcsourceip",
    ),
    ABSENT,
)
"""What requests lack that come through no VPC endpoint."""

_POINT, _ACCOUNT_OF_POINT = "s3:dataaccesspointarn", "s3:dataaccesspointaccount"

_OF_CALLS_THROUGH = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "kms:viaservice")
"""Only what a service calls for somebody has these."""


def of_requester(requester: Requester, accounts: Mapping[str, Account]) -> Context:
    """The keys that are the same in all requests of somebody."""
    account = accounts[requester.account] if requester.account else None
    is_service = requester.kind is PrincipalKind.SERVICE
    context: dict[str, KeyValues] = {
        "aws:principalarn": _one(requester.arn),
        "aws:principalaccount": _one(account.id if account else ""),
        **_organization("principal", account),
        "aws:principalisawsservice": _one("true" if is_service else "false"),
        "aws:principalservicename": _one(requester.service if is_service else ""),
        "aws:principalservicenameslist": _one(requester.service if is_service else ""),
        "aws:username": _one(_name(requester.arn) if requester.kind is PrincipalKind.USER else ""),
        "kms:calleraccount": _one(account.id if account else ""),
        "aws:securetransport": KeyValues(("true", "false")),
    }
    if requester.kind in _TYPES:
        context["aws:principaltype"] = _one(_TYPES[requester.kind])
    if not is_service:
        context.update(dict.fromkeys(SOURCES, ABSENT))
        # SNS has set it to the account of who publishes; AWS no longer says when.
        context["aws:sourceowner"] = KeyValues((account.id,), may_be_absent=True) if account else ABSENT
    return {**context, **requester.context}


def of_sources(requester: Requester, called: str, context: Context, *, surely: bool) -> Context:
    """What requests of a service may hold that calls another one, or surely hold.

    Whether it sends a key that its documents do not show is not known.
    """
    keys = {
        key: replace(context[key], may_be_absent=False) for key in sent(requester.service, called) if key in context
    }
    return {**context, **(UNSAID if surely else {}), **keys}


def of_position(position: Position) -> Context:
    """The keys that are the same in all requests from a place."""
    context: dict[str, KeyValues] = {}
    via = position.context.get("aws:viaawsservice")
    if via == KeyValues(("false",)):
        context.update(dict.fromkeys(_OF_CALLS_THROUGH, ABSENT))
    return {**context, **position.context}


def of_thing(thing: Thing, accounts: Mapping[str, Account]) -> Context:
    """The keys that are the same in all requests about something."""
    account = accounts[thing.account]
    context: dict[str, KeyValues] = {
        "aws:resourceaccount": _one(account.id),
        "s3:resourceaccount": _one(account.id),
        **_organization("resource", account),
    }
    region = region_of(thing)
    if region:
        context["aws:requestedregion"] = KeyValues((region,))
    return {**context, **thing.context}


def of_access_points(thing: Thing, account: str, own: Sequence[str]) -> Context:
    """The keys by which a policy of S3 tells requests through access points, in requests straight to a thing.

    To a bucket those are requests without an access point, and through access points of accounts that are not the
    `own` ones: what is not declared there is known to nobody. Source: S3 user guide, "Configuring IAM policies for
    using access points".
    """
    if thing.service != "s3":
        return {}
    if thing.behind:
        return through_access_point(thing, account)
    number = "*" if all(map(is_determined, own)) else undetermined("another account")
    return {
        key: KeyValues((form.format(number),), may_be_absent=True, but=tuple(map(form.format, own)))
        for key, form in ((_POINT, "arn:*:s3:*:{}:accesspoint/*"), (_ACCOUNT_OF_POINT, "{}"))
    }


def through_access_point(access_point: Thing, account: str) -> Context:
    """What the requests about the bucket behind an access point hold."""
    return {
        _POINT: KeyValues(access_point.arns.get("accesspoint", access_point.all_arns)),
        _ACCOUNT_OF_POINT: KeyValues((account,)),
    }


def region_of(thing: Thing) -> str:
    """The region in a thing's ARNs; empty if they have none, or nobody knows it."""
    regions = {_region(arn) for arn in thing.all_arns}
    return regions.pop() if len(regions) == 1 else ""


def _organization(of: str, account: Account | None) -> Context:
    """The keys of the organization of an account: one of which nobody knows it may be in any, or none."""
    if account is None or not account.organization:
        return {f"aws:{of}orgid": ABSENT, f"aws:{of}orgpaths": ABSENT}
    is_perhaps_absent = not is_determined(account.organization)
    place = undetermined(f"the place of {account.name} in its organization")
    return {
        f"aws:{of}orgid": KeyValues((account.organization,), is_perhaps_absent=is_perhaps_absent),
        f"aws:{of}orgpaths": KeyValues(account.paths or (place,), is_perhaps_absent=is_perhaps_absent),
    }


def _name(arn: str) -> str:
    return arn.rpartition("/")[2] if "/" in arn else "*"


def _region(arn: str) -> str:
    parts = arn.split(":")
    region = parts[3] if len(parts) > 5 else ""
    return region if is_determined(region) and not set("*?") & set(region) else ""


def _one(text: str) -> KeyValues:
    return KeyValues((text,)) if text else ABSENT
