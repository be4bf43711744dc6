"""The spelling of single values: what is taken, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from envs.errors import Problem

Problems = Callable[..., tuple[Problem, ...]]

PUBLIC = {"subnets": "public", "path_prefix": "/loyalty", "rule_number": 1, "modules": ["loyalty"]}
SERVERS = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net", "ns-3.awsdns-03.org", "ns-4.awsdns-04.co.uk"]
DS = {"key_tag": 12345, "algorithm": 13, "digest_type": 2, "digest": "0aB1" * 16}
CHILD = {"name": "child.meals.example", "name_servers": SERVERS, "ds_records": [DS]}

TAKEN: list[tuple[str, list[Any]]] = [
    ("account_id", ["000000000001"]),
    ("domain_name", ["meals.example", "a.b.c.meals.example", "xn--caf-dma.example", "4meals.co.uk"]),
    ("release.ami", ["ami-01234567", "ami-0123456789abcdef0", "/meals/images/server"]),
    ("release.application_version", ["0.0.1", "10.20.30", "1.0.0-rc.1"]),
    ("state", [{"bucket": "meals-states", "key": "eu/prod.tfstate"}, {}]),
    ("network.vpc_cidr", ["10.0.0.0/16", "172.16.0.0/16", "192.168.0.0/17"]),
    ("network.vpn", [None, {"customer_gateway_ip": "198.51.100.7", "on_premises_cidrs": ["172.20.0.0/14"]}]),
    ("edge.protected_paths", [["/account*", "/orders/?/edit"]]),
    ("edge.tls_policy", ["ELBSecurityPolicy-TLS13-1-3-2021-06", "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04"]),
    (
        "edge.delegations",
        [
            [],
            [CHILD],
            [{**CHILD, "ds_records": []}],
            [{**CHILD, "ds_records": [{**DS, "key_tag": tag} for tag in (0, 65535)]}],
            [{**CHILD, "name_servers": SERVERS[:2]}, {**CHILD, "name": "other.meals.example"}],
        ],
    ),
    ("servers.health_check_path", ["/", "/health", "/health/live"]),
    ("event_store.backup.schedule", ["cron(0 5 * * ? *)", "cron(0 0 ? * SUN#1 *)"]),
    ("broker.maintenance_window", [{"day_of_week": "MONDAY", "time_of_day": "23:59"}]),
    ("streaming.metrics_export.endpoint_url", ["https://a.example", "https://a.example:443/v1/input"]),
    ("streaming.reporting.tableau_principal_arn", ["arn:aws:iam::444444444444:root"]),
    ("notifications.sms", [{"monthly_spend_limit_usd": 1, "default_sender_id": "MEALS"}, None]),
    ("notifications.topics.meal-ready", [{"email": ["a.b+c@meals.example"]}]),
    ("channels.4.domains", [["*.payments.example", "payments.example"]]),
    ("channels.4.cidrs", [[], ["203.0.113.0/24"], ["8.8.8.8/32"]]),
]

REFUSED: list[tuple[str, list[Any]]] = [
    ("account_id", ["1234", "12345678901a", "1111-1111-1111", 111111111111, "\u0661" * 12]),
    ("environment", ["", "Prod", "prod_1", "1prod", "prod-"]),
    ("region", ["us-east-9", "cn-north-1", "US-EAST-1"]),
    (
        "domain_name",
        [
            "",
            "example",
            "Meals.example",
            "meals.example.",
            "meals..example",
            "-meals.example",
            "me_als.example",
            "10.0.0.1",
        ],
    ),
    (
        "domain_name",
        ["*.meals.example", "https://meals.example", "meals.example/", f"{'a' * 64}.example", "meals.example\n"],
    ),
    ("release.ami", ["", "ami-xyz", "aws/service/x", "ami-0123", "arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0"]),
    ("release.application_version", ["1", "1.0", "v1.0.0", "01.0.0", "latest", 1]),
    ("release.broker_engine_version", ["3.13.7", "3", "3.x"]),
    ("release.kafka_version", ["3.8.0", "3.7.x", "2.8.1", "4.0.x"]),
    ("release.features", [{"Swap": True}, {"swap": "true"}, ["swap"]]),
    ("state", [{"bucket": "Meals"}, {"bucket": "ab"}, {"key": "/x"}, {"key": ""}]),
    ("network.vpc_cidr", ["10.0.0.0", "10.0.0.1/16", "10.0.0.0/33", "10.0.0/16", "10.0.0.0/255.255.0.0", "fd00::/8"]),
    ("network.subnet_prefix_length", [16, 28, "24"]),
    ("network.zones", [["a"], ["us-east-1"], ["use1-az1"]]),
    ("network.vpn", [{}, {"customer_gateway_ip": "10.0.0.1", "on_premises_cidrs": ["172.20.0.0/14"]}]),
    ("network.vpn", [{"customer_gateway_ip": "203.0.113.256", "on_premises_cidrs": ["172.20.0.0/14"]}]),
    ("network.vpn", [{"customer_gateway_ip": "203.0.113.7", "on_premises_cidrs": []}]),
    ("keys.deletion_window_days", [6, 31]),
    ("servers.core.instance_type", ["t4g", "large", "mq.m7g.large"]),
    ("servers.core.cpu_target_percent", [0, 101, 75.0]),
    ("servers.core.min_size", [0, -1]),
    ("servers.groups", [{name: PUBLIC} for name in ("core", "ordering", "a", "Loyalty", "loyalty-", "l" * 25)]),
    ("servers.groups", [{"loyalty": {**PUBLIC, "path_prefix": path}} for path in ("loyalty", "/", "/a*", "/a/b/c")]),
    ("servers.groups", [{"loyalty": {**PUBLIC, key: value}} for key, value in (("rule_number", 100), ("uses", ["x"]))]),
    ("servers.health_check_path", ["health", "", "/he alth", "/*"]),
    ("event_store.backup.schedule", ["daily", "cron(0 5 * * *)", "rate(1 day)", "cron(0 5 * * ? *); x"]),
    (
        "edge.tls_policy",
        ["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-0-2021-06", "ELBSecurityPolicy-TLS13-1-2-2021-06"],
    ),
    ("edge.protected_paths", [[], ["account"], ["/a b"]]),
    (
        "edge.delegations",
        [
            [{**CHILD, "name_servers": servers}]
            for servers in ([], SERVERS[:1], ["ns-1.awsdns-01.com.", "ns-2.awsdns-02.net."], ["192.0.2.1", "192.0.2.2"])
        ],
    ),
    (
        "edge.delegations",
        [
            [{**CHILD, "ds_records": [{**DS, **wrong}]}]
            for wrong in (
                {"key_tag": -1},
                {"key_tag": 65536},
                {"key_tag": "12345"},
                {"algorithm": 5},
                {"algorithm": "13"},
                {"digest_type": 1},
                {"digest_type": 4},
                {"digest": "ab" * 31},
                {"digest": "xy" * 32},
                {"digest": 12},
            )
        ],
    ),
    ("edge.waf", [{"rate_limit_per_5_minutes": 9}]),
    ("broker.maintenance_window", [{"time_of_day": "24:00"}, {"time_of_day": "3:00"}, {"day_of_week": "Sunday"}]),
    ("broker.credentials_secret_name", ["", "a secret", "hunter2!"]),
    ("streaming.cluster.instance_type", ["kafka.t3.small", "m7g.large", "kafka.m7g.huge"]),
    ("streaming.cluster.zones", [1, 4]),
    ("streaming.topics", [{"metrics_export": "a b"}, {"metrics_export": "Upper"}]),
    (
        "streaming.metrics_export.endpoint_url",
        [
            "http://a.example",
            "https://a.example:8443",
            "https://u:p@a.example",
            "https://a.example/?key=1",
            "https://localhost",
        ],
    ),
    (
        "streaming.reporting.tableau_principal_arn",
        ["arn:aws:iam::4444:root", "*", "arn:aws:sts::444444444444:assumed-role/a/b"],
    ),
    ("streaming.reporting.tableau_external_id", ["x", "has space"]),
    ("notifications.topics", [{}, {"Meal": {}}, {"meal_ready": {}}]),
    (
        "notifications.topics.meal-ready",
        [{"email": ["a@b"]}, {"email": ["@b.example"]}, {"email": ["a b@c.example"]}, {"sms": []}],
    ),
    (
        "notifications.sms",
        [{"monthly_spend_limit_usd": 0}, {"monthly_spend_limit_usd": 5, "default_sender_id": "123"}],
    ),
    ("channels.4.direction", ["both"]),
    ("channels.4.domains", [["*"], ["a.*.example"], ["payments"]]),
    ("channels.4.cidrs", [["203.0.113.1/24"], ["203.0.113.1"]]),
    ("channels.4.port", [80, "443"]),
]


def flat(cases: list[tuple[str, list[Any]]]) -> list[tuple[str, Any]]:
    return [(key, value) for key, values in cases for value in values]


@pytest.mark.parametrize(("key", "value"), flat(TAKEN))
def test_taken(problems_with: Problems, key: str, value: Any) -> None:
    assert problems_with({key: value}) == ()


@pytest.mark.parametrize(("key", "value"), flat(REFUSED))
def test_refused(problems_with: Problems, key: str, value: Any) -> None:
    found = problems_with({key: value})
    steps = "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in key.split(".")).removeprefix(".")
    assert [each for each in found if each.key.startswith(steps)]
    assert all(each.key.startswith(steps) for each in found)


@pytest.mark.parametrize("value", ["hunter2 and 3", 31415926])
def test_a_secret_in_place_of_its_name_is_not_shown(problems_with: Problems, value: Any) -> None:
    (problem,) = problems_with({"broker.credentials_secret_name": value})
    assert problem.received == "a value that is not shown"
    assert str(value) not in str(problem)


def test_the_block_that_holds_an_address_is_told(problems_with: Problems) -> None:
    (problem,) = problems_with({"network.vpc_cidr": "10.0.7.9/16"})
    assert problem.hint == "The block that holds this address is 10.0.0.0/16."
