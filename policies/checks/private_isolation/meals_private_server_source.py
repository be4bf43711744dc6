"""CKV2_MEALS_215: servers in private subnets, such as the event store's, accept connections from named groups only.

Their security groups have no network and no prefix list as source, and open single ports, not everything, to other
groups. A server is private by the subnet it stands in, so the rule needs no names of servers.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.members import private_servers_of
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.security_groups import permissions

ALLOWED = "security groups as sources, on the ports they need"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each inbound rule of a private server's group that lets in networks, or groups on every port."""
    for permission in permissions(subject, "ingress"):
        servers = private_servers_of(permission, configuration)
        if not servers.may_be_there():
            continue
        if permission.cidrs or permission.prefix_lists:
            found = f"{'networks' if permission.cidrs else 'a prefix list'} as source"
        elif permission.groups and permission.traffic.is_everything:
            found = "all traffic from other groups"
        else:
            continue
        if servers:
            names = ", ".join(each.address for each in servers.certain)
            yield Finding(found=f"{found} for {names} ({permission.block.place})", allowed=ALLOWED)


RULE = CheckovRule(
    id="CKV2_MEALS_215",
    name="Servers in private subnets accept connections from named security groups only",
    severity="high",
    claim="C2",
    controls=nist("AC-4", "SC-7", "AC-6"),
    fix="Replace the network by the security group of what connects, and name the port.",
    good=examples.PRIVATE_SERVER
    + examples.group_rule("ingress", "event_store", group="event_store", peer="core_server", port=2113),
    bad=examples.PRIVATE_SERVER
    + examples.group_rule("ingress", "event_store", group="event_store", peer="10.0.0.0/16", port=2113),
    applies_to=("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule"),
    evaluate=evaluate,
)
