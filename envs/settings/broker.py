"""Amazon MQ: the queue between the modules."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from envs.settings.base import Part
from envs.settings.types import LogRetentionDays, SecretName, Spelling

Engine = Literal["rabbitmq", "activemq"]
DeploymentMode = Literal["SINGLE_INSTANCE", "CLUSTER_MULTI_AZ", "ACTIVE_STANDBY_MULTI_AZ"]
BrokerInstanceType = Annotated[
    str, Spelling(r"mq\.[a-z0-9]+\.[a-z0-9]+", "an Amazon MQ instance type, such as mq.m7g.medium")
]


class MaintenanceWindow(Part):
    """The two hours a week in which AWS may restart the broker."""

    day_of_week: Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"] = Field(
        default="SUNDAY", description="Day on which the window starts, in UTC."
    )
    time_of_day: Annotated[str, Spelling(r"([01]\d|2[0-3]):[0-5]\d", 'a time of day in quotes, such as "03:00"')] = (
        Field(default="03:00", description="Time at which the window starts, as HH:MM in UTC.")
    )


class Broker(Part):
    """The message broker. Its engine's version is a release value."""

    engine: Engine = Field(default="rabbitmq", description="Engine of the broker.")
    deployment_mode: DeploymentMode = Field(
        description="SINGLE_INSTANCE in one availability zone; CLUSTER_MULTI_AZ of three nodes (RabbitMQ); "
        "ACTIVE_STANDBY_MULTI_AZ of two in two zones (ActiveMQ)."
    )
    instance_type: BrokerInstanceType = Field(default="mq.m7g.medium", description="Amazon MQ instance type.")
    credentials_secret_name: SecretName = Field(
        description="Name of the secret in AWS Secrets Manager that holds the servers' user of the broker, "
        "as JSON with "
        "the keys username and password. It exists before the first apply."
    )
    log_retention_days: LogRetentionDays = Field(default=365, description="Days that the broker's logs are kept.")
    maintenance_window: MaintenanceWindow = Field(
        default=MaintenanceWindow(), description="When AWS may restart the broker."
    )
