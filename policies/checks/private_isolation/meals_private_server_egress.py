"""CKV2_MEALS_234: servers in private subnets may not call the internet.

Their route tables lead nowhere (CKV2_MEALS_201); this is the second lock. What they need of AWS is reached through
security groups of interface endpoints and prefix lists of gateway endpoints.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.internet import completes_internet, is_internet
from policies.library.members import private_servers_of
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.security_groups import permissions


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each outbound rule of a private server's group that is for the internet."""
    for permission in permissions(subject, "egress"):
        servers = private_servers_of(permission, configuration)
        if not servers.may_be_there():
            continue
        if (is_internet(permission, configuration) or completes_internet(permission, configuration)) and servers:
            names = ", ".join(each.address for each in servers.certain)
            yield Finding(
                found=f"{permission.traffic} to the internet from {names} ({permission.block.place})",
                allowed="the security groups and prefix lists that are needed",
            )


RULE = CheckovRule(
    id="CKV2_MEALS_234",
    name="Servers in private subnets cannot call the internet",
    severity="medium",
    claim="C3",
    controls=nist("AC-4", "SC-7"),
    fix="Name security groups and prefix lists as destinations.",
    good=examples.PRIVATE_SERVER
    + """\
resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.event_store.id
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
""",
    bad=examples.PRIVATE_SERVER + examples.group_rule("egress", "everything", group="event_store", peer="0.0.0.0/0"),
    applies_to=("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_egress_rule"),
    evaluate=evaluate,
)
