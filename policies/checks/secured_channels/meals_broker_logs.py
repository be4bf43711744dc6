"""CKV2_MEALS_123: Amazon MQ brokers send their logs to CloudWatch.

The general log of every broker, and the audit log of ActiveMQ; RabbitMQ has none, and AWS refuses the setting for it.
Source: Security Hub MQ.2; Amazon MQ API, Logs.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub


def evaluate(broker: Resource, configuration: Configuration) -> Findings:
    """A finding for each log that a broker keeps to itself."""
    logs = broker.block("logs")
    if logs is None or not logs.flag("general"):
        yield Finding(found="no general log", allowed="logs.general = true")
    if broker.text("engine_type").lower() == "activemq" and (logs is None or not logs.flag("audit")):
        yield Finding(found="no audit log", allowed="logs.audit = true for ActiveMQ")


BROKER = """\
resource "aws_mq_broker" "queue" {
  engine_type = "RabbitMQ"
  logs {
    general = true
  }
}
"""

RULE = CheckovRule(
    id="CKV2_MEALS_123",
    name="Amazon MQ brokers send their logs to CloudWatch",
    severity="medium",
    claim="C5",
    controls=security_hub("MQ.2") + nist("AU-2", "AU-12"),
    fix="Add a logs block with general = true and, for ActiveMQ, audit = true.",
    good=BROKER,
    bad=BROKER.replace("RabbitMQ", "ActiveMQ"),
    applies_to=("aws_mq_broker",),
    evaluate=evaluate,
)
