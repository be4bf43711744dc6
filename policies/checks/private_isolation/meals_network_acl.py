"""CKV2_MEALS_208: network ACLs let nobody from the internet in on all traffic, all ports or administration ports.

Ranges of ephemeral ports from everywhere are accepted, as replies need them (VPC user guide, "Custom network ACLs"),
also where 3389 is among them, unlike in EC2.21. A port that a rule with a lower number denies to everyone is closed;
all traffic is not made good by single denials.
"""

from collections.abc import Iterator

from policies.checkov.adapter import register
from policies.library.cidrs import is_world_open, known_networks
from policies.library.model import Block, Configuration, Resource
from policies.library.ports import Traffic, traffic
from policies.library.rule import Finding, Rule
from policies.library.security_groups import is_vpc_network
from policies.library.values import UnknownValue

ALLOWED = "single ports, and ranges above 1023 for replies"
ADMINISTRATION = (20, 21, 22, 23, 3389)
"""FTP, SSH, Telnet and RDP."""
CIDRS = ("cidr_block", "ipv6_cidr_block")


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for each inbound allow rule from the internet that opens too much."""
    for rule in _inbound(subject):
        if _action(rule) != "allow" or not _is_from_everywhere(rule):
            continue
        what = _traffic(rule)
        if what.is_every_port:
            yield Finding(found=f"{what} from the internet ({rule.place})", allowed=ALLOWED)
            continue
        if what.is_for_replies:
            continue
        denials = _denials_before(rule, subject, configuration)
        opened = [port for port in what.reached(ADMINISTRATION) if not any(each.reaches(port) for each in denials)]
        if opened:
            yield Finding(found=f"{what} from the internet ({rule.place})", allowed=ALLOWED)


def _inbound(subject: Resource) -> tuple[Block, ...]:
    if subject.type == "aws_network_acl_rule":
        return () if subject.flag("egress") else (subject,)
    return subject.blocks("ingress")


def _action(rule: Block) -> str:
    return (rule.text("rule_action") or rule.text("action")).lower()


def _traffic(rule: Block) -> Traffic:
    return traffic(rule.text("protocol", default="-1"), rule.number("from_port"), rule.number("to_port"))


def _is_from_everywhere(rule: Block) -> bool:
    values = [rule.get(name) for name in CIDRS if rule.has(name) and not is_vpc_network(rule.get(name))]
    return is_world_open(known_networks(values, rule.place))


def _number(rule: Block) -> int:
    return rule.number("rule_number") or rule.number("rule_no") or 0


def _denials_before(rule: Block, subject: Resource, configuration: Configuration) -> list[Traffic]:
    """What the same ACL denies everyone with a lower number; what is unknown denies nothing."""
    acls = configuration.resolve(subject.get("network_acl_id")) if isinstance(rule, Resource) else (subject,)
    others = [each for acl in acls for each in _inbound(acl)]
    for acl in acls:
        for declared in configuration.referring(acl, "aws_network_acl_rule", "network_acl_id"):
            others += _inbound(declared)
    found: list[Traffic] = []
    for other in others:
        try:
            if _action(other) == "deny" and _number(other) < _number(rule) and _is_from_everywhere(other):
                found.append(_traffic(other))
        except UnknownValue:
            continue
    return found


RULE = Rule(
    id="CKV2_MEALS_208",
    name="Network ACLs do not open everything or administration ports to the internet",
    severity="high",
    claim="C1",
    controls=("AWS Security Hub EC2.21", "CIS AWS Foundations v3.0.0 5.1", "NIST 800-53 SC-7", "NIST 800-53 AC-4"),
    fix="Allow the ports that are needed, from the networks that need them.",
    good="""\
resource "aws_network_acl_rule" "https" {
  network_acl_id = aws_network_acl.public.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  cidr_block     = "0.0.0.0/0"
  from_port      = 443
  to_port        = 443
}
""",
    bad="""\
resource "aws_network_acl_rule" "everything" {
  network_acl_id = aws_network_acl.public.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "-1"
  cidr_block     = "0.0.0.0/0"
}
""",
    applies_to=("aws_network_acl", "aws_network_acl_rule"),
    evaluate=evaluate,
)

register(RULE)
