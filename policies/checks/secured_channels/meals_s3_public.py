"""CKV2_MEALS_114: No policy of an S3 bucket or access point lets anyone in, and no ACL of a bucket or object does.

An ACL for everyone counts unless the bucket's public access block ignores it. Anyone with an AWS account is anyone.
Source: Amazon S3 user guide, "The meaning of public".
"""

from collections.abc import Iterator

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.grants import public_findings
from policies.library.model import Block, Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.values import UnknownValue

BUCKET = "aws_s3_bucket"
ACL = "aws_s3_bucket_acl"
BLOCK = "aws_s3_bucket_public_access_block"
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
    """Whether the bucket's public access block makes S3 ignore public ACLs. Raises UnknownValue."""
    buckets = (subject,) if subject.type == BUCKET else configuration.resolve(subject.get("bucket"))
    blocks = [each for bucket in buckets for each in configuration.referrers(bucket, BLOCK, "bucket")]
    return bool(blocks) and all(block.flag("ignore_public_acls") for block in blocks)


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
