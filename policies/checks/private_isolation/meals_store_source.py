"""CKV2_MEALS_214: security groups of brokers, streams and the event store name security groups as sources.

A network lets in whatever gets an address there. Brokers and streams are Amazon MQ and MSK; what is of the event store
says so by name or tag (`policies.library.perimeter.holds_events`), be it the group or what is in it.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.members import members_of
from policies.library.model import Configuration, Links, Resource, joined
from policies.library.perimeter import holds_events
from policies.library.rule import Finding, Findings, nist
from policies.library.security_groups import permissions

ALLOWED = "security groups as sources"
MESSAGING = ("aws_mq_broker", "aws_msk_cluster", "aws_msk_serverless_cluster")


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each inbound rule of such a group that has a network or prefix list as source."""
    for permission in permissions(subject, "ingress"):
        if not (permission.cidrs or permission.prefix_lists):
            continue
        concerned = joined((members_of(permission, configuration), Links(permission.group(configuration))))
        stores = concerned.where(lambda each: each.type in MESSAGING or holds_events(each))
        if stores:
            what = "networks" if permission.cidrs else "a prefix list"
            names = ", ".join(each.address for each in stores.certain)
            yield Finding(found=f"{what} as source for {names} ({permission.block.place})", allowed=ALLOWED)


BROKER = """\
resource "aws_security_group" "broker" {
  name = "broker"
}
resource "aws_mq_broker" "queue" {
  security_groups = [aws_security_group.broker.id]
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_214",
    name="Brokers, streams and the event store accept connections from named security groups only",
    severity="high",
    claim="C5",
    controls=nist("AC-4", "SC-7", "AC-6"),
    fix="Replace the network by the security group of the servers that connect.",
    good=BROKER + examples.group_rule("ingress", "broker", group="broker", peer="server", port=5671),
    bad=BROKER + examples.group_rule("ingress", "broker", group="broker", peer="10.0.0.0/16", port=5671),
    applies_to=("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule"),
    evaluate=evaluate,
)
