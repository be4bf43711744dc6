"""EC2 Auto Scaling: instance refreshes, and what moto drops of groups and policies."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

from moto.autoscaling.models import autoscaling_backends
from moto.iam.models import iam_backends

from cli.core.sandbox.server.service import AwsError, Call, Parameters, Result, Service, now

_DROPPED = {
    "DefaultInstanceWarmup": "default_instance_warmup",
    "InstanceMaintenancePolicy": "instance_maintenance_policy",
    "ServiceLinkedRoleARN": "service_linked_role_arn",
}
"""Arguments of a group that moto drops, and the attributes that it would give back."""


_DEFAULT_ROLE = "AWSServiceRoleForAutoScaling"
_PASS_ROLE = "iam:PassRole"


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

    def create_auto_scaling_group(self, call: Call, given: Parameters) -> Result:
        """Ask whether the caller may pass the service-linked role; the rest is moto's."""
        _require_pass_role(call, given.get("ServiceLinkedRoleARN", ""))
        return None

    def update_auto_scaling_group(self, call: Call, given: Parameters) -> Result:
        """Ask the same."""
        return self.create_auto_scaling_group(call, given)

    def set_desired_capacity(self, call: Call, given: Parameters) -> Result:
        """Refuse a group that is not there, at which moto fails; the rest is moto's."""
        name = given["AutoScalingGroupName"]
        if name not in autoscaling_backends[call.account_id][call.region].autoscaling_groups:
            raise AwsError("ValidationError", f"AutoScalingGroup name not found - no such group: {name}")
        return None

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


def _require_pass_role(call: Call, role_arn: str) -> None:
    """Refuse a service-linked role with a suffix that the apply role of the environment of this name may not pass.

    The sandbox's caller has no identity, so the role that CI has on AWS is asked, where the bootstrap stack made it.
    """
    suffix = role_arn.rpartition("/")[2].removeprefix(_DEFAULT_ROLE).removeprefix("_")
    roles = iam_backends[call.account_id]["aws"].roles.values()
    for caller in roles:
        if suffix and caller.name == f"{suffix}-apply" and not _may_pass(_policies(caller), role_arn):
            raise AwsError(
                "AccessDenied",
                f"User: arn:aws:sts::{call.account_id}:assumed-role/{caller.name}/sandbox is not authorized to "
                f"perform: {_PASS_ROLE} on resource: {role_arn} because no identity-based policy allows the "
                f"{_PASS_ROLE} action",
            )


def _policies(role: Any) -> list[Any]:
    """The statements of a role's policies: those in it, and the default version of each that is attached."""
    versions = (version for policy in role.managed_policies.values() for version in policy.versions)
    texts = [*role.policies.values(), *(version.document for version in versions if version.is_default)]
    return [statement for text in texts for statement in json.loads(unquote(text))["Statement"]]


def _may_pass(statements: Iterable[Any], role_arn: str) -> bool:
    """Whether the statements let a role be passed to EC2 Auto Scaling."""
    return any(
        statement["Effect"] == "Allow"
        and _matches(statement.get("Action", ()), _PASS_ROLE)
        and _matches(statement.get("Resource", ()), role_arn)
        and all(
            key == "iam:PassedToService" and _matches(services, "autoscaling.amazonaws.com")
            for condition in statement.get("Condition", {}).values()
            for key, services in condition.items()
        )
        for statement in statements
    )


def _matches(patterns: Any, text: str) -> bool:
    """Whether one of the patterns of a policy, or the only one, matches."""
    return any(fnmatchcase(text, pattern) for pattern in ([patterns] if isinstance(patterns, str) else patterns))
