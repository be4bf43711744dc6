"""DynamoDB: resource policies of streams, which moto takes for tables."""

from __future__ import annotations

from cli.core.sandbox.server.service import Call, Parameters, Result, Service, not_found


class DynamoDB(Service):
    """Policies of tables are moto's."""

    name = "dynamodb"

    def __init__(self) -> None:
        self.policies: dict[str, str] = {}

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


def _is_stream(given: Parameters) -> bool:
    return "/stream/" in given["ResourceArn"]
