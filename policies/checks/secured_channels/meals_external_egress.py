"""CKV2_MEALS_138: servers reach public addresses on port 443 only.

Every channel to an external system is HTTPS (claim C6), so a security group needs no other port towards public
networks. Gateway endpoints and other prefix lists are no public networks here; CKV2_MEALS_120 looks at their ports.
What AWS gives every new group, all traffic to everywhere, is mostly written because Terraform takes it away: beside
inbound rules it counts only in a group that something here is in.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.internet import public_networks
from policies.library.members import members
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.security_groups import TYPES, Permission, permissions


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for each outbound rule to public networks with other ports."""
    for permission in permissions(subject, "egress"):
        traffic = permission.traffic
        if traffic.is_https:
            continue
        public = public_networks(permission, configuration)
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


RULE = CheckovRule(
    id="CKV2_MEALS_138",
    name="Security groups reach public addresses on port 443 only",
    severity="medium",
    claim="C6",
    controls=nist("SC-7", "SC-7(5)", "AC-4"),
    fix="Narrow the rule to tcp 443, or name security groups and private networks instead of public ones.",
    good=examples.group_rule("egress", "external_systems", group="servers", peer="0.0.0.0/0", port=443),
    bad=examples.group_rule("egress", "everything", group="servers", peer="0.0.0.0/0"),
    applies_to=TYPES,
    evaluate=evaluate,
)
