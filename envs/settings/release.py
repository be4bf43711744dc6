"""What promotion carries from one environment to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from envs.settings.base import Part, Violation
from envs.settings.servers import ServerName
from envs.settings.types import Spelling

APPLICATION_VERSION = r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
"""The spelling of a version."""

_PARAMETER_NAME = r"/[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*"

ImageReference = Annotated[
    str,
    Spelling(
        rf"ami-([0-9a-f]{{8}}|[0-9a-f]{{17}})|{_PARAMETER_NAME}",
        "an AMI id, such as ami-0123456789abcdef0, or the name of a public or own SSM parameter that holds "
        "one, such as "
        "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    ),
]
ParameterName = Annotated[
    str,
    Spelling(
        _PARAMETER_NAME,
        "the name of an SSM parameter, such as /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    ),
]
ArtifactDigest = Annotated[
    str,
    Spelling(r"[0-9a-f]{64}", "the SHA-256 of an archive: 64 hexadecimal digits, as sha256sum prints them"),
]
ApplicationVersion = Annotated[
    str,
    Spelling(
        APPLICATION_VERSION,
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
        description="Image of every server: an AMI id or, where a release begins, the name of an SSM parameter that "
        "holds one. infra release resolve replaces the name by the id; only an id is promoted."
    )
    ami_parameter: ParameterName | None = Field(
        default=None,
        description="The SSM parameter that the AMI id was read from, written by infra release resolve. Default: none.",
    )
    application_version: ApplicationVersion = Field(description="Version of the meal-ordering application, as X.Y.Z.")
    artifacts: dict[ServerName, ArtifactDigest] = Field(
        default={},
        description="SHA-256 of the archive of each server, by server; infra release resolve writes them. A server "
        "starts only what has this digest. Without it, the checksum file beside the archive decides.",
    )
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
    def is_resolved(self) -> bool:
        """Whether the image is named by its id, not by an SSM parameter whose value changes."""
        return not self.ami.startswith("/")

    def rules(self) -> Iterator[Violation]:
        if self.ami_parameter is not None and not self.is_resolved:
            yield Violation(
                ("ami_parameter",),
                self.ami_parameter,
                "no value while ami names a parameter itself",
                "Remove ami_parameter; infra release resolve writes it again.",
            )

    @model_serializer(mode="wrap")
    def _without_unset(self, handler: SerializerFunctionWrapHandler) -> Mapping[str, Any]:
        """Leave out an origin and digests that are not set: releases that were recorded before there were any stay
        equal, and promotion writes no empty keys."""
        unset: Mapping[str, Any] = {"ami_parameter": None, "artifacts": {}}
        return {name: value for name, value in handler(self).items() if name not in unset or value != unset[name]}
