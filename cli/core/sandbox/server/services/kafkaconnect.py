"""MSK Connect: custom plug-ins, worker configurations and connectors. moto has nothing of it."""

from __future__ import annotations

import uuid
from typing import Any

from cli.core.sandbox.server.service import Call, Parameters, Result, Service, not_found, now


class KafkaConnect(Service):
    """Everything is ACTIVE or RUNNING as soon as it is asked about."""

    name = "kafkaconnect"

    def __init__(self) -> None:
        self.plugins: dict[str, dict[str, Any]] = {}
        self.workers: dict[str, dict[str, Any]] = {}
        self.connectors: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def create_custom_plugin(self, call: Call, given: Parameters) -> Result:
        """Keep a plug-in as its first revision."""
        arn = self._arn(call, "custom-plugin", given["name"], given)
        self.plugins[arn] = {
            "creationTime": now(),
            "customPluginArn": arn,
            "customPluginState": "ACTIVE",
            "description": given.get("description", ""),
            "latestRevision": {
                "contentType": given["contentType"],
                "creationTime": now(),
                "description": given.get("description", ""),
                "location": given["location"],
                "revision": 1,
            },
            "name": given["name"],
        }
        return {"customPluginArn": arn, "customPluginState": "CREATING", "name": given["name"], "revision": 1}

    def describe_custom_plugin(self, call: Call, given: Parameters) -> Result:
        """A plug-in with its latest revision."""
        return _found(self.plugins, given["customPluginArn"])

    def delete_custom_plugin(self, call: Call, given: Parameters) -> Result:
        """Forget a plug-in."""
        _found(self.plugins, given["customPluginArn"])
        del self.plugins[given["customPluginArn"]]
        return {"customPluginArn": given["customPluginArn"], "customPluginState": "DELETING"}

    def create_worker_configuration(self, call: Call, given: Parameters) -> Result:
        """Keep a worker configuration as its first revision."""
        arn = self._arn(call, "worker-configuration", given["name"], given)
        self.workers[arn] = {
            "creationTime": now(),
            "description": given.get("description", ""),
            "latestRevision": {
                "creationTime": now(),
                "description": given.get("description", ""),
                "propertiesFileContent": given["propertiesFileContent"],
                "revision": 1,
            },
            "name": given["name"],
            "workerConfigurationArn": arn,
            "workerConfigurationState": "ACTIVE",
        }
        return self.workers[arn]

    def describe_worker_configuration(self, call: Call, given: Parameters) -> Result:
        """A worker configuration with its latest revision."""
        return _found(self.workers, given["workerConfigurationArn"])

    def delete_worker_configuration(self, call: Call, given: Parameters) -> Result:
        """Forget a worker configuration."""
        _found(self.workers, given["workerConfigurationArn"])
        del self.workers[given["workerConfigurationArn"]]
        return {"workerConfigurationArn": given["workerConfigurationArn"], "workerConfigurationState": "DELETING"}

    def create_connector(self, call: Call, given: Parameters) -> Result:
        """Keep a connector."""
        name = given["connectorName"]
        arn = self._arn(call, "connector", name, given)
        self.connectors[arn] = {
            **{key: value for key, value in given.items() if key != "tags"},
            "connectorArn": arn,
            "connectorState": "RUNNING",
            "creationTime": now(),
            "currentVersion": "K1",
        }
        return {"connectorArn": arn, "connectorName": name, "connectorState": "CREATING"}

    def describe_connector(self, call: Call, given: Parameters) -> Result:
        """A connector."""
        return _found(self.connectors, given["connectorArn"])

    def update_connector(self, call: Call, given: Parameters) -> Result:
        """Change a connector's capacity or configuration."""
        connector = _found(self.connectors, given["connectorArn"])
        connector |= {key: given[key] for key in ("capacity", "connectorConfiguration") if key in given}
        connector["currentVersion"] = f"K{int(connector['currentVersion'][1:]) + 1}"
        return {"connectorArn": given["connectorArn"], "connectorState": "UPDATING"}

    def delete_connector(self, call: Call, given: Parameters) -> Result:
        """Forget a connector."""
        _found(self.connectors, given["connectorArn"])
        del self.connectors[given["connectorArn"]]
        return {"connectorArn": given["connectorArn"], "connectorState": "DELETING"}

    def list_tags_for_resource(self, call: Call, given: Parameters) -> Result:
        """The tags of a resource."""
        return {"tags": self.tags.get(given["resourceArn"], {})}

    def tag_resource(self, call: Call, given: Parameters) -> Result:
        """Add tags to a resource."""
        self.tags.setdefault(given["resourceArn"], {}).update(given["tags"])
        return {}

    def untag_resource(self, call: Call, given: Parameters) -> Result:
        """Remove tags of a resource."""
        for key in given["tagKeys"]:
            self.tags.get(given["resourceArn"], {}).pop(key, None)
        return {}

    def _arn(self, call: Call, kind: str, name: str, given: Parameters) -> str:
        """The ARN of a new resource, whose tags are kept."""
        arn = call.arn("kafkaconnect", f"{kind}/{name}/{uuid.uuid4()}-1")
        self.tags[arn] = dict(given.get("tags", {}))
        return arn


def _found(kept: dict[str, dict[str, Any]], arn: str) -> dict[str, Any]:
    if arn not in kept:
        raise not_found(f"The resource {arn}", "NotFoundException")
    return kept[arn]
