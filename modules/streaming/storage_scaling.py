"""Volumes of MSK brokers that grow before they are full."""

from cdktf_cdktf_provider_aws.appautoscaling_policy import (
    AppautoscalingPolicy,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration,
    AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.appautoscaling_target import AppautoscalingTarget
from constructs import Construct

UTILIZATION_TARGET_PERCENT = 60  # Amazon MSK developer guide, "Automatic scaling": 50 to 60 is recommended
GROWTH_FACTOR = 4
LARGEST_VOLUME_GIB = 16384  # Amazon MSK quota: storage per broker


class StorageScaling(Construct):
    """Lets every broker's volume grow to four times `volume_gib`, at most 16 TiB, when it is 60 % full."""

    def __init__(self, scope: Construct, id: str, *, name: str, cluster_arn: str, volume_gib: int) -> None:
        super().__init__(scope, id)
        target = AppautoscalingTarget(
            self,
            "target",
            service_namespace="kafka",
            scalable_dimension="kafka:broker-storage:VolumeSize",
            resource_id=cluster_arn,
            min_capacity=1,  # storage never shrinks: the service accepts nothing but 1
            max_capacity=min(volume_gib * GROWTH_FACTOR, LARGEST_VOLUME_GIB),
        )
        AppautoscalingPolicy(
            self,
            "policy",
            name=name,
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration=(
                AppautoscalingPolicyTargetTrackingScalingPolicyConfiguration(
                    target_value=UTILIZATION_TARGET_PERCENT,
                    disable_scale_in=True,
                    predefined_metric_specification=(
                        AppautoscalingPolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecification(
                            predefined_metric_type="KafkaBrokerStorageUtilization"
                        )
                    ),
                )
            ),
        )
