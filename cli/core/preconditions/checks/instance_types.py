"""Each zone in use offers the instance types of the servers."""

from __future__ import annotations

from collections.abc import Iterator, Set

from cli.core.preconditions.model import Judgement, Precondition, Reads, Subject, missing, ok

Offering = tuple[str, str]
"""Instance type and zone."""


def preconditions(subject: Subject) -> Iterator[Precondition[Set[Offering]]]:
    """Where there are servers."""
    if instance_types(subject):
        yield Precondition(
            name="instance types",
            why="a scaling group spans all zones; where one lacks the type, instances do not start there",
            actions=("ec2:DescribeInstanceTypeOfferings",),
            ask=_ask,
            judge=judge,
        )


def instance_types(subject: Subject) -> tuple[str, ...]:
    """The instance types of the servers, each once."""
    return tuple(sorted({str(body["instance_type"]) for body in subject.resources("aws_launch_template")}))


def _ask(subject: Subject, reads: Reads) -> Set[Offering]:
    answer = reads.ask(
        "ec2",
        "describe_instance_type_offerings",
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": list(instance_types(subject))}],
    )
    return {(offer["InstanceType"], offer["Location"]) for offer in (answer or {}).get("InstanceTypeOfferings", [])}


def judge(subject: Subject, offerings: Set[Offering]) -> Judgement:
    """Whether each type is offered in each zone."""
    zones = subject.settings.network.zones_in_use
    lacking = [
        f"{wanted} in {zone}" for wanted in instance_types(subject) for zone in zones if (wanted, zone) not in offerings
    ]
    if lacking:
        return missing(f"AWS does not offer {', '.join(lacking)}", "another instance_type, or another zone")
    return ok(f"{', '.join(instance_types(subject))} in {', '.join(zones)}")
