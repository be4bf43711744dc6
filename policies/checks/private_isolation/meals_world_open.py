"""CKV2_MEALS_207: no security group lets the internet in, except to load balancers on 443 and on 80 that redirects.

The internet in any spelling (`policies.library.internet`), in one rule or in parts over several rules of a group, in
inline blocks and in rules of their own, whatever else a rule allows besides. TCP 443 is also accepted for a group
without members in this configuration, as by Security Hub EC2.18. Fleets of GameLift, instances of Lightsail and inputs
of MediaLive have lists of their own instead of groups, which are judged too.
"""

from collections.abc import Callable, Mapping

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.cidrs import is_world_open, known_networks
from policies.library.internet import completes_internet, is_internet
from policies.library.members import is_load_balancer, members_of
from policies.library.model import Configuration, Resource
from policies.library.ports import Traffic, traffic
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.security_groups import Permission, permissions

ALLOWED = "security groups as sources; the internet only at load balancers, on 443, and on 80 to redirect"
LISTENERS = ("aws_lb_listener", "aws_alb_listener")
LIGHTSAIL = "aws_lightsail_instance_public_ports"
FLEET = "aws_gamelift_fleet"
INPUT_GROUP = "aws_medialive_input_security_group"
DATABASE_GROUPS = ("aws_db_security_group", "aws_redshift_security_group")
TYPES = (
    "aws_security_group",
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
    *DATABASE_GROUPS,
    FLEET,
    INPUT_GROUP,
    LIGHTSAIL,
)


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each inbound rule that `subject` declares for the internet."""
    if subject.type in DATABASE_GROUPS:
        cidrs = [cidr for ingress in subject.blocks("ingress") for cidr in ingress.values("cidr")]
        if is_world_open(known_networks(cidrs, subject.place)):
            yield Finding(found="ingress from the internet", allowed=ALLOWED)
        return
    if subject.type in OWN_LISTS:
        yield from OWN_LISTS[subject.type](subject)
        return
    for permission in permissions(subject, "ingress"):
        if is_internet(permission, configuration):
            source = "the internet"
        elif completes_internet(permission, configuration):
            source = "a part of the internet, the rest of which other rules of the group let in"
        else:
            continue
        if not _is_entrance(permission.traffic, permission, configuration):
            yield Finding(found=f"{permission.traffic} from {source} ({permission.block.place})", allowed=ALLOWED)


def of_ports(subject: Resource) -> Findings:
    """Findings for the ports that an instance of Lightsail opens to everyone, as it does without networks."""
    for block in subject.blocks("port_info"):
        cidrs = (*block.values("cidrs"), *block.values("ipv6_cidrs"))
        opened = traffic(block.text("protocol"), block.number("from_port"), block.number("to_port"))
        if not opened.is_https and (not cidrs or is_world_open(known_networks(cidrs, block.place))):
            yield Finding(found=f"{opened} from the internet ({block.place})", allowed=ALLOWED)


def of_fleet(subject: Resource) -> Findings:
    """Findings for the ports that the servers of a fleet of GameLift open to everyone."""
    for block in subject.blocks("ec2_inbound_permission"):
        opened = traffic(block.text("protocol"), block.number("from_port"), block.number("to_port"))
        if not opened.is_https and is_world_open(known_networks(block.values("ip_range"), block.place)):
            yield Finding(found=f"{opened} from the internet ({block.place})", allowed=ALLOWED)


def of_input(subject: Resource) -> Findings:
    """A finding for a group of MediaLive from which anyone may send video."""
    cidrs = [cidr for rule in subject.blocks("whitelist_rules") for cidr in rule.values("cidr")]
    if is_world_open(known_networks(cidrs, subject.place)):
        yield Finding(found="input from the internet", allowed="the addresses of those who send")


OWN_LISTS: Mapping[str, Callable[[Resource], Findings]] = {
    FLEET: of_fleet,
    INPUT_GROUP: of_input,
    LIGHTSAIL: of_ports,
}
"""What has a list of its own instead of security groups, and what judges it."""


def _is_entrance(opened: Traffic, permission: Permission, configuration: Configuration) -> bool:
    """Whether this is a port that a load balancer may offer to everyone."""
    if opened.protocol != "tcp" or opened.first != opened.last or opened.first not in (80, 443):
        return False
    members = members_of(permission, configuration)
    if not all(is_load_balancer(each) for each in members):
        return False
    if opened.first == 443:
        return True
    return bool(members) and all(_redirects(each, configuration) for each in members)


def _redirects(balancer: Resource, configuration: Configuration) -> bool:
    """Whether everything that listens on port 80 of a load balancer redirects."""
    listeners = [
        listener
        for type_ in LISTENERS
        for listener in configuration.referrers(balancer, type_, "load_balancer_arn")
        if listener.number("port") == 80
    ]
    return bool(listeners) and all(
        action.text("type") == "redirect" for listener in listeners for action in listener.blocks("default_action")
    )


RULE = CheckovRule(
    id="CKV2_MEALS_207",
    name="No security group is open to the internet, except load balancers on 443 and on 80 to redirect",
    severity="critical",
    claim="C1",
    controls=(
        *security_hub("EC2.18", "EC2.19", "EC2.53", "EC2.54"),
        "CIS AWS Foundations v3.0.0 5.2",
        "CIS AWS Foundations v3.0.0 5.3",
        *nist("SC-7", "AC-4"),
    ),
    fix="Name the security groups that connect, with referenced_security_group_id; put servers behind a load balancer.",
    good=examples.group_rule("ingress", "from_load_balancer", group="server", peer="load_balancer", port=8443),
    bad=examples.group_rule("ingress", "from_everywhere", group="server", peer="0.0.0.0/0"),
    applies_to=TYPES,
    evaluate=evaluate,
)
