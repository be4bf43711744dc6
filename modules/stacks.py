"""The app: one stack per environment and its bootstrap stack. The only wiring between parts.

Parts are made in the order in which they need each other: what a part needs comes in as typed attributes of the
parts before it. The security groups of the servers come first, because data services name their clients by group;
the servers themselves come after the data services, because their user data names the endpoints.
"""

from collections.abc import Sequence
from pathlib import Path

from cdktf import App, TerraformStack
from constructs import Construct

from envs.settings import Settings
from modules.channels.external import ExternalChannels, outbound_domains
from modules.common.keys import Keys
from modules.common.names import Names
from modules.common.provider import add_provider
from modules.delivery.delivery import Delivery
from modules.edge.dns import Dns, internal_url
from modules.edge.edge import Edge
from modules.edge.private_load_balancer import PrivateLoadBalancer
from modules.event_store.event_store import EventStore
from modules.messaging.broker import Broker
from modules.network.network import Network
from modules.network.wellknown import HTTPS_PORT
from modules.notifications.topics import Topics
from modules.servers.image import image_id
from modules.servers.security_groups import ServerSecurityGroups
from modules.servers.server_template import ServerPlatform, ServerTemplate
from modules.state.backend import add_backend
from modules.state.bootstrap import Bootstrap, add_local_backend
from modules.storage.storage import Storage
from modules.streaming.cluster import Cluster
from modules.streaming.metrics_export import MetricsExport
from modules.streaming.notification_requests import NotificationRequests
from modules.streaming.reporting import Reporting


def build_app(settings: Sequence[Settings], *, outdir: Path) -> App:
    """Return the app with the stacks `<environment>` and `<environment>-bootstrap` for each of `settings`.

    Stacks do not refer to each other, so an environment's Terraform is the same whichever others are built with it.
    """
    app = App(outdir=str(outdir))
    for environment in settings:
        build_environment(TerraformStack(app, environment.environment), environment)
        build_bootstrap(TerraformStack(app, f"{environment.environment}-bootstrap"), environment)
    return app


def build_bootstrap(stack: TerraformStack, settings: Settings) -> None:
    """Fill the stack that an environment needs before it is applied: its own state is local."""
    names = Names.of(settings)
    add_provider(stack, names)
    add_local_backend(stack)
    bootstrap = Bootstrap(stack, "state", names=names, settings=settings)
    if settings.delivery is not None:
        Delivery(
            stack,
            "delivery",
            names=names,
            settings=settings,
            delivery=settings.delivery,
            state_key_arn=bootstrap.state_key_arn,
            artifacts_key_arn=bootstrap.artifacts_key_arn,
            secrets_key_arn=bootstrap.secrets_key_arn,
        )


def build_environment(stack: TerraformStack, settings: Settings) -> None:
    """Fill the stack of one environment with every part of the system."""
    names = Names.of(settings)
    add_provider(stack, names)
    add_backend(stack, settings)
    protected = settings.stateful_protection

    keys = Keys(stack, "keys", names=names, settings=settings.keys, stateful_protection=protected)
    storage = Storage(
        stack, "storage", names=names, settings=settings.storage, keys=keys, stateful_protection=protected
    )
    network = Network(
        stack,
        "network",
        names=names,
        settings=settings.network,
        server_port=settings.servers.port,
        logs_key_arn=keys.logs.arn,
        domain_name=settings.domain_name,
        allowed_domains=outbound_domains(settings.channels),
    )

    servers = Construct(stack, "servers")
    groups = ServerSecurityGroups(servers, "security-groups", names=names, network=network, port=settings.servers.port)
    ExternalChannels(stack, "channels", channels=settings.channels, clients=groups.public)
    network.connect_to_on_premises(groups.purchase_gateway)

    topics = Topics(
        stack,
        "notifications",
        names=names,
        settings=settings.notifications,
        kms_key_arn=keys.notifications.arn,
        logs_key_arn=keys.logs.arn,
    )
    broker = Broker(
        stack,
        "messaging",
        names=names,
        settings=settings.broker,
        replicas=settings.broker_replicas,
        engine_version=settings.release.broker_engine_version,
        network=network,
        clients=groups.all,
        kms_key_arn=keys.messaging.arn,
        secrets_key_arn=keys.secrets_key_arn,
        logs_key_arn=keys.logs.arn,
    )
    streaming = Construct(stack, "streaming")
    cluster = Cluster(
        streaming,
        "cluster",
        names=names,
        settings=settings.streaming.cluster,
        replicas=settings.cluster_replicas,
        kafka_version=settings.release.kafka_version,
        network=network,
        clients=groups.all,
        kms_key_arn=keys.streaming.arn,
        logs_key_arn=keys.logs.arn,
        stateful_protection=protected,
    )
    NotificationRequests(
        streaming,
        "notification-requests",
        names=names,
        topic_name=settings.streaming.topics.notification_requests,
        cluster=cluster,
        topics=topics,
        network=network,
        notifications_key_arn=keys.notifications.arn,
        logs_key_arn=keys.logs.arn,
    )
    MetricsExport(
        streaming,
        "metrics-export",
        names=names,
        settings=settings.streaming.metrics_export,
        topic_name=settings.streaming.topics.metrics_export,
        cluster=cluster,
        network=network,
        storage=storage,
        retention=settings.storage,
        storage_key_arn=keys.storage.arn,
        streaming_key_arn=keys.streaming.arn,
        secrets_key_arn=keys.secrets_key_arn,
        logs_key_arn=keys.logs.arn,
    )
    Reporting(
        streaming,
        "data-reporting",
        names=names,
        settings=settings.streaming.reporting,
        topic_name=settings.streaming.topics.data_reporting,
        cluster=cluster,
        storage=storage,
        retention=settings.storage,
        storage_key_arn=keys.storage.arn,
        logs_key_arn=keys.logs.arn,
        stateful_protection=protected,
    )

    platform = ServerPlatform(
        names=names,
        network=network,
        release=settings.release,
        image_id=image_id(servers, settings.release),
        servers=settings.servers,
        metrics_export=settings.streaming.metrics_export,
        compute_key_arn=keys.compute.arn,
        logs_key_arn=keys.logs.arn,
        secrets_key_arn=keys.secrets_key_arn,
        auto_scaling_role_arn=keys.auto_scaling_role_arn,
        environment={
            **broker.client_environment(),
            **cluster.client_environment(settings.streaming.topics),
        },
        statements=[*broker.client_statements(), *cluster.client_statements(settings.streaming.topics)],
    )
    event_store = EventStore(
        stack,
        "event-store",
        names=names,
        settings=settings.event_store,
        retention=settings.storage,
        network=network,
        security_group=groups.event_store,
        platform=platform,
        access_logs=storage.access_logs,
        kms_key_arn=keys.event_store.arn,
        storage_key_arn=keys.storage.arn,
        stateful_protection=protected,
    )
    domain_name = settings.domain_name
    event_store_url = internal_url(domain_name, "event-store", port=settings.event_store.port)
    purchase_gateway_url = internal_url(domain_name, "purchase-gateway", port=HTTPS_PORT)
    purchase_gateway = ServerTemplate(
        Construct(stack, "purchase-gateway"),
        "server",
        platform=platform,
        name="purchase-gateway",
        settings=settings.purchase_gateway.server,
        port=settings.servers.port,
        tier="private",
        security_group=groups.purchase_gateway,
        environment={"EVENT_STORE_URL": event_store_url},
    )
    core = ServerTemplate(
        servers,
        "core-server",
        platform=platform,
        name="core-server",
        settings=settings.servers.core,
        port=settings.servers.port,
        tier="public",
        security_group=groups.core,
        environment={
            "EVENT_STORE_URL": event_store_url,
            "IMAGES_BUCKET": storage.images.name,
            **topics.subscriber_environment(),
        },
        statements=[*storage.image_statements(), *topics.subscriber_statements()],
    )
    ordering = ServerTemplate(
        servers,
        "ordering-server",
        platform=platform,
        name="ordering-server",
        settings=settings.servers.ordering,
        port=settings.servers.port,
        tier="public",
        security_group=groups.ordering,
        environment={"EVENT_STORE_URL": event_store_url, "PURCHASE_GATEWAY_URL": purchase_gateway_url},
    )

    edge = Construct(stack, "edge")
    dns = Dns(
        edge,
        "dns",
        names=names,
        domain_name=domain_name,
        vpc_id=network.vpc_id,
        settings=settings.edge,
        logs_key_arn=keys.logs.arn,
        stateful_protection=protected,
    )
    PrivateLoadBalancer(
        edge,
        "private-load-balancer",
        names=names,
        dns=dns,
        network=network,
        settings=settings.edge,
        health_check_path=settings.servers.health_check_path,
        event_store=event_store.server,
        purchase_gateway=purchase_gateway,
        event_store_clients=[groups.core, groups.ordering, groups.purchase_gateway],
        purchase_gateway_clients=[groups.ordering],
        access_logs=storage.access_logs,
        stateful_protection=protected,
    )
    Edge(
        edge,
        "public",
        names=names,
        dns=dns,
        network=network,
        settings=settings.edge,
        health_check_path=settings.servers.health_check_path,
        core=core,
        ordering=ordering,
        access_logs=storage.access_logs,
        logs_key_arn=keys.logs.arn,
        stateful_protection=protected,
    )
