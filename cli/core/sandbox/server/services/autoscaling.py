"""EC2 Auto Scaling: instance refreshes, and what moto drops of groups and policies."""

from __future__ import annotations

import uuid
from typing import Any

from moto.autoscaling.models import autoscaling_backends

from cli.core.sandbox.server.service import AwsError, Call, Parameters, Result, Service, now

_DROPPED = {
    "DefaultInstanceWarmup": "default_instance_warmup",
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
    "ServiceLinkedRoleARN": "service_linked_role_arn",
}
"""Arguments of a group that moto drops, and the attributes that it would give back."""


class AutoScaling(Service):
    """A refresh replaces nothing: the sandbox has no instances that live. It has succeeded when it is asked about."""

    name = "autoscaling"

    def __init__(self) -> None:
        self.refreshes: dict[str, list[str]] = {}

    def start_instance_refresh(self, call: Call, given: Parameters) -> Result:
        """Keep that a refresh was asked for."""
        refresh = str(uuid.uuid4())
        self.refreshes.setdefault(given["AutoScalingGroupName"], []).append(refresh)
        return {"InstanceRefreshId": refresh}

    def describe_instance_refreshes(self, call: Call, given: Parameters) -> Result:
        """The refreshes of a group, the last one first."""
        group = given["AutoScalingGroupName"]
        wanted = given.get("InstanceRefreshIds")
        return {
            "InstanceRefreshes": [
                {
                    "AutoScalingGroupName": group,
                    "EndTime": now(),
                    "InstanceRefreshId": refresh,
                    "PercentageComplete": 100,
                    "Status": "Successful",
                }
                for refresh in reversed(self.refreshes.get(group, []))
                if not wanted or refresh in wanted
            ]
        }

    def cancel_instance_refresh(self, call: Call, given: Parameters) -> Result:
        """There is never one that still runs."""
        raise AwsError("ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found")

    def after_create_auto_scaling_group(self, call: Call, given: Parameters) -> Result:
        """Keep what moto drops."""
        group = autoscaling_backends[call.account_id][call.region].autoscaling_groups[given["AutoScalingGroupName"]]
        for argument, attribute in _DROPPED.items():
            if argument in given:
                setattr(group, attribute, given[argument])
        return None

    def after_update_auto_scaling_group(self, call: Call, given: Parameters) -> Result:
        """Keep what moto drops."""
        return self.after_create_auto_scaling_group(call, given)

    def after_put_scaling_policy(self, call: Call, given: Parameters) -> Result:
        """Keep whether a policy is enabled, and that it does not predict where it does not."""
        policy: Any = autoscaling_backends[call.account_id][call.region].policies[given["PolicyName"]]
        policy.enabled = given.get("Enabled", True)
        policy.predictive_scaling_configuration = given.get("PredictiveScalingConfiguration")
        return None
