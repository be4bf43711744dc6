"""The root of the settings: one environment."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from envs.settings.base import Part, Violation
from envs.settings.broker import Broker
from envs.settings.channels import Channel
from envs.settings.delivery import Delivery
from envs.settings.edge import Edge
from envs.settings.event_store import EventStore
from envs.settings.keys import Keys
from envs.settings.network import Network
from envs.settings.notifications import Notifications
from envs.settings.promotion import Promotion
from envs.settings.purchase_gateway import PurchaseGateway
from envs.settings.regions import Region
from envs.settings.release import Release
from envs.settings.rules import cross_part_rules
from envs.settings.servers import SERVER_NAMES, Servers
from envs.settings.state import State
from envs.settings.storage import Storage
from envs.settings.streaming import Streaming
from envs.settings.types import AwsAccountId, DomainName, EnvironmentName, ImportId, ProjectName, ResourceName


class Settings(Part):
    """Everything that an environment is made from."""

    environment: EnvironmentName = Field(description="Name of the environment: the name of its file without .yaml.")
    project: ProjectName = Field(description="First word of every name in AWS.")
    account_id: AwsAccountId = Field(description="AWS account of the environment: twelve digits, in quotes.")
    region: Region = Field(description="AWS region of the environment.")
    domain_name: DomainName = Field(description="Name of the public hosted zone; the application answers at this name.")
    stateful_protection: bool = Field(
        description="Whether stateful resources are protected from deletion (deletion protection, "
        "prevent_destroy, retention)."
    )
    release: Release = Field(description="What promotion carries from one environment to the next.")
    state: State = Field(default=State(), description="Where Terraform keeps the state.")
    network: Network = Field(description="The VPC and its subnet replicas.")
    keys: Keys = Field(default=Keys(), description="Customer-managed KMS keys.")
    storage: Storage = Field(default=Storage(), description="S3 buckets.")
    servers: Servers = Field(default=Servers(), description="Core and ordering servers, in the public subnets.")
    event_store: EventStore = Field(default=EventStore(), description="The event store.")
    purchase_gateway: PurchaseGateway = Field(default=PurchaseGateway(), description="The purchase gateway.")
    edge: Edge = Field(default=Edge(), description="What the internet sees.")
    broker: Broker = Field(description="Amazon MQ.")
    streaming: Streaming = Field(description="Amazon MSK and the consumers of the stream.")
    notifications: Notifications = Field(default=Notifications(), description="SNS.")
    channels: tuple[Channel, ...] = Field(default=(), description="The external systems, each with its HTTPS channel.")
    imports: dict[ResourceName, ImportId] = Field(
        default={},
        description="Resources that are in AWS already and that the next apply takes over instead of making them: by "
        "construct path, such as `storage/images/bucket`, or address, the id that `terraform import` takes. They have "
        "the name that the Terraform gives them. An entry does nothing once the resource is in the state.",
    )
    promotion: Promotion = Field(default=Promotion(), description="What a release must have before it comes here.")
    delivery: Delivery | None = Field(
        default=None, description="Roles that GitHub Actions plan and apply with. Default: none, people apply."
    )

    @property
    def state_bucket(self) -> str:
        """Name of the bucket that holds the Terraform state."""
        return self.state.bucket or f"{self.project}-{self.environment}-state-{self.account_id}"

    @property
    def state_key(self) -> str:
        """Object key of the Terraform state."""
        return self.state.key or f"{self.environment}/terraform.tfstate"

    @property
    def artifacts_bucket(self) -> str:
        """Name of the bucket of the servers' archives."""
        return f"{self.project}-{self.environment}-artifacts-{self.account_id}"

    @property
    def server_names(self) -> tuple[str, ...]:
        """The names of all servers, as their resources and artifacts have them."""
        return (*SERVER_NAMES, *self.servers.by_name)

    @property
    def cluster_replicas(self) -> tuple[int, ...]:
        """The replicas whose private subnets hold MSK brokers: the first in each zone,
        ``streaming.cluster.zones`` of them.

        With ``replicas: 1`` it is the one there is, which AWS refuses; from two replicas on it is what was
        asked for and stays the same however many replicas are added.
        """
        return tuple(range(1, min(self.streaming.cluster.zones, len(self.network.zones_in_use)) + 1))

    @property
    def broker_replicas(self) -> tuple[int, ...]:
        """The replicas whose private subnets hold the Amazon MQ broker: one for a single instance, else the
        first two."""
        wanted = 1 if self.broker.deployment_mode == "SINGLE_INSTANCE" else 2
        return tuple(range(1, min(wanted, len(self.network.zones_in_use)) + 1))

    def rules(self) -> Iterator[Violation]:
        yield from cross_part_rules(self)
