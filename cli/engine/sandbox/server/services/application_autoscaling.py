"""Application Auto Scaling: tags of scalable targets."""

from __future__ import annotations

from cli.engine.sandbox.server.service import Call, Parameters, Result, Service


class ApplicationAutoscaling(Service):
    """Targets and policies are moto's."""

    name = "application-autoscaling"

    def __init__(self) -> None:
        self.tags: dict[str, dict[str, str]] = {}

    def list_tags_for_resource(self, call: Call, given: Parameters) -> Result:
        """The tags of a target."""
        return {"Tags": self.tags.get(given["ResourceARN"], {})}

    def tag_resource(self, call: Call, given: Parameters) -> Result:
        """Add tags to a target."""
        self.tags.setdefault(given["ResourceARN"], {}).update(given["Tags"])
        return {}

    def untag_resource(self, call: Call, given: Parameters) -> Result:
        """Remove tags of a target."""
        for key in given["TagKeys"]:
            self.tags.get(given["ResourceARN"], {}).pop(key, None)
        return {}
