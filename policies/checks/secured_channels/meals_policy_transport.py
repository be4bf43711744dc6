"""CKV2_MEALS_113: Resource policies of DynamoDB tables and EFS file systems deny insecure transport.

DynamoDB's endpoints answer plain HTTP, and EFS mounts are plain NFS unless the client asks for TLS. A table or file
system without a policy is not judged: IAM policies and the network decide there.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.access import refuses_plaintext
from policies.library.documents import document
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.values import references

ALLOWED = 'a statement that denies all actions to "*" where aws:SecureTransport is "false"'

SERVICES = {
    "aws_dynamodb_resource_policy": ("dynamodb",),
    "aws_efs_file_system_policy": (
        "elasticfilesystem",
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientRootAccess",
        "elasticfilesystem:ClientWrite",
    ),
}
"""Type -> the service in its actions, and the actions that are enough where a policy is about the data plane only."""

STREAM_ACTIONS = ["dynamodb:GetRecords", "dynamodb:GetShardIterator"]
"""What reads a table's stream, which has a policy of its own."""


def evaluate(policy: Resource, configuration: Configuration) -> Findings:
    """A finding for a policy that lets what it is attached to be used without TLS."""
    service, *actions = SERVICES[policy.type]
    if _is_of_stream(policy):
        actions = STREAM_ACTIONS
    if not refuses_plaintext(document(policy.get("policy"), configuration), service, None, configuration, *actions):
        yield Finding(found="a policy that does not deny insecure transport", allowed=ALLOWED)


def _is_of_stream(policy: Resource) -> bool:
    target = policy.get("resource_arn")
    return "stream_arn" in {each.attribute for each in references(target)} or (
        isinstance(target, str) and "/stream/" in target
    )


RULE = CheckovRule(
    id="CKV2_MEALS_113",
    name="DynamoDB and EFS resource policies deny insecure transport",
    severity="high",
    claim="C7",
    controls=nist("SC-8", "SC-8(1)"),
    fix='Add a statement that denies all actions of the service to everyone where aws:SecureTransport is "false".',
    good=examples.policy(
        "aws_dynamodb_resource_policy",
        "resource_arn = aws_dynamodb_table.events.arn",
        effect="Deny",
        action="dynamodb:*",
        resource="aws_dynamodb_table.events.arn",
        condition=examples.PLAINTEXT,
    ),
    bad=examples.policy(
        "aws_dynamodb_resource_policy",
        "resource_arn = aws_dynamodb_table.events.arn",
        principal=examples.READER,
        action="dynamodb:Query",
        resource="aws_dynamodb_table.events.arn",
    ),
    applies_to=tuple(SERVICES),
    evaluate=evaluate,
)
