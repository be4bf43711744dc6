"""A template of server instances: what Figure 1 draws as one server, 1 to N of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from constructs import Construct

from envs.settings.release import Release
from envs.settings.servers import Servers as ServersSettings
from envs.settings.servers import ServerTemplate as ServerSettings
from envs.settings.streaming import MetricsExport as MetricsExportSettings
from modules.common.context import Context
from modules.common.policy import Statement
from modules.network.network import Network
from modules.network.security_group import SecurityGroup
from modules.servers.instance_profile import InstanceProfile, datadog_statements, server_statements
from modules.servers.launch_template import LaunchTemplate
from modules.servers.scaling_group import ScalingGroup
from modules.servers.user_data import DatadogAgent, render

Tier = Literal["public", "private"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerPlatform:
    """What all server templates of an environment share.

    `environment` and `statements` are what every server needs to use the broker and the cluster: variables of the
    application, and permissions; `image_id` is the release's AMI. `metrics_export` names the secret with DataDog's API
    key and DataDog's site; without it no server runs the agent.
    """

    context: Context
    network: Network
    release: Release
    image_id: str
    servers: ServersSettings
    metrics_export: MetricsExportSettings | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    statements: Sequence[Statement] = ()


class ServerTemplate(Construct):
    """Launch template, instance profile, auto scaling group, scaling policies and log group of one kind of server.

    Every template has its own group and its own policies, so each scales apart from all others (claim C8). The
    load balancer that serves the template attaches its target group to `autoscaling_group_name` and opens
    `security_group` on `port`; until it did, health checks see the state of the instances only.

    `environment` and `statements` are added to those of the platform; a key in both is an error (ValueError).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        platform: ServerPlatform,
        name: str,
        settings: ServerSettings,
        port: int,
        tier: Tier,
        security_group: SecurityGroup,
        environment: Mapping[str, str] | None = None,
        statements: Sequence[Statement] = (),
    ) -> None:
        super().__init__(scope, id)
        context, network = platform.context, platform.network
        names = context.names
        self.name: str = name
        self.port: int = port
        self.health_check_path: str = platform.servers.health_check_path
        self.security_group: SecurityGroup = security_group

        log_group_name = names.log_group(name)
        log_group = CloudwatchLogGroup(
            self,
            "log-group",
            name=log_group_name,
            retention_in_days=platform.servers.log_retention_days,
            kms_key_id=context.keys.logs.arn,
            tags=names.tags(name),
        )
        datadog = datadog_agent(platform, tier)
        profile = InstanceProfile(
            self,
            "instance-profile",
            names=names,
            name=name,
            statements=[
                *server_statements(names, name=name, log_group_name=log_group_name),
                *(datadog_statements(context, datadog.api_key_secret_name) if datadog else ()),
                *platform.statements,
                *statements,
            ],
        )
        launch_template = LaunchTemplate(
            self,
            "launch-template",
            context=context,
            name=name,
            image_id=platform.image_id,
            settings=settings,
            instance_profile=profile,
            security_group=security_group,
            associate_public_ip_address=tier == "public",
            user_data=render(
                names=names,
                server_name=name,
                release=platform.release,
                modules=settings.modules,
                port=port,
                health_check_path=self.health_check_path,
                log_group_name=log_group_name,
                environment=merge(platform.environment, environment or {}),
                datadog_agent=datadog,
            ),
        )
        self.autoscaling_group_name: str = ScalingGroup(
            self,
            "scaling-group",
            context=context,
            name=name,
            settings=settings,
            launch_template=launch_template,
            subnet_ids=network.public_subnet_ids if tier == "public" else network.private_subnet_ids,
            # An instance needs its permissions and its log group when it boots, not a moment later.
            depends_on=[profile.policy, log_group],
        ).name


def datadog_agent(platform: ServerPlatform, tier: Tier) -> DatadogAgent | None:
    """Return how the DataDog agent runs on a server of `tier`, or None if it does not: private servers cannot reach it.

    Its site is the host of the metrics intake without the first label (DataDog's sites: `awsmetrics-intake.<site>`).
    """
    export = platform.metrics_export
    if tier == "private" or export is None or not platform.servers.datadog_agent:
        return None
    intake_host = export.endpoint_url.removeprefix("https://").split("/")[0].split(":")[0]
    return DatadogAgent(api_key_secret_name=export.api_key_secret_name, site=intake_host.partition(".")[2])


def merge(shared: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of both mappings. Raises ValueError if one is in both: which value counts is unclear."""
    if both := sorted(shared.keys() & own.keys()):
        raise ValueError(f"variables given by the platform and by the server template: {', '.join(both)}")
    return {**shared, **own}
