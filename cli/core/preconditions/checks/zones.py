"""The availability zones are the account's, available, and of those that Amazon MSK takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cli.core.preconditions.model import Judgement, Precondition, Reads, Subject, missing, ok
from envs.settings import Settings

FEWEST_ZONES = 2
"""Of a load balancer (Elastic Load Balancing API, CreateLoadBalancer: "You must specify subnets from at least two
Availability Zones") and of a provisioned cluster (Amazon MSK API, BrokerNodeGroupInfo: two or three zones)."""
ONE_ZONE_IS_REFUSED = "AWS refuses a load balancer and an MSK cluster in fewer than two zones"
REFUSED_BY_MSK = frozenset({"use1-az3"})
"""Zone ids in which Amazon MSK makes no brokers. Names such as us-east-1a are shuffled per account, ids are not."""


def preconditions(subject: Subject) -> Iterator[Precondition[Mapping[str, str]]]:
    """Where there are subnets."""
    if subject.resources("aws_subnet"):
        yield Precondition(
            name="availability zones",
            why="subnets stay in their zones for good, and Amazon MSK refuses some zones",
            actions=("ec2:DescribeAvailabilityZones",),
            ask=_ask,
            judge=judge,
        )


def two_zones(settings: Settings) -> str:
    """How an environment gets the zones that AWS asks for."""
    return f"in envs/{settings.environment}.yaml, set network.replicas and the number of network.zones to 2 or more"


def _ask(_: Subject, reads: Reads) -> Mapping[str, str]:
    answer = reads.ask("ec2", "describe_availability_zones") or {}
    return {
        zone["ZoneName"]: zone["ZoneId"]
        for zone in answer.get("AvailabilityZones", [])
        if zone.get("State") == "available"
    }


def judge(subject: Subject, zone_ids: Mapping[str, str]) -> Judgement:
    """``zone_ids`` are the ids of the account's available zones, by name."""
    settings = subject.settings
    used = settings.network.zones_in_use
    if len(used) < FEWEST_ZONES:
        return missing(f"the only zone is {used[0]}; {ONE_ZONE_IS_REFUSED}", two_zones(settings))
    remedy = f"name other zones in network.zones of envs/{settings.environment}.yaml, before the first apply"
    absent = [zone for zone in used if zone not in zone_ids]
    if absent:
        return missing(f"the account has no available {', '.join(absent)}", remedy)
    if subject.resources("aws_msk_cluster"):
        zones = [settings.network.zone_of(replica) for replica in settings.cluster_replicas]
        refused = [f"{zone} ({zone_ids[zone]})" for zone in zones if zone_ids[zone] in REFUSED_BY_MSK]
        if refused:
            return missing(f"Amazon MSK takes no brokers in {', '.join(refused)}", remedy)
    return ok(", ".join(f"{zone} is {zone_ids[zone]}" for zone in used))
