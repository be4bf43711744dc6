"""CKV2_MEALS_208: network ACLs let nobody from the internet in on all traffic, all ports or administration ports.

Ranges of ephemeral ports from everywhere are accepted, as replies need them (VPC user guide, "Custom network ACLs"),
also where 3389 is among them, unlike in EC2.21. A port that a rule with a lower number denies to everyone is closed;
all traffic is not made good by single denials.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.cidrs import is_world_open, known_networks
from policies.library.model import Configuration, Resource
from policies.library.network_acls import ENTRY_TYPE, AclEntry, entries
from policies.library.ports import Traffic
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.security_groups import is_vpc_network
from policies.library.values import UnknownValue

ALLOWED = "single ports, and ranges above 1023 for replies"
ADMINISTRATION = (20, 21, 22, 23, 3389)
"""FTP, SSH, Telnet and RDP."""


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each inbound allow rule from the internet that opens too much."""
    for entry in entries(subject, "ingress"):
        if not entry.allows or not _is_from_everywhere(entry):
            continue
        if entry.traffic.is_for_replies and not entry.traffic.is_every_port:
            continue
        denials = _denials_before(entry, subject, configuration)
        administration = entry.traffic.reached(ADMINISTRATION)
        if entry.traffic.is_every_port or any(
            not any(denial.reaches(port) for denial in denials) for port in administration
        ):
            yield Finding(found=f"{entry.traffic} from the internet ({entry.block.place})", allowed=ALLOWED)


def _is_from_everywhere(entry: AclEntry) -> bool:
    return is_world_open(known_networks((cidr for cidr in entry.cidrs if not is_vpc_network(cidr)), entry.block.place))


def _denials_before(entry: AclEntry, subject: Resource, configuration: Configuration) -> list[Traffic]:
    """What the same ACL denies everyone with a lower number; what is unknown denies nothing."""
    acls = (subject,) if subject.type != ENTRY_TYPE else configuration.resolve(subject.get("network_acl_id"))
    others = [other for acl in acls for other in entries(acl, "ingress")]
    for acl in acls:
        for declared in configuration.referring(acl, ENTRY_TYPE, "network_acl_id"):
            others += entries(declared, "ingress")
    denials: list[Traffic] = []
    for other in others:
        try:
            if not other.allows and other.number < entry.number and _is_from_everywhere(other):
                denials.append(other.traffic)
        except UnknownValue:
            continue
    return denials


RULE = CheckovRule(
    id="CKV2_MEALS_208",
    name="Network ACLs do not open everything or administration ports to the internet",
    severity="high",
    claim="C1",
    controls=(*security_hub("EC2.21"), "CIS AWS Foundations v3.0.0 5.1", *nist("SC-7", "AC-4")),
    fix="Allow the ports that are needed, from the networks that need them.",
    good=examples.NETWORK_ACL_RULE,
    bad=examples.NETWORK_ACL_RULE_OF_EVERYTHING,
    applies_to=("aws_network_acl", "aws_network_acl_rule"),
    evaluate=evaluate,
)
