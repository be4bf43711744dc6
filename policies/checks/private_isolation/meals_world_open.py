"""CKV2_MEALS_207: no security group lets the internet in, except to load balancers on 443 and on 80 that redirects.

The internet in any spelling: 0.0.0.0/0, ::/0, halves and other large parts, all of them in one list, prefix lists whose
entries are so, all protocols, in inline blocks and in rules of their own, whatever else a rule allows besides. TCP 443
is also accepted for a group without members in this configuration, as by Security Hub EC2.18.
"""

from collections.abc import Iterator

from policies.library.adapter import register
from policies.library.cidrs import Network, is_world_open, known_networks
from policies.library.members import is_load_balancer, members_of
from policies.library.model import Block, Configuration, Resource
from policies.library.ports import Traffic
from policies.library.rule import Finding, Rule
from policies.library.security_groups import Permission, is_vpc_network, permissions
from policies.library.values import Unknown, UnknownValue, Value, references

ALLOWED = "security groups as sources; the internet only at load balancers, on 443, and on 80 to redirect"
LISTENERS = ("aws_lb_listener", "aws_alb_listener")
DATABASE_GROUPS = ("aws_db_security_group", "aws_redshift_security_group")
TYPES = ("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule", *DATABASE_GROUPS)
SERVICE_LISTS = ("aws_vpc_endpoint", "data.aws_prefix_list", "data.aws_ec2_managed_prefix_list")
"""What AWS keeps lists for: its own services, such as CloudFront's origin-facing servers."""


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for each inbound rule that `subject` declares for the internet."""
    if subject.type in DATABASE_GROUPS:
        for ingress in subject.blocks("ingress"):
            if is_world_open(known_networks(ingress.values("cidr"), ingress.place)):
                yield Finding(found="ingress from the internet", allowed=ALLOWED)
        return
    for permission in permissions(subject, "ingress"):
        if _is_from_everywhere(permission, configuration):
            traffic = permission.traffic
            if not _is_entrance(traffic, permission, configuration):
                yield Finding(found=f"{traffic} from the internet ({permission.block.place})", allowed=ALLOWED)


def _is_from_everywhere(permission: Permission, configuration: Configuration) -> bool:
    """Whether known sources are the internet; unknown ones raise UnknownValue where they decide."""
    found: list[Network] = []
    unknown: UnknownValue | None = None
    for value in permission.cidrs:
        if value == "" if isinstance(value, str) else is_vpc_network(value):
            continue
        try:
            found += known_networks((value,), permission.block.place)
        except UnknownValue as each:
            unknown = unknown or each
    for value in permission.prefix_lists:
        try:
            found += _entries(value, permission.block, configuration)
        except UnknownValue as each:
            unknown = unknown or each
    if is_world_open(found):
        return True
    if unknown is not None:
        raise unknown
    return False


def _entries(prefix_list: Value, block: Block, configuration: Configuration) -> tuple[Network, ...]:
    """The networks in a prefix list. Raises UnknownValue for a list that is kept elsewhere."""
    if any(each.type in SERVICE_LISTS for each in references(prefix_list)):
        return ()
    lists = configuration.resolve(prefix_list)
    if not lists:
        written = prefix_list.expression if isinstance(prefix_list, Unknown) else str(prefix_list)
        raise UnknownValue(f"the entries of {written}", block.place)
    cidrs = [entry.get("cidr") for each in lists for entry in each.blocks("entry")]
    for each in lists:
        for entry in configuration.referring(each, "aws_ec2_managed_prefix_list_entry", "prefix_list_id"):
            cidrs.append(entry.get("cidr"))
    return known_networks((each for each in cidrs if not is_vpc_network(each)), lists[0].place)


def _is_entrance(traffic: Traffic, permission: Permission, configuration: Configuration) -> bool:
    """Whether this is a port that a load balancer may offer to everyone."""
    if traffic.protocol != "tcp" or traffic.first != traffic.last or traffic.first not in (80, 443):
        return False
    members = members_of(permission, configuration)
    if not all(is_load_balancer(each) for each in members):
        return False
    if traffic.first == 443:
        return True
    return bool(members) and all(_redirects(each, configuration) for each in members)


def _redirects(balancer: Resource, configuration: Configuration) -> bool:
    """Whether everything that listens on port 80 of a load balancer redirects."""
    listeners = [
        listener
        for type_ in LISTENERS
        for listener in configuration.referring(balancer, type_, "load_balancer_arn")
        if listener.number("port") == 80
    ]
    return bool(listeners) and all(
        action.text("type") == "redirect" for listener in listeners for action in listener.blocks("default_action")
    )


RULE = Rule(
    id="CKV2_MEALS_207",
    name="No security group is open to the internet, except load balancers on 443 and on 80 to redirect",
    severity="critical",
    claim="C1",
    controls=(
        "AWS Security Hub EC2.18",
        "AWS Security Hub EC2.19",
        "AWS Security Hub EC2.53",
        "AWS Security Hub EC2.54",
        "CIS AWS Foundations v3.0.0 5.2",
        "CIS AWS Foundations v3.0.0 5.3",
        "NIST 800-53 SC-7",
        "NIST 800-53 AC-4",
    ),
    fix="Name the security groups that connect, with referenced_security_group_id; put servers behind a load balancer.",
    good="""\
resource "aws_vpc_security_group_ingress_rule" "from_load_balancer" {
  security_group_id            = aws_security_group.server.id
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}
""",
    bad="""\
resource "aws_vpc_security_group_ingress_rule" "from_everywhere" {
  security_group_id = aws_security_group.server.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
""",
    applies_to=TYPES,
    evaluate=evaluate,
)

register(RULE)
