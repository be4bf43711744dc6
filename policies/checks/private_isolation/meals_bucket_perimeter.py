"""CKV2_MEALS_223: buckets with the event store's data refuse calls that do not come through a VPC endpoint.

Which buckets these are is decided as in CKV2_MEALS_222: the name, label or a tag says event store, or, in a system with
one, a policy on the bucket refuses calls by the endpoint they come through and must then do it right.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.documents import Statement, document
from policies.library.model import Configuration, Resource
from policies.library.perimeter import documents_on, has_event_store, is_bound, open_actions
from policies.library.rule import Finding, Findings, nist

ALLOWED = "a Deny of these actions for everyone where aws:SourceVpce is not the endpoint (StringNotEquals)"
ACTIONS = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")


def evaluate(bucket: Resource, configuration: Configuration) -> Findings:
    """A finding for the actions on objects that are open to calls from outside."""
    if not has_event_store(configuration):
        return
    texts = [text for _, text in documents_on(bucket, {"aws_s3_bucket_policy": "bucket"}, configuration)]
    texts += [bucket.get("policy")] if bucket.has("policy") else []
    if not is_bound(bucket, texts, configuration):
        return
    policies = [document(text, configuration) for text in texts]

    def covers(statement: Statement) -> bool:
        return statement.covers_resource(bucket, configuration)

    actions = open_actions(policies, ACTIONS, covers)
    if actions:
        yield Finding(found=f"open to calls from outside: {', '.join(actions)}", allowed=ALLOWED)


RULE = CheckovRule(
    id="CKV2_MEALS_223",
    name="Buckets with the event store's data refuse calls from outside the VPC endpoint",
    severity="critical",
    claim="C2",
    controls=nist("AC-3", "AC-4", "SC-7"),
    fix="Add a statement to the bucket's policy that denies object actions unless aws:SourceVpce is the endpoint.",
    good="""\
resource "aws_s3_bucket" "backups" {
  bucket = "event-store-backups"
}
resource "aws_s3_bucket_policy" "backups" {
  bucket = aws_s3_bucket.backups.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "arn:aws:s3:::event-store-backups/*"
      Condition = { StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.s3.id } }
    }]
  })
}
""",
    bad="""\
resource "aws_s3_bucket" "backups" {
  bucket = "event-store-backups"
}
""",
    applies_to=("aws_s3_bucket",),
    evaluate=evaluate,
)
