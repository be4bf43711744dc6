"""Prod with every optional part of the stream."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.support.helpers import Document


@pytest.fixture(scope="session")
def express_with_connector(prod_with: Callable[[Mapping[str, Any]], Document]) -> Document:
    """Prod with Express brokers and the MSK Connect connector."""
    return prod_with(
        {
            "streaming.cluster.instance_type": "express.m7g.large",
            "streaming.cluster.zones": 3,
            "streaming.cluster.brokers": 3,
            "streaming.cluster.volume_gib": None,
            "streaming.metrics_export.connector": {
                "plugin_bucket": "meals-prod-artifacts",
                "plugin_key": "datadog-kafka-connect.zip",
                "privatelink_service_name": "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
                "worker_count": 2,
            },
        }
    )
