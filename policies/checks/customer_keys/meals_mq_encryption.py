"""CKV2_MEALS_144: Amazon MQ brokers are encrypted with a customer-managed key."""

from policies.checkov.adapter import CheckovRule
from policies.library.keys import ALLOWED, without_customer_key
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist


def evaluate(broker: Resource, configuration: Configuration) -> Findings:
    """A finding for a broker that is encrypted with an AWS-managed key."""
    options = broker.block("encryption_options")
    if options is None:
        yield Finding(found="no encryption_options: a key that AWS owns", allowed=ALLOWED)
    elif options.flag("use_aws_owned_key", default=not options.has("kms_key_id")):
        yield Finding(found="use_aws_owned_key", allowed=f"use_aws_owned_key = false with {ALLOWED}")
    else:
        yield from without_customer_key(options, "kms_key_id", configuration)


RULE = CheckovRule(
    id="CKV2_MEALS_144",
    name="Amazon MQ brokers are encrypted with a customer-managed key",
    severity="medium",
    claim="C7",
    controls=nist("SC-28", "SC-28(1)"),
    fix="Set encryption_options { use_aws_owned_key = false, kms_key_id = ... }; this replaces the broker.",
    good="""\
resource "aws_mq_broker" "queue" {
  broker_name = "queue"

  encryption_options {
    use_aws_owned_key = false
    kms_key_id        = aws_kms_key.messaging.arn
  }
}
""",
    bad="""\
resource "aws_mq_broker" "queue" {
  broker_name = "queue"
}
""",
    applies_to=("aws_mq_broker",),
    evaluate=evaluate,
)
