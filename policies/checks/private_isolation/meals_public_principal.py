"""CKV2_MEALS_231: no resource policy lets everyone in.

A statement is public if it allows any principal, also as all but some, without a condition that says who may call
(`policies.library.access`). An address says where a call comes from and not who calls; the ARN of a source is enough
for named actions, as services use it to deliver. The policy of a search domain inside a VPC may name everyone.
"""

from collections.abc import Iterator
from dataclasses import replace

from policies.library.access import is_narrowed
from policies.library.adapter import register
from policies.library.documents import Statement, document
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule

ALLOWED = "named principals, or a condition on the caller's account, organization, ARN or endpoint"
ADDRESSES = ("aws:sourceip",)
SOURCES = ("aws:sourcearn", *ADDRESSES)
POLICIES = {
    "aws_backup_vault_policy": "policy",
    "aws_cloudwatch_event_bus_policy": "policy",
    "aws_dynamodb_resource_policy": "policy",
    "aws_ecr_repository_policy": "policy",
    "aws_efs_file_system_policy": "policy",
    "aws_elasticsearch_domain": "access_policies",
    "aws_elasticsearch_domain_policy": "access_policies",
    "aws_glue_resource_policy": "policy",
    "aws_iam_role": "assume_role_policy",
    "aws_kinesis_resource_policy": "policy",
    "aws_kms_key": "policy",
    "aws_kms_key_policy": "policy",
    "aws_msk_cluster_policy": "policy",
    "aws_opensearch_domain": "access_policies",
    "aws_opensearch_domain_policy": "access_policies",
    "aws_s3_access_point": "policy",
    "aws_s3_bucket": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_secretsmanager_secret": "policy",
    "aws_secretsmanager_secret_policy": "policy",
    "aws_sns_topic": "policy",
    "aws_sns_topic_policy": "policy",
    "aws_sqs_queue": "policy",
    "aws_sqs_queue_policy": "policy",
}


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for each statement that lets everyone in."""
    domains = (subject, *configuration.resolve(subject.get("domain_name")))
    if any(each.has("vpc_options") for each in domains):
        return
    for statement in document(subject.get(POLICIES[subject.type]), configuration).grants:
        if not statement.is_for_everyone() or _says_who(statement):
            continue
        actions = ", ".join(str(each) for each in statement.actions if isinstance(each, str))
        yield Finding(found=f"{'all but ' if statement.inverts_actions else ''}{actions} for everyone", allowed=ALLOWED)


def _says_who(statement: Statement) -> bool:
    wide = statement.inverts_actions or any(str(each).endswith("*") for each in statement.actions)
    without = SOURCES if wide else ADDRESSES
    return is_narrowed(replace(statement, conditions=tuple(c for c in statement.conditions if c.key not in without)))


RULE = Rule(
    id="CKV2_MEALS_231",
    name="No resource policy lets everyone in",
    severity="critical",
    claim="C2",
    controls=(
        "AWS Security Hub SNS.4",
        "AWS Security Hub SQS.3",
        "AWS Security Hub KMS.5",
        "AWS Security Hub S3.2",
        "AWS Security Hub S3.3",
        "NIST 800-53 AC-3",
        "NIST 800-53 AC-6",
    ),
    fix="Name the principals that need access, or add a condition such as aws:PrincipalOrgID.",
    good="""\
resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.q.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.t.arn } }
    }]
  })
}
""",
    bad="""\
resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy    = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = "*" }] })
}
""",
    applies_to=tuple(POLICIES),
    evaluate=evaluate,
)

register(RULE)
