"""CKV2_MEALS_124: Amazon MQ brokers run a supported version and get its patches.

Versions are given as X.Y, and the patch release is AWS's to choose with auto_minor_version_upgrade; X.Y.Z is an older
form. Source: Amazon MQ developer guide, "Managing engine versions"; Security Hub MQ.3.
"""

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

OLDEST = {"activemq": (5, 18), "rabbitmq": (3, 13)}
"""The oldest versions that AWS supports."""


def evaluate(broker: Resource, configuration: Configuration) -> Findings:
    """Findings for a version that gets no patches, and for patches that are not taken."""
    engine = broker.text("engine_type")
    oldest = OLDEST.get(engine.lower())
    version = broker.text("engine_version")
    parts = tuple(int(part) for part in version.split(".") if part.isdigit())
    if oldest is not None and parts[:2] < oldest:
        yield Finding(found=f"{engine} {version or 'without a version'}", allowed=f"{oldest[0]}.{oldest[1]} or later")
    if not broker.flag("auto_minor_version_upgrade"):
        yield Finding(found="patch releases are not installed", allowed="auto_minor_version_upgrade = true")


RULE = CheckovRule(
    id="CKV2_MEALS_124",
    name="Amazon MQ brokers run a supported version and get its patches",
    severity="medium",
    claim="C5",
    controls=security_hub("MQ.3") + nist("SI-2"),
    fix="Set engine_version to a supported X.Y and auto_minor_version_upgrade = true.",
    good="""\
resource "aws_mq_broker" "queue" {
  engine_type                = "RabbitMQ"
  engine_version             = "3.13"
  auto_minor_version_upgrade = true
}
""",
    bad="""\
resource "aws_mq_broker" "queue" {
  engine_type    = "RabbitMQ"
  engine_version = "3.8.6"
}
""",
    applies_to=("aws_mq_broker",),
    evaluate=evaluate,
)
