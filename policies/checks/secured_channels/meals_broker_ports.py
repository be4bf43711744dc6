"""CKV2_MEALS_122: the security groups of Amazon MQ brokers and MSK clusters accept their TLS ports only.

Brokers and clusters open their plaintext ports by themselves, whatever Terraform says; what keeps them closed is the
security group. Sources: Amazon MQ developer guide, "Broker endpoints"; Amazon MSK developer guide, "Port information".
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.members import members_of
from policies.library.model import Configuration, Resource
from policies.library.ports import Traffic
from policies.library.rule import Finding, Findings, nist
from policies.library.security_groups import TYPES, permissions

RABBITMQ = frozenset({443, 5671, 15671})
ACTIVEMQ = frozenset({5671, 8162, 8883, 61614, 61617, 61619})
PRIVATE_CONNECTIVITY = frozenset(range(14001, 14101))
"""The ports of MSK for clients in other VPCs."""
KAFKA = PRIVATE_CONNECTIVITY | {2182, 9094, 9096, 9098, 9194, 9196, 9198}
"""TLS, SCRAM and IAM from inside and from outside, and ZooKeeper over TLS."""
USERS = ("aws_mq_broker", "aws_msk_cluster", "aws_msk_serverless_cluster")


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each inbound rule of a broker's or cluster's group with any other port."""
    for permission in permissions(subject, "ingress"):
        for user in members_of(permission, configuration):
            if user.type not in USERS or not permission.has_peers:
                continue
            ports = tls_ports(user)
            if not is_within(permission.traffic, ports):
                allowed = ", ".join(str(port) for port in sorted(ports - PRIVATE_CONNECTIVITY))
                yield Finding(found=f"{permission.traffic} to {user.address}", allowed=f"tcp {allowed}")


def tls_ports(user: Resource) -> frozenset[int]:
    """The ports of a broker or cluster that speak TLS. Raises UnknownValue."""
    if user.type != "aws_mq_broker":
        return KAFKA
    return RABBITMQ if user.text("engine_type").lower() == "rabbitmq" else ACTIVEMQ


def is_within(traffic: Traffic, ports: frozenset[int]) -> bool:
    """Whether all of some traffic goes to ports of a set."""
    return traffic.protocol == "tcp" and all(port in ports for port in range(traffic.first, traffic.last + 1))


BROKER = """\
resource "aws_security_group" "broker" {
  name = "broker"
}

resource "aws_mq_broker" "queue" {
  engine_type     = "RabbitMQ"
  security_groups = [aws_security_group.broker.id]
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_122",
    name="Amazon MQ and MSK accept connections on their TLS ports only",
    severity="high",
    claim="C5",
    controls=nist("SC-8", "SC-7"),
    fix="Open one TLS port each: RabbitMQ 5671, ActiveMQ 61617 or 5671, MSK 9098 (IAM), 9096 (SCRAM) or 9094 (TLS).",
    good=BROKER + examples.group_rule("ingress", "amqps", group="broker", peer="servers", port=5671),
    bad=BROKER + examples.group_rule("ingress", "ssh", group="broker", peer="servers", port=22),
    applies_to=TYPES,
    evaluate=evaluate,
)
