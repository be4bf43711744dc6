"""CKV2_MEALS_111: S3 bucket policies deny every request without TLS, for the bucket and for its objects.

A bucket's ARN and its objects' are different resources, so a statement needs both, or there must be two statements. S3
accepts a policy only if its resources are the bucket or its objects (S3 API, PutBucketPolicy, "Policy has invalid
resource"), so a name that is not known yet is the bucket's, and text that is no ARN, which it refuses, is not judged. A
bucket without any policy is judged where the configuration refuses plaintext elsewhere: there it has been left out. Of
several policies each must deny, as S3 keeps the one that is written last. The policy of a bucket that is declared
elsewhere is judged by itself.
"""

from collections.abc import Iterator

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.access import insists_on_tls, refuses_plaintext
from policies.library.attached import attached_policies, is_judged_at_target
from policies.library.documents import Document, Statement, document, holding, names_resource
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.values import Partial, Reference, Unknown, UnknownValue, Value

ALLOWED = 'a statement that denies s3:* to "*" on the bucket and its objects where aws:SecureTransport is "false"'

KINDS = ("the bucket", "its objects")
BUCKET_TYPE = "aws_s3_bucket"
POLICY = "aws_s3_bucket_policy"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for a bucket with a policy that does not refuse plaintext for all of it, or with none at all."""
    bucket: Resource | None
    policies: tuple[Value, ...]
    if subject.type == POLICY:
        if is_judged_at_target(subject, "bucket", BUCKET_TYPE, configuration):
            return
        bucket, policies = None, (subject.get("policy"),)
    else:
        bucket, policies = subject, attached_policies(subject, POLICY, "bucket", configuration)
        if not policies and insists_on_tls(configuration):
            yield Finding(found="no policy", allowed=ALLOWED)
    for policy in policies:
        yield from _of_policy(policy, bucket, configuration)


def _of_policy(policy: Value, bucket: Resource | None, configuration: Configuration) -> Findings:
    """A finding for what a policy leaves out of a bucket; of one of elsewhere every ARN is the bucket's."""

    def is_refusal(statement: Statement) -> bool:
        return refuses_plaintext(Document((statement,)), "s3", None, configuration)

    covered: set[str] = set()
    is_refused = False
    try:
        for statement in holding(document(policy, configuration).refusals, is_refusal):
            is_refused = True
            covered |= set(_covered(statement, bucket, configuration))
    except UnknownValue:
        if not covered.issuperset(KINDS):
            raise
    if not is_refused:
        yield Finding(found="a policy that does not deny insecure transport", allowed=ALLOWED)
        return
    for kind in KINDS:
        if kind not in covered:
            yield Finding(found=f"a statement that leaves out {kind}", allowed=ALLOWED)


def _covered(statement: Statement, bucket: Resource | None, configuration: Configuration) -> Iterator[str]:
    """Whether a statement is about the bucket, its objects, or both."""
    if statement.inverts_resources:
        if not any(_is_of(value, bucket, configuration) for value in statement.resources):
            yield from ("the bucket", "its objects")
        return
    unnamed = [each for each in statement.resources if isinstance(each, Reference)]
    if len(unnamed) > 1 and all(_is_of(each, bucket, configuration) for each in unnamed):
        yield from ("the bucket", "its objects")  # a plan does not say what stands around a reference
    for value in statement.resources:
        if isinstance(value, str) and (value == "arn:aws:s3:::*" or not value.startswith("arn:")):
            yield from ("the bucket", "its objects")
        elif _is_of(value, bucket, configuration):
            bucket_name, _, key = _name(value).partition("/")
            if not key or bucket_name.endswith("*"):
                yield "the bucket"
            if key == "*" or bucket_name.endswith("*"):
                yield "its objects"


def _is_of(value: Value, bucket: Resource | None, configuration: Configuration) -> bool:
    """Whether a resource of a bucket policy is not another bucket's."""
    if isinstance(value, Unknown) and not isinstance(value, Partial | Reference):
        raise value.failure()
    if bucket is None:
        return True
    identity = bucket.get("id")  # the name, where S3 has made it up
    if isinstance(identity, str) and _name(value).partition("/")[0] == identity:
        return True
    try:
        return names_resource(value, bucket, configuration)
    except UnknownValue:
        return True  # S3 would refuse another one


def _name(value: Value) -> str:
    """The bucket and key that an ARN names, with a question mark for what is unknown."""
    if isinstance(value, Partial):
        value = "".join(part if isinstance(part, str) else "?" for part in value.parts)
    return value.rpartition(":")[2] if isinstance(value, str) else "?"


BUCKET = """\
resource "aws_s3_bucket" "images" {
  bucket = "images"
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_111",
    name="S3 bucket policies deny insecure transport",
    severity="high",
    claim="C7",
    controls=(*security_hub("S3.5"), "CIS AWS Foundations 5.0.0 2.1.1", *nist("SC-8", "SC-8(1)")),
    fix=(
        "Attach an aws_s3_bucket_policy that denies s3:* to everyone on the bucket and its objects where"
        ' aws:SecureTransport is "false".'
    ),
    good=BUCKET
    + examples.policy(
        "aws_s3_bucket_policy",
        "bucket = aws_s3_bucket.images.id",
        effect="Deny",
        action="s3:*",
        resource='[aws_s3_bucket.images.arn, "${aws_s3_bucket.images.arn}/*"]',
        condition=examples.PLAINTEXT,
    ),
    bad=BUCKET
    + examples.policy(
        "aws_s3_bucket_policy",
        "bucket = aws_s3_bucket.images.id",
        principal=examples.READER,
        action="s3:GetObject",
        resource='"${aws_s3_bucket.images.arn}/*"',
    ),
    applies_to=(BUCKET_TYPE, POLICY),
    evaluate=evaluate,
)
