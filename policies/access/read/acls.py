"""Access control lists of buckets, as the statements that they amount to.

Source: S3 user guide, "Access control list (ACL) overview": what each permission of an ACL on a bucket allows, and what
canned ACLs grant. Buckets whose owner is enforced have none ("Controlling ownership of objects").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policies.access.model import Origin, Policy, PolicyKind, PolicyStatement
from policies.access.read.links import TextLinks
from policies.access.read.texts import ValueTexts
from policies.library.documents import Principal
from policies.library.model import Block, Resource
from policies.library.values import UnknownValue
from policies.reachability.network import Assumption
from policies.reachability.read.reading import Reading

_BUCKETS = ("aws_s3_bucket", "data.aws_s3_bucket")
_READ = ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
_WRITE = ("s3:PutObject", "s3:DeleteObject")
_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "READ": _READ,
    "WRITE": _WRITE,
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
    "FULL_CONTROL": (*_READ, *_WRITE, "s3:GetBucketAcl", "s3:PutBucketAcl"),
}
_ALL = "http://acs.amazonaws.com/groups/global/AllUsers"
_AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
_LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
_CANNED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "private": (),
    "public-read": ((_ALL, "READ"),),
    "public-read-write": ((_ALL, "READ"), (_ALL, "WRITE")),
    "authenticated-read": ((_AUTHENTICATED, "READ"),),
    "log-delivery-write": ((_LOG_DELIVERY, "WRITE"), (_LOG_DELIVERY, "READ_ACP")),
    "bucket-owner-read": (),
    "bucket-owner-full-control": (),
    "aws-exec-read": (),
}
_PRINCIPALS: Mapping[str, Principal] = {
    _ALL: Principal("*", "*"),
    _AUTHENTICATED: Principal("AWS", "*"),
    _LOG_DELIVERY: Principal("Service", "logging.s3.amazonaws.com"),
}


def acl_policies(thing: Resource, reading: Reading, texts: ValueTexts, links: TextLinks) -> Iterator[Policy]:
    """The access control lists of a bucket; nothing of what is none."""
    if thing.type not in _BUCKETS or _is_owner_enforced(thing, reading, links):
        return
    if thing.has("acl") or thing.has("grant"):
        yield _policy(thing, thing, texts, "grant", None)
    for each in reading.configuration.of_type("aws_s3_bucket_acl"):
        for link in links.named(each.get("bucket"), _BUCKETS, each):
            if link.resource is thing:
                yield _policy(each, thing, texts, "access_control_policy", link.assumption)


def _is_owner_enforced(bucket: Resource, reading: Reading, links: TextLinks) -> bool:
    """Whether it is certain that the bucket's owner owns every object, so that there are no ACLs."""
    for each in reading.configuration.of_type("aws_s3_bucket_ownership_controls"):
        for link in links.named(each.get("bucket"), _BUCKETS, each):
            if link.resource is bucket and link.assumption is None:
                rules = reading.blocks(each, "rule", each, "it may let ACLs in")
                return any(reading.text(rule, "object_ownership") == "BucketOwnerEnforced" for rule in rules)
    return False


def _policy(writer: Resource, bucket: Resource, texts: ValueTexts, block: str, assumption: Assumption | None) -> Policy:
    arn = texts.arn(bucket)
    statements: list[PolicyStatement] = []
    try:
        grants = list(_grants(writer, block, texts))
    except UnknownValue as unknown:
        assumption = Assumption(f"the ACL is not known ({unknown}): taken for public", writer)
        grants = [(Principal("*", "*"), "FULL_CONTROL")]
    for principal, permission in grants:
        statements.append(
            PolicyStatement(
                allows=True,
                origin=Origin(writer, "acl", len(statements) + 1),
                principals=(principal,),
                actions=_ACTIONS.get(permission, _ACTIONS["FULL_CONTROL"]),
                resources=(arn, f"{arn}/*"),
                assumption=assumption,
            )
        )
    return Policy(PolicyKind.ACL, f"ACL of {bucket.address}", tuple(statements), writer)


def _grants(writer: Resource, name: str, texts: ValueTexts) -> Iterator[tuple[Principal, str]]:
    """Who is granted what. Raises UnknownValue."""
    canned = writer.text("acl")
    for group, permission in _CANNED.get(canned, ()):
        yield _PRINCIPALS[group], permission
    outer = writer.blocks(name)
    blocks = outer if name == "grant" else tuple(each for block in outer for each in block.blocks("grant"))
    for block in blocks:
        grantee = block.block("grantee") or block
        permissions = block.texts("permissions") or (block.text("permission"),)
        for permission in permissions:
            yield _grantee(grantee, texts), permission


def _grantee(block: Block, texts: ValueTexts) -> Principal:
    uri = block.text("uri")
    if uri:
        return _PRINCIPALS.get(uri, Principal("*", "*"))
    return Principal("CanonicalUser", texts.text(block.get("id")))
