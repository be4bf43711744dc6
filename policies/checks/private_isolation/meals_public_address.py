"""CKV2_MEALS_203: servers have no public address.

One that calls external systems and has no other way out may have one: that is a decision to be written down as a
suppression at the launch template or instance. CKV2_MEALS_202 knows no such exception for private subnets.
"""

from collections.abc import Iterator

from policies.library.adapter import register
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule
from policies.library.subnets import values_at

FLAGS = {
    "aws_instance": (("associate_public_ip_address",),),
    "aws_spot_instance_request": (("associate_public_ip_address",),),
    "aws_launch_configuration": (("associate_public_ip_address",),),
    "aws_launch_template": (("network_interfaces", "associate_public_ip_address"),),
    "aws_ecs_service": (("network_configuration", "assign_public_ip"),),
    "aws_ecs_task_set": (("network_configuration", "assign_public_ip"),),
}
BOUND_TO = {"aws_eip": "instance", "aws_eip_association": "instance_id"}


def evaluate(resource: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for a server that asks for a public address, and for an elastic address bound to an instance."""
    if resource.type in BOUND_TO:
        if resource.has(BOUND_TO[resource.type]):
            yield Finding(found="an elastic address of an instance", allowed="elastic addresses of gateways only")
        return
    for path in FLAGS[resource.type]:
        for value in values_at(resource, path):
            if str(value).lower() in ("true", "1"):  # raises UnknownValue where it is unknown
                yield Finding(found=f"{path[-1]} = true", allowed="false")


RULE = Rule(
    id="CKV2_MEALS_203",
    name="Servers have no public address",
    severity="high",
    claim="C4",
    controls=(
        "AWS Security Hub EC2.9",
        "AWS Security Hub EC2.25",
        "AWS Security Hub Autoscaling.5",
        "AWS Security Hub ECS.2",
        "AWS Security Hub ECS.16",
        "NIST 800-53 SC-7",
    ),
    fix="Put the server behind a load balancer and set the argument to false, or suppress the rule with the reason.",
    good="""\
resource "aws_launch_template" "server" {
  network_interfaces {
    associate_public_ip_address = false
  }
}
""",
    bad="""\
resource "aws_launch_template" "server" {
  network_interfaces {
    associate_public_ip_address = true
  }
}
""",
    applies_to=(*FLAGS, *BOUND_TO),
    evaluate=evaluate,
)

register(RULE)
