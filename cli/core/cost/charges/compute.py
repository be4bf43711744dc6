"""EC2: instances, scaling groups, volumes and addresses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal

from cli.core.cost.charges import volumes
from cli.core.cost.model import Range, Unsaid, exactly
from cli.core.cost.reading import Reader, Reading, Uses, always, hourly, monthly, whole
from policies.library.model import Block, Resource
from policies.library.values import Unknown, written

_SPOT = "the price of spot instances changes"

_LICENCE = "the table has no prices of Windows and of Linux with a licence, which its image is said to be"

_TENANCY = "its tenancy is not the default one, and the table has no prices for it"

_ELASTIC = (("aws_eip", "instance"), ("aws_eip_association", "instance_id"))
"""Types that give an instance an Elastic IP address, and where they name it."""

_UNCHANGED = -1
"""What a schedule says where it leaves a size as it is; without a word it is 0 (aws_autoscaling_schedule)."""

_SUBNETS = {
    "aws_autoscaling_group": "vpc_zone_identifier",
    "aws_eks_node_group": "subnet_ids",
    "aws_instance": "subnet_id",
}
"""Where a type names the subnets of its instances."""

_ROOT_DEVICES = ("/dev/sda1", "/dev/xvda")
"""Names of root volumes (Amazon EC2 User Guide, "Device names for volumes")."""

_EXTRA = "gp2"
"""The type of a volume that an instance has beside those of its image, where none is given (aws_instance)."""

_LICENSED = re.compile(
    r"windows|rhel|red ?hat|suse|sles|ubuntu-pro|marketplace|309956199498|013907871322|679593333241|801119661308"
)
"""Images whose instances cost more than Linux: by name, or by the account of Red Hat, SUSE, AWS Marketplace or AWS's
Windows, as data sources for images select them."""

_IMAGES = ("data.aws_ami", "data.aws_ssm_parameter")

_DETAILED_METRICS = 7
"""Metrics that an instance sends with detailed monitoring (Amazon CloudWatch pricing, examples)."""


def instances(instance_type: str, count: Range, *, is_monitored: bool) -> Uses:
    """So many instances on demand, with Linux."""
    yield hourly("AmazonEC2", instance_type, count)
    if is_monitored:
        yield monthly("AmazonCloudWatch", "metric", count.times(_DETAILED_METRICS))


def _instance(reading: Reading, resource: Resource) -> Uses:
    template = template_of(reading, resource)
    if template is None and resource.blocks("launch_template"):
        yield Unsaid("what its launch template, which is not in this configuration, decides more")
    if any(map(_is_spot, filter(None, (resource, template)))):
        yield Unsaid(_SPOT)
        return
    if any(map(_is_dedicated, filter(None, (resource, template)))):
        yield Unsaid(_TENANCY)
        return
    instance_type = resource.text("instance_type") or (template.text("instance_type") if template else "")
    if not instance_type:
        yield Unsaid("it says no instance type")
        return
    if _is_licensed(reading, resource, template):
        yield Unsaid(_LICENCE)
    else:
        yield from instances(instance_type, exactly(1), is_monitored=_is_monitored(resource, template))
    roots, more = resource.blocks("root_block_device"), resource.blocks("ebs_block_device")
    yield from volumes.attached(roots, exactly(1))
    yield from volumes.attached(more, exactly(1), _EXTRA)
    if template:
        own = [*(_ROOT_DEVICES if roots else ()), *(each.text("device_name") for each in more)]
        yield from _mapped(template, exactly(1), own)
    elif not roots:
        yield Unsaid("the size of its root volume is that of its image")
    yield from _address(reading, resource, template, exactly(1))


def _scaling_group(reading: Reading, resource: Resource) -> Uses:
    least, most = resource.number("min_size"), resource.number("max_size")
    if least is None or most is None:
        yield Unsaid("it says no min_size or max_size")
        return
    if resource.blocks("mixed_instances_policy"):
        yield Unsaid("AWS chooses among the instance types of its mixed_instances_policy")
        return
    template = template_of(reading, resource)
    if template is None:
        yield Unsaid("its launch template is not in this configuration")
        return
    for schedule in reading.pointing_at(resource, "aws_autoscaling_schedule", "autoscaling_group_name"):
        low, high = whole(schedule, "min_size", 0), whole(schedule, "max_size", 0)
        least = least if low == _UNCHANGED else min(least, low)
        most = max(most, high)
    yield from of_template(reading, template, Range(Decimal(least), Decimal(most)), resource)


def of_template(reading: Reading, template: Resource, count: Range, group: Resource, instance_type: str = "") -> Uses:
    """So many instances as a launch template describes them, of its type unless one is given, in the subnets of a
    group."""
    if _is_spot(template):
        yield Unsaid(_SPOT)
        return
    if _is_dedicated(template):
        yield Unsaid(_TENANCY)
        return
    instance_type = instance_type or template.text("instance_type")
    if not instance_type:
        yield Unsaid(f"{template.address} says no instance type")
        return
    if _is_licensed(reading, template):
        yield Unsaid(_LICENCE)
    else:
        yield from instances(instance_type, count, is_monitored=_is_monitored(None, template))
    yield from _mapped(template, count)
    yield from _address(reading, group, template, count)


def _mapped(template: Resource, count: Range, own: Collection[str] = ()) -> Uses:
    """The volumes that a launch template or configuration describes, but those of devices that an instance describes
    itself."""
    roots, more = template.blocks("root_block_device"), template.blocks("ebs_block_device")
    mapped = template.blocks("block_device_mappings")
    if not roots and not any(_may_be_root(each) for each in mapped) and not set(_ROOT_DEVICES) <= set(own):
        yield Unsaid(f"{template.address}: the size of the root volume is that of the image")
    yield from volumes.attached(roots, count)
    yield from volumes.attached(more, count, _EXTRA)
    yield from volumes.attached(
        (ebs for each in mapped if not own or each.text("device_name") not in own for ebs in each.blocks("ebs")), count
    )


def _may_be_root(mapping: Block) -> bool:
    """Whether a mapping is for the root volume: by the name of its device, or where that is not known."""
    device = mapping.get("device_name")
    return device is None or isinstance(device, Unknown) or device in _ROOT_DEVICES


def _is_licensed(reading: Reading, *resources: Resource | None) -> bool:
    """Whether the image of an instance or a template, the first that names one, is said to be more than free Linux."""
    images = [each.get(name) for each in filter(None, resources) for name in ("ami", "image_id") if each.has(name)]
    found = [each for each in reading.configuration.resolve(tuple(images[:1])) if each.type in _IMAGES]
    texts = [*images[:1], *(written(each.attributes) for each in found)]
    return bool(_LICENSED.search(str(texts).lower()))


def _is_spot(resource: Resource) -> bool:
    return bool(resource.blocks("instance_market_options")) or resource.has("spot_price")


def _is_dedicated(resource: Resource) -> bool:
    """Whether an instance or a template asks for hardware of its own, which has prices of its own."""
    for block in (resource, *resource.blocks("placement")):
        if any(block.text(name, "default") != "default" for name in ("tenancy", "placement_tenancy")):
            return True
        if block.has("host_id") or block.has("host_resource_group_arn"):
            return True
    return False


def _is_monitored(instance: Resource | None, template: Resource | None) -> bool:
    """Whether metrics are detailed: as the instance says, or else its template."""
    if instance is not None and instance.has("monitoring"):
        return instance.flag("monitoring")
    return template is not None and any(each.flag("enabled") for each in template.blocks("monitoring"))


def template_of(reading: Reading, resource: Resource) -> Resource | None:
    """The launch template or configuration of a resource."""
    names = [each for block in resource.blocks("launch_template") for each in (block.get("id"), block.get("name"))]
    found = reading.configuration.resolve((*names, resource.get("launch_configuration")))
    return next((each for each in found if each.type in ("aws_launch_template", "aws_launch_configuration")), None)


def _address(reading: Reading, resource: Resource, template: Resource | None, count: Range) -> Uses:
    """The public addresses of so many instances: as an instance or a template says, or else their subnets."""
    if any(reading.pointing_at(resource, type_, name) for type_, name in _ELASTIC):
        return  # an Elastic IP address, which costs by itself, takes their place
    for each in filter(None, (resource, template)):
        if each.blocks("network_interface"):
            return  # an interface that exists already has its addresses
        for block in (*each.blocks("network_interfaces"), each):
            if block.has("associate_public_ip_address"):
                if block.flag("associate_public_ip_address"):
                    yield hourly("AmazonVPC", "public IPv4 address", count)
                return
    yield from addresses_of_subnets(reading, resource, count)


def addresses_of_subnets(reading: Reading, resource: Resource, count: Range) -> Uses:
    """The public addresses of so many instances, where a subnet gives them; a default subnet does (Amazon VPC User
    Guide, "Default subnets")."""
    links = reading.configuration.targets(resource.get(_SUBNETS[resource.type]), "aws_subnet", "aws_default_subnet")
    given = [each.flag("map_public_ip_on_launch", each.type == "aws_default_subnet") for each in links.certain]
    if any(given):
        yield hourly("AmazonVPC", "public IPv4 address", count)
    elif links.possible or not given:
        yield Unsaid("whether its subnet, which is not in this configuration, gives it a public address")


COMPUTE: Mapping[str, Reader] = {
    "aws_autoscaling_group": _scaling_group,
    "aws_ebs_volume": volumes.single,
    "aws_eip": always(hourly("AmazonVPC", "public IPv4 address")),
    "aws_instance": _instance,
}
