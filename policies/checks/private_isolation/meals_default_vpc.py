"""CKV2_MEALS_232: nothing uses the default VPC, whose subnets are public and give public addresses.

Source: VPC user guide, "Default VPCs". Adopting the default VPC or its subnets is using them, unless the VPC is adopted
to take the rules of its default security group away, or a subnet to give no public addresses, and nothing else is put
into it.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Links, Possible, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.values import Reference, UnknownValue, leaves, references

LOCKS = ("aws_default_security_group", "aws_default_network_acl", "aws_default_route_table", "aws_flow_log")
"""What closes or watches a VPC, and puts nothing into it."""


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for every default VPC or subnet that is adopted, not on its way out, and not only locked."""
    if subject.type == "aws_vpc" or subject.flag("force_destroy"):
        return
    is_adopted_to_close = is_only_locked if subject.type == "aws_default_vpc" else gives_no_addresses
    if is_adopted_to_close(subject, configuration):
        return
    yield Finding(found=f"an {subject.type}", allowed="an aws_vpc with subnets of its own")


def is_only_locked(vpc: Resource, configuration: Configuration) -> bool:
    """Whether the default security group is stripped, and nothing else that refers to the VPC uses it."""
    groups = configuration.referring(vpc, "aws_default_security_group", "vpc_id")
    if not groups or any(group.has(direction) for group in groups for direction in ("ingress", "egress")):
        return False
    return all(each.type in LOCKS for each in users_of(vpc, configuration))


def gives_no_addresses(subnet: Resource, configuration: Configuration) -> bool:
    """Whether a default subnet gives no public addresses, as it does unless told, and nothing refers to it."""
    return not subnet.flag("map_public_ip_on_launch", default=True) and not users_of(subnet, configuration)


def users_of(adopted: Resource, configuration: Configuration) -> Links:
    """What refers to a default VPC or subnet, or may."""
    users, others = [], []
    for each in configuration.resources.values():
        if any(reference.address == adopted.address for reference in references(each.attributes)):
            users.append(each)
        elif any(isinstance(leaf, Reference) and leaf.address == adopted.address for leaf in leaves(each.attributes)):
            others.append(Possible(UnknownValue(each.address, reason=f"it may use {adopted.address}"), each))
    return Links(tuple(users), tuple(others))


RULE = CheckovRule(
    id="CKV2_MEALS_232",
    name="The default VPC is not used",
    severity="medium",
    claim="C1",
    controls=nist("SC-7", "CM-7"),
    fix="Create a VPC with public and private subnets, and delete the default one.",
    good="""\
resource "aws_vpc" "meals" {
  cidr_block = "10.0.0.0/16"
}
""",
    bad="""\
resource "aws_default_vpc" "default" {
}
""",
    applies_to=("aws_default_vpc", "aws_default_subnet", "aws_vpc"),
    evaluate=evaluate,
)
