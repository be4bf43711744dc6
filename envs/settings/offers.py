"""What Amazon MQ offers: which engine, version, instance type and deployment mode exist together.

Source: Amazon MQ Developer Guide, "Managing Amazon MQ for RabbitMQ engine versions", "Managing Amazon MQ for
ActiveMQ engine versions", "Upgrading an Amazon MQ broker instance type" (m7g is RabbitMQ's only) and the
sizing guidelines.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from envs.settings.base import Violation


class Offer(NamedTuple):
    """Brokers that differ in size only."""

    engine: str
    versions: tuple[str, ...]
    instance_types: tuple[str, ...]
    deployment_modes: tuple[str, ...]


_M5 = tuple(f"mq.m5.{size}" for size in ("large", "xlarge", "2xlarge", "4xlarge"))
_M7G = tuple(
    f"mq.m7g.{size}" for size in ("medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
)
_T3 = ("mq.t3.micro",)

OFFERS = (
    Offer("rabbitmq", ("3.13", "4.2"), _M7G, ("SINGLE_INSTANCE", "CLUSTER_MULTI_AZ")),
    Offer("rabbitmq", ("3.13",), _M5, ("SINGLE_INSTANCE", "CLUSTER_MULTI_AZ")),
    Offer("rabbitmq", ("3.13",), _T3, ("SINGLE_INSTANCE",)),
    Offer("activemq", ("5.18", "5.19"), _M5, ("SINGLE_INSTANCE", "ACTIVE_STANDBY_MULTI_AZ")),
    Offer("activemq", ("5.18", "5.19"), _T3, ("SINGLE_INSTANCE",)),
)


def offer_rules(*, engine: str, version: str, instance_type: str, deployment_mode: str) -> Iterator[Violation]:
    """Yield each value that no offer has beside those before it: first version, then instance type, then
    mode."""
    offers = [offer for offer in OFFERS if offer.engine == engine]
    beside = engine
    for key, value, choices in (
        (("release", "broker_engine_version"), version, attrgetter("versions")),
        (("broker", "instance_type"), instance_type, attrgetter("instance_types")),
        (("broker", "deployment_mode"), deployment_mode, attrgetter("deployment_modes")),
    ):
        if fitting := [offer for offer in offers if value in choices(offer)]:
            offers = fitting
            beside = f"{beside} {value}"
        else:
            known = dict.fromkeys(choice for offer in offers for choice in choices(offer))
            yield Violation(key, value, f"with {beside}: {', '.join(known)}")
