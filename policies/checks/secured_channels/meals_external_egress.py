"""CKV2_MEALS_138: servers reach public addresses on port 443 only.

Every channel to an external system is HTTPS (claim C6), so a security group needs no other port towards public
networks. Gateway endpoints and other prefix lists are no public networks here; CKV2_MEALS_120 looks at their ports.
What AWS gives every new group, all traffic to everywhere, is mostly written because Terraform takes it away: beside
inbound rules it counts only in a group that something here is in.
"""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.members import members
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule
from policies.library.security_groups import TYPES, Permission, permissions

HTTPS = ("tcp", 443, 443)


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """A finding for each outbound rule to public networks with other ports."""
    for permission in permissions(subject, "egress"):
        traffic = permission.traffic
        if (traffic.protocol, traffic.first, traffic.last) == HTTPS or not permission.cidrs:
            continue
        public = permission.public_networks()
        if public and not is_default_of_unused_group(permission, configuration):
            yield Finding(found=f"{traffic} to {', '.join(str(each) for each in public)}", allowed="tcp 443")


def is_default_of_unused_group(permission: Permission, configuration: Configuration) -> bool:
    """Whether a rule only says what AWS's default is, of a group without members here. Raises UnknownValue."""
    group = permission.declared_by
    return (
        group.type == "aws_security_group"
        and group.has("ingress")
        and not members(group, configuration)
        and permission.traffic.is_everything
        and all(network.prefixlen == 0 for network in permission.networks())
    )


RULE = Rule(
    id="CKV2_MEALS_138",
    name="Security groups reach public addresses on port 443 only",
    severity="medium",
    claim="C6",
    controls=("NIST 800-53 SC-7", "NIST 800-53 SC-7(5)", "NIST 800-53 AC-4"),
    fix="Narrow the rule to tcp 443, or name security groups and private networks instead of public ones.",
    good="""\
resource "aws_vpc_security_group_egress_rule" "external_systems" {
  security_group_id = aws_security_group.servers.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
""",
    bad="""\
resource "aws_vpc_security_group_egress_rule" "everything" {
  security_group_id = aws_security_group.servers.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
""",
    applies_to=TYPES,
    evaluate=evaluate,
)

register(RULE)
