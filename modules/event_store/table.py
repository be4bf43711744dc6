"""The event store's table: streams of events, each event under its stream and version."""

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.dynamodb_resource_policy import DynamodbResourcePolicy
from cdktf_cdktf_provider_aws.dynamodb_table import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
)
from constructs import Construct

from modules.common.context import Context
from modules.common.policy import Statement, deny_insecure_transport, document
from modules.event_store.perimeter import deny_outside_endpoint

READ_ACTIONS = (
    "dynamodb:BatchGetItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:GetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
)
CHANGE_ACTIONS = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
)
PARTIQL_ACTIONS = (
    "dynamodb:PartiQLDelete",
    "dynamodb:PartiQLInsert",
    "dynamodb:PartiQLSelect",
    "dynamodb:PartiQLUpdate",
)
EXPORT_ACTION = "dynamodb:ExportTableToPointInTime"
COPY_ACTIONS = ("dynamodb:EnableKinesisStreamingDestination", EXPORT_ACTION)
DATA_ACTIONS = (*READ_ACTIONS, *CHANGE_ACTIONS, *PARTIQL_ACTIONS, *COPY_ACTIONS)
"""All that reads or changes items, or copies them elsewhere (Amazon DynamoDB developer guide, "DynamoDB API operations
supported by resource-based policies"). Transactions are authorized as these actions."""

STREAM_ACTIONS = ("dynamodb:GetRecords", "dynamodb:GetShardIterator")


class Table(Construct):
    """The table `<project>-<environment>-event-store`: partition key `stream_id` (S), sort key `version` (N).

    On-demand and encrypted, with point-in-time recovery and a stream of new items. Stateful protection turns on
    deletion protection and forbids Terraform to destroy the table. Items are read and changed only through the gateway
    endpoint `endpoint_id`, except by the roles `except_role_arns`.
    """

    def __init__(
        self, scope: Construct, id: str, *, context: Context, endpoint_id: str, except_role_arns: Sequence[str]
    ) -> None:
        super().__init__(scope, id)
        names, protected = context.names, context.stateful_protection
        self.name: str = names.name("event-store")
        self.arn: str = names.arn("dynamodb", f"table/{self.name}")
        self.resource = table = DynamodbTable(
            self,
            "table",
            name=self.name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="stream_id",
            range_key="version",
            attribute=[
                DynamodbTableAttribute(name="stream_id", type="S"),
                DynamodbTableAttribute(name="version", type="N"),
            ],
            server_side_encryption=DynamodbTableServerSideEncryption(
                enabled=True, kms_key_arn=context.keys.event_store.arn
            ),
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=True),
            stream_enabled=True,
            stream_view_type="NEW_IMAGE",
            deletion_protection_enabled=protected,
            tags=names.tags("event-store"),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if protected else None,
        )
        resources = [self.arn, f"{self.arn}/index/*"]
        DynamodbResourcePolicy(
            self,
            "policy",
            resource_arn=table.arn,
            policy=document(
                [
                    deny_insecure_transport(actions=["dynamodb:*"], resources=resources),
                    deny_outside_endpoint(
                        actions=DATA_ACTIONS,
                        resources=resources,
                        endpoint_id=endpoint_id,
                        except_role_arns=except_role_arns,
                    ),
                ]
            ),
        )
        # The stream is a second way to every new item, with a policy of its own. Nobody reads it yet: a consumer that
        # runs in AWS is named here by its role when there is one.
        stream_arn = table.stream_arn
        DynamodbResourcePolicy(
            self,
            "stream-policy",
            resource_arn=stream_arn,
            policy=document(
                [
                    deny_insecure_transport(actions=STREAM_ACTIONS, resources=[stream_arn]),
                    deny_outside_endpoint(actions=STREAM_ACTIONS, resources=[stream_arn], endpoint_id=endpoint_id),
                ]
            ),
        )

    def append_and_read_statement(self) -> Statement:
        """Return what the event-store servers may do: append events and read them.

        Events are facts: no action that deletes or changes items in place is granted (`BatchWriteItem` deletes too).
        """
        return Statement(
            sid="AppendAndReadEvents",
            actions=[*READ_ACTIONS, "dynamodb:DescribeTable", "dynamodb:PutItem"],
            resources=[self.arn, f"{self.arn}/index/*"],
        )
