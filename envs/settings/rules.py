"""The rules between parts of one environment. Each yields what breaks it; rules inside a part are the part's
own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from envs.settings.base import Violation, repeated
from envs.settings.edge import INTERNAL_LABEL, is_below, sign_in_keys_host
from envs.settings.offers import offer_rules
from envs.settings.regions import zones_of
from envs.settings.servers import SERVER_SUFFIX, ServerTemplate

if TYPE_CHECKING:
    from envs.settings.environment import Settings

LONGEST_PREFIX = 24
"""Most characters of ``<project>-<environment>``: with a purpose of 25 and the account id a bucket's name has
63."""
LONGEST_CERTIFICATE_NAME = 64
"""Most characters of a certificate's first name (AWS Certificate Manager, "Certificate characteristics")."""

TAKEN_PORTS = {
    1883: "MQTT without TLS",
    2181: "ZooKeeper",
    2182: "ZooKeeper over TLS",
    3306: "MySQL",
    5432: "PostgreSQL",
    5671: "Amazon MQ, AMQP over TLS",
    5672: "AMQP without TLS",
    6379: "Redis",
    8162: "Amazon MQ, ActiveMQ console",
    8883: "Amazon MQ, MQTT over TLS",
    9092: "Kafka without TLS",
    9094: "Amazon MSK, TLS",
    9096: "Amazon MSK, SASL/SCRAM",
    9098: "Amazon MSK, IAM",
    15671: "Amazon MQ, RabbitMQ management",
    15672: "RabbitMQ management without TLS",
}
"""Ports that servers must not listen on, because a rule or a policy already gives them another meaning. Sources:
Amazon MQ and Amazon MSK Developer Guides; IANA registry for those without TLS."""


def cross_part_rules(settings: Settings) -> Iterator[Violation]:
    """Yield what breaks the rules between the parts of ``settings``."""
    yield from _names(settings)
    yield from _delegations(settings)
    yield from _zones(settings)
    yield from _architecture(settings)
    yield from _ports(settings)
    yield from _broker(settings)
    yield from _cluster(settings)
    yield from _channels(settings)


def _names(settings: Settings) -> Iterator[Violation]:
    prefix = f"{settings.project}-{settings.environment}"
    if len(prefix) > LONGEST_PREFIX:
        yield Violation(
            ("project",),
            settings.project,
            f"a name that makes <project>-<environment> at most {LONGEST_PREFIX} characters; {prefix} has "
            f"{len(prefix)}",
            "Names of buckets start with it and end at 63 characters.",
        )
    if len(settings.domain_name) > LONGEST_CERTIFICATE_NAME:
        yield Violation(
            ("domain_name",),
            settings.domain_name,
            f"at most {LONGEST_CERTIFICATE_NAME} characters, the limit of a certificate",
        )
    for name, group in settings.servers.by_name.items():
        host = f"{name}.{INTERNAL_LABEL}.{settings.domain_name}"
        if group.clients and len(host) > LONGEST_CERTIFICATE_NAME:
            yield Violation(
                ("servers", "groups", name.removesuffix(SERVER_SUFFIX)),
                name,
                f"a name that makes {host} at most {LONGEST_CERTIFICATE_NAME} characters, the limit of a certificate",
            )


def _delegations(settings: Settings) -> Iterator[Violation]:
    """A zone delegates names below its own; what is below the private zone's name has its certificates' records."""
    domain_name = settings.domain_name
    for index, delegation in enumerate(settings.edge.delegations):
        key = ("edge", "delegations", index, "name")
        if delegation.name == domain_name or not is_below(delegation.name, domain_name):
            yield Violation(
                key,
                delegation.name,
                f"a name below {domain_name}, the domain of this environment",
                "A delegation stands in the settings of the parent domain.",
            )
        elif is_below(delegation.name, f"{INTERNAL_LABEL}.{domain_name}"):
            yield Violation(
                key, delegation.name, f"a name other than {INTERNAL_LABEL}.{domain_name}, which the VPC's names are in"
            )


def _zones(settings: Settings) -> Iterator[Violation]:
    known = zones_of(settings.region)
    for index, zone in enumerate(settings.network.zones):
        if zone not in known:
            yield Violation(("network", "zones", index), zone, f"a zone of {settings.region}: {', '.join(known)}")


def _architecture(settings: Settings) -> Iterator[Violation]:
    """One image runs on every server, so all have its architecture."""
    templates: dict[tuple[str, ...], ServerTemplate] = {
        ("servers", "core"): settings.servers.core,
        ("servers", "ordering"): settings.servers.ordering,
        ("event_store", "server"): settings.event_store.server,
        ("purchase_gateway", "server"): settings.purchase_gateway.server,
        **{("servers", "groups", key): group for key, group in settings.servers.groups.items()},
    }
    ami = settings.release.ami
    named = next((architecture for architecture in ("arm64", "x86_64") if ami.endswith(architecture)), None)
    wanted = named or settings.servers.core.architecture
    reason = f"which release.ami, {ami}, is made for" if named else "as servers.core has: one image runs on all servers"
    for key, template in templates.items():
        if template.architecture != wanted:
            yield Violation(
                (*key, "instance_type"), template.instance_type, f"a type of architecture {wanted}, {reason}"
            )


def _ports(settings: Settings) -> Iterator[Violation]:
    servers, store = settings.servers.port, settings.event_store.port
    for key, port in ((("servers", "port"), servers), (("event_store", "port"), store)):
        if port in TAKEN_PORTS:
            yield Violation(key, port, f"a port without another meaning; {port} is that of {TAKEN_PORTS[port]}")
    if servers == store:
        yield Violation(("event_store", "port"), store, f"a port other than servers.port, {servers}")
    meanings = {**TAKEN_PORTS, servers: "servers.port", store: "the event store"}
    for name, group in settings.servers.groups.items():
        if group.port in meanings:
            allowed = f"a port without another meaning; {group.port} is that of {meanings[group.port]}"
            yield Violation(("servers", "groups", name, "port"), group.port, allowed)


def _broker(settings: Settings) -> Iterator[Violation]:
    broker = settings.broker
    yield from offer_rules(
        engine=broker.engine,
        version=settings.release.broker_engine_version,
        instance_type=broker.instance_type,
        deployment_mode=broker.deployment_mode,
    )
    zones = len(settings.network.zones_in_use)
    if broker.deployment_mode == "ACTIVE_STANDBY_MULTI_AZ" and zones < 2:
        yield Violation(
            ("broker", "deployment_mode"),
            broker.deployment_mode,
            "SINGLE_INSTANCE while replicas are in one zone; a standby takes two zones",
            "Raise network.replicas to 2 or more, with 2 or more network.zones.",
        )


def _cluster(settings: Settings) -> Iterator[Violation]:
    """With one zone the cluster takes that one (AWS refuses it, as it does the load balancer); else it gets
    what it asks."""
    zones, available = settings.streaming.cluster.zones, len(settings.network.zones_in_use)
    if 1 < available < zones:
        yield Violation(
            ("streaming", "cluster", "zones"),
            zones,
            f"at most {available}, the number of zones that have a replica",
            "Brokers stay in their zones for good, so the cluster does not take fewer and move later.",
        )
    readers = settings.servers.readers_of_stream
    for name, consumer in settings.streaming.consumers.items():
        if consumer.to not in {"sqs", "sns", *readers}:
            allowed = f"sqs, sns, or a server that uses the stream: {', '.join(sorted(readers))}"
            yield Violation(("streaming", "consumers", name, "to"), consumer.to, allowed)
    connector = settings.streaming.metrics_export.connector
    if connector and f".vpce.{settings.region}." not in connector.privatelink_service_name:
        yield Violation(
            ("streaming", "metrics_export", "connector", "privatelink_service_name"),
            connector.privatelink_service_name,
            f"an endpoint service of the environment's region, {settings.region}",
        )


def _channels(settings: Settings) -> Iterator[Violation]:
    yield from repeated("channels", (channel.name for channel in settings.channels), within="name")
    agent_channel = any(channel.name == "datadog" and channel.direction == "outbound" for channel in settings.channels)
    if settings.servers.datadog_agent and not agent_channel:
        yield Violation(
            ("servers", "datadog_agent"),
            True,
            "false while no outbound channel is named datadog",
            "The agent reaches DataDog through that channel only.",
        )
    keys = sign_in_keys_host(settings.region)
    if not any(keys in channel.domains for channel in settings.channels):
        yield Violation(
            ("channels",),
            [channel.name for channel in settings.channels],
            f"a list with an outbound channel whose domains include {keys}",
            "Servers fetch from it the keys that verify the load balancer's signed-in users.",
        )
