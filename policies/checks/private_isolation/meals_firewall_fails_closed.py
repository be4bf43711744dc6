"""CKV2_MEALS_241: firewalls fail closed: what they cannot look at does not pass.

The DNS firewall of a VPC, the web ACL of a load balancer, and AWS Network Firewall with connections that it has lost
track of. AWS's default is closed for each. Sources: Route 53 developer guide, "DNS Firewall VPC configuration"; Elastic
Load Balancing, "AWS WAF fail open"; AWS Network Firewall developer guide, "Stream exception policy".
"""

from collections.abc import Mapping

from policies.checkov.adapter import CheckovRule
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist
from policies.library.subnets import Path, values_at

OPEN: Mapping[str, tuple[Path, tuple[str, ...]]] = {
    "aws_alb": (("enable_waf_fail_open",), ("true", "1")),
    "aws_lb": (("enable_waf_fail_open",), ("true", "1")),
    "aws_networkfirewall_firewall_policy": (
        ("firewall_policy", "stateful_engine_options", "stream_exception_policy"),
        ("continue",),
    ),
    "aws_route53_resolver_firewall_config": (("firewall_fail_open",), ("enabled",)),
}
"""Type -> where it says what happens, and the values that let traffic pass."""


def evaluate(firewall: Resource, _: Configuration) -> Findings:
    """A finding for a firewall that lets traffic pass when it cannot look at it."""
    path, values = OPEN[firewall.type]
    for value in values_at(firewall, path):
        if str(value).lower() in values:  # raises UnknownValue where it is unknown
            yield Finding(found=f"{'.'.join(path)} = {value}", allowed="a firewall that fails closed")


RULE = CheckovRule(
    id="CKV2_MEALS_241",
    name="Firewalls fail closed",
    severity="medium",
    claim="C3",
    controls=nist("SC-7(18)", "AC-4"),
    fix="Remove the argument: AWS's default is to fail closed.",
    good="""\
resource "aws_route53_resolver_firewall_config" "meals" {
  resource_id        = aws_vpc.meals.id
  firewall_fail_open = "DISABLED"
}
""",
    bad="""\
resource "aws_route53_resolver_firewall_config" "meals" {
  resource_id        = aws_vpc.meals.id
  firewall_fail_open = "ENABLED"
}
""",
    applies_to=tuple(OPEN),
    evaluate=evaluate,
)
