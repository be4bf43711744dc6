"""Application Auto Scaling: tags of scalable targets."""

from __future__ import annotations

from moto.applicationautoscaling.models import applicationautoscaling_backends

from cli.core.sandbox.server.service import Call, Parameters, Result, Service


class ApplicationAutoscaling(Service):
    """Targets and policies are moto's."""

    name = "application-autoscaling"

    def __init__(self) -> None:
        self.tags: dict[str, dict[str, str]] = {}

    def after_register_scalable_target(self, call: Call, given: Parameters) -> Result:
        """Keep the tags that a target is registered with."""
        targets = applicationautoscaling_backends[call.account_id][call.region].targets
        target = targets[given["ScalableDimension"]][given["ResourceId"]]
        self.tags.setdefault(target.arn, {}).update(given.get("Tags", {}))
        return None

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
