"""The rules between keys: each broken once, told once, at the key that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from envs.errors import Problem
from envs.settings import Settings
from envs.settings.offers import OFFERS
from envs.settings.rules import TAKEN_PORTS
from envs.settings.servers import architecture_of

Problems = Callable[..., tuple[Problem, ...]]

VPN = {"customer_gateway_ip": "203.0.113.10", "on_premises_cidrs": ["192.168.0.0/16"]}
CONNECTOR = {
    "plugin_bucket": "meals-plugins",
    "plugin_key": "datadog-sink.zip",
    "privatelink_service_name": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
}
CHILD = {"name": "a.meals.example", "name_servers": ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"]}
ACTIVEMQ = {
    "release.broker_engine_version": "5.19",
    "broker.engine": "activemq",
    "broker.instance_type": "mq.m5.large",
    "broker.deployment_mode": "ACTIVE_STANDBY_MULTI_AZ",
}
EXPRESS = {
    "streaming.cluster.instance_type": "express.m7g.large",
    "streaming.cluster.volume_gib": None,
    "streaming.cluster.zones": 3,
    "streaming.cluster.brokers": 3,
}


PUBLIC = {"subnets": "public", "path_prefix": "/loyalty", "rule_number": 1, "modules": ["loyalty"]}
PRIVATE = {"subnets": "private", "port": 9443, "modules": ["invoices"], "clients": ["core-server"]}


@pytest.mark.parametrize(
    ("changes", "key", "allowed"),
    [
        # what Terraform takes for an expression
        (
            {"notifications.topics.meal-ready.email": ["${path.cwd}@x.example"]},
            "notifications.topics.meal-ready.email[0]",
            "a text without ${",
        ),
        (
            {"notifications.topics.meal-ready.email": ["%{if}@x.example"]},
            "notifications.topics.meal-ready.email[0]",
            "a text without ${",
        ),
        (
            {"streaming.metrics_export.connector": {**CONNECTOR, "plugin_key": "${file(1)}"}},
            "streaming.metrics_export.connector.plugin_key",
            "a text without ${",
        ),
        # network
        ({"network.vpc_cidr": "10.0.0.0/15"}, "network.vpc_cidr", "a block of /16 to /28"),
        ({"network.vpc_cidr": "8.8.0.0/16"}, "network.vpc_cidr", "a block for private use (RFC 1918)"),
        ({"network.vpc_cidr": "172.32.0.0/16"}, "network.vpc_cidr", "a block for private use (RFC 1918)"),
        ({"network.replicas": 128}, "network.replicas", "1 to 127: 10.0.0.0/16 holds 127 pairs of /24 subnets"),
        ({"network.vpc_cidr": "10.0.0.0/24"}, "network.replicas", "none: 10.0.0.0/24 does not hold one pair of /24"),
        ({"network.zones": ["us-east-1a", "us-east-1a"]}, "network.zones[1]", "each value once"),
        ({"network.zones": ["us-east-1a", "us-east-2b"]}, "network.zones[1]", "a zone of us-east-1: us-east-1a, "),
        ({"network.interface_endpoints": ["ssm", "ssm"]}, "network.interface_endpoints[1]", "each value once"),
        ({"network.interface_endpoints": ["s3"]}, "network.interface_endpoints[0]", "a service other than s3"),
        (
            {"network.dns_firewall.allowed_domains": ["a.example"] * 2},
            "network.dns_firewall.allowed_domains[1]",
            "each value once",
        ),
        (
            {"network.vpn": {**VPN, "on_premises_cidrs": ["10.0.128.0/17"]}},
            "network.vpn.on_premises_cidrs[0]",
            "a block that does not overlap vpc_cidr, 10.0.0.0/16",
        ),
        (
            {"network.vpn": {**VPN, "on_premises_cidrs": ["192.168.0.0/16", "192.168.7.0/24"]}},
            "network.vpn.on_premises_cidrs[1]",
            "a block that does not overlap 192.168.0.0/16",
        ),
        (
            {"network.vpn": {**VPN, "on_premises_cidrs": ["64.0.0.0/2"]}},
            "network.vpn.on_premises_cidrs[0]",
            "a block of /8 or smaller",
        ),
        # delegations
        (
            {"edge.delegations": [{**CHILD, "name": "meals.test"}]},
            "edge.delegations[0].name",
            "a name below meals.example, the domain of this environment",
        ),
        (
            {"edge.delegations": [{**CHILD, "name": "meals.example"}]},
            "edge.delegations[0].name",
            "a name below meals.example, the domain of this environment",
        ),
        (
            {"edge.delegations": [{**CHILD, "name": "a.internal.meals.example"}]},
            "edge.delegations[0].name",
            "a name other than internal.meals.example, which the VPC's names are in",
        ),
        ({"edge.delegations": [CHILD, CHILD]}, "edge.delegations[1].name", "each value once"),
        (
            {"edge.delegations": [CHILD, {**CHILD, "name": "b.a.meals.example"}]},
            "edge.delegations[1].name",
            "a name that is not below a.meals.example, because the zone of a.meals.example answers for it",
        ),
        (
            {"edge.delegations": [{**CHILD, "name_servers": ["ns.example.com", "ns.a.meals.example"]}]},
            "edge.delegations[0].name_servers[1]",
            "a name server outside a.meals.example",
        ),
        (
            {"edge.delegations": [{**CHILD, "name_servers": ["ns.example.com", "ns.example.com"]}]},
            "edge.delegations[0].name_servers[1]",
            "each value once",
        ),
        # names
        (
            {"domain_name": f"{'a' * 60}.example"},
            "domain_name",
            "at most 64 characters, the limit of a certificate",
        ),
        # servers
        ({"servers.core.max_size": 2}, "servers.core.max_size", "3 (min_size) or more"),
        ({"event_store.server.min_size": 7}, "event_store.server.max_size", "7 (min_size) or more"),
        ({"servers.core.modules": ["menu", "menu"]}, "servers.core.modules[1]", "each value once"),
        (
            {"servers.ordering.instance_type": "m7i.large"},
            "servers.ordering.instance_type",
            "a type of architecture arm64, which release.ami, /aws/",
        ),
        (
            {"release.ami": "ami-0123456789abcdef0", "purchase_gateway.server.instance_type": "c7i-flex.large"},
            "purchase_gateway.server.instance_type",
            "a type of architecture arm64, as servers.core has:",
        ),
        ({"servers.port": 2113}, "event_store.port", "a port other than servers.port, 2113"),
        ({"servers.port": 5671}, "servers.port", "a port without another meaning; 5671 is that of Amazon MQ"),
        ({"event_store.port": 9098}, "event_store.port", "a port without another meaning; 9098 is that of Amazon MSK"),
        ({"servers.port": 443}, "servers.port", "a whole number from 1024 to 32767"),
        # further servers
        *(
            ({"servers.groups": {"loyalty": {**PUBLIC, **change}}}, f"servers.groups.loyalty{key}", allowed)
            for change, key, allowed in (
                ({"path_prefix": None}, ".path_prefix", "a value, because the server is public"),
                ({"rule_number": None}, ".rule_number", "a value, because the server is public"),
                ({"port": 9443}, ".port", "no value: all public servers have servers.port"),
                ({"clients": ["core-server"]}, ".clients", "none: a public server answers at the load balancer"),
                ({"uses": ["stream", "stream"]}, ".uses[1]", "each value once"),
                ({"path_prefix": "/ordering2"}, ".path_prefix", "another path than /ordering, which ordering answers"),
                ({"path_prefix": "/order"}, ".path_prefix", "another path than /ordering, which ordering answers"),
                ({"instance_type": "m7i.large"}, ".instance_type", "a type of architecture arm64"),
            )
        ),
        *(
            ({"servers.groups": {"invoices": {**PRIVATE, **change}}}, f"servers.groups.invoices{key}", allowed)
            for change, key, allowed in (
                ({"path_prefix": "/invoices"}, ".path_prefix", "no value: private"),
                ({"port": None}, ".port", "a port: private"),
                ({"port": 2113}, ".port", "a port without another meaning; 2113 is that of the event store"),
                ({"port": 9098}, ".port", "a port without another meaning; 9098 is that of Amazon MSK"),
                ({"clients": ["event-store"]}, ".clients[0]", "one of core-server, ordering-server, purchase-gateway"),
                ({"clients": ["invoices-server"]}, ".clients[0]", "one of core-server, ordering-server"),
            )
        ),
        (
            {"servers.groups": {"a1": PUBLIC, "a2": {**PUBLIC, "path_prefix": "/other"}}},
            "servers.groups.a2.rule_number",
            "a number of its own, not that of a1",
        ),
        (
            {"servers.groups": {"a1": PUBLIC, "a2": {**PUBLIC, "path_prefix": "/loyalty/points", "rule_number": 2}}},
            "servers.groups.a2.path_prefix",
            "another path than /loyalty, which a1 answers",
        ),
        (
            {"servers.groups": {"a1": PRIVATE, "a2": PRIVATE}},
            "servers.groups.a2.port",
            "a number of its own, not that of a1",
        ),
        (
            {"servers.groups": {"invoices": PRIVATE}, "domain_name": f"{'a' * 34}.example"},
            "servers.groups.invoices",
            "a name that makes invoices-server.internal.",
        ),
        # further topics and consumers
        (
            {"streaming.topics.further": ["metrics.export"]},
            "streaming.topics.further[0]",
            "a name other than that of metrics_export",
        ),
        (
            {"streaming.topics.further": ["a", "a"]},
            "streaming.topics.further[1]",
            "a name other than that of further.0",
        ),
        (
            {"streaming.consumers": {"billing": {"topic": "orders", "to": "sqs"}}},
            "streaming.consumers.billing.topic",
            "one of streaming.topics: data-reporting, metrics-export, notification-requests",
        ),
        *(
            ({"streaming.consumers": {"billing": {"topic": "data-reporting", "to": to}}}, key, allowed)
            for key, allowed in (
                ("streaming.consumers.billing.to", "sqs, sns, or a server that uses the stream: core-"),
            )
            for to in ("event-store", "loyalty-server")
        ),
        # edge
        ({"edge.protected_paths": ["/a", "/a"]}, "edge.protected_paths[1]", "each value once"),
        # broker
        ({"release.broker_engine_version": "3.12"}, "release.broker_engine_version", "with rabbitmq: 3.13, 4.2"),
        ({"broker.instance_type": "mq.m4.large"}, "broker.instance_type", "with rabbitmq 3.13: mq.m7g.medium, "),
        (
            {"release.broker_engine_version": "4.2", "broker.instance_type": "mq.m5.large"},
            "broker.instance_type",
            "with rabbitmq 4.2: mq.m7g.medium, mq.m7g.large",
        ),
        (
            {"broker.deployment_mode": "ACTIVE_STANDBY_MULTI_AZ"},
            "broker.deployment_mode",
            "with rabbitmq 3.13 mq.m7g.large: SINGLE_INSTANCE, CLUSTER_MULTI_AZ",
        ),
        (
            {"broker.instance_type": "mq.t3.micro"},
            "broker.deployment_mode",
            "with rabbitmq 3.13 mq.t3.micro: SINGLE_INSTANCE",
        ),
        (
            {**ACTIVEMQ, "broker.deployment_mode": "CLUSTER_MULTI_AZ"},
            "broker.deployment_mode",
            "with activemq 5.19 mq.m5.large: SINGLE_INSTANCE, ACTIVE_STANDBY_MULTI_AZ",
        ),
        (
            {**ACTIVEMQ, "broker.instance_type": "mq.m7g.large"},
            "broker.instance_type",
            "with activemq 5.19: mq.m5.large, ",
        ),
        (
            {**ACTIVEMQ, "network.replicas": 1},
            "broker.deployment_mode",
            "SINGLE_INSTANCE while replicas are in one zone",
        ),
        # streaming
        ({"streaming.cluster.brokers": 3}, "streaming.cluster.brokers", "a multiple of zones, 2"),
        (
            {"streaming.cluster.zones": 3, "streaming.cluster.brokers": 3, "network.replicas": 2},
            "streaming.cluster.zones",
            "at most 2, the number of zones that have a replica",
        ),
        (
            {"streaming.cluster.instance_type": "kafka.t3.small"},
            "streaming.cluster.instance_type",
            "an Amazon MSK instance type",
        ),
        (
            {**EXPRESS, "streaming.cluster.volume_gib": 10},
            "streaming.cluster.volume_gib",
            "null: express brokers",
        ),
        ({"streaming.cluster.volume_gib": None}, "streaming.cluster.volume_gib", "a size in GiB"),
        (
            {**EXPRESS, "streaming.cluster.zones": 2, "streaming.cluster.brokers": 4},
            "streaming.cluster.zones",
            "3, because AWS always spreads express brokers",
        ),
        (
            {"streaming.topics": {"data_reporting": "metrics-export"}},
            "streaming.topics.data_reporting",
            "a name other than that of metrics_export",
        ),
        (
            {"streaming.metrics_export.namespaces": ["AWS/EC2", "AWS/EC2"]},
            "streaming.metrics_export.namespaces[1]",
            "each value once",
        ),
        (
            {
                "streaming.metrics_export.connector": {
                    **CONNECTOR,
                    "privatelink_service_name": "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0",
                }
            },
            "streaming.metrics_export.connector.privatelink_service_name",
            "an endpoint service of the environment's region, us-east-1",
        ),
        # notifications
        (
            {"notifications.topics.meal-ready": {"email": ["a@b.example", "a@b.example"]}},
            "notifications.topics.meal-ready.email[1]",
            "each value once",
        ),
        (
            {"notifications.mobile_push": [{"platform": "GCM", "credential_secret_name": name} for name in "ab"]},
            "notifications.mobile_push[1].platform",
            "each value once",
        ),
        # channels
        ({"channels.0.name": "tableau"}, "channels[2].name", "each value once"),
        ({"channels.4.domains": []}, "channels[4].domains", "at least one name, because the channel is outbound"),
        ({"channels.0.domains": ["a.example"]}, "channels[0].domains", "none, because the channel is inbound"),
        ({"channels.4.domains": ["a.example", "a.example"]}, "channels[4].domains[1]", "each value once"),
        ({"channels.4.cidrs": ["10.0.0.0/8"]}, "channels[4].cidrs[0]", "a public block"),
        ({"channels.4.cidrs": ["100.64.0.0/16"]}, "channels[4].cidrs[0]", "a public block"),
        ({"channels.4.cidrs": ["0.0.0.0/0"]}, "channels[4].cidrs[0]", "a public block of /8 or smaller"),
        ({"channels.4.cidrs": ["128.0.0.0/1"]}, "channels[4].cidrs[0]", "a public block of /8 or smaller"),
        (
            {"channels.4.cidrs": ["198.51.100.0/24", "198.51.100.8/29"]},
            "channels[4].cidrs[1]",
            "a block that does not overlap 198.51.100.0/24",
        ),
        ({"channels.4.port": 8443}, "channels[4].port", "443"),
        ({"channels.3.name": "dog"}, "servers.datadog_agent", "false while no outbound channel is named datadog"),
        (
            {"channels.8.domains": ["keys.example"]},
            "channels",
            "a list with an outbound channel whose domains include public-keys",
        ),
    ],
)
def test_a_broken_rule_is_told_once_at_its_key(
    problems_with: Problems, changes: dict[str, Any], key: str, allowed: str
) -> None:
    (problem,) = problems_with(changes)
    assert problem.key == key
    assert problem.allowed.startswith(allowed)
    assert problem.line


@pytest.mark.parametrize(("project", "fits"), [("meals-co", True), ("meals-com", False)])
def test_names_leave_room_for_those_of_buckets(problems_with: Problems, project: str, fits: bool) -> None:
    found = problems_with({"environment": "load-testing-eu", "project": project})
    assert [each.key for each in found] == (["environment"] if fits else ["environment", "project"])


@pytest.mark.parametrize(
    "changes",
    [
        {"network.replicas": 1},
        {"network.replicas": 127},
        {"network.zones": ["us-east-1f"]},
        {"network.vpn": VPN},
        {
            "region": "eu-west-1",
            "network.zones": ["eu-west-1a", "eu-west-1c"],
            "channels.8.domains": ["public-keys.auth.elb.eu-west-1.amazonaws.com"],
        },
        {"streaming.cluster.zones": 3, "streaming.cluster.brokers": 3},
        {"streaming.metrics_export.connector": CONNECTOR},
        ACTIVEMQ,
        {**ACTIVEMQ, "broker.instance_type": "mq.t3.micro", "broker.deployment_mode": "SINGLE_INSTANCE"},
        EXPRESS,
        {"channels.4.cidrs": ["198.51.100.0/24", "203.0.113.0/24"]},
        {"release.ami": "ami-0123456789abcdef0"},
        {"servers.datadog_agent": False, "channels.3.name": "dog"},
    ],
)
def test_what_the_rules_allow(problems_with: Problems, changes: dict[str, Any]) -> None:
    assert problems_with(changes) == ()


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
@pytest.mark.parametrize("replicas", [1, 2, 3, 10, 40, 127])
def test_any_number_of_replicas_that_fits_is_accepted(problems_with: Problems, environment: str, replicas: int) -> None:
    assert problems_with({"network.replicas": replicas}, environment) == ()


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_more_replicas_leave_the_cluster_and_the_broker_where_they_are(
    settings_with: Callable[..., Settings], environment: str
) -> None:
    places = {
        (settings.cluster_replicas, settings.broker_replicas)
        for settings in (settings_with({"network.replicas": count}, environment) for count in (2, 3, 4, 10, 40))
    }
    assert len(places) == 1


@pytest.mark.parametrize("offer", OFFERS)
def test_every_offer_of_amazon_mq_is_accepted(problems_with: Problems, offer: Any) -> None:
    for version in offer.versions:
        for mode in offer.deployment_modes:
            changes = {
                "release.broker_engine_version": version,
                "broker.engine": offer.engine,
                "broker.instance_type": offer.instance_types[0],
                "broker.deployment_mode": mode,
            }
            assert problems_with(changes) == ()


@pytest.mark.parametrize("port", sorted(TAKEN_PORTS))
def test_no_server_takes_a_port_with_another_meaning(problems_with: Problems, port: int) -> None:
    (problem,) = problems_with({"servers.port": port})
    assert problem.key == "servers.port"


@pytest.mark.parametrize(
    ("instance_type", "architecture"),
    [
        ("t4g.small", "arm64"),
        ("m7gd.large", "arm64"),
        ("c8gn.xlarge", "arm64"),
        ("im4gn.large", "arm64"),
        ("g5g.xlarge", "arm64"),
        ("a1.medium", "arm64"),
        ("t3.small", "x86_64"),
        ("g5.xlarge", "x86_64"),
        ("m7i-flex.large", "x86_64"),
        ("r6idn.large", "x86_64"),
    ],
)
def test_architecture_of_an_instance_type(instance_type: str, architecture: str) -> None:
    assert architecture_of(instance_type) == architecture
