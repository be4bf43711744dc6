"""Amazon MQ offers the broker's engine version, instance type and deployment mode in its zones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cli.core.preconditions.model import Body, Judgement, Precondition, Reads, Subject, missing, ok


def preconditions(subject: Subject) -> Iterator[Precondition[Sequence[Body]]]:
    """Where there is a broker."""
    if subject.resources("aws_mq_broker"):
        yield Precondition(
            name="Amazon MQ",
            why="Amazon MQ refuses a broker whose engine version, type or mode it does not offer",
            actions=("mq:DescribeBrokerInstanceOptions",),
            ask=_ask,
            judge=judge,
        )


def _ask(subject: Subject, reads: Reads) -> Sequence[Body]:
    (broker,) = subject.resources("aws_mq_broker")
    answer = reads.ask(
        "mq",
        "describe_broker_instance_options",
        EngineType=str(broker["engine_type"]).upper(),
        HostInstanceType=broker["host_instance_type"],
    )
    options: Sequence[Body] = (answer or {}).get("BrokerInstanceOptions", [])
    return options


def judge(subject: Subject, options: Sequence[Body]) -> Judgement:
    """``options`` are those of the broker's instance type."""
    (broker,) = subject.resources("aws_mq_broker")
    settings = subject.settings
    instance_type, mode, version = broker["host_instance_type"], broker["deployment_mode"], broker["engine_version"]
    zones = [settings.network.zone_of(replica) for replica in settings.broker_replicas]
    if not options:
        return missing(
            f"{settings.region} has no {instance_type} for {broker['engine_type']}", "another broker.instance_type"
        )
    options = [option for option in options if mode in option.get("SupportedDeploymentModes", [])]
    if not options:
        return missing(f"{instance_type} does not come as {mode}", "another broker.deployment_mode or instance_type")
    options = [option for option in options if _has_version(option, version)]
    if not options:
        return missing(f"{instance_type} does not run version {version}", "another release.broker_engine_version")
    offered = {zone["Name"] for option in options for zone in option.get("AvailabilityZones", [])}
    lacking = [zone for zone in zones if zone not in offered]
    if lacking:
        return missing(
            f"{instance_type} is not offered in {', '.join(lacking)}", "another broker.instance_type or other zones"
        )
    return ok(f"{broker['engine_type']} {version} on {instance_type}, {mode}")


def _has_version(option: Body, version: str) -> bool:
    """AWS lists versions with or without a patch number."""
    supported = option.get("SupportedEngineVersions", [])
    return any(known == version or known.startswith(f"{version}.") for known in supported)
