"""CKV2_MEALS_222: the event store's table and its stream refuse calls that do not come through a VPC endpoint.

A table is the event store's if its name, label or a tag says so (`policies.library.perimeter.holds_events`), or if, in
a system with one, a policy on it is about the endpoint calls come through: whoever writes that means to bind the table
and must do it well. Other people's tables are none of this rule's business. The statement denies the data plane to
everyone, with StringNotEquals and not IfExists, sparing at most named roles, AWS services and calls on behalf of named
services (docs/adr/0006).
"""

from policies.checkov.adapter import CheckovRule
from policies.library.documents import Statement, document
from policies.library.model import Configuration, Resource
from policies.library.perimeter import documents_on, has_event_store, is_bound, open_actions
from policies.library.rule import Finding, Findings, nist
from policies.library.values import Value, references

ALLOWED = "a Deny of these actions for everyone where aws:SourceVpce is not the endpoint (StringNotEquals)"
ITEMS = tuple(
    f"dynamodb:{each}"
    for each in (
        "BatchGetItem",
        "BatchWriteItem",
        "DeleteItem",
        "ExportTableToPointInTime",
        "GetItem",
        "PartiQLSelect",
        "PutItem",
        "Query",
        "Scan",
        "UpdateItem",
    )
)
RECORDS = ("dynamodb:GetRecords", "dynamodb:GetShardIterator")


def evaluate(table: Resource, configuration: Configuration) -> Findings:
    """A finding for the actions on items, and for those on the stream's records, that are open to the outside."""
    if not has_event_store(configuration):
        return
    written = list(documents_on(table, {"aws_dynamodb_resource_policy": "resource_arn"}, configuration))
    if not is_bound(table, (text for _, text in written), configuration):
        return
    attached = [(policy, document(text, configuration)) for policy, text in written]
    on_stream = [policy for resource, policy in attached if _is_stream(resource.get("resource_arn"))]
    on_table = [policy for resource, policy in attached if not _is_stream(resource.get("resource_arn"))]

    def covers_table(statement: Statement) -> bool:
        return _names_table(statement, table) or statement.covers_resource(table, configuration)

    def covers_stream(statement: Statement) -> bool:
        return _names_stream(statement, table) or statement.covers_resource(table, configuration)

    items = open_actions(on_table, ITEMS, covers_table)
    if items:
        yield Finding(found=f"open to calls from outside: {', '.join(items)}", allowed=ALLOWED)
    if table.flag("stream_enabled"):
        records = open_actions(on_stream, RECORDS, covers_stream)
        if records:
            yield Finding(found=f"stream open to calls from outside: {', '.join(records)}", allowed=ALLOWED)


def _is_stream(arn: Value) -> bool:
    return any(each.attribute == "stream_arn" for each in references(arn)) or (
        isinstance(arn, str) and "/stream/" in arn
    )


def _names_table(statement: Statement, table: Resource) -> bool:
    """Whether an ARN of the table, with its name, is among a statement's resources."""
    end = f":table/{table.text('name')}"
    return not statement.inverts_resources and any(
        isinstance(each, str) and each.endswith(end) for each in statement.resources
    )


def _names_stream(statement: Statement, table: Resource) -> bool:
    """Whether the ARN of the table's stream, once it is known, or of all its streams is among them."""
    stream, every = table.get("stream_arn"), f":table/{table.text('name')}/stream/*"
    return not statement.inverts_resources and any(
        isinstance(each, str) and (each.endswith(every) or (isinstance(stream, str) and each == stream))
        for each in statement.resources
    )


RULE = CheckovRule(
    id="CKV2_MEALS_222",
    name="The event store's table and stream refuse calls from outside the VPC endpoint",
    severity="critical",
    claim="C2",
    controls=nist("AC-3", "AC-4", "SC-7"),
    fix="Attach an aws_dynamodb_resource_policy that denies data-plane actions unless aws:SourceVpce is the endpoint.",
    good="""\
resource "aws_dynamodb_table" "event_store" {
  name = "event-store"
}
resource "aws_dynamodb_resource_policy" "event_store" {
  resource_arn = aws_dynamodb_table.event_store.arn
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "dynamodb:*"
      Resource  = aws_dynamodb_table.event_store.arn
      Condition = { StringNotEquals = { "aws:SourceVpce" = aws_vpc_endpoint.dynamodb.id } }
    }]
  })
}
""",
    bad="""\
resource "aws_dynamodb_table" "event_store" {
  name = "event-store"
}
""",
    applies_to=("aws_dynamodb_table",),
    evaluate=evaluate,
)
