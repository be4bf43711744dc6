"""CKV2_MEALS_114: No policy of an S3 bucket or access point lets anyone in, and no ACL of a bucket or object does.

An ACL for everyone counts unless the bucket's public access block ignores it, or its ownership controls switch ACLs
off. Anyone with an AWS account is anyone. Sources: Amazon S3 user guide, "The meaning of public", "Controlling
ownership of objects and disabling ACLs for your bucket".
"""

from collections.abc import Callable, Iterator, Mapping

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.documents import any_holds
from policies.library.grants import public_findings
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.values import UnknownValue

BUCKET = "aws_s3_bucket"
ACL = "aws_s3_bucket_acl"
BLOCK = "aws_s3_bucket_public_access_block"
OWNERSHIP = "aws_s3_bucket_ownership_controls"
OBJECTS = ("aws_s3_object", "aws_s3_object_copy", "aws_s3_bucket_object")
PUBLIC_ACLS = ("public-read", "public-read-write", "authenticated-read")
PUBLIC_GROUPS = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")
"""How the addresses of the groups end that anyone is in."""


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for each statement, and for an ACL, that lets anyone use a bucket, access point or object."""
    yield from public_findings(subject, "policy", configuration)
    if subject.type in (BUCKET, ACL, *OBJECTS):
        try:
            names = tuple(public_names(subject))
        except UnknownValue:
            if ignores_acls(subject, configuration):
                return
            raise
        if names and not ignores_acls(subject, configuration):
            yield Finding(found=f"an ACL for {', '.join(names)}", allowed="private, and grants to accounts by their id")


def public_names(subject: Resource) -> Iterator[str]:
    """The names of anyone in an ACL, canned or written out. Raises UnknownValue."""
    canned = subject.text("acl")
    if canned in PUBLIC_ACLS:
        yield canned
    for grantee in grantees(subject):
        uri = grantee.text("uri")
        if uri.endswith(PUBLIC_GROUPS):
            yield uri.rpartition("/")[2]


def grantees(subject: Resource) -> Iterator[Block]:
    """Whom an ACL names. Raises UnknownValue if how many is unknown."""
    yield from subject.blocks("grant")
    for policy in subject.blocks("access_control_policy"):
        for grant in policy.blocks("grant"):
            yield from grant.blocks("grantee")


def ignores_acls(subject: Resource, configuration: Configuration) -> bool:
    """Whether S3 ignores public ACLs, as the bucket's settings have it. Raises UnknownValue."""
    buckets = (subject,) if subject.type == BUCKET else configuration.resolve(subject.get("bucket"))

    def is_set(type_: str, holds: Callable[[Resource], bool]) -> bool:
        settings = [each for bucket in buckets for each in configuration.referrers(bucket, type_, "bucket")]
        return bool(settings) and all(map(holds, settings))

    ways: Mapping[str, Callable[[Resource], bool]] = {
        BLOCK: lambda block: block.flag("ignore_public_acls"),
        OWNERSHIP: _switches_acls_off,
    }
    return any_holds(ways.items(), lambda way: is_set(*way))


def _switches_acls_off(ownership: Resource) -> bool:
    return any(rule.text("object_ownership") == "BucketOwnerEnforced" for rule in ownership.blocks("rule"))


RULE = CheckovRule(
    id="CKV2_MEALS_114",
    name="S3 bucket policies and ACLs grant no public access",
    severity="critical",
    claim="C7",
    controls=security_hub("S3.2", "S3.3") + nist("AC-3", "AC-6", "SC-7"),
    fix=(
        "Name the principals, or tie the statement to an account, organization, endpoint or resource by a condition; "
        "make ACLs private."
    ),
    good=examples.policy(
        "aws_s3_bucket_policy", "bucket = aws_s3_bucket.images.id", principal=examples.READER, action="s3:GetObject"
    ),
    bad=examples.policy("aws_s3_bucket_policy", "bucket = aws_s3_bucket.images.id", action="s3:GetObject"),
    applies_to=(
        BUCKET,
        ACL,
        *OBJECTS,
        "aws_s3_bucket_policy",
        "aws_s3_access_point",
        "aws_s3control_access_point_policy",
        "aws_s3control_bucket_policy",
        "aws_s3control_object_lambda_access_point_policy",
    ),
    evaluate=evaluate,
)
