"""CloudWatch metric streams, of which moto has nothing."""

from __future__ import annotations

from typing import Any

from cli.core.sandbox.server.service import Call, Parameters, Result, Service, not_found, now


class CloudWatch(Service):
    """Metric streams run as soon as they are made."""

    name = "cloudwatch"

    def __init__(self) -> None:
        self.streams: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, list[dict[str, str]]] = {}

    def put_metric_stream(self, call: Call, given: Parameters) -> Result:
        """Keep a stream, or change it."""
        name = given["Name"]
        arn = call.arn("cloudwatch", f"metric-stream/{name}")
        before = self.streams.get(name, {"CreationDate": now()})
        self.streams[name] = {
            "IncludeLinkedAccountsMetrics": False,
            **{key: value for key, value in given.items() if key != "Tags"},
            "Arn": arn,
            "CreationDate": before["CreationDate"],
            "LastUpdateDate": now(),
            "State": "running",
        }
        self.tags.setdefault(arn, list(given.get("Tags", [])))
        return {"Arn": arn}

    def get_metric_stream(self, call: Call, given: Parameters) -> Result:
        """A stream."""
        if given["Name"] not in self.streams:
            raise not_found(f"The metric stream {given['Name']}")
        return self.streams[given["Name"]]

    def delete_metric_stream(self, call: Call, given: Parameters) -> Result:
        """Forget a stream."""
        self.streams.pop(given["Name"], None)
        self.tags.pop(call.arn("cloudwatch", f"metric-stream/{given['Name']}"), None)
        return {}

    def list_tags_for_resource(self, call: Call, given: Parameters) -> Result:
        """The tags of a stream; those of alarms are moto's."""
        tags = self.tags.get(given["ResourceARN"])
        return tags if tags is None else {"Tags": tags}

    def tag_resource(self, call: Call, given: Parameters) -> Result:
        """Add tags to a stream."""
        if given["ResourceARN"] not in self.tags:
            return None
        new = {tag["Key"] for tag in given["Tags"]}
        kept = [tag for tag in self.tags[given["ResourceARN"]] if tag["Key"] not in new]
        self.tags[given["ResourceARN"]] = [*kept, *given["Tags"]]
        return {}

    def untag_resource(self, call: Call, given: Parameters) -> Result:
        """Remove tags of a stream."""
        if given["ResourceARN"] not in self.tags:
            return None
        kept = [tag for tag in self.tags[given["ResourceARN"]] if tag["Key"] not in given["TagKeys"]]
        self.tags[given["ResourceARN"]] = kept
        return {}
