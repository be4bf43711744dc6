"""The app: one stack per environment and its bootstrap stack. The only wiring between parts.

Each part takes typed attributes of the parts before it, so the order is that of need. The security groups of the
servers come first, because data services name their clients by group; the servers themselves come after the data
services, because their user data names the endpoints.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cdktf import App, TerraformStack
from constructs import Construct

from envs.settings import Settings
from envs.settings.servers import Use
from modules.channels.external import ExternalChannels, outbound_domains
from modules.common.context import Context
from modules.common.names import Names
from modules.common.provider import add_provider
from modules.delivery.roles import DeliveryRoles
from modules.edge.dns import Dns, internal_url
from modules.edge.edge import Edge
from modules.edge.private_load_balancer import PrivateLoadBalancer
from modules.edge.public_zone import PublicZone
from modules.event_store.event_store import EventStore
from modules.messaging.broker import Broker
from modules.network.network import Network
from modules.network.wellknown import HTTPS_PORT
from modules.notifications.topics import Topics
from modules.servers.further_servers import Access, FurtherServers, url_variable
from modules.servers.image import image_id
from modules.servers.security_groups import ServerSecurityGroups
from modules.servers.server_template import ServerPlatform, ServerTemplate
from modules.state.backend import add_backend
from modules.state.bootstrap import Bootstrap, add_local_backend
from modules.storage.storage import Storage
from modules.streaming.cluster import Cluster
from modules.streaming.consumers import Consumers
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
    public_zone = PublicZone(Construct(stack, "edge"), "dns", names=names, settings=settings)
    if settings.delivery:
        DeliveryRoles(
            stack,
            "delivery",
            names=names,
            settings=settings,
            delivery=settings.delivery,
            bootstrap=bootstrap,
            public_zone_arn=public_zone.arn,
            public_zone_key_arns=public_zone.key_arns,
        )


def build_environment(stack: TerraformStack, settings: Settings) -> None:
    """Fill the stack of one environment with every part of the system."""
    add_provider(stack, Names.of(settings))
    add_backend(stack, settings)

    context = Context.of(stack, settings)
    storage = Storage(stack, "storage", context=context, settings=settings.storage)
    network = Network(
        stack,
        "network",
        context=context,
        settings=settings.network,
        server_port=settings.servers.port,
        domain_name=settings.domain_name,
        allowed_domains=outbound_domains(settings.channels),
    )

    servers = Construct(stack, "servers")
    further = settings.servers.by_name
    groups = ServerSecurityGroups(
        servers, "security-groups", names=context.names, network=network, port=settings.servers.port, further=further
    )
    ExternalChannels(stack, "channels", channels=settings.channels, clients=groups.public)
    network.connect_to_on_premises(groups.purchase_gateway)

    topics = Topics(stack, "notifications", context=context, settings=settings.notifications)
    broker = Broker(
        stack,
        "messaging",
        context=context,
        settings=settings.broker,
        replicas=settings.broker_replicas,
        engine_version=settings.release.broker_engine_version,
        network=network,
        clients=groups.all,
    )
    streaming = Construct(stack, "streaming")
    topic_names = settings.streaming.topics
    cluster = Cluster(
        streaming,
        "cluster",
        context=context,
        settings=settings.streaming.cluster,
        replicas=settings.cluster_replicas,
        kafka_version=settings.release.kafka_version,
        network=network,
        clients=groups.using("stream", groups.core, groups.ordering, groups.event_store, groups.purchase_gateway),
    )
    NotificationRequests(
        streaming,
        "notification-requests",
        context=context,
        topic_name=topic_names.notification_requests,
        cluster=cluster,
        topics=topics,
        network=network,
    )
    MetricsExport(
        streaming,
        "metrics-export",
        context=context,
        settings=settings.streaming.metrics_export,
        topic_name=topic_names.metrics_export,
        cluster=cluster,
        network=network,
        storage=storage,
    )
    Reporting(
        streaming,
        "data-reporting",
        context=context,
        settings=settings.streaming.reporting,
        topic_name=topic_names.data_reporting,
        cluster=cluster,
        storage=storage,
    )

    Consumers(
        streaming,
        "consumers",
        context=context,
        settings=settings.streaming.consumers,
        cluster=cluster,
        network=network,
    )

    platform = ServerPlatform(
        context=context,
        network=network,
        release=settings.release,
        image_id=image_id(servers, settings.release),
        servers=settings.servers,
        metrics_export=settings.streaming.metrics_export,
        environment=broker.client_environment(),
        statements=broker.client_statements(),
    )
    stream = Access(
        environment=cluster.client_environment(topic_names), statements=cluster.client_statements(topic_names)
    )
    streaming_platform = replace(
        platform,
        environment={**platform.environment, **stream.environment},
        statements=[*platform.statements, *stream.statements],
    )
    event_store = EventStore(
        stack,
        "event-store",
        context=context,
        settings=settings.event_store,
        network=network,
        security_group=groups.event_store,
        platform=streaming_platform,
        storage=storage,
    )
    domain_name = settings.domain_name
    event_store_url = internal_url(domain_name, "event-store", port=settings.event_store.port)
    purchase_gateway_url = internal_url(domain_name, "purchase-gateway", port=HTTPS_PORT)
    urls: dict[str, dict[str, str]] = {}
    for name, group in further.items():
        for client in group.clients:
            port = group.port or HTTPS_PORT
            urls.setdefault(client, {})[url_variable(name)] = internal_url(domain_name, name, port=port)
    own: dict[str, Access] = {}
    for name in settings.server_names:
        consumers = settings.streaming.consumed_by(name)
        own[name] = Access(
            environment={**urls.get(name, {}), **cluster.consumer_environment(consumers)},
            statements=cluster.consumer_statements(consumers),
        )
    purchase_gateway = ServerTemplate(
        Construct(stack, "purchase-gateway"),
        "server",
        platform=streaming_platform,
        name="purchase-gateway",
        settings=settings.purchase_gateway.server,
        port=settings.servers.port,
        tier="private",
        security_group=groups.purchase_gateway,
        environment={"EVENT_STORE_URL": event_store_url, **own["purchase-gateway"].environment},
        statements=own["purchase-gateway"].statements,
    )
    core = ServerTemplate(
        servers,
        "core-server",
        platform=streaming_platform,
        name="core-server",
        settings=settings.servers.core,
        port=settings.servers.port,
        tier="public",
        security_group=groups.core,
        environment={
            "EVENT_STORE_URL": event_store_url,
            "IMAGES_BUCKET": storage.images.name,
            **topics.subscriber_environment(),
            **own["core-server"].environment,
        },
        statements=[
            *storage.image_statements(),
            *topics.subscriber_statements(),
            *own["core-server"].statements,
        ],
    )
    ordering = ServerTemplate(
        servers,
        "ordering-server",
        platform=streaming_platform,
        name="ordering-server",
        settings=settings.servers.ordering,
        port=settings.servers.port,
        tier="public",
        security_group=groups.ordering,
        environment={
            "EVENT_STORE_URL": event_store_url,
            "PURCHASE_GATEWAY_URL": purchase_gateway_url,
            **own["ordering-server"].environment,
        },
        statements=own["ordering-server"].statements,
    )
    access: dict[Use, Access] = {
        "event-store": Access(environment={"EVENT_STORE_URL": event_store_url}),
        "images": Access(environment={"IMAGES_BUCKET": storage.images.name}, statements=storage.image_statements()),
        "notifications": Access(environment=topics.subscriber_environment(), statements=topics.subscriber_statements()),
        "purchase-gateway": Access(environment={"PURCHASE_GATEWAY_URL": purchase_gateway_url}),
        "stream": stream,
    }
    public, private = (
        FurtherServers(
            servers,
            subnets,
            platform=platform,
            groups={name: group for name, group in further.items() if group.subnets == subnets},
            security_groups=groups.by_name,
            access=access,
            own=own,
        ).templates
        for subnets in ("public", "private")
    )

    edge = Construct(stack, "edge")
    dns = Dns(edge, "dns", names=context.names, domain_name=domain_name, vpc_id=network.vpc_id)
    private_balancer = PrivateLoadBalancer(
        edge,
        "private-load-balancer",
        context=context,
        dns=dns,
        network=network,
        settings=settings.edge,
        access_logs=storage.access_logs,
    )
    private_balancer.serve(
        event_store.server,
        port=settings.event_store.port,
        clients=groups.using("event-store", groups.core, groups.ordering, groups.purchase_gateway),
    )
    private_balancer.serve(purchase_gateway, port=HTTPS_PORT, clients=groups.using("purchase-gateway", groups.ordering))
    for server, group in private:
        if group.clients:
            private_balancer.serve(
                server, port=server.port, clients=[groups.by_name[client] for client in group.clients]
            )
    Edge(
        edge,
        "public",
        context=context,
        dns=dns,
        network=network,
        settings=settings.edge,
        core=core,
        ordering=ordering,
        further=public,
        access_logs=storage.access_logs,
    )
