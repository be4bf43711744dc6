"""What promotion carries from one environment to the next."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from envs.settings.base import Part
from envs.settings.types import Spelling

ImageReference = Annotated[
    str,
    Spelling(
        r"ami-([0-9a-f]{8}|[0-9a-f]{17})|/[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*",
        "an AMI id, such as ami-0123456789abcdef0, or the name of a public or own SSM parameter that holds "
        "one, such as "
        "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    ),
]
ApplicationVersion = Annotated[
    str,
    Spelling(
        r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?",
        'a semantic version in quotes, such as "1.4.0" or "1.4.0-rc.1"',
    ),
]
BrokerEngineVersion = Annotated[
    str, Spelling(r"\d{1,2}\.\d{1,2}", 'an Amazon MQ engine version X.Y in quotes, such as "3.13"')
]
FeatureName = Annotated[
    str,
    Spelling(
        r"[a-z][a-z0-9]*(_[a-z0-9]+)*",
        "a name of lower-case letters, digits and single underscores, such as meal_swaps",
    ),
]


class Release(Part):
    """The values of a release. They come from the environment below, by promotion; only the first one edits
    them."""

    ami: ImageReference = Field(
        description="Image of every server: an AMI id, or the name of an SSM parameter that holds one."
    )
    application_version: ApplicationVersion = Field(description="Version of the meal-ordering application, as X.Y.Z.")
    broker_engine_version: BrokerEngineVersion = Field(
        description="Version X.Y of the Amazon MQ engine; AWS picks the patch version."
    )
    kafka_version: Literal["3.8.x", "3.8.x.kraft", "3.9.x", "3.9.x.kraft", "4.0.x.kraft", "4.1.x.kraft"] = Field(
        description="Version of Apache Kafka on Amazon MSK; .kraft for clusters without ZooKeeper, which is for good."
    )
    features: dict[FeatureName, bool] = Field(
        default={}, description="Feature switches, by name; handed to every server as its environment."
    )

    @property
    def ami_id(self) -> str | None:
        """The AMI id, or None when ``ami`` names an SSM parameter."""
        return None if self.ami.startswith("/") else self.ami

    @property
    def ami_parameter(self) -> str | None:
        """The name of the SSM parameter that holds the AMI id, or None when ``ami`` is one."""
        return self.ami if self.ami.startswith("/") else None
