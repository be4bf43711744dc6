"""CKV2_MEALS_203: servers have no public address.

One that calls external systems and has no other way out may have one: that is a decision to be written down as a
suppression at the launch template or instance. An elastic address is such a decision by itself, and judged where the
subnet is private (CKV2_MEALS_202), which knows no exception.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.subnets import values_at

FLAGS = {
    "aws_instance": (("associate_public_ip_address",),),
    "aws_spot_instance_request": (("associate_public_ip_address",),),
    "aws_launch_configuration": (("associate_public_ip_address",),),
    "aws_launch_template": (("network_interfaces", "associate_public_ip_address"),),
    "aws_drs_replication_configuration_template": (("create_public_ip",),),
    "aws_spot_fleet_request": (("launch_specification", "associate_public_ip_address"),),
    "aws_ecs_service": (("network_configuration", "assign_public_ip"),),
    "aws_ecs_task_set": (("network_configuration", "assign_public_ip"),),
}


def evaluate(server: Resource, _: Configuration) -> Findings:
    """A finding for a server that asks for a public address."""
    for path in FLAGS[server.type]:
        for value in values_at(server, path):
            if str(value).lower() in ("true", "1"):  # raises UnknownValue where it is unknown
                yield Finding(found=f"{path[-1]} = true", allowed="false")


RULE = CheckovRule(
    id="CKV2_MEALS_203",
    name="Servers have no public address",
    severity="high",
    claim="C4",
    controls=security_hub("EC2.9", "EC2.25", "Autoscaling.5", "ECS.2", "ECS.16") + nist("SC-7"),
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
    applies_to=tuple(FLAGS),
    evaluate=evaluate,
)
