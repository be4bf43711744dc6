"""The few arguments of a resource that tell a reader what it is."""

from __future__ import annotations

from collections.abc import Iterable

from cli.core.base.text import cut
from cli.core.plans.model import Attribute
from cli.core.plans.values import SENSITIVE, UNKNOWN

_MOST = 4
_LONGEST = 48
"""Characters of a value that are shown."""

_NAMES = (
    *("engine", "engine_version", "kafka_version", "runtime", "image_id", "ami", "package_type"),
    *("instance_type", "instance_class", "host_instance_type", "node_type", "cpu", "memory", "memory_size"),
    *("min_size", "max_size", "desired_count", "number_of_broker_nodes", "allocated_storage", "multi_az"),
    *("deployment_mode", "billing_mode", "hash_key", "range_key", "publicly_accessible", "internal"),
    *("load_balancer_type", "cidr_block", "cidr_blocks", "availability_zone", "ip_protocol", "protocol", "port"),
    *("from_port", "to_port", "cidr_ipv4", "cidr_ipv6", "rule_number", "rule_action", "egress"),
    *("destination_cidr_block", "service_name", "vpc_endpoint_type", "endpoint", "type", "ttl", "records"),
    *("name", "bucket", "domain_name", "identifier", "cluster_identifier", "function_name", "queue_name"),
    *("retention_in_days", "deletion_window_in_days", "recovery_window_in_days", "policy_arn", "handler"),
    *("schedule_expression", "priority", "principal", "action", "target_type", "path", "key"),
)
"""Arguments by how much they say, the most first."""


def facts(attributes: Iterable[Attribute]) -> tuple[str, ...]:
    """The arguments that say the most, of attributes that are all set: `instance_type=t4g.small`."""
    values = {attribute.path: attribute.after for attribute in attributes}
    known = [
        name
        for name in _NAMES
        if name in values and values[name] not in (UNKNOWN, SENSITIVE) and "{" not in values[name].text[:2]
    ]
    return tuple(f"{name}={cut(values[name].text.strip(chr(34)), _LONGEST)}" for name in known[:_MOST])
