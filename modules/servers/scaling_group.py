"""The auto scaling group of a server template: how many instances, where, and how they are replaced."""

from collections.abc import Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.autoscaling_group import (
    AutoscalingGroup,
    AutoscalingGroupInstanceMaintenancePolicy,
    AutoscalingGroupInstanceRefresh,
    AutoscalingGroupInstanceRefreshPreferences,
    AutoscalingGroupLaunchTemplate,
    AutoscalingGroupTag,
)
from cdktf_cdktf_provider_aws.autoscaling_policy import (
    AutoscalingPolicy,
    AutoscalingPolicyTargetTrackingConfiguration,
    AutoscalingPolicyTargetTrackingConfigurationCustomizedMetricSpecification,
    AutoscalingPolicyTargetTrackingConfigurationCustomizedMetricSpecificationMetricDimension,
    AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification,
)
from constructs import Construct

from envs.settings.servers import ServerTemplate as ServerSettings
from modules.common.context import Context
from modules.servers.instance_profile import METRICS_NAMESPACE
from modules.servers.launch_template import LaunchTemplate

BOOT_SECONDS = 300
"""Time an instance has to install, fetch and start the application before health checks count."""

WARMUP_SECONDS = 180
"""Time after it is in service until an instance counts in the metrics that scaling looks at."""

MIN_HEALTHY_PERCENT = 100
MAX_HEALTHY_PERCENT = 110
"""Launch before terminating (EC2 Auto Scaling user guide, "Set an instance maintenance policy"): capacity never falls
below what is needed, and at least one instance is always replaced at a time, for fractions are rounded up."""

CHECKPOINT_PERCENTAGES = (50, 100)
CHECKPOINT_SECONDS = 300
"""A refresh pauses when half of the instances are new: time for their health to show before the rest follows."""

GROUP_METRICS = (
    "GroupDesiredCapacity",
    "GroupInServiceInstances",
    "GroupMaxSize",
    "GroupMinSize",
    "GroupPendingInstances",
    "GroupStandbyInstances",
    "GroupTerminatingInstances",
    "GroupTotalInstances",
)


class ScalingGroup(Construct):
    """An auto scaling group over `subnet_ids`, with target tracking on CPU and on memory.

    Terraform does not set the desired capacity: scaling does, between the sizes of the settings. A new version of the
    launch template starts a rolling instance refresh that rolls back by itself when new instances do not get healthy.
    Attribute: `name`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        name: str,
        settings: ServerSettings,
        launch_template: LaunchTemplate,
        subnet_ids: Sequence[str],
        depends_on: Sequence[ITerraformDependable],
    ) -> None:
        super().__init__(scope, id)
        names = context.names
        group = AutoscalingGroup(
            self,
            "group",
            name=names.name(name),
            min_size=settings.min_size,
            max_size=settings.max_size,
            vpc_zone_identifier=list(subnet_ids),
            launch_template=AutoscalingGroupLaunchTemplate(
                id=launch_template.template_id, version=launch_template.version
            ),
            service_linked_role_arn=context.keys.auto_scaling_role_arn,
            health_check_type="ELB",
            health_check_grace_period=BOOT_SECONDS,
            default_instance_warmup=WARMUP_SECONDS,
            enabled_metrics=list(GROUP_METRICS),
            metrics_granularity="1Minute",
            instance_maintenance_policy=AutoscalingGroupInstanceMaintenancePolicy(
                min_healthy_percentage=MIN_HEALTHY_PERCENT, max_healthy_percentage=MAX_HEALTHY_PERCENT
            ),
            instance_refresh=AutoscalingGroupInstanceRefresh(
                strategy="Rolling",
                preferences=AutoscalingGroupInstanceRefreshPreferences(
                    auto_rollback=True,
                    checkpoint_delay=str(CHECKPOINT_SECONDS),
                    checkpoint_percentages=list(CHECKPOINT_PERCENTAGES),
                    min_healthy_percentage=MIN_HEALTHY_PERCENT,
                    max_healthy_percentage=MAX_HEALTHY_PERCENT,
                    skip_matching=True,
                ),
            ),
            tag=[
                AutoscalingGroupTag(key=key, value=value, propagate_at_launch=True)
                for key, value in sorted({**names.default_tags, **names.tags(name)}.items())
            ],
            depends_on=list(depends_on),
        )
        self.name: str = group.name
        AutoscalingPolicy(
            self,
            "cpu",
            name=names.name(name, "cpu"),
            autoscaling_group_name=self.name,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration=AutoscalingPolicyTargetTrackingConfiguration(
                target_value=settings.cpu_target_percent,
                predefined_metric_specification=(
                    AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification(
                        predefined_metric_type="ASGAverageCPUUtilization"
                    )
                ),
            ),
        )
        # EC2 knows no memory metric: the CloudWatch agent on the instances publishes it, aggregated by group.
        AutoscalingPolicy(
            self,
            "memory",
            name=names.name(name, "memory"),
            autoscaling_group_name=self.name,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration=AutoscalingPolicyTargetTrackingConfiguration(
                target_value=settings.memory_target_percent,
                customized_metric_specification=(
                    AutoscalingPolicyTargetTrackingConfigurationCustomizedMetricSpecification(
                        namespace=METRICS_NAMESPACE,
                        metric_name="mem_used_percent",
                        statistic="Average",
                        unit="Percent",
                        metric_dimension=[
                            AutoscalingPolicyTargetTrackingConfigurationCustomizedMetricSpecificationMetricDimension(
                                name="AutoScalingGroupName", value=self.name
                            )
                        ],
                    )
                ),
            ),
        )
