"""CKV2_MEALS_161: AWS services use topics, queues, buckets, secrets, logs and event buses for named sources only.

A service that is let in without a condition acts for any of its customers: whoever makes a bucket, a rule or a
distribution of his own can then have it write to the queue or read the bucket. Source: IAM user guide, "The confused
deputy problem"; Amazon SNS developer guide, "Example cases for Amazon SNS access control". A log delivery whose path
has the account in it is for that account (Elastic Load Balancing, "Access logs").
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.documents import Statement, document, holding
from policies.library.model import Configuration, Resource
from policies.library.narrowing import as_text, has_source, is_fixed
from policies.library.rule import Finding, Findings, nist
from policies.library.values import Partial, Unknown, Value, label_of

ALLOWED = "aws:SourceArn, aws:SourceAccount or aws:SourceOrgID, without a pattern that strangers match"
POLICIES = {
    "aws_cloudwatch_event_bus_policy": "policy",
    "aws_cloudwatch_log_resource_policy": "policy_document",
    "aws_s3_bucket": "policy",
    "aws_s3_bucket_policy": "policy",
    "aws_secretsmanager_secret": "policy",
    "aws_secretsmanager_secret_policy": "policy",
    "aws_sns_topic": "policy",
    "aws_sns_topic_policy": "policy",
    "aws_sqs_queue": "policy",
    "aws_sqs_queue_policy": "policy",
}
"""Type -> the attribute that holds its policy."""
_LOGS = "/AWSLogs/"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for each statement that lets a service in for anyone."""
    grants = document(subject.get(POLICIES[subject.type]), configuration).grants
    for statement in holding(grants, is_for_any_customer):
        yield Finding(found=f"{', '.join(services_of(statement))} for any of its customers", allowed=ALLOWED)


def is_for_any_customer(statement: Statement) -> bool:
    """Whether a statement lets a service in, whoever it acts for. Raises UnknownValue."""
    return bool(services_of(statement)) and not has_source(statement) and not is_of_account(statement)


def services_of(statement: Statement) -> list[str]:
    """The services that a statement lets in, as principals or by name in a condition."""
    named = [label_of(each.value) for each in statement.principals if each.kind == "Service"]
    for condition in statement.condition("aws:principalservicename"):
        named += [label_of(each) for each in condition.values]
    return named


def is_of_account(statement: Statement) -> bool:
    """Whether each resource of a statement is a path of one account's logs."""
    return bool(statement.resources) and all(map(_names_account, statement.resources))


def _names_account(resource: Value) -> bool:
    if isinstance(resource, Unknown) and not isinstance(resource, Partial):
        return False
    account = as_text(resource).partition(_LOGS)[2].partition("/")[0]
    return is_fixed(account)


RULE = CheckovRule(
    id="CKV2_MEALS_161",
    name="AWS services act for named sources only",
    severity="high",
    claim="C7",
    controls=nist("AC-3", "AC-6"),
    fix='Add a condition: ArnLike = { "aws:SourceArn" = ... } or StringEquals = { "aws:SourceAccount" = ... }.',
    good=examples.policy(
        "aws_sns_topic_policy",
        "arn = aws_sns_topic.t.arn",
        principal='{ Service = "events.amazonaws.com" }',
        action="sns:Publish",
        condition='{ ArnEquals = { "aws:SourceArn" = "arn:aws:events:us-east-1:111122223333:rule/daily" } }',
    ),
    bad=examples.policy(
        "aws_sns_topic_policy",
        "arn = aws_sns_topic.t.arn",
        principal='{ Service = "events.amazonaws.com" }',
        action="sns:Publish",
    ),
    applies_to=tuple(POLICIES),
    evaluate=evaluate,
)
