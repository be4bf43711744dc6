"""Environments with what settings can ask for besides, for tests of everything that a stack may contain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.core.synthesis.synthesize import synthesize
from envs.load import load
from envs.settings import Settings

CONNECTOR = {
    "plugin_bucket": "plugins-111111111111",
    "plugin_key": "datadog.zip",
    "privatelink_service_name": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
}

VARIANTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "dev": ("dev", {}),
    "staging": ("staging", {}),
    "prod": ("prod", {}),
    "dev with every optional part": (
        "dev",
        {
            "network.vpn": {"customer_gateway_ip": "203.0.113.7", "on_premises_cidrs": ("192.168.0.0/16",)},
            "notifications.sms": {"monthly_spend_limit_usd": 1},
            "notifications.mobile_push": (
                {"platform": "APNS", "credential_secret_name": "meals/dev/apns"},
                {"platform": "GCM", "credential_secret_name": "meals/dev/gcm"},
            ),
            "streaming.metrics_export.connector": CONNECTOR,
            "streaming.topics.further": ["orders"],
            "streaming.consumers": {
                "billing": {"topic": "orders", "to": "sqs"},
                "news": {"topic": "orders", "to": "sns"},
                "board": {"topic": "orders", "to": "core-server"},
            },
            "servers.groups": {
                "loyalty": {"subnets": "public", "path_prefix": "/loyalty", "rule_number": 1, "modules": ["loyalty"]},
                "invoices": {
                    "subnets": "private",
                    "port": 9443,
                    "modules": ["invoices"],
                    "clients": ["core-server"],
                    "uses": ["event-store", "images", "notifications", "purchase-gateway", "stream"],
                },
            },
            "release.ami": "/meals/images/server",
        },
    ),
    "prod with ActiveMQ and Express brokers": (
        "prod",
        {
            "broker.engine": "activemq",
            "broker.deployment_mode": "ACTIVE_STANDBY_MULTI_AZ",
            "broker.instance_type": "mq.m5.large",
            "release.broker_engine_version": "5.18",
            "streaming.cluster.instance_type": "express.m7g.large",
            "streaming.cluster.zones": 3,
            "streaming.cluster.brokers": 3,
            "streaming.cluster.volume_gib": None,
        },
    ),
    "staging in another region": ("staging", {"region": "eu-west-1"}),
}
"""The environments, and what settings can ask for besides: name, base and changed settings by their dotted keys."""


def settings_of(name: str) -> Settings:
    """The settings of a variant."""
    environment, changes = VARIANTS[name]
    values = load(environment).model_dump()
    if "region" in changes:  # which is also in the names of zones and hosts
        values = json.loads(json.dumps(values).replace(values["region"], changes["region"]))
    for key, value in changes.items():
        *parents, last = key.split(".")
        part = values
        for parent in parents:
            part = part[parent]
        part[last] = value
    return Settings.model_validate(values)


def synthesized(settings: Settings, directory: Path) -> Path:
    """The directory of the stacks of an environment: synthesized once for all processes of a run, by the cache."""
    synthesize(settings, directory)
    return directory / "stacks"
