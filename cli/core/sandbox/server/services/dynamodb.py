"""DynamoDB: resource policies of streams, which moto takes for tables, and Kinesis streams with a table's changes."""

from __future__ import annotations

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


def _is_stream(given: Parameters) -> bool:
    return "/stream/" in given["ResourceArn"]
