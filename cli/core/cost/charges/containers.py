"""ECS on Fargate, EKS, and images."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from cli.core.cost.charges.compute import addresses_of_subnets, instances, of_template, template_of
from cli.core.cost.charges.observability import logs_of_its_own
from cli.core.cost.charges.scaling import scaled
from cli.core.cost.model import HOURS, Range, Unsaid, Use
from cli.core.cost.reading import Reader, Reading, Uses, by_usage, decimal, hourly, whole
from policies.library.model import Block, Resource

_CPU_UNITS = Decimal(1024)
"""CPU units of a vCPU, and MiB of a GB, in a task definition."""

_IN_WHOLE_ONES = re.compile(r"([0-9]*\.?[0-9]+) *(?:vCPU|GB)", re.IGNORECASE)

_NODE = "t3.medium"
"""The type of the instances of a node group that says none (aws_eks_node_group)."""

_STORAGE = 20
"""GiB of ephemeral storage that the price of a task includes (AWS Fargate pricing)."""


def _service(reading: Reading, resource: Resource) -> Uses:
    if resource.text("launch_type") == "EC2":
        return  # its tasks run on instances, which cost by themselves
    if resource.text("launch_type") != "FARGATE":
        yield Unsaid("what runs its tasks is decided by a capacity provider")
        return
    tasks = [
        each
        for each in reading.configuration.resolve(resource.get("task_definition"))
        if each.type == "aws_ecs_task_definition"
    ]
    cpu, memory = (_units(tasks[0], "cpu"), _units(tasks[0], "memory")) if tasks else (None, None)
    if cpu is None or memory is None:
        yield Unsaid("the CPU and the memory of its tasks are not in this configuration")
        return
    platforms = tasks[0].blocks("runtime_platform")
    if any(each.text("operating_system_family", "LINUX") != "LINUX" for each in platforms):
        yield Unsaid("the table has no prices of Windows on Fargate")
        return
    processor = "ARM " if any(each.text("cpu_architecture") == "ARM64" for each in platforms) else ""
    number = whole(resource, "desired_count", 0)
    count = scaled(reading, resource, Range(Decimal(number), Decimal(number)))
    yield Use("AmazonECS", f"Fargate {processor}vCPU", count.times(HOURS * cpu / _CPU_UNITS))
    yield Use("AmazonECS", f"Fargate {processor}memory GB", count.times(HOURS * memory / _CPU_UNITS))
    for each in tasks[0].blocks("ephemeral_storage"):
        if (extra := whole(each, "size_in_gib", _STORAGE) - _STORAGE) > 0:
            yield Use("AmazonECS", "Fargate ephemeral storage GB", count.times(HOURS * extra))


def _units(task: Block, name: str) -> Decimal | None:
    """CPU units or MiB, which a task definition may give in vCPU or GB, too."""
    if whole_ones := _IN_WHOLE_ONES.fullmatch(task.text(name)):
        return Decimal(whole_ones[1]) * _CPU_UNITS
    return decimal(task, name)


def _node_group(reading: Reading, resource: Resource) -> Uses:
    scaling = resource.block("scaling_config")
    least, most = (scaling.number("min_size"), scaling.number("max_size")) if scaling else (None, None)
    if least is None or most is None:
        yield Unsaid("it says no min_size or max_size")
        return
    if resource.text("capacity_type", "ON_DEMAND") != "ON_DEMAND":
        yield Unsaid("the price of spot instances changes")
        return
    if resource.text("ami_type").startswith("WINDOWS"):
        yield Unsaid("the table has no prices of Windows")
        return
    types = resource.texts("instance_types")
    if len(types) > 1:
        yield Unsaid(f"AWS chooses among {', '.join(types)}")
        return
    count = Range(Decimal(least), Decimal(most))
    if resource.blocks("launch_template"):
        if template := template_of(reading, resource):
            yield from of_template(reading, template, count, resource, instance_type="".join(types))
        else:
            yield Unsaid("its launch template is not in this configuration")
        return
    yield from instances(types[0] if types else _NODE, count, is_monitored=False)
    yield Unsaid("the type of its root volumes is that of the image of EKS")
    yield from addresses_of_subnets(reading, resource, count)


def _repository(reading: Reading, resource: Resource) -> Uses:
    yield by_usage("AmazonECR", "storage", reading.used(resource, "stored_gb"))


def _eks_cluster(reading: Reading, resource: Resource) -> Uses:
    yield hourly("AmazonEKS", "cluster")
    if resource.texts("enabled_cluster_log_types"):
        yield from logs_of_its_own(reading, "/aws/eks/")


def _cluster(_: Reading, resource: Resource) -> Uses:
    for setting in resource.blocks("setting"):
        if setting.text("name") == "containerInsights" and setting.text("value") != "disabled":
            yield Unsaid("how many metrics and logs Container Insights makes")


def _addon(_: Reading, resource: Resource) -> Uses:
    """Those of AWS are free; those of AWS Marketplace have a vendor in their name (Amazon EKS User Guide)."""
    if "_" in resource.text("addon_name"):
        yield Unsaid(f"what the vendor takes for the add-on {resource.text('addon_name')}")


CONTAINERS: Mapping[str, Reader] = {
    "aws_ecr_repository": _repository,
    "aws_ecs_cluster": _cluster,
    "aws_ecs_service": _service,
    "aws_eks_addon": _addon,
    "aws_eks_cluster": _eks_cluster,
    "aws_eks_node_group": _node_group,
}
