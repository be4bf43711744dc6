"""The account's quotas leave room for what the stack makes, with every scaling group at its `max_size`.

Codes as in Service Quotas (`aws service-quotas list-service-quotas`). A quota that was never raised has no value of its
own there in some regions; then AWS's default counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from cli.core.preconditions.model import Body, Judgement, Precondition, Reads, Subject, missing, ok

STANDARD_FAMILIES = frozenset("acdhimrtz")
"""First letters of the instance types that share the quota of running On-Demand Standard instances."""

PREFIX_LIST_WEIGHT = 1
"""Rules that a reference to the prefix list of S3 or DynamoDB counts for (VPC guide, "AWS-managed prefix lists")."""


class Need(NamedTuple):
    """How much of a quota the environment takes."""

    least: int
    """Without this an apply fails."""
    most: int
    """What it can grow to."""


class Room(NamedTuple):
    """What there is."""

    quota: int
    taken: int
    """By what is not of this environment."""
    need: Need


class Quota(NamedTuple):
    """A quota of Service Quotas."""

    name: str
    service: str
    code: str
    why: str
    applies: Callable[[Subject], bool]
    need: Callable[[Subject, Reads], Need]
    taken: Callable[[Subject, Reads], int]
    actions: tuple[str, ...] = ()
    """What is asked besides the quota."""


def preconditions(subject: Subject) -> Iterator[Precondition[Room]]:
    """Each quota of which the stack takes something."""
    for quota in QUOTAS:
        if quota.applies(subject):
            yield Precondition(
                name=f"quota: {quota.name}",
                why=quota.why,
                actions=(
                    "servicequotas:GetServiceQuota",
                    "servicequotas:GetAWSDefaultServiceQuota",
                    *quota.actions,
                ),
                ask=partial(_ask, quota=quota),
                judge=partial(judge, quota=quota),
            )


def _ask(subject: Subject, reads: Reads, *, quota: Quota) -> Room:
    arguments: dict[str, Any] = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    answer = reads.ask("service-quotas", "get_service_quota", absent=("NoSuchResourceException",), **arguments)
    if answer is None:
        answer = reads.ask("service-quotas", "get_aws_default_service_quota", **arguments) or {}
    value = int(answer["Quota"]["Value"])
    return Room(value, quota.taken(subject, reads), quota.need(subject, reads))


def judge(subject: Subject, room: Room, *, quota: Quota) -> Judgement:
    """Whether the need fits beside what is taken."""
    free = room.quota - room.taken
    least, most = room.need
    needed = str(most) if least == most else f"{least} to {most}"
    taken = f", others take {room.taken}" if room.taken else ""
    text = f"needs {needed}, the quota is {room.quota}{taken}"
    if most <= free:
        return ok(text)
    remedy = (
        f"aws service-quotas request-service-quota-increase --region {subject.settings.region} --service-code "
        f"{quota.service} --quota-code {quota.code} --desired-value {most + room.taken}"
    )
    return missing(text, remedy, is_fatal=least > free)


def _nothing(_subject: Subject, _reads: Reads) -> int:
    """Of a quota that each VPC, or each group, has for itself."""
    return 0


def _vcpus(subject: Subject, reads: Reads) -> Need:
    types = {body["name"]: str(body["instance_type"]) for body in subject.resources("aws_launch_template")}
    answer = reads.ask("ec2", "describe_instance_types", InstanceTypes=sorted(set(types.values()))) or {}
    sizes = {size["InstanceType"]: int(size["VCpuInfo"]["DefaultVCpus"]) for size in answer["InstanceTypes"]}
    least = most = 0
    for group in subject.resources("aws_autoscaling_group"):
        template = subject.resolve(group["launch_template"]["id"], "aws_launch_template") or {}
        instance_type = types.get(template.get("name"), "")
        if instance_type[:1] in STANDARD_FAMILIES:
            least += sizes[instance_type] * int(group["min_size"])
            most += sizes[instance_type] * int(group["max_size"])
    return Need(least, most)


def _other_vcpus(subject: Subject, reads: Reads) -> int:
    running = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    answer = reads.ask("ec2", "describe_instances", Filters=running) or {}
    return sum(
        int(instance.get("CpuOptions", {}).get("CoreCount", 1))
        * int(instance.get("CpuOptions", {}).get("ThreadsPerCore", 1))
        for reservation in answer.get("Reservations", [])
        for instance in reservation["Instances"]
        if instance["InstanceType"][:1] in STANDARD_FAMILIES and not _is_own(subject, instance)
    )


def _is_own(subject: Subject, body: Body) -> bool:
    """Whether a resource has the tags of the environment."""
    tags: Mapping[str, str] = {tag["Key"]: tag["Value"] for tag in body.get("Tags", [])}
    settings = subject.settings
    return (tags.get("Project"), tags.get("Environment")) == (settings.project, settings.environment)


def _count(type: str) -> Callable[[Subject, Reads], Need]:
    def need(subject: Subject, _: Reads) -> Need:
        number = len(subject.resources(type))
        return Need(number, number)

    return need


def _has(type: str) -> Callable[[Subject], bool]:
    return lambda subject: bool(subject.resources(type))


def _others(operation: str, key: str) -> Callable[[Subject, Reads], int]:
    """Counts the resources that EC2 lists and that are not of this environment."""

    def taken(subject: Subject, reads: Reads) -> int:
        answer = reads.ask("ec2", operation) or {}
        return sum(not _is_own(subject, body) for body in answer.get(key, []))

    return taken


def _rules(subject: Subject, _: Reads) -> Need:
    """The rules of the group that has most of them in one direction."""
    most = 0
    for direction in ("ingress", "egress"):
        counts = Counter(
            rule["security_group_id"] for rule in subject.resources(f"aws_vpc_security_group_{direction}_rule")
        )
        most = max(most, *counts.values(), 0)
    return Need(most * PREFIX_LIST_WEIGHT, most * PREFIX_LIST_WEIGHT)


def _interface_endpoints(subject: Subject, _: Reads | None = None) -> Need:
    number = sum(body.get("vpc_endpoint_type") == "Interface" for body in subject.resources("aws_vpc_endpoint"))
    return Need(number, number)


def _other_topics(subject: Subject, reads: Reads) -> int:
    own = {str(body["name"]) for body in subject.resources("aws_sns_topic")}
    topics = (reads.ask("sns", "list_topics") or {}).get("Topics", [])
    return sum(topic["TopicArn"].rpartition(":")[2] not in own for topic in topics)


QUOTAS = (
    Quota(
        name="vCPUs of running instances",
        service="ec2",
        code="L-1216C47A",
        why="an instance above the quota does not start; an apply waits for the first ones and fails",
        applies=_has("aws_autoscaling_group"),
        need=_vcpus,
        taken=_other_vcpus,
        actions=("ec2:DescribeInstanceTypes", "ec2:DescribeInstances"),
    ),
    Quota(
        name="VPCs",
        service="vpc",
        code="L-F678F1CE",
        why="a VPC above the quota is refused",
        applies=_has("aws_vpc"),
        need=_count("aws_vpc"),
        taken=_others("describe_vpcs", "Vpcs"),
        actions=("ec2:DescribeVpcs",),
    ),
    Quota(
        name="elastic addresses",
        service="ec2",
        code="L-0263D0A3",
        why="an address above the quota is refused",
        applies=_has("aws_eip"),
        need=_count("aws_eip"),
        taken=_others("describe_addresses", "Addresses"),
        actions=("ec2:DescribeAddresses",),
    ),
    Quota(
        name="rules of a security group",
        service="vpc",
        code="L-0EA8095F",
        why="a rule above the quota is refused, and a path that the system needs stays closed",
        applies=_has("aws_vpc_security_group_ingress_rule"),
        need=_rules,
        taken=_nothing,
    ),
    Quota(
        name="interface endpoints of a VPC",
        service="vpc",
        code="L-29B6F2EB",
        why="an endpoint above the quota is refused",
        applies=lambda subject: _interface_endpoints(subject).most > 0,
        need=_interface_endpoints,
        taken=_nothing,
    ),
    Quota(
        name="SNS topics",
        service="sns",
        code="L-61103206",
        why="a topic above the quota is refused",
        applies=_has("aws_sns_topic"),
        need=_count("aws_sns_topic"),
        taken=_other_topics,
        actions=("sns:ListTopics",),
    ),
)
