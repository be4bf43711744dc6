"""CKV2_MEALS_214: security groups of brokers and data stores name security groups as sources, no networks.

A network lets in whatever gets an address there. Brokers and stores are Amazon MQ, MSK, RDS, Aurora, DocumentDB,
Neptune, Redshift, ElastiCache, MemoryDB, DAX, OpenSearch and EFS.
"""

from collections.abc import Iterator

from policies.library.adapter import register
from policies.library.members import is_store, members_of
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Rule
from policies.library.security_groups import permissions

ALLOWED = "security groups as sources"


def evaluate(subject: Resource, configuration: Configuration) -> Iterator[Finding]:
    """Findings for each inbound rule of a broker's or store's group that has a network or prefix list as source."""
    for permission in permissions(subject, "ingress"):
        if not (permission.cidrs or permission.prefix_lists):
            continue
        stores = [each.address for each in members_of(permission, configuration) if is_store(each)]
        if stores:
            what = "networks" if permission.cidrs else "a prefix list"
            yield Finding(found=f"{what} as source for {', '.join(stores)} ({permission.block.place})", allowed=ALLOWED)


RULE = Rule(
    id="CKV2_MEALS_214",
    name="Brokers and data stores accept connections from named security groups only",
    severity="high",
    claim="C5",
    controls=("NIST 800-53 AC-4", "NIST 800-53 SC-7", "NIST 800-53 AC-6"),
    fix="Replace the network by the security group of the servers that connect.",
    good="""\
resource "aws_security_group" "broker" {
  name = "broker"
}
resource "aws_mq_broker" "queue" {
  security_groups = [aws_security_group.broker.id]
}
resource "aws_vpc_security_group_ingress_rule" "broker" {
  security_group_id            = aws_security_group.broker.id
  referenced_security_group_id = aws_security_group.server.id
  ip_protocol                  = "tcp"
  from_port                    = 5671
  to_port                      = 5671
}
""",
    bad="""\
resource "aws_security_group" "broker" {
  name = "broker"
}
resource "aws_mq_broker" "queue" {
  security_groups = [aws_security_group.broker.id]
}
resource "aws_vpc_security_group_ingress_rule" "broker" {
  security_group_id = aws_security_group.broker.id
  cidr_ipv4         = "10.0.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 5671
  to_port           = 5671
}
""",
    applies_to=("aws_security_group", "aws_security_group_rule", "aws_vpc_security_group_ingress_rule"),
    evaluate=evaluate,
)

register(RULE)
