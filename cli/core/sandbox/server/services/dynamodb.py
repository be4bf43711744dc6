"""DynamoDB: resource policies of streams, which moto takes for tables, Kinesis streams with a table's changes, and what
moto drops of tables that are restored or updated, and keeps of those that are deleted."""

from __future__ import annotations

from typing import Any

from moto.dynamodb.models import dynamodb_backends

from cli.core.sandbox.server.service import Call, Parameters, Result, Service, not_found


class DynamoDB(Service):
    """Policies of tables are moto's."""

    name = "dynamodb"

    def __init__(self) -> None:
        self.policies: dict[str, str] = {}
        self.destinations: dict[str, list[str]] = {}
        """ARNs of streams by the name of the table."""

    def put_resource_policy(self, call: Call, given: Parameters) -> Result:
        """Keep the policy of a stream."""
        if not _is_stream(given):
            return None
        self.policies[given["ResourceArn"]] = given["Policy"]
        return {"RevisionId": "1"}

    def get_resource_policy(self, call: Call, given: Parameters) -> Result:
        """The policy of a stream."""
        if not _is_stream(given):
            return None
        if given["ResourceArn"] not in self.policies:
            raise not_found("The policy", "PolicyNotFoundException")
        return {"Policy": self.policies[given["ResourceArn"]], "RevisionId": "1"}

    def delete_resource_policy(self, call: Call, given: Parameters) -> Result:
        """Forget the policy of a stream."""
        if not _is_stream(given):
            return None
        self.policies.pop(given["ResourceArn"], None)
        return {}

    def enable_kinesis_streaming_destination(self, call: Call, given: Parameters) -> Result:
        """Keep a stream that gets the changes of a table."""
        self.destinations.setdefault(given["TableName"], []).append(given["StreamArn"])
        return {"TableName": given["TableName"], "StreamArn": given["StreamArn"], "DestinationStatus": "ENABLING"}

    def describe_kinesis_streaming_destination(self, call: Call, given: Parameters) -> Result:
        """The streams that get the changes of a table."""
        name = given["TableName"]
        active = [{"StreamArn": arn, "DestinationStatus": "ACTIVE"} for arn in self.destinations.get(name, ())]
        return {"TableName": name, "KinesisDataStreamDestinations": active}

    def after_delete_table(self, call: Call, given: Parameters) -> Result:
        """Forget the policy and the destination, which the next table of the name would have. The policy of its stream
        stays: the stream does, for 24 hours (API reference, DeleteTable)."""
        table = given["TableName"].rpartition("/")[2]
        policies = dynamodb_backends[call.account_id][call.region].resource_policies
        policies.pop(call.arn("dynamodb", f"table/{table}"), None)
        self.destinations.pop(table, None)
        return None

    def after_restore_table_from_backup(self, call: Call, given: Parameters) -> Result:
        """Keep the encryption and the billing mode of the backup (API reference, RestoreTableFromBackup)."""
        backup = dynamodb_backends[call.account_id][call.region].get_backup(given["BackupArn"])
        _keep_settings(call, given, source=backup.table)
        return None

    def after_restore_table_to_point_in_time(self, call: Call, given: Parameters) -> Result:
        """Keep the encryption and the billing mode of the table (API reference, RestoreTableToPointInTime)."""
        _keep_settings(call, given, source=_table(call, given["SourceTableName"]))
        return None

    def after_update_table(self, call: Call, given: Parameters) -> Result:
        """Keep a change of the encryption."""
        if "SSESpecification" in given:
            _table(call, given["TableName"]).sse_specification = dict(given["SSESpecification"])
        return None


def _table(call: Call, name: str) -> Any:
    return dynamodb_backends[call.account_id][call.region].get_table(name)


def _keep_settings(call: Call, given: Parameters, source: Any) -> None:
    """Give a restored table what it has of its source, where the request says nothing else."""
    table = _table(call, given["TargetTableName"])
    table.sse_specification = given.get("SSESpecificationOverride", source.sse_specification)
    table.billing_mode = given.get("BillingModeOverride", source.billing_mode)


def _is_stream(given: Parameters) -> bool:
    return "/stream/" in given["ResourceArn"]
